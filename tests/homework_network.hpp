// The network of the homework, as a sample program for tests of the tape.
#pragma once

#include "support.hpp"

namespace test {

/// The homework network 4-3-2-1 on one sample.
struct network {
  xt::xarray<double> W1{{.1, -.2, .3, .4}, {.5, .1, -.3, .2}, {-.4, .3, .2, .1}};
  xt::xarray<double> W2{{.3, -.1, .2}, {.1, .4, -.2}};
  xt::xarray<double> W3{{.7, -.5}};
  xt::xarray<double> x{{5.1, 3.5, 1.4, .2}}, y = shaped({1, 1}, {1.});

  struct recorded {
    xg::var<double> W1, W2, W3, x, y, loss;
  };
  recorded record(xg::tape<double>& t) const {
    const auto v1 = t.variable(W1), v2 = t.variable(W2), v3 = t.variable(W3), in = t.constant(x),
               target = t.constant(y);
    xg::var h1 = xg::relu(xg::matmul(in, xg::transpose(v1)));
    xg::var h2 = xg::relu(xg::matmul(h1, xg::transpose(v2)));
    return {v1, v2, v3, in, target, xg::mean(xg::squared_error(xg::matmul(h2, xg::transpose(v3)), target)) / 2};
  }
};

}  // namespace test
