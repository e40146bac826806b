// Where infinite slopes cancel: kernel (backward) and program (gradient) give the same, position by position.
#include <doctest/doctest.h>

#include <limits>

#include "support.hpp"

using array = xt::xarray<double>;
using var = xg::var<double>;

namespace {

const double infinity = std::numeric_limits<double>::infinity();

bool same(double a, double b) { return std::isnan(a) ? std::isnan(b) : a == b; }

/// The derivative of y by the scalar a, which both roads must give.
void check(xg::tape<double>& t, const var& y, const var& a, double expected) {
  t.backward(y);
  const double kernel = a.grad()(), program = xg::gradient(y, a).item();
  CAPTURE(kernel);
  CAPTURE(program);
  CAPTURE(expected);
  CHECK(same(kernel, expected));
  CHECK(same(program, expected));
}

/// +1, -1, +1, ... : adds up to 0 for even n.
array alternating(std::size_t n) {
  array a = xt::ones<double>({n});
  for (std::size_t i = 1; i < n; i += 2) a(i) = -1;
  return a;
}

}  // namespace

// Expected: for each position i its own s_i · f'(a), nothing where s_i is 0; then ∞ - ∞ is not a number.
TEST_CASE("infinite slopes of one statement meet after the derivative, at the operand") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t n : {2, 4, 6, 16, 34}) {
    CAPTURE(n);
    xg::tape<double> t;
    const auto a = t.variable(0.0);
    const array pm = alternating(n), plus = xt::ones<double>({n}), none = xt::zeros<double>({n});
    array one = none;
    one(n - 1) = 1;
    SUBCASE("square root") {
      check(t, xg::sum(pm * xt::sqrt(a)), a, nan);
      check(t, xg::sum(plus * xt::sqrt(a)), a, infinity);
      check(t, xg::sum(none * xt::sqrt(a)), a, 0);
      check(t, xg::sum(one * xt::sqrt(a)), a, infinity);
      check(t, xg::sum(one * xt::sqrt(a) - one * xt::sqrt(a)), a, nan);  // the same variable twice
      check(t, xg::mean(xt::sqrt(a) * pm), a, nan);
      check(t, xg::sum(xt::where(one > 0, xt::sqrt(a), 2 * a)), a, infinity);
    }
    SUBCASE("logarithm, division and power") {
      check(t, xg::sum(pm * xt::log(a)), a, nan);
      check(t, xg::sum(none * a + one * xt::log(a)), a, infinity);
      check(t, xg::sum(pm / a), a, nan);
      check(t, xg::sum(pm * (1 / a)), a, nan);
      check(t, xg::sum(-plus / a), a, infinity);
      check(t, xg::sum(none / a), a, nan);  // 0/0 is no zero adjoint
      check(t, xg::sum(pm * xt::pow(a, 0.5)), a, nan);
      check(t, xg::sum(one * xt::pow(a, 0.5)), a, infinity);
    }
    SUBCASE("a norm: the square root of a sum, and of a product of small operands") {
      const auto b = t.variable(0.0);
      check(t, xg::sum(pm * xt::sqrt(a + b)), a, nan);
      check(t, xg::sum(pm * xt::sqrt(a + b)), b, nan);
      check(t, xg::sum(one * xt::sqrt(2 * (a + b))), a, infinity);
      check(t, xg::sum(pm * xt::sqrt(xt::square(a) + b)), b, nan);
    }
    SUBCASE("summed before the derivative in a statement of its own, they cancel") {
      const var root = xt::sqrt(a);
      check(t, xg::sum(pm * root), a, 0);
      check(t, xg::sum(plus * root), a, infinity);
      const var twice = xg::sum(one * root) - root;
      check(t, twice, a, 0);
    }
  }
}

TEST_CASE("rows and columns: an operand smaller than the statement's space") {
  xg::tape<double> t;
  const auto column = t.variable(test::shaped({3, 1}, {0, 4, 0})), row = t.variable(array{0., 9.});
  const array pm{{1., -1.}, {1., -1.}, {1., 1.}};
  const xg::var y = xg::sum(pm * xt::sqrt(column) + 0 * row);
  t.backward(y);
  const xg::var program = xg::gradient(y, column);
  // Row sums of pm · ½/√c: ∞ - ∞, (1 - 1)/4, ∞ + ∞.
  for (const array& g : {test::copy(column.grad()), test::copy(program.value())}) {
    CHECK(std::isnan(g(0, 0)));
    CHECK(g(1, 0) == 0);
    CHECK(g(2, 0) == infinity);
  }
}

TEST_CASE("steps on small operands are differentiated in the whole space to second order, too") {
  test::generator random(5);
  const array a0 = random.array({3, 1}, .5, 2), b0 = random.array({4}, .5, 2), w = random.array({3, 4});
  xg::tape<double> t;
  const auto a = t.variable(a0), b = t.variable(b0);
  // y = Σ w √a · ln(2b): by a Σ_j w ln(2b)/(2√a); again by a -Σ_j w ln(2b)/(4 a^(3/2)).
  const xg::var y = xg::sum(w * xt::sqrt(a) * xt::log(2 * b));
  const array weights = xt::sum(w * xt::log(2 * b0), {1}, xt::keep_dims);
  const auto first = xg::gradient(y, a);
  CHECK(test::distance(first.value(), weights / (2 * xt::sqrt(a0))) < 1e-13);
  const array second = -weights / (4 * a0 * xt::sqrt(a0));
  CHECK(test::distance(xg::gradient(xg::sum(first), a).value(), second) < 1e-12);
  t.backward(xg::sum(first));
  CHECK(test::distance(a.grad(), second) < 1e-12);
}

TEST_CASE("a loss of two small operands beside a large one") {
  xg::tape<double> t;
  const auto p = t.variable(array{1., 2., 3.}), column = t.variable(test::shaped({2, 1}, {10, 1}));
  const array target{0., 0., 1.};
  const xg::var y = xg::sum(xg::squared_error(p, target) * column);
  const auto g = xg::gradient(y, {p, column});
  CHECK(test::identical(g[0].value(), array{22., 44., 44.}));  // 2 (p - t) · 11
  CHECK(test::identical(g[1].value(), test::shaped({2, 1}, {9, 9})));
  t.backward(y);
  CHECK(test::identical(p.grad(), g[0].value()));
}
