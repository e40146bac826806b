// Derivatives of functions without a tape in sight: value_and_grad, vjp, jvp, hvp, jacobian, hessian.
#include <doctest/doctest.h>

#include <cmath>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::distance;
using test::line_below;
using test::message_of;

namespace {

const auto rosenbrock = [](const auto& x) {
  const xg::var a = xg::view(x, {xt::range(0, -1)}), b = xg::view(x, {xt::range(1, xt::placeholders::_)});
  return xg::sum(100 * xt::square(b - a * a) + xt::square(1 - a));
};

// The closed forms.
array rosenbrock_gradient(const array& x) {
  array g = xt::zeros_like(x);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    g(i) += -400 * x(i) * (x(i + 1) - x(i) * x(i)) - 2 * (1 - x(i));
    g(i + 1) += 200 * (x(i + 1) - x(i) * x(i));
  }
  return g;
}
array rosenbrock_hessian(const array& x) {
  array h = xt::zeros<double>({x.size(), x.size()});
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    h(i, i) += -400 * (x(i + 1) - 3 * x(i) * x(i)) + 2;
    h(i, i + 1) -= 400 * x(i);
    h(i + 1, i) -= 400 * x(i);
    h(i + 1, i + 1) += 200;
  }
  return h;
}
array times(const array& m, const array& v) {
  array y = xt::zeros<double>({m.shape(0)});
  for (std::size_t i = 0; i < m.shape(0); ++i)
    for (std::size_t j = 0; j < m.shape(1); ++j) y(i) += m(i, j) * v(j);
  return y;
}

}  // namespace

TEST_CASE("toolkit: value_and_grad and grad of one array, one number, several") {
  const array x{0.5, -1, 2};
  const auto [value, g] = xg::value_and_grad(rosenbrock)(x);
  CHECK(distance(value, 100 * std::pow(-1 - 0.25, 2) + 0.25 + 100 + 4) < 1e-14);
  CHECK(distance(g, rosenbrock_gradient(x)) < 1e-14);
  CHECK(test::identical(xg::grad(rosenbrock)(x), g));

  const double slope = xg::grad([](const auto& s) { return xt::sin(s); })(0.3);
  CHECK(distance(slope, std::cos(0.3)) < 1e-15);
  CHECK(xg::grad([](const auto& s) { return s * s * s; })(2) == 12);  // a whole number

  const auto product = [](const auto& a, const auto& s) { return s * xg::sum(a * a); };
  const auto [ga, gs] = xg::grad(product)(x, 3);
  static_assert(std::is_same_v<decltype(gs), const double>);
  CHECK(ga == 6 * x);
  CHECK(gs == 5.25);
  const auto [v, both] = xg::value_and_grad(product)(x, 3.0);
  CHECK(v == 15.75);
  CHECK(std::get<0>(both) == ga);

  // The returned function keeps its own copy of f, and is called again.
  double factor = 2;
  const auto df = xg::grad([factor](const auto& s) { return factor * s * s; });
  factor = 0;
  CHECK(df(1.0) == 4);
  CHECK(df(2.0) == 8);
}

TEST_CASE("toolkit: the number type is that of the arrays") {
  const xt::xarray<float> x{1, 2};
  const auto f = [](const auto& a, const auto& s) { return xg::sum(a * s); };
  const auto [ga, gs] = xg::grad(f)(x, 0.5);
  static_assert(std::is_same_v<decltype(ga), const xt::xarray<float>>);
  static_assert(std::is_same_v<decltype(gs), const float>);
  CHECK(gs == 3);
  static_assert(std::is_same_v<decltype(xg::hessian([](const auto& s) { return s * s; }, 1.0f)), float>);
  const xt::xtensor<int, 1> whole{1, 2};
  CHECK(xg::grad([](const auto& a) { return xg::sum(a * a); })(whole) == array{2, 4});
}

TEST_CASE("toolkit: what does not depend on x, and nothing at all") {
  const array x{1, 2};
  CHECK(xg::grad([](const auto&) { return 3.0; })(x) == array{0, 0});
  CHECK(xg::hessian([](const auto& a) { return xg::sum(a); }, x) == xt::zeros<double>({2, 2}));
  CHECK(xg::hvp([](const auto&) { return 1; }, x, x) == array{0, 0});
  CHECK(xg::jacobian(
            [](const auto& a) {
              return a.owner().constant({1.0, 2.0, 3.0});
            },
            x) == xt::zeros<double>({3, 2}));
  const array none = array::from_shape({0, 3});
  CHECK(test::shape_of(xg::grad([](const auto& a) { return xg::sum(a * a); })(none)) == xg::shape_t{0, 3});
  CHECK(test::shape_of(xg::jacobian([](const auto& a) { return xt::exp(a); }, none)) == xg::shape_t{0, 3, 0, 3});
}

