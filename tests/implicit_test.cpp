// Fixed points and roots: their values, and their derivatives to any order against closed forms.
#include <doctest/doctest.h>

#include <cmath>

#include "support.hpp"

using array = xt::xarray<double>;
using test::distance;

namespace {

// Heron: z = (z + x / z) / 2 is √x, and z² - x = 0 is the same.
const auto heron = [](const auto& x) {
  return xg::fixed_point([](const auto& z, const auto& v) { return 0.5 * (z + v / z); }, 1.0, x);
};
const auto square_root = [](const auto& x) {
  return xg::root([](const auto& z, const auto& v) { return z * z - v; }, 1.0, x);
};

// f and its derivatives at x are those of √.
void check_square_root(const auto& f) {
  xg::tape<double> t;
  const auto x = t.variable(2.0);
  xg::var<double> y = f(x);
  CHECK(distance(y.item(), std::sqrt(2.0)) < 1e-12);
  t.backward(y);
  CHECK(distance(x.grad()(), 0.5 / std::sqrt(2.0)) < 1e-12);
  CHECK(distance(xg::jvp(y, x, 3).item(), 1.5 / std::sqrt(2.0)) < 1e-12);
  double expected = std::sqrt(2.0);
  for (int order = 1; order <= 4; ++order) {
    expected *= (1.5 - order) / 2;
    y = xg::gradient(y, x);
    CHECK(distance(y.item(), expected) < 1e-10);
  }
  CHECK(distance(xg::jvp(xg::gradient(f(x), x), x, 1).item(), -0.25 * std::pow(2, -1.5)) < 1e-11);
}

// det, inverse of a 2 × 2.
array inverse(const array& m) {
  const double d = m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0);
  return array{{m(1, 1) / d, -m(0, 1) / d}, {-m(1, 0) / d, m(0, 0) / d}};
}

}  // namespace

TEST_CASE("fixed_point, root: the square root and its first four derivatives") {
  check_square_root(heron);
  check_square_root(square_root);
}

TEST_CASE("fixed_point: z = a z + b, all derivatives of b / (1 - a)") {
  const auto f = [](const auto& a, const auto& b) {
    return xg::fixed_point([](const auto& z, const auto& p, const auto& q) { return p * z + q; }, 0, a, b);
  };
  const double a = 0.4, b = 3;
  const std::tuple at(a, b);
  const auto [da, db] = xg::grad(f)(a, b);
  CHECK(distance(da, b / 0.36) < 1e-11);
  CHECK(distance(db, 1 / 0.6) < 1e-11);
  const auto [ha, hb] = xg::hessian(f, at);
  CHECK(distance(std::get<0>(ha), 2 * b / std::pow(0.6, 3)) < 1e-11);
  CHECK(distance(std::get<1>(ha), 1 / 0.36) < 1e-11);
  CHECK(distance(std::get<0>(hb), 1 / 0.36) < 1e-11);
  CHECK(std::abs(std::get<1>(hb)) < 1e-11);
  const auto [va, vb] = xg::hvp(f, at, std::tuple(1.0, 2.0));
  CHECK(distance(va, 2 * b / std::pow(0.6, 3) + 2 / 0.36) < 1e-11);
  CHECK(distance(vb, 1 / 0.36) < 1e-11);
}

TEST_CASE("root: a linear system, by its matrix and its right side") {
  const array A{{3, 1}, {-1, 2}}, b{1, 4}, w{2, -3};
  const auto f = [&](const auto& m, const auto& r) {
    return xg::sum(w * xg::root([](const auto& z, const auto& M, const auto& q) { return xg::matmul(M, z) - q; },
                                array{0, 0}, m, r));
  };
  // y = wᵀ A⁻¹ b; with P = A⁻¹: dy/db = Pᵀ w, dy/dA = -(Pᵀ w) (P b)ᵀ,
  // d²y/dA_ij dA_kl = u_i P_jk x_l + u_k P_li x_j, u = Pᵀ w, x = P b; d²y/dA_ij db_k = -u_i P_jk.
  const array P = inverse(A);
  array x = array{0, 0}, u = array{0, 0};
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 2; ++j) x(i) += P(i, j) * b(j), u(j) += P(i, j) * w(i);
  const auto [gA, gb] = xg::grad(f)(A, b);
  CHECK(distance(gb, u) < 1e-12);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 2; ++j) CHECK(distance(gA(i, j), -u(i) * x(j)) < 1e-12);
  const auto [hA, hb] = xg::hessian(f, std::tuple(A, b));
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 2; ++j)
      for (std::size_t k = 0; k < 2; ++k) {
        for (std::size_t l = 0; l < 2; ++l)
          CHECK(std::get<0>(hA)(i, j, k, l) ==
                doctest::Approx(u(i) * P(j, k) * x(l) + u(k) * P(l, i) * x(j)).epsilon(1e-11));
        CHECK(std::get<1>(hA)(i, j, k) == doctest::Approx(-u(i) * P(j, k)).epsilon(1e-11));
        CHECK(std::get<0>(hb)(k, i, j) == doctest::Approx(-u(i) * P(j, k)).epsilon(1e-11));
      }
  CHECK(xt::amax(xt::abs(std::get<1>(hb)))() < 1e-12);
}

