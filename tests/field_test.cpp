// What users of other libraries complain of, one test for each.
#include <doctest/doctest.h>

#include "support.hpp"

using test::contains;
using test::message_of;
using array = xt::xarray<double>;
using var = xg::var<double>;

TEST_CASE("an expression kept with auto does not dangle (Adept-2 #11, autodiff #62, #306)") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  const auto f = [](const var& v) {
    const auto twice = v * 2.0;
    const auto shifted = twice + array{1., 1.};
    return xt::exp(-shifted);
  };
  const auto e = f(x);
  CHECK(test::distance(var(e).value(), xt::exp(array{-3., -5.})) < 1e-12);
}

TEST_CASE("a const variable keeps its gradient (autodiff #311)") {
  xg::tape<double> t;
  const var x = t.variable(3.0);
  const var y = x * x;
  t.backward(y);
  CHECK(x.grad()() == 6);
}

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

TEST_CASE("a loss of (N,1) against (N) does not broadcast (pytorch #16045)") {
  xg::tape<double> t;
  const auto prediction = t.variable(xt::ones<double>({4, 1}));
  const array target = xt::ones<double>({4});
  CHECK_THROWS_AS(xg::mean(xg::squared_error(prediction, target)), xg::shape_error);
  CHECK_THROWS_AS(xg::mean(xg::squared_error(target, prediction)), xg::shape_error);
  CHECK(xg::mean(xg::squared_error(xg::reshape(prediction, {-1}), target)).item() == 0);
}

TEST_CASE("a broadcast operand's adjoint has the operand's shape (pytorch #1787, burn #181)") {
  xg::tape<double> t;
  const auto W = t.variable(xt::ones<double>({5, 3})), bias = t.variable(array{1., 2., 3.}),
             column = t.variable(test::shaped({5, 1}, {1., 1., 1., 1., 1.}));
  const var y = W * column + bias;
  t.backward(xg::sum(y));
  CHECK(test::identical(bias.grad(), array{5., 5., 5.}));
  CHECK(test::identical(column.grad(), test::shaped({5, 1}, {3., 3., 3., 3., 3.})));
  CHECK(xg::gradient(xg::sum(y), bias).shape() == xg::shape_t{3});
}

TEST_CASE("an error names shapes and the line without a debug build (xtensor #2013)") {
  xg::tape<double> t;
  const auto a = t.variable(xt::ones<double>({2, 3})), b = t.variable(xt::ones<double>({3, 2}));
  const std::string where = test::line_below();
  const std::string m = message_of<xg::shape_error>([&] { return var(a + b); });
  CHECK(contains(m, "(2, 3)"));
  CHECK(contains(m, "(3, 2)"));
  CHECK(contains(m, where));
}

TEST_CASE("an error in an expression is an exception, not an abort (xtensor #1415)") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  const array a{1., 2.}, b{1., 2., 3.};
  CHECK_THROWS_AS(var(x + (a + b)), xg::shape_error);
  CHECK_THROWS_AS(var(x + b), xg::shape_error);
}

TEST_CASE("indices are checked on axes of extent 1 too (xtensor #2452)") {
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({3, 1}));
  CHECK_THROWS_AS(x(0, 1), xg::value_error);
  CHECK_THROWS_AS(x(0, -2), xg::value_error);
  CHECK_THROWS_AS(xg::view(x, {0, 1}), xg::value_error);
  CHECK(x(2, 0).item() == 1);
}

TEST_CASE("values on the tape are read-only (pytorch #96265)") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  static_assert(!std::is_assignable_v<decltype(x.value()(0)), double>);
  static_assert(!std::is_assignable_v<decltype(*x.value().begin()), double>);
  static_assert(!std::is_assignable_v<decltype(x.grad()(0)), double>);
  const var y = x * x;
  CHECK_THROWS_AS(t.set(y, array{1., 2.}), xg::tape_error);
  var z = x;
  z = z * z;  // names another variable, changes none
  CHECK(test::identical(x.value(), array{1., 2.}));
  t.backward(xg::sum(z));
  CHECK(test::identical(x.grad(), array{2., 4.}));
}

TEST_CASE("backward twice gives the gradient, not twice the gradient (micrograd PR 102, torch/nn #792)") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  const auto y = xg::sum(x * x);
  t.backward(y);
  t.backward(y);
  CHECK(test::identical(x.grad(), array{2., 4.}));
}

TEST_CASE("2048 dependent steps do not overflow the stack (autodiff #314, pytorch #5534)") {
  xg::tape<double> t;
  const auto x = t.variable(1.0);
  var y = x;
  for (int i = 0; i < 2048; ++i) y = y + x;
  t.backward(y);
  CHECK(x.grad()() == 2049);
  CHECK(xg::gradient(y, x).item() == 2049);
}

TEST_CASE("a tape used again does not grow (CoDiPack #20, ADOL-C PR 84)") {
  xg::tape<double> t;
  const array a = xt::ones<double>({100});
  std::size_t memory = 0;
  for (int round = 0; round < 100; ++round) {
    t.clear();
    const auto x = t.variable(a);
    t.backward(xg::sum(xg::gradient(xg::sum(x * x * x), x)));
    if (round == 2) memory = t.memory();
  }
  CHECK(memory > 0);
  CHECK(t.memory() == memory);
}

TEST_CASE("tapes do not know each other (ADOL-C #35, Adept-2 #17)") {
  xg::tape<double> outer;
  const auto x = outer.variable(2.0);
  const var y = x * x;
  double inner_gradient = 0;
  {
    xg::tape<double> inner;
    const auto z = inner.variable(y.item());
    inner.backward(z * z * z);
    inner_gradient = z.grad()();
  }
  CHECK(inner_gradient == 48);
  outer.backward(y);
  CHECK(x.grad()() == 4);
}

TEST_CASE("double backward: a swept gradient can be swept again (pytorch #23395 and others)") {
  xg::tape<double> t;
  const auto x = t.variable(2.0);
  const auto g = xg::gradient(var(x * x * x), x);
  t.backward(g);
  CHECK(x.grad()() == 12);
  t.backward(g);
  CHECK(x.grad()() == 12);
}

TEST_CASE("activations stay finite at the ends of the number range (pytorch #49724)") {
  xg::tape<double> t;
  const auto x = t.variable(array{-1e308, -1000., 0., 1000., 1e308});
  for (const var& y : {var(xg::sigmoid(x)), var(xt::tanh(x)), var(xg::relu(x))}) {
    t.backward(xg::sum(y * 1e-10));
    for (std::size_t i = 0; i < 5; ++i) {
      CHECK(std::isfinite(y.value()(i)));
      CHECK(std::isfinite(x.grad()(i)));
    }
  }
  CHECK(test::identical(var(xg::sigmoid(x)).value(), array{0., 0., .5, 1., 1.}));
}

TEST_CASE("the same program gives the same bits (llama.cpp #22956)") {
  test::generator random(31);
  const array a = random.array({64, 96}), b = random.array({96, 80});
  array first;
  for (int round = 0; round < 5; ++round) {
    xg::tape<double> t;
    const auto A = t.variable(a), B = t.variable(b);
    t.backward(xg::mean(xt::tanh(xg::matmul(A, B))));
    if (round == 0) first = A.grad();
    CHECK(test::identical(A.grad(), first));
  }
}