TEST_CASE("toolkit: vjp is computed once and pulled back often") {
  int calls = 0;
  const array A{{1, 2, 3}, {4, 5, 6}}, x{0.1, -0.2, 0.3};
  const auto pull = xg::vjp(
      [&](const auto& v) {
        ++calls;
        return xt::exp(xg::matmul(A, v));
      },
      x);
  const array y = xt::exp(times(A, x));
  CHECK(distance(pull.value(), y) < 1e-15);
  const array At = xt::transpose(A);
  CHECK(distance(pull(array{1, 0}), array(times(At, array{1, 0} * y))) < 1e-15);
  CHECK(distance(pull(array{2, -3}), array(times(At, array{2, -3} * y))) < 1e-15);
  CHECK(calls == 1);
  const std::tuple at(array{1, 2}, 3.0);
  const auto [ga, gs] = xg::vjp([](const auto& a, const auto& s) { return s * a; }, at)(array{10, 100});
  CHECK(ga == array{30, 300});
  CHECK(gs == 210);
}

TEST_CASE("toolkit: jvp of a function is J u") {
  const array x{0.5, -1, 2}, u{1, 10, 100};
  const auto f = [](const auto& v) { return v * xg::sum(v); };  // J = s I + x 1ᵀ
  CHECK(xg::jvp(f, x, u) == 1.5 * u + x * 111);
  CHECK(xg::jvp([](const auto& a, const auto& s) { return s * a; }, std::tuple(x, 2.0), std::tuple(u, 1.0)) ==
        2 * u + x);
  CHECK(distance(xg::jvp([](const auto& s) { return xt::exp(s); }, 0.5, 2)(), 2 * std::exp(0.5)) < 1e-15);
}

TEST_CASE("toolkit: hvp, hessian and their closed form") {
  test::generator random(5);
  for (const std::size_t n : {2u, 3u, 7u}) {
    const array x = random.array({n}), v = random.array({n}), expected = rosenbrock_hessian(x);
    CHECK(distance(xg::hessian(rosenbrock, x), expected) < 1e-13);
    CHECK(distance(xg::hvp(rosenbrock, x, v), times(expected, v)) < 1e-13);
  }
  CHECK(distance(xg::hessian([](const auto& s) { return xt::sin(s); }, 0.3), -std::sin(0.3)) < 1e-15);
  CHECK(distance(xg::hvp([](const auto& s) { return xt::sin(s); }, 0.3, 2.0), -2 * std::sin(0.3)) < 1e-15);

  // Several xs: f = s² Σ a³, blocks by blocks.
  const array a{1, -2};
  const auto f = [](const auto& v, const auto& s) { return s * s * xg::sum(v * v * v); };
  const auto [row_a, row_s] = xg::hessian(f, std::tuple(a, 3.0));
  CHECK(distance(std::get<0>(row_a), array{{54, 0}, {0, -108}}) < 1e-15);
  CHECK(distance(std::get<1>(row_a), array{18, 72}) < 1e-15);
  CHECK(distance(std::get<0>(row_s), array{18, 72}) < 1e-15);
  CHECK(std::get<1>(row_s) == -14);
  const auto [va, vs] = xg::hvp(f, std::tuple(a, 3.0), std::tuple(array{1, 1}, 1.0));
  CHECK(distance(va, array{72, -36}) < 1e-15);
  CHECK(distance(vs, 18 + 72 - 14.0) < 1e-15);

  // A matrix: y = log det of a 2 × 2, whose Hessian is known: d²y/dX_ij dX_kl = -X⁻¹_jk X⁻¹_li.
  const array X{{2, 0.5}, {0.3, 1}};
  const double det = 2 - 0.15;
  const array inverse{{1 / det, -0.5 / det}, {-0.3 / det, 2 / det}};
  const array H = xg::hessian([](const auto& m) { return xt::log(m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0)); }, X);
  REQUIRE(test::shape_of(H) == xg::shape_t{2, 2, 2, 2});
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 2; ++j)
      for (std::size_t k = 0; k < 2; ++k)
        for (std::size_t l = 0; l < 2; ++l) CHECK(H(i, j, k, l) == doctest::Approx(-inverse(j, k) * inverse(l, i)));
}

