// The corners of docs/conventions.md: ties, kinks, zeros, and branches that are not taken, at every order.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using var = xg::var<double>;

TEST_CASE("the norm of a zero vector has a zero gradient if the square root is selected away (pytorch #2421)") {
  xg::tape<double> t;
  const auto x = t.variable(array{0., 0., 0.});
  const auto s = xg::sum(x * x);
  const var norm = xt::where(s > 0, xt::sqrt(s), 0);
  t.backward(norm);
  CHECK(test::identical(x.grad(), array{0., 0., 0.}));
  CHECK(test::identical(xg::gradient(norm, x).value(), array{0., 0., 0.}));
  t.set(x, array{3., 0., 4.});
  t.replay();
  t.backward(norm);
  CHECK(test::distance(x.grad(), array{.6, 0., .8}) < 1e-12);
}

TEST_CASE("where's dead branch leaks no NaN (pytorch #23395, jax #4177, HIPS/autograd #151)") {
  xg::tape<double> t;
  const auto x = t.variable(array{-1., 0., 4.});
  const auto check = [&](const var& y, double first, double second, double third) {
    const auto total = xg::sum(y);
    t.backward(total);
    CHECK(test::distance(x.grad(), array{0., 0., first}) < 1e-12);
    const auto g = xg::gradient(total, x);
    CHECK(test::distance(g.value(), array{0., 0., first}) < 1e-12);
    const auto h = xg::gradient(xg::sum(g), x);
    CHECK(test::distance(h.value(), array{0., 0., second}) < 1e-12);
    t.backward(xg::sum(g));
    CHECK(test::distance(x.grad(), array{0., 0., second}) < 1e-12);
    CHECK(test::distance(xg::gradient(xg::sum(h), x).value(), array{0., 0., third}) < 1e-12);
  };
  SUBCASE("logarithm") { check(xt::where(x > 0, xt::log(x), 0), 1. / 4, -1. / 16, 2. / 64); }
  SUBCASE("square root") { check(xt::where(x > 0, xt::sqrt(x), 0), 1. / 4, -1. / 32, 3. / 256); }
  SUBCASE("power") { check(xt::where(x > 0, xt::pow(x, 1.5), 0), 3, 3. / 8, -3. / 64); }
  SUBCASE("power of a negative exponent") {
    check(xt::where(x > 0, xt::pow(x, -1.0), 0), -1. / 16, 2. / 64, -6. / 256);
  }
  SUBCASE("division") { check(xt::where(x > 0, 1 / x, 0), -1. / 16, 2. / 64, -6. / 256); }
  SUBCASE("other branch") { check(xt::where(x <= 0, 0, xt::log(x)), 1. / 4, -1. / 16, 2. / 64); }
  SUBCASE("branches named before") {
    const var log = xt::log(x), root = xt::sqrt(log * log);
    check(xt::where(x > 0, root, 0), 1. / 4, -1. / 16, 2. / 64);
  }
  SUBCASE("exponential out of range") {
    const var big = x * -1000;  // 1000, 0, -4000
    const var y = xt::where(x > 0, x, xt::exp(big));
    t.backward(xg::sum(xt::where(x < 0, 0, y)));
    CHECK(test::identical(x.grad(), array{0., -1000., 1.}));
  }
}

TEST_CASE("a zero residual keeps its second derivative: the guard acts on NaN alone") {
  xg::tape<double> t;
  const array target{1., 2., 0., -1., 5., 0., 3., -2., 1., 4., 0.};
  const auto p = t.variable(target), y = t.constant(target);
  const array two = 2 * xt::ones_like(target);
  const auto second = [&](const var& loss) {
    const auto g = xg::gradient(loss, p);
    CHECK(test::identical(g.value(), array(0 * two)));
    t.backward(xg::sum(g));
    CHECK(test::distance(xg::gradient(xg::sum(g), p).value(), p.grad()) < 1e-12);
    return array(p.grad());
  };
  CHECK(test::identical(second(xg::sum(xg::squared_error(p, y))), two));
  CHECK(test::identical(second(xg::sum(xt::square(p - y))), two));
  CHECK(test::identical(second(xg::sum((p - y) * (p - y))), two));
  CHECK(test::identical(second(xg::sum(xt::pow(p - y, 2))), two));
  CHECK(test::identical(second(xg::sum(xt::pow<2>(p - y))), two));
}

TEST_CASE("a zero point of a cube keeps its third derivative") {
  xg::tape<double> t;
  const auto x = t.variable(0.0);
  for (const var& y : {var(x * x * x), var(xt::cube(x)), var(xt::pow(x, 3)), var(xt::pow<3>(x))}) {
    const auto first = xg::gradient(y, x), second = xg::gradient(first, x), third = xg::gradient(second, x);
    CHECK(first.item() == 0);
    CHECK(second.item() == 0);
    CHECK(third.item() == 6);
  }
}

TEST_CASE("a zero adjoint contributes zero where the derivative is infinite (pytorch #187297)") {
  xg::tape<double> t;
  const auto x = t.variable(array{0., 4.});
  const var root = xt::sqrt(x);
  t.backward(root, array{0., 1.});
  CHECK(test::identical(x.grad(), array{0., .25}));
  const auto seed = t.constant(array{0., 1.});
  CHECK(test::identical(xg::gradient(root, x, xg::seed(seed)).value(), array{0., .25}));
}

TEST_CASE("ties and kinks follow the documented conventions (pytorch #184572, jax #37821)") {
  xg::tape<double> t;
  const auto x = t.variable(array{-1., 0., 2.}), y = t.variable(array{-1., 1., 1.});
  const auto gradients = [&](const var& z) {
    t.backward(xg::sum(z));
    const auto g = xg::gradient(xg::sum(z), {x, y});
    CHECK(test::identical(x.grad(), g[0].value()));
    CHECK(test::identical(y.grad(), g[1].value()));
    return std::pair(array(x.grad()), array(y.grad()));
  };
  CHECK(test::identical(gradients(xg::relu(x)).first, array{0., 0., 1.}));
  CHECK(test::identical(gradients(xt::abs(x)).first, array{-1., 0., 1.}));
  const auto maximum = gradients(xt::maximum(x, y));
  CHECK(test::identical(maximum.first, array{.5, 0., 1.}));
  CHECK(test::identical(maximum.second, array{.5, 1., 0.}));
  const auto minimum = gradients(xt::minimum(x, y));
  CHECK(test::identical(minimum.first, array{.5, 1., 0.}));
  CHECK(test::identical(minimum.second, array{.5, 0., 1.}));
  CHECK(test::identical(gradients(xt::maximum(x, x)).first, array{1., 1., 1.}));  // half and half
}