TEST_CASE("root: z³ + z = x, whose derivatives by the implicit function theorem are short") {
  const auto f = [](const auto& x) {
    return xg::root([](const auto& z, const auto& v) { return z * z * z + z - v; }, 0.0, x);
  };
  // At x = 10: z = 2, s = 3 z² + 1 = 13: z' = 1/s, z'' = -6 z / s³.
  CHECK(distance(xg::value_and_grad(f)(10.0).first, 2.0) < 1e-13);
  CHECK(distance(xg::grad(f)(10.0), 1 / 13.0) < 1e-13);
  CHECK(distance(xg::hessian(f, 10.0), -12 / std::pow(13.0, 3)) < 1e-12);
}

TEST_CASE("fixed_point: a layer z = tanh(W z + U x + b), held against differences, captured variables too") {
  test::generator random(4);
  const array W = random.array({4, 4}, -0.3, 0.3), U = random.array({4, 3}), x = random.array({3}), b{1, 0, -1, 2};
  const auto with_operands = [&](const auto& m, const auto& n, const auto& c) {
    return xg::fixed_point([&](const auto& z, const auto& p, const auto& q,
                               const auto& r) { return xt::tanh(xg::matmul(p, z) + xg::matmul(q, x) + r); },
                           xt::zeros<double>({4}), m, n, c);
  };
  const auto with_captures = [&](const auto& m, const auto& n, const auto& c) {
    return xg::fixed_point(
        [=, &x](const auto& z, const auto& q) { return xt::tanh(xg::matmul(m, z) + xg::matmul(q, x) + c); },
        xt::zeros<double>({4}), n);
  };
  const auto by_newton = [&](const auto& m, const auto& n, const auto& c) {
    return xg::root([&](const auto& z, const auto& p, const auto& q,
                        const auto& r) { return xt::tanh(xg::matmul(p, z) + xg::matmul(q, x) + r) - z; },
                    xt::zeros<double>({4}), m, n, c);
  };
  CHECK_MESSAGE(xg::gradcheck(with_operands, W, U, b).ok(), xg::gradcheck(with_operands, W, U, b).text());
  CHECK_MESSAGE(xg::gradcheck(with_captures, W, U, b).ok(), xg::gradcheck(with_captures, W, U, b).text());
  CHECK_MESSAGE(xg::gradcheck(by_newton, W, U, b).ok(), xg::gradcheck(by_newton, W, U, b).text());

  // Three ways, one Hessian.
  const auto scalar = [](const auto& f) {
    return [&f](const auto& m, const auto& n, const auto& c) { return xg::sum(xt::square(f(m, n, c))); };
  };
  const std::tuple at(W, U, b), v(array(0.1 * W), array(0.2 * U), b);
  const auto first = xg::hvp(scalar(with_operands), at, v), second = xg::hvp(scalar(with_captures), at, v),
             third = xg::hvp(scalar(by_newton), at, v);
  CHECK(distance(std::get<0>(first), std::get<0>(second)) < 1e-10);
  CHECK(distance(std::get<0>(first), std::get<0>(third)) < 1e-10);
  CHECK(distance(std::get<1>(first), std::get<1>(third)) < 1e-10);
  CHECK(distance(std::get<2>(second), std::get<2>(third)) < 1e-10);
}

TEST_CASE("fixed_point, root: operands that depend on each other are counted once") {
  // z² = x c with c = x², so z = x^1.5.
  for (const bool captured : {false, true}) {
    xg::tape<double> t;
    const auto x = t.variable(4.0);
    const xg::var c = x * x;
    const xg::var y =
        captured ? xg::root([c](const auto& z, const auto& v) { return z * z - v * c; }, 1.0, x)
                 : xg::root([](const auto& z, const auto& v, const auto& w) { return z * z - v * w; }, 1.0, x, c);
    t.backward(y);
    CHECK(distance(x.grad()(), 3.0) < 1e-12);
    const xg::var g = xg::gradient(y, x);
    CHECK(distance(g.item(), 3.0) < 1e-12);
    CHECK(distance(xg::gradient(g, x).item(), 0.375) < 1e-11);
    CHECK(distance(xg::jvp(y, x, 1).item(), 3.0) < 1e-12);
    CHECK(distance(xg::jvp(g, x, 1).item(), 0.375) < 1e-11);
  }
  xg::tape<double> t;
  const auto x = t.variable(4.0);
  const xg::var y = xg::root([](const auto& z, const auto& v, const auto& w) { return z * z - v * w; }, 1.0, x, x);
  CHECK(distance(xg::gradient(y, x).item(), 1.0) < 1e-12);  // z = x
  t.backward(y);
  CHECK(distance(x.grad()(), 1.0) < 1e-12);
  CHECK(std::abs(xg::jvp(xg::gradient(y, x), x, 1).item()) < 1e-12);
}

