// xg::gradient: gradients as variables, to any order, against closed forms and differences.
#include <doctest/doctest.h>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;

TEST_CASE("derivatives of a scalar function to third order") {
  for (const double at : {0.3, -0.7, 1.9}) {
    xg::tape<double> t;
    const auto x = t.variable(at);
    const xg::var y = xt::exp(2 * x) * xt::sin(x);
    const double e = std::exp(2 * at), s = std::sin(at), c = std::cos(at);
    const auto first = xg::gradient(y, x), second = xg::gradient(first, x), third = xg::gradient(second, x);
    CHECK(test::distance(first.item(), e * (2 * s + c)) < 1e-12);
    CHECK(test::distance(second.item(), e * (3 * s + 4 * c)) < 1e-12);
    CHECK(test::distance(third.item(), e * (2 * s + 11 * c)) < 1e-12);
    t.backward(third);  // the fourth, by a sweep
    CHECK(test::distance(x.grad()(), e * (-7 * s + 24 * c)) < 1e-12);
    t.backward(y);
    CHECK(test::distance(x.grad()(), first.item()) < 1e-14);
  }
}

TEST_CASE("the gradient of an expression") {
  xg::tape<double> t;
  const auto x = t.variable(3.), y = t.variable(2.);
  CHECK(xg::gradient(x * x, x).item() == 6);
  CHECK(xg::gradient(x * y, {x, y})[1].item() == 3);
  CHECK(xg::gradient(x * y, std::vector{y, x})[1].item() == 2);
  CHECK(xg::gradient(x * x, x, xg::seed(10)).item() == 60);
  const auto W = t.variable(array{{1., 2.}, {3., 4.}});
  CHECK(test::identical(xg::gradient(xg::transpose(W), W, xg::seed(array{{1., 2.}, {3., 4.}})).value(),
                        array{{1., 3.}, {2., 4.}}));
  const std::string where = line_below();
  CHECK(contains(message_of<xg::shape_error>([&] { xg::gradient(2 * W, W); }), where));
}

TEST_CASE("derivatives of array functions to third order") {
  const array a{-1.2, -.3, .4, .9, 2.};
  xg::tape<double> t;
  const auto x = t.variable(a);
  const auto orders = [&](const xg::var<double>& y) {
    const auto first = xg::gradient(y, x), second = xg::gradient(xg::sum(first), x),
               third = xg::gradient(xg::sum(second), x);
    return std::array{first, second, third};
  };
  const auto tanh = orders(xg::sum(xt::tanh(x)));
  const array th = xt::tanh(a), q = 1 - th * th;
  CHECK(test::distance(tanh[0].value(), q) < 1e-12);
  CHECK(test::distance(tanh[1].value(), -2 * th * q) < 1e-12);
  CHECK(test::distance(tanh[2].value(), q * (6 * th * th - 2)) < 1e-12);

  const auto quotient = orders(xg::sum(1 / (1 + x * x)));
  const array d = 1 + a * a;
  CHECK(test::distance(quotient[0].value(), -2 * a / (d * d)) < 1e-12);
  CHECK(test::distance(quotient[1].value(), (6 * a * a - 2) / (d * d * d)) < 1e-12);
  CHECK(test::distance(quotient[2].value(), 24 * (a - a * a * a) / (d * d * d * d)) < 1e-12);
}

TEST_CASE("mixed partial derivatives, and their symmetry") {
  xg::tape<double> t;
  const double a = .7, b = -1.3;
  const auto x = t.variable(a), y = t.variable(b);
  const xg::var f = x * x * x * y * y + xt::exp(x * y);
  const auto g = xg::gradient(f, {x, y});
  const double e = std::exp(a * b);
  CHECK(test::distance(g[0].item(), 3 * a * a * b * b + b * e) < 1e-12);
  CHECK(test::distance(g[1].item(), 2 * a * a * a * b + a * e) < 1e-12);
  const auto xy = xg::gradient(g[0], y), yx = xg::gradient(g[1], x);
  CHECK(test::distance(xy.item(), 6 * a * a * b + e + a * b * e) < 1e-12);
  CHECK(test::distance(xy.item(), yx.item()) < 1e-14);
  const auto xyx = xg::gradient(xy, x);
  CHECK(test::distance(xyx.item(), 12 * a * b + 2 * b * e + a * b * b * e) < 1e-12);
  t.backward(xyx);  // d/dy of it
  CHECK(test::distance(y.grad()(), 12 * a + 2 * e + 4 * a * b * e + a * a * b * b * e) < 1e-12);
}

