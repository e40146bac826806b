// xg::gradient through reductions, matrix products and views, against closed forms and differences.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;

TEST_CASE("gradients of reductions") {
  test::generator random(21);
  const array a = random.array({3, 4});
  xg::tape<double> t;
  const auto x = t.variable(a);
  const auto variance = xg::mean(xg::square(x - xg::mean(x, {0}, xt::keep_dims)));
  const auto g = xg::gradient(variance, x);
  const array column_means = xt::mean(a, {0}, xt::keep_dims);
  CHECK(test::distance(g.value(), (a - column_means) / 6) < 1e-12);
  const auto h = xg::gradient(xg::sum(g * g), x);  // the Hessian is (I - 11ᵀ/3)/6 by column
  CHECK(test::distance(h.value(), (a - column_means) / 18) < 1e-12);

  const auto rows = xg::sum(x * x, {1});  // to third order through an axis
  const auto s = xg::sum(rows * rows);
  const array squares = xt::sum(a * a, {1}, xt::keep_dims);
  const auto first = xg::gradient(s, x);
  CHECK(test::distance(first.value(), 4 * squares * a) < 1e-12);
  const auto second = xg::gradient(xg::sum(first), x);
  const array sums = xt::sum(a, {1}, xt::keep_dims);
  CHECK(test::distance(second.value(), 8 * sums * a + 4 * squares) < 1e-12);
  const auto third = xg::gradient(xg::sum(second), x);
  CHECK(test::distance(third.value(), 4 * 8 * a + 16 * sums) < 1e-12);
}

TEST_CASE("gradients of products of matrices and vectors, plain and transposed") {
  test::generator random(22);
  const array a = random.array({3, 4}), b = random.array({4, 2}), u = random.array({4}), v = random.array({4}),
              g = random.array({3, 2});
  xg::tape<double> t;
  const auto A = t.variable(a), B = t.variable(b), At = t.variable(array(xt::transpose(a))),
             Bt = t.variable(array(xt::transpose(b))), U = t.variable(u), V = t.variable(v), G = t.constant(g);
  array ga = xt::zeros_like(a), gb = xt::zeros_like(b);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j)
      for (std::size_t k = 0; k < 2; ++k) ga(i, j) += g(i, k) * b(j, k), gb(j, k) += g(i, k) * a(i, j);

  const auto check = [&](const xg::var<double>& y, const xg::var<double>& left, bool left_transposed,
                         const xg::var<double>& right, bool right_transposed) {
    const auto d = xg::gradient(y, {left, right}, xg::seed(G));
    const array dl = left_transposed ? array(xt::transpose(d[0].value())) : array(d[0].value());
    const array dr = right_transposed ? array(xt::transpose(d[1].value())) : array(d[1].value());
    CHECK(test::distance(dl, ga) < 1e-12);
    CHECK(test::distance(dr, gb) < 1e-12);
    t.backward(y, g);
    CHECK(test::distance(left.grad(), d[0].value()) < 1e-12);
    CHECK(test::distance(right.grad(), d[1].value()) < 1e-12);
    // Second order: ⟨G, A·B⟩ is bilinear, so that the gradient of ⟨dA, dA⟩ by B is that of |G·Bᵀ|².
    const auto second = xg::gradient(xg::sum(d[0] * d[0]), right);
    const array expected = test::differences(
        [&](const array& other) {
          array m = right_transposed ? array(xt::transpose(other)) : other;
          double sum = 0;
          for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 4; ++j) {
              double s = 0;
              for (std::size_t k = 0; k < 2; ++k) s += g(i, k) * m(j, k);
              sum += s * s;
            }
          return sum;
        },
        array(right.value()));
    CHECK(test::distance(second.value(), expected) < 1e-7);
  };
  check(xg::matmul(A, B), A, false, B, false);
  check(xg::matmul(xg::transpose(At), B), At, true, B, false);
  check(xg::matmul(A, xg::transpose(Bt)), A, false, Bt, true);
  check(xg::matmul(xg::transpose(At), xg::transpose(Bt)), At, true, Bt, true);

  const auto dot = xg::matmul(U, V);  // vector · vector
  const auto d = xg::gradient(dot, {U, V});
  CHECK(test::identical(d[0].value(), v));
  CHECK(test::identical(d[1].value(), u));
  CHECK(test::identical(xg::gradient(xg::matmul(U, U), U).value(), 2 * u));

  const auto quadratic = xg::sum(xg::square(xg::matmul(A, U)));  // matrix · vector: 2 Aᵀ A u, then 2 Aᵀ A
  const auto q = xg::gradient(quadratic, U);
  array expected = xt::zeros<double>({4}), hessian_row_sums = xt::zeros<double>({4});
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j)
      for (std::size_t k = 0; k < 4; ++k)
        expected(j) += 2 * a(i, j) * a(i, k) * u(k), hessian_row_sums(j) += 2 * a(i, j) * a(i, k);
  CHECK(test::distance(q.value(), expected) < 1e-12);
  CHECK(test::distance(xg::gradient(xg::sum(q), U).value(), hessian_row_sums) < 1e-12);

  const auto vector_matrix = xg::sum(xg::square(xg::matmul(U, B)));  // vector · matrix
  const auto w = xg::gradient(vector_matrix, {U, B});
  array by_u = xt::zeros<double>({4}), by_b = xt::zeros<double>({4, 2});
  for (std::size_t k = 0; k < 2; ++k) {
    double product = 0;
    for (std::size_t j = 0; j < 4; ++j) product += u(j) * b(j, k);
    for (std::size_t j = 0; j < 4; ++j) by_u(j) += 2 * product * b(j, k), by_b(j, k) = 2 * product * u(j);
  }
  CHECK(test::distance(w[0].value(), by_u) < 1e-12);
  CHECK(test::distance(w[1].value(), by_b) < 1e-12);
}