TEST_CASE("fixed_point: within a checkpoint, within another, within a root, and a root within it") {
  const auto inner = [](const auto& x) { return xg::checkpoint([](const auto& v) { return heron(v); }, x); };
  CHECK(distance(xg::hessian(inner, 2.0), -0.25 * std::pow(2, -1.5)) < 1e-10);
  // z = √(z + x)  ⇔  z² - z = x, z = (1 + √(1 + 4x)) / 2; z' = 1/√(1+4x), z'' = -2 (1+4x)^-1.5.
  const auto nested = [](const auto& x) {
    return xg::fixed_point([](const auto& z, const auto& v) { return heron(z + v); }, 1.0, x);
  };
  const auto root_in = [](const auto& x) {
    return xg::fixed_point([](const auto& z, const auto& v) { return square_root(z + v); }, 1.0, x);
  };
  const auto in_root = [](const auto& x) {
    return xg::root([](const auto& z, const auto& v) { return heron(z + v) - z; }, 1.0, x);
  };
  const auto check = [](const auto& f) {
    CHECK(distance(xg::value_and_grad(f)(2.0).first, 2.0) < 1e-11);
    CHECK(distance(xg::grad(f)(2.0), 1 / 3.0) < 1e-11);
    CHECK(distance(xg::hessian(f, 2.0), -2 / 27.0) < 1e-9);
  };
  check(nested);
  check(root_in);
  check(in_root);
}

TEST_CASE("fixed_point: replays, limited sweeps, float, no gradient scopes") {
  xg::tape<double> t;
  const auto x = t.variable(2.0), other = t.variable(1.0);
  const xg::var y = other * heron(x), g = xg::gradient(y, x);
  t.set(x, 9);
  t.replay();
  CHECK(distance(y.item(), 3.0) < 1e-12);
  CHECK(distance(g.item(), 1 / 6.0) < 1e-12);
  t.backward(y, {x});
  CHECK(distance(x.grad()(), 1 / 6.0) < 1e-12);
  t.backward(y, {other});
  CHECK(distance(other.grad()(), 3.0) < 1e-12);
  {
    const xg::tape<double>::no_gradient_scope constants(t);
    const xg::var again = xg::gradient(y, x);
    CHECK(distance(again.item(), 1 / 6.0) < 1e-12);
    CHECK(distance(xg::gradient(square_root(x), x).item(), 0.0) < 1e-12);  // recorded in here, it is a constant
  }
  CHECK(distance(double(xg::grad(heron)(2.0f)), 0.5 / std::sqrt(2.0)) < 1e-5);
  CHECK(distance(double(xg::hessian(square_root, 2.0f)), -0.25 * std::pow(2, -1.5)) < 1e-5);
}

TEST_CASE("fixed_point: parameters that f borrows get gradients") {
  xg::parameter<double> a(0.4), b(3.0);
  xg::tape<double> t;
  const auto x = t.variable(1.0);
  const xg::var z = xg::fixed_point(
      [&](const auto& v, const auto& s) { return v.owner().borrow(a) * v + s * v.owner().borrow(b); }, 0.0, x);
  t.backward(z);
  CHECK(distance(t.borrow(a).grad()(), 3 / 0.36) < 1e-11);
  CHECK(distance(t.borrow(b).grad()(), 1 / 0.6) < 1e-11);
  CHECK(distance(x.grad()(), 5.0) < 1e-11);
}

TEST_CASE("fixed_point: random numbers in f are drawn once") {
  xg::rng rng(5);
  double drawn = 0;
  const auto f = [&](const auto& a) {
    return xg::fixed_point(
        [&](const auto& z, const auto& s) {
          const xg::var noise = xg::normal(z.owner(), {}, rng);
          drawn = noise.item();
          return 0.5 * z + s * noise;
        },
        0.0, a);
  };
  xg::tape<double> t;
  const auto x = t.variable(1.5);
  const xg::var z = f(x);
  const double value = z.item(), noise = drawn;
  CHECK(distance(value, 3 * noise) < 1e-11);
  t.backward(z);
  CHECK(drawn == noise);
  CHECK(distance(x.grad()(), 2 * noise) < 1e-11);
}