TEST_CASE("an x that y does not depend on gets zeros of its shape") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.}), other = t.variable(xt::ones<double>({2, 2})), s = t.variable(4.0);
  const xg::var y = xg::sum(x * x);
  const xg::var later = x * s;
  const auto g = xg::gradient(y, {other, s, later, x, y});
  CHECK(test::identical(g[0].value(), xt::zeros<double>({2, 2})));
  CHECK(test::identical(g[1].value(), array(0.0)));
  CHECK(test::identical(g[2].value(), array{0., 0., 0.}));
  CHECK(test::identical(g[3].value(), array{2., 4., 6.}));
  CHECK(g[4].item() == 1);
  CHECK(test::identical(xg::gradient(xg::sum(g[0]), x).value(), array{0., 0., 0.}));
  const auto linear =
      xg::gradient(xg::gradient(xg::sum(3 * x), x)(1), x);  // the second derivative of a linear function
  CHECK(test::identical(linear.value(), array{0., 0., 0.}));
}

TEST_CASE("gradients by intermediate variables and by constants") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.}), c = t.constant(array{3., 4.});
  const xg::var h = x * c, y = xg::sum(h * h);
  const auto g = xg::gradient(y, {h, c, x});
  CHECK(test::identical(g[0].value(), array{6., 16.}));
  CHECK(test::identical(g[1].value(), array{6., 32.}));
  CHECK(test::identical(g[2].value(), array{18., 64.}));
}

TEST_CASE("the same x twice, and one x in many places") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  const xg::var h = x * 2;
  const auto g = xg::gradient(xg::var<double>(xg::sum(h * x) + xg::sum(h) + xg::matmul(x, h)), {x, x});
  CHECK(test::identical(g[0].value(), array{10., 18.}));
  CHECK(test::identical(g[1].value(), array{10., 18.}));
}

TEST_CASE("seeds") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.}), seed = t.variable(array{1., 10., 100.});
  const xg::var y = x * x;
  const auto g = xg::gradient(y, x, xg::seed(seed));
  CHECK(test::identical(g.value(), array{2., 40., 600.}));
  const auto by_seed = xg::gradient(xg::sum(g), {seed, x});  // the gradient is linear in its seed
  CHECK(test::identical(by_seed[0].value(), array{2., 4., 6.}));
  CHECK(test::identical(by_seed[1].value(), array{2., 20., 200.}));
  CHECK(test::identical(xg::gradient(y, std::vector{x}, xg::seed(seed))[0].value(), g.value()));
  CHECK(test::identical(xg::gradient(x, x, xg::seed(seed)).value(), seed.value()));

  std::string where = line_below();
  std::string m = message_of<xg::shape_error>([&] { xg::gradient(y, x); });
  CHECK(contains(m, "gradient: (3) has more than one element"));
  CHECK(contains(m, where));
  where = line_below();
  m = message_of<xg::shape_error>([&] { xg::gradient(y, x, xg::seed(t.variable(array{1., 2.}))); });
  CHECK(contains(m, "(2)"));
  CHECK(contains(m, "(3)"));
  CHECK(contains(m, where));
}

TEST_CASE("a gradient can be part of a loss") {
  // A gradient penalty: L = Σ y + |dy/dx|²/2 with y = w x²; dL/dw = Σ x² + 4 w x², dL/dx = 2 w x + 4 w² x.
  const array a{.5, -1., 2.}, b{1., 2., -.5};
  xg::tape<double> t;
  const auto x = t.variable(a), w = t.variable(b);
  const auto y = xg::sum(w * x * x);
  const auto g = xg::gradient(y, x);
  const xg::var loss = y + xg::sum(xg::square(g)) / 2;
  for (int round = 0; round < 2; ++round) {
    t.backward(loss);
    CHECK(test::distance(w.grad(), a * a + 4 * b * a * a) < 1e-12);
    CHECK(test::distance(x.grad(), 2 * b * a + 4 * b * b * a) < 1e-12);
  }
  t.set(x, array(2 * a));  // recorded gradients are replayed like everything else
  t.replay();
  CHECK(test::distance(g.value(), 4 * a * b) < 1e-12);
  t.backward(loss);
  CHECK(test::distance(x.grad(), 4 * b * a + 8 * b * b * a) < 1e-12);
}