TEST_CASE("toolkit: jacobian, forward and reverse, tall and wide") {
  test::generator random(6);
  const array A = random.array({5, 3}), x = random.array({3});
  const auto tall = [&](const auto& v) { return xt::tanh(xg::matmul(A, v)); };
  const array y = xt::tanh(times(A, x));
  array expected = A;
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 3; ++j) expected(i, j) *= 1 - y(i) * y(i);
  CHECK(distance(xg::jacobian(tall, x), expected) < 1e-14);
  CHECK(distance(xg::jacobian_forward(tall, x), expected) < 1e-14);
  CHECK(distance(xg::jacobian_reverse(tall, x), expected) < 1e-14);

  const array B = random.array({2, 3}), M = random.array({3, 4});
  const auto wide = [&](const auto& m) { return xg::matmul(B, m); };
  for (const array& J : {xg::jacobian(wide, M), xg::jacobian_forward(wide, M), xg::jacobian_reverse(wide, M)}) {
    REQUIRE(test::shape_of(J) == xg::shape_t{2, 4, 3, 4});
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 4; ++j)
        for (std::size_t k = 0; k < 3; ++k)
          for (std::size_t l = 0; l < 4; ++l) CHECK(J(i, j, k, l) == (j == l ? B(i, k) : 0));
  }
  // By a number, by several, of a number.
  CHECK(xg::jacobian([](const auto& s) { return s * xt::xarray<double>{1, 2, 3}; }, 5.0) == array{1, 2, 3});
  const auto [Ja, Js] = xg::jacobian([](const auto& a, const auto& s) { return s * a; }, std::tuple(array{1, 2}, 3.0));
  CHECK(Ja == array{{3, 0}, {0, 3}});
  CHECK(Js == array{1, 2});
  CHECK(test::identical(xg::jacobian(rosenbrock, x), xg::grad(rosenbrock)(x)));
}

TEST_CASE("toolkit: forward products leave draws, checkpoints and stores alone") {
  // A Jacobian of a function with dropout in a checkpoint: each column belongs to the same mask.
  xg::rng rng(3);
  array mask;
  const auto f = [&](const auto& v) {
    return xg::checkpoint(
        [&](const auto& w) {
          const xg::var m = xg::bernoulli(w.owner(), {4}, rng, 0.5);
          mask = m.value();
          return m * w * w;
        },
        v);
  };
  const array x{1, 2, 3, 4}, J = xg::jacobian_forward(f, x);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) CHECK(J(i, j) == (i == j ? 2 * mask(i) * x(i) : 0));
}

TEST_CASE("toolkit: derivatives of derivatives by composition") {
  // d/ds of the gradient of a function that itself asks for one: xg::gradient in f.
  const auto f = [](const auto& s) {
    const xg::var y = s * s * s * s;
    return xg::gradient(y, s);  // 4 s³
  };
  CHECK(xg::grad(f)(2.0) == 48);
  CHECK(xg::hessian(f, 2.0) == 48);
}

TEST_CASE("toolkit: corners are those of the tape") {
  CHECK(xg::grad([](const auto& s) { return xg::relu(s); })(0.0) == 0);
  const array x{0, 1};
  CHECK(xg::hessian([](const auto& v) { return xg::sum(xt::where(v > 0, xt::log(v), 0)); }, x) ==
        array{{0, 0}, {0, -1}});
}

TEST_CASE("toolkit: errors say what does not fit, and where") {
  const array x{1, 2, 3};
  const auto self = [](const auto& v) { return v; };
  std::string line = line_below();
  std::string message = message_of<xg::shape_error>([&] { xg::grad(self)(x); });
  CHECK(message ==
        "grad: the function returned shape (3), and it is to return one element: reduce it (xg::sum, xg::mean), or ask "
        "for its jacobian " +
            line);
  CHECK(contains(message_of<xg::shape_error>([&] { xg::hessian(self, x); }), "hessian: the function returned"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::hvp(self, x, x); }), "hvp: the function returned"));
  line = line_below();
  message = message_of<xg::shape_error>([&] { xg::vjp(self, x)(array{1, 2}); });
  CHECK(message == "vjp: g has shape (2), what the function returned (3) " + line);
  line = line_below();
  message = message_of<xg::shape_error>([&] { xg::jvp(self, x, array{1, 2}); });
  CHECK(message == "jvp: the tangent has shape (2), x has (3) " + line);
  line = line_below();
  message = message_of<xg::shape_error>([&] { xg::hvp(rosenbrock, x, 1.0); });
  CHECK(message == "hvp: the vector has shape (), x has (3) " + line);
  xg::tape<double> other;
  const auto foreign = other.variable({1.0, 2.0, 3.0});
  CHECK(contains(message_of<xg::tape_error>([&] { xg::grad([&](const auto&) { return xg::sum(foreign); })(x); }),
                 "lives on another tape"));
}
