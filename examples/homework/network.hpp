// The network of the sheet, recorded on a tape. This is the whole of it; read it beside the homework.
#pragma once

#include <cstddef>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "matrix.hpp"

namespace homework {

/// A network without biases, relu on every hidden layer, the last layer linear: nothing but its weights.
/// weights[i - 1] is Wⁱ, of shape (units of layer i, units of layer i-1).
template <class T>
struct network {
  std::vector<matrix<T>> weights;

  std::size_t layers() const { return weights.size(); }
};

/// Everything that was computed on the way to the loss, as variables. The indices are those of the sheet: h[0] = x, and
/// W[i], z[i], h[i] belong to layer i. There is no layer 0, so W[0] and z[0] stay empty handles.
template <class T>
struct forward_pass {
  std::vector<xg::var<T>> W, z, h;
  xg::var<T> y, loss;
};

/// Records the network on m samples. x is (m, inputs), one row per sample; y is (m, outputs).
/// The loss is 1/(2m) Σ (h - y)², which for one sample is ½ (h - y)². Throws xg::shape_error if the shapes do not fit.
template <class T>
forward_pass<T> forward(xg::tape<T>& tape, const network<T>& net, const matrix<T>& x, const matrix<T>& y) {
  const std::size_t last = net.layers(), m = x.shape(0);
  forward_pass<T> pass;
  pass.W.resize(1);
  pass.z.resize(1);
  pass.h.push_back(tape.constant(x));
  pass.y = tape.constant(y);
  for (std::size_t i = 1; i <= last; ++i) {
    xg::var<T> W = tape.variable(net.weights[i - 1]);
    xg::var<T> z = xg::matmul(pass.h[i - 1], xg::transpose(W));
    xg::var<T> h = z;
    if (i < last) h = xg::relu(z);
    pass.W.push_back(W);
    pass.z.push_back(z);
    pass.h.push_back(h);
  }
  pass.loss = xg::sum(xg::squared_error(pass.h[last], pass.y)) / T(2 * m);
  return pass;
}

}  // namespace homework