TEST_CASE("Hessian-vector products against differences of gradients") {
  test::generator random(24);
  const array w1 = random.array({3, 4}), w2 = random.array({2, 3}), x = random.array({5, 4}), y = random.array({5, 2}),
              direction = random.array({3, 4});
  const auto gradient_at = [&](const array& w) {
    xg::tape<double> t;
    const auto W = t.variable(w);
    const xg::var h = xt::tanh(xg::matmul(x, xg::transpose(W)));
    t.backward(xg::mean(xg::squared_error(xg::matmul(h, xg::transpose(t.constant(w2))), y)));
    return array(W.grad());
  };
  xg::tape<double> t;
  const auto W = t.variable(w1), u = t.constant(direction);
  const xg::var h = xt::tanh(xg::matmul(x, xg::transpose(W)));
  const auto loss = xg::mean(xg::squared_error(xg::matmul(h, xg::transpose(t.constant(w2))), y));
  const auto g = xg::gradient(loss, W);
  CHECK(test::distance(g.value(), gradient_at(w1)) < 1e-12);
  const auto product = xg::gradient(xg::sum(g * u), W);
  const double step = 1e-5;
  const array expected = (gradient_at(w1 + step * direction) - gradient_at(w1 - step * direction)) / (2 * step);
  CHECK(test::distance(product.value(), expected) < 1e-7);
  t.backward(xg::sum(g * u));
  CHECK(test::distance(W.grad(), product.value()) < 1e-12);
}

TEST_CASE("backward and gradient agree on what was recorded without gradient") {
  xg::tape<double> t;
  const auto x = t.variable(array{2., 3.});
  xg::var<double> h;
  {
    const xg::tape<double>::no_gradient_scope none(t);
    h = x * x;
  }
  const xg::var y = xg::sum(h * x);
  t.backward(y);
  CHECK(test::identical(x.grad(), array{4., 9.}));
  CHECK(test::identical(xg::gradient(y, x).value(), array{4., 9.}));
  const auto c = t.constant(array{5., 7.});  // asked for by name, a constant has its gradient
  CHECK(test::identical(xg::gradient(xg::sum(c * c), c).value(), array{10., 14.}));
}

TEST_CASE("gradient takes any contiguous range of variables, with a seed and without") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.}), y = t.variable(array{3., 4.}), seed = t.constant(array{1., 10.});
  const std::vector<xg::var<double>> list{x, y};
  const std::array<xg::var<double>, 2> few{x, y};
  const auto check = [&](const std::vector<xg::var<double>>& d, const array& by_x, const array& by_y) {
    REQUIRE(d.size() == 2);
    CHECK(test::identical(d[0].value(), by_x));
    CHECK(test::identical(d[1].value(), by_y));
  };
  check(xg::gradient(xg::sum(x * y), {x, y}), {3., 4.}, {1., 2.});
  check(xg::gradient(xg::sum(x * y), list), {3., 4.}, {1., 2.});
  check(xg::gradient(xg::sum(x * y), few), {3., 4.}, {1., 2.});
  check(xg::gradient(x * y, {x, y}, xg::seed(seed)), {3., 40.}, {1., 20.});
  check(xg::gradient(x * y, list, xg::seed(seed)), {3., 40.}, {1., 20.});
  check(xg::gradient(x * y, few, xg::seed(seed)), {3., 40.}, {1., 20.});
  CHECK(xg::gradient(xg::sum(x * y), {}).empty());
}

TEST_CASE("anomaly mode lets a gradient pass by a branch that was not taken") {
  xg::tape<double> t;
  const auto x = t.variable(array{0., 1., 2.});
  const xg::var y = xg::sum(xt::where(x > 0, xt::sqrt(x), 0));
  t.detect_anomaly();
  const xg::var g = xg::gradient(y, x);
  CHECK(g.value()(0) == 0);
  CHECK(g.value()(1) == 0.5);
  t.detect_anomaly(false);
  const std::string where = test::line_below();
  const xg::var bad = xg::sum(xt::sqrt(x));
  t.detect_anomaly();
  const std::string m = message_of<xg::value_error>([&] { xg::gradient(bad, x); });
  CHECK(contains(m, "anomaly: the gradient by v0 through sum(sqrt(v0)) is infinite at flat index 0"));
  CHECK(contains(m, where));
}

TEST_CASE("double backward: a swept gradient can be swept again (pytorch #23395 and others)") {
  xg::tape<double> t;
  const auto x = t.variable(2.0);
  const auto g = xg::gradient(xg::var(x * x * x), x);
  t.backward(g);
  CHECK(x.grad()() == 12);
  t.backward(g);
  CHECK(x.grad()() == 12);
}
