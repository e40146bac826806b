// How values and slopes of elementwise functions are measured through the user's face: in rows of every length, by the
// backward sweep and by the recorded gradient.
#pragma once

#include <doctest/doctest.h>
#include <xtensor/xview.hpp>

#include "accuracy.hpp"
#include "support.hpp"

namespace test {

/// Value and slope of f at x, in a row of n, by the backward sweep; and the slope by the recorded gradient.
struct point {
  double value, slope, recorded;
};
template <class F>
point at(F f, double x, std::size_t n = 5) {
  xg::tape<double> t;
  xt::xarray<double> row = xt::xarray<double>::from_shape({n});
  row.fill(x);
  const auto v = t.variable(row);
  const xg::var<double> y = f(v);
  t.backward(y, xt::ones<double>({n}));
  const auto g = xg::gradient(xg::sum(y), v);
  CHECK(xt::all(xt::equal(v.grad(), v.grad()(0)) || xt::isnan(v.grad())));
  return {y.value()(n - 1), v.grad()(n - 1), g.value()(n - 1)};
}

/// The slope is the exact one within 4 ulp, and the recorded gradient has its bits.
void check_slope(const auto& f, double x, long double exact) {
  CAPTURE(x);
  for (const std::size_t n : {1u, 4u, 5u, 8u, 19u}) {
    CAPTURE(n);
    const point p = at(f, x, n);
    CAPTURE(p.slope);
    CHECK(ulp_error(p.slope, exact) <= 4);
    CHECK(same_bits(p.slope, p.recorded));
  }
}

/// f gives the same bits, forward and backward, for an element in rows of every length.
template <class T>
void check_rows(const auto& f) {
  const auto x = xt::xarray<T>(generator(5).array<T>({40}, 0.1, 3));
  xg::tape<T> long_tape;
  const auto all = long_tape.variable(x);
  const xg::var<T> whole = f(all);
  long_tape.backward(xg::sum(whole));
  for (std::size_t n = 1; n <= 40; ++n) {
    CAPTURE(n);
    xg::tape<T> t;
    const auto part = t.variable(xt::xarray<T>(xt::view(x, xt::range(std::size_t(0), n))));
    const xg::var<T> y = f(part);
    t.backward(xg::sum(y));
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(same_bits(y.value()(i), whole.value()(i)));
      CHECK(same_bits(part.grad()(i), all.grad()(i)));
    }
  }
}

}  // namespace test
