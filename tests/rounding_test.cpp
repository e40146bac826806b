// Functions with steps and corners through the user's face: rounding, remainders, bounds, and angles at the origin.
#include "slopes.hpp"

namespace {

using array = xt::xarray<double>;
using xg::var;

constexpr double inf = std::numeric_limits<double>::infinity(), not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Gradients of sum(y) by the operands, which the backward sweep and the recorded gradient agree on.
std::vector<array> gradients(xg::tape<double>& t, const var<double>& y, const std::vector<var<double>>& x) {
  t.backward(xg::sum(y));
  std::vector<array> g;
  const auto recorded = xg::gradient(xg::sum(y), x);
  for (std::size_t k = 0; k < x.size(); ++k) {
    g.emplace_back(x[k].grad());
    CHECK(test::identical(recorded[k].value(), g[k]));
  }
  return g;
}

}  // namespace

TEST_CASE("hypot, atan2 and xlogy at the origin have the slope 0") {
  xg::tape<double> t;
  const auto a = t.variable(array{0., 3., 0.}), b = t.variable(array{0., 4., 2.});
  auto g = gradients(t, xt::hypot(a, b), {a, b});
  CHECK(test::identical(g[0], array{0., .6, 0.}));
  CHECK(test::identical(g[1], array{0., .8, 1.}));
  g = gradients(t, xt::atan2(a, b), {a, b});
  CHECK(test::distance(g[0], array{0., .16, .5}) < 1e-15);
  CHECK(test::distance(g[1], array{0., -.12, 0.}) < 1e-15);

  const auto x = t.variable(array{0., 0., 0., 2.}), y = t.variable(array{0., 2., not_a_number, 1.});
  const var<double> z = xg::xlogy(x, y);
  CHECK(z.value()(0) == 0);
  CHECK(z.value()(1) == 0);
  CHECK(std::isnan(z.value()(2)));
  t.backward(xg::sum(z));
  CHECK(x.grad()(0) == 0);
  CHECK(y.grad()(0) == 0);
  CHECK(x.grad()(1) == std::log(2.0));
  CHECK(y.grad()(1) == 0);
  const auto mixed = xg::gradient(xg::gradient(xg::sum(z), x)(1), y);
  CHECK(mixed.value()(1) == 0.5);  // not lost where x is 0
  CHECK(xg::gradient(xg::gradient(xg::sum(z), x)(0), y).value()(0) == 0);
}

TEST_CASE("clip is NumPy's: bounds of any kind, the upper one wins, a NaN stays, and x has the adjoint at its bounds") {
  xg::tape<double> t;
  const auto x = t.variable(array{-2., -1., 0., 1., 2., not_a_number});
  var<double> y = xt::clip(x, -1, 1);
  for (std::size_t i = 0; i < 5; ++i) CHECK(y.value()(i) == array{-1., -1., 0., 1., 1.}(i));
  CHECK(std::isnan(y.value()(5)));
  t.backward(xg::sum(y));
  for (std::size_t i = 0; i < 5; ++i) CHECK(x.grad()(i) == array{0., 1., 1., 1., 0.}(i));
  CHECK(std::isnan(x.grad()(5)));

  const auto v = t.variable(array{-2., 0., 2., 5., 1.}), low = t.variable(array{-1., -1., -1., 3., 1.}),
             high = t.variable(array{1., 1., 1., 2., 1.});
  y = xt::clip(v, low, high);
  CHECK(test::identical(y.value(), array{-1., 0., 1., 2., 1.}));
  const auto g = gradients(t, y, {v, low, high});
  CHECK(test::identical(g[0], array{0., 1., 0., 0., 1.}));
  CHECK(test::identical(g[1], array{1., 0., 0., 0., 0.}));
  CHECK(test::identical(g[2], array{0., 0., 1., 1., 0.}));
  CHECK(std::isnan(var<double>(xt::clip(v, not_a_number, 9)).value()(0)));
  CHECK(std::isnan(var<double>(xt::clip(v, -9, not_a_number)).value()(0)));
  const var<double> wide = xt::clip(v, xt::xtensor<double, 2>{{-1.}, {0.}}, high);  // (2, 1) and (5)
  CHECK(test::shape_of(wide) == xg::shape_t{2, 5});
}

TEST_CASE("remainders: the divisor's slope is minus how often it was taken off") {
  xg::tape<double> t;
  const auto a = t.variable(array{7., -7., 7.5, 5e15, 1.}), b = t.variable(array{2., 2., -2., 3., inf});
  auto g = gradients(t, xt::fmod(a, b), {a, b});
  CHECK(test::identical(g[0], array{1., 1., 1., 1., 1.}));
  CHECK(test::identical(g[1], array{-3., 3., 3., -1666666666666666., 0.}));
  g = gradients(t, xt::remainder(a, b), {a, b});
  CHECK(test::identical(g[0], array{1., 1., 1., 1., 1.}));
  CHECK(test::identical(g[1], array{-4., 4., 4., -1666666666666667., 0.}));
}

TEST_CASE("steps are constants, in value and at NaN") {
  xg::tape<double> t;
  const auto x = t.variable(array{-2.5, -0.5, -0., 0.5, 1.5, inf, not_a_number});
  const auto same = [](const var<double>& y, const array& wanted) {
    CHECK_FALSE(y.requires_grad());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      CAPTURE(i);
      CHECK((test::same_bits(y.value()(i), wanted(i)) || (std::isnan(y.value()(i)) && std::isnan(wanted(i)))));
    }
  };
  same(xt::floor(x), array{-3., -1., -0., 0., 1., inf, not_a_number});
  same(xt::ceil(x), array{-2., -0., -0., 1., 2., inf, not_a_number});
  same(xt::trunc(x), array{-2., -0., -0., 0., 1., inf, not_a_number});
  same(xt::round(x), array{-3., -1., -0., 1., 2., inf, not_a_number});
  same(xt::rint(x), array{-2., -0., -0., 0., 2., inf, not_a_number});
  same(xt::nearbyint(x), array{-2., -0., -0., 0., 2., inf, not_a_number});
  same(xt::sign(x), array{-1., -1., -0., 1., 1., 1., not_a_number});
  same(xt::isnan(x), array{0., 0., 0., 0., 0., 0., 1.});
  same(xt::isinf(x), array{0., 0., 0., 0., 0., 1., 0.});
  same(xt::isfinite(x), array{1., 1., 1., 1., 1., 0., 0.});

  t.backward(xg::sum(xt::where(xt::isfinite(x), x * x - xt::round(x), 0)));
  CHECK(test::identical(x.grad(), array{-5., -1., 0., 1., 3., 0., 0.}));
  t.backward(xg::sum(xt::where(xt::isnan(x) || xt::isinf(x), 0, xt::sign(x) * x)));
  CHECK(test::identical(x.grad(), array{-1., -1., 0., 1., 1., 0., 0.}));
}