TEST_CASE("gradients of views, elements, reshapes and transpositions, to second order") {
  test::generator random(23);
  const array a = random.array({3, 4});
  xg::tape<double> t;
  const auto x = t.variable(a);
  const auto f = [](const auto& v) { return v * v * v; };
  const auto check = [&](const xg::var<double>& part, const array& mask) {
    const auto first = xg::gradient(xg::sum(f(part)), x);
    CHECK(test::distance(first.value(), 3 * a * a * mask) < 1e-12);
    CHECK(test::distance(xg::gradient(xg::sum(first), x).value(), 6 * a * mask) < 1e-12);
    t.backward(xg::sum(f(part)));
    CHECK(test::distance(x.grad(), 3 * a * a * mask) < 1e-12);
  };
  const array all = xt::ones<double>({3, 4});
  array mask = xt::zeros<double>({3, 4});
  mask(1, 2) = 1;
  check(x(1, 2), mask);
  check(x(-2, -2), mask);
  xt::strided_view(mask, {1}) = 1;
  check(xg::view(x, {1}), mask);
  mask = xt::zeros<double>({3, 4});
  xt::strided_view(mask, {xt::range(0, 3, 2), xt::range(1, 3)}) = 1;
  check(xg::view(x, {xt::range(0, 3, 2), xt::range(1, 3)}), mask);
  mask = xt::zeros<double>({3, 4});
  xt::strided_view(mask, {xt::ellipsis(), 3}) = 1;
  check(xg::view(x, {xt::ellipsis(), -1}), mask);
  check(xg::view(x, {xt::newaxis(), xt::all()}), all);
  check(xg::view(x, {xt::range(xt::placeholders::_, xt::placeholders::_, -1)}), all);
  check(xg::reshape(x, {2, -1, 3}), all);
  check(xg::transpose(x), all);
  check(xg::transpose(xg::reshape(x, {3, 2, 2}), {1, 2, 0}), all);
  const xg::var flipped = xg::view(x, {xt::range(2, xt::placeholders::_, -1)});
  CHECK(test::identical(flipped.value(), xt::flip(a, 0)));
}

namespace {

/// A copy whose derivative has the wrong shape.
struct careless_op {
  static constexpr const char* name = "careless";
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) const { std::copy_n(x.data, x.size, y.data); }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&) const {
    return xg::sum(g);
  }
};

}  // namespace

TEST_CASE("a vjp of the wrong shape is named, and leaves nothing on the tape") {
  xg::tape<double> t;
  const auto x = t.variable(xt::xarray<double>{1., 2., 3.});
  const std::string where = test::line_below();
  const xg::var y = xg::record(careless_op{}, x);
  const xg::var l = xg::sum(y);
  const std::size_t nodes = t.nodes(), variables = t.variables();
  const std::string message = test::message_of<xg::shape_error>([&] { t.backward(l); });
  CHECK(test::contains(message, "careless: vjp returned shape () for operand 0 of shape (3)"));
  CHECK(test::contains(message, where));
  CHECK(t.nodes() == nodes);
  CHECK(t.variables() == variables);
  t.backward(xg::sum(xt::square(x)));
  CHECK(test::identical(x.grad(), xt::xarray<double>{2., 4., 6.}));
}

TEST_CASE("what a structured op's gradient records belongs to the op's line") {
  xg::tape<double> t;
  const array large = xt::broadcast(1e200, {1, 1});
  const auto a = t.variable(xt::ones<double>({1, 1})), b = t.constant(large), seed = t.constant(large);
  const std::string where = test::line_below();
  const xg::var y = xg::matmul(a, b);
  t.detect_anomaly();
  const std::string message = test::message_of<xg::value_error>([&] { xg::gradient(y, a, xg::seed(seed)); });
  CHECK(test::contains(message, "infinite"));
  CHECK(test::contains(message, where));
}
