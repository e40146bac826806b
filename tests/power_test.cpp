// Powers, and xtensor's lambda functions.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using var = xg::var<double>;

TEST_CASE("xtensor's lambda functions: square, cube and whole powers") {
  const array a{-2., -.5, 0., .5, 3.};
  xg::tape<double> t;
  const auto x = t.variable(a);
  const auto check = [&](const var& y, const array& value, const array& first, const array& second) {
    CHECK(test::distance(y.value(), value) < 1e-12);
    t.backward(xg::sum(y));
    CHECK(test::distance(x.grad(), first) < 1e-12);
    const auto g = xg::gradient(xg::sum(y), x);
    CHECK(test::distance(g.value(), first) < 1e-12);
    CHECK(test::distance(xg::gradient(xg::sum(g), x).value(), second) < 1e-12);
  };
  const array one = xt::ones_like(a);
  check(xt::square(x), a * a, 2 * a, 2 * one);
  check(xt::cube(x), a * a * a, 3 * a * a, 6 * a);
  check(xt::pow<1>(x), a, one, 0 * a);
  check(xt::pow<2>(x), a * a, 2 * a, 2 * one);
  check(xt::pow<3>(x), a * a * a, 3 * a * a, 6 * a);
  check(xt::pow<5>(x), a * a * a * a * a, 5 * a * a * a * a, 20 * a * a * a);
}

TEST_CASE("powers with whole exponents at zero, in rows of every length") {
  for (const std::size_t n : {0, 1, 3, 5, 8, 17}) {
    CAPTURE(n);
    const array zero = xt::zeros<double>({n}), one = xt::ones<double>({n});
    xg::tape<double> t;
    const auto x = t.variable(zero);
    CHECK(test::identical(var(xt::pow(x, 0)).value(), one));
    CHECK(test::identical(var(xt::pow(x, t.constant(zero))).value(), one));
    const auto derivatives = [&](const var& y) {
      t.backward(xg::sum(y));
      const array first = x.grad();
      const auto g = xg::gradient(xg::sum(y), x);
      CHECK(test::identical(g.value(), first));
      return std::pair(first, array(xg::gradient(xg::sum(g), x).value()));
    };
    CHECK(test::identical(derivatives(xt::pow(x, 0)).first, zero));
    CHECK(test::identical(derivatives(xt::pow(x, 1)).first, one));
    CHECK(test::identical(derivatives(xt::pow(x, 1)).second, zero));
    CHECK(test::identical(derivatives(xt::pow(x, 2)).first, zero));
    CHECK(test::identical(derivatives(xt::pow(x, 2)).second, 2 * one));
    CHECK(test::identical(derivatives(xt::pow<2>(x)).second, 2 * one));
    CHECK(test::identical(derivatives(xt::pow(x, 3)).second, zero));
  }
}

TEST_CASE("a user's lambda of + - * / is differentiated by every operand") {
  const array a{-2., .5, 3., 1., 4., -1., .25, 2., -3.}, b{1., 2., 4., .5, 3., 2., 5., 1.5, 2.5};
  xg::tape<double> t;
  const auto x = t.variable(a), y = t.variable(b);
  const auto z =
      xt::make_lambda_xfunction([](auto p, auto q) { return p * p / (q + 1) - 2 * p * q + (-p) / 3 + 1 / q; }, x, y);
  const auto total = xg::sum(z);
  const array value = a * a / (b + 1) - 2 * a * b - a / 3 + 1 / b, by_x = 2 * a / (b + 1) - 2 * b - 1. / 3,
              by_y = -a * a / ((b + 1) * (b + 1)) - 2 * a - 1 / (b * b);
  CHECK(test::distance(var(z).value(), value) < 1e-12);
  t.backward(total);
  CHECK(test::distance(x.grad(), by_x) < 1e-12);
  CHECK(test::distance(y.grad(), by_y) < 1e-12);
  const auto g = xg::gradient(total, {x, y});
  CHECK(test::distance(g[0].value(), by_x) < 1e-12);
  CHECK(test::distance(g[1].value(), by_y) < 1e-12);
  const auto mixed = xg::gradient(xg::sum(g[0]), {x, y});
  CHECK(test::distance(mixed[0].value(), 2 / (b + 1)) < 1e-12);
  CHECK(test::distance(mixed[1].value(), -2 * a / ((b + 1) * (b + 1)) - 2) < 1e-12);
}

TEST_CASE("the second derivatives of pow by both operands agree where the exponent is 0") {
  xg::tape<double> t;
  const auto a = t.variable(2.0), b = t.variable(0.0), zero = t.variable(0.0);
  const xg::var y = xt::pow(a, b);
  CHECK(xg::gradient(xg::gradient(y, a), b).item() == doctest::Approx(0.5));
  CHECK(xg::gradient(xg::gradient(y, b), a).item() == doctest::Approx(0.5));
  CHECK(xg::gradient(xt::pow(zero, b), zero).item() == 0);
}

TEST_CASE("pow at 0 and 1 is the same in rows of every length") {
  const double infinity = std::numeric_limits<double>::infinity(), largest = std::numeric_limits<double>::max();
  for (std::size_t n : {1, 4, 5, 9, 33}) {
    xg::tape<double> t;
    const auto zero = t.variable(array(xt::zeros<double>({n}))),
               large = t.variable(array(largest * xt::ones<double>({n})));
    const xg::var inverse = xt::pow(zero, -1), same = xt::pow(large, 1), root = xg::sum(xt::pow(zero, 0.5));
    t.backward(root);
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(inverse.value()(i) == infinity);
      CHECK(same.value()(i) == largest);
      CHECK(zero.grad()(i) == infinity);
    }
  }
}
