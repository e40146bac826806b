// Sparse Jacobians and Hessians: patterns, colours, values against dense ones, and the probe.
#include <doctest/doctest.h>

#include <cmath>

#include "support.hpp"
#include "xgrad/core/derivative/coloring.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::distance;
using test::message_of;
using xt::placeholders::_;

namespace {

// Two-point differences of x², so that the Jacobian has two diagonals.
const auto differences_of_squares = [](const auto& x) {
  return xt::square(xg::view(x, {xt::range(1, _)})) - xt::square(xg::view(x, {xt::range(0, -1)}));
};
const auto rosenbrock = [](const auto& x) {
  const xg::var a = xg::view(x, {xt::range(0, -1)}), b = xg::view(x, {xt::range(1, _)});
  return xg::sum(100 * xt::square(b - a * a) + xt::square(1 - a));
};
// An arrow: every element meets the first.
const auto arrow = [](const auto& x) {
  return x(0) * xg::sum(xt::sin(xg::view(x, {xt::range(1, _)}))) + xt::exp(x(0));
};

/// Says of itself that element i depends on element i alone, and also reads element 0.
struct lying_op {
  static constexpr const char* name = "lying";  // not an op of the library
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = x.data[i] * x.data[0];
  }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>& x) const {
    const xg::var at_zero = xt::equal(x.owner().constant(xt::arange<double>(0, double(x.size()))), 0);
    return g * x(0) + at_zero * xg::sum(g * x);
  }
  void dependence(xg::element_links& links, xg::array<const double> x) const {
    for (std::size_t i = 0; i < x.size; ++i) links.add(i, 0, i);
  }
};

}  // namespace

TEST_CASE("sparse_jacobian: two diagonals take two products, whatever the size") {
  test::generator random(1);
  for (const std::size_t n : {2u, 3u, 10u, 300u}) {
    const array x = random.array({n});
    const auto J = xg::sparse_jacobian(differences_of_squares, x);
    CHECK(J.rows == n - 1);
    CHECK(J.columns == n);
    CHECK(J.stored() == 2 * (n - 1));
    CHECK(J.products == (n == 2 ? 1 : 2));
    for (std::size_t i = 0; i + 1 < n; ++i) {
      CHECK(distance(J(i, i), -2 * x(i)) < 1e-14);
      CHECK(distance(J(i, i + 1), 2 * x(i + 1)) < 1e-14);
    }
    if (n <= 10) {
      CHECK(distance(J.dense(), xg::jacobian(differences_of_squares, x)) < 1e-14);
    }
  }
}

TEST_CASE("sparse_jacobian: through statements, broadcasts, reductions, slices, joins, takes and products") {
  test::generator random(2);
  const array x = random.array({4, 3}, 0.5, 2), A = random.array({3, 2});
  const auto check = [&](const auto& f, std::size_t stored) {
    const auto J = xg::sparse_jacobian(f, x);
    const array dense = xg::jacobian(f, x);
    CHECK(J.stored() == stored);
    CHECK(distance(J.dense(), array(xt::reshape_view(dense, {J.rows, J.columns}))) < 1e-13);
  };
  check([](const auto& v) { return xt::exp(v); }, 12);
  check([](const auto& v) { return v * v + xt::tanh(v); }, 12);
  check([](const auto& v) { return xg::sum(v * v, 1); }, 12);
  check([](const auto& v) { return xg::prod(v, 0); }, 12);
  check([](const auto& v) { return xg::sum(v); }, 12);
  check([](const auto& v) { return v * xg::sum(v, 0, xt::keep_dims); }, 48);
  check([](const auto& v) { return xg::transpose(v) * 2; }, 12);
  check([](const auto& v) { return xg::reshape(v, {2, 6}); }, 12);
  check([](const auto& v) { return xg::view(v, {xt::keep(0, 2, 0), xt::range(2, _, -1)}); }, 9);
  check([](const auto& v) { return xg::concatenate(xt::xtuple(v, xt::square(v)), 1); }, 24);
  check(
      [](const auto& v) {
        const auto parts = xg::split(v, 3, 1);
        return parts[0] * parts[2];
      },
      8);
  check([](const auto& v) { return xg::take(v, v.owner().indices({3, 1, 3}), 0); }, 9);
  check([&](const auto& v) { return xg::matmul(v, A); }, 24);
  check([](const auto& v) { return xg::matmul(v, xg::transpose(v)); }, 4 * 3 + 12 * 6);
  check([](const auto& v) { return xt::where(v > 1, v * v, 0); }, 12);
  check([](const auto& v) { return v * xg::stop_gradient(xg::sum(v)); }, 12);
  check([](const auto& v) { return xg::softmax(v, 1); }, 144);  // says nothing: dense
  check([](const auto& v) { return xg::checkpoint([](const auto& w) { return w * w; }, v); }, 144);
  check([](const auto& v) { return v.owner().constant({1.0, 2.0}); }, 0);
  check([](const auto& v) { return v; }, 12);
}

TEST_CASE("sparse_jacobian: few columns are taken forward, few rows in reverse") {
  const array x = xt::arange<double>(1, 41);
  const auto tall = xg::sparse_jacobian([](const auto& v) { return v(0) * v + v(1); }, x);
  CHECK(tall.products <= 4);  // two dense columns and a diagonal
  const auto wide = xg::sparse_jacobian([](const auto& v) { return xg::stack({xg::sum(v * v), xg::sum(v)}); }, x);
  CHECK(wide.products == 2);
  CHECK(wide(0, 39) == 80);
  CHECK(wide(1, 39) == 1);
}

TEST_CASE("sparse_hessian: against the dense one, with few products") {
  test::generator random(3);
  const auto check = [&](const auto& f, const array& x, std::size_t products) {
    const auto H = xg::sparse_hessian(f, x);
    CHECK(H.products == products);
    if (x.size() < 50) {
      CHECK(distance(H.dense(), xg::hessian(f, x)) < 1e-12);
    }
    const array d = xg::hessian_diagonal(f, x);
    for (std::size_t i = 0; i < x.size(); ++i) CHECK(d(i) == H(i, i));
  };
  check(rosenbrock, random.array({7}), 3);
  check(rosenbrock, random.array({400}), 3);  // a tridiagonal one needs three colours, if each is read directly
  check(arrow, random.array({30}), 2);
  check(arrow, random.array({400}), 2);
  check([](const auto& v) { return xg::sum(xt::exp(v)); }, random.array({40}), 1);
  check([](const auto& v) { return xg::sum(v * 3); }, random.array({40}), 1);
  check([](const auto& v) { return xt::square(xg::sum(v)); }, random.array({6}), 6);
  // The values of the long one by the closed form.
  const array x = random.array({400});
  const auto H = xg::sparse_hessian(rosenbrock, x);
  CHECK(H.stored() == 400 + 2 * 399);
  for (std::size_t i = 1; i + 1 < 400; ++i) {
    CHECK(distance(H(i, i), -400 * (x(i + 1) - 3 * x(i) * x(i)) + 202) < 1e-12);
    CHECK(distance(H(i, i + 1), -400 * x(i)) < 1e-12);
    CHECK(distance(H(i + 1, i), -400 * x(i)) < 1e-12);
  }
  CHECK(xg::hessian_diagonal([](const auto& s) { return s * s * s; }, 2.0) == 12);
  const array none = array::from_shape({0});
  CHECK(xg::sparse_hessian([](const auto& v) { return xg::sum(v * v); }, none).stored() == 0);
}

TEST_CASE("sparse_hessian: random patterns, each element read from a column where it stands alone") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    test::generator random(seed);
    const std::size_t n = random.integer(2, 14), terms = random.integer(1, 25);
    std::vector<std::array<std::ptrdiff_t, 2>> pairs(terms);
    for (auto& p : pairs) p = {std::ptrdiff_t(random.integer(0, n - 1)), std::ptrdiff_t(random.integer(0, n - 1))};
    const auto f = [&](const auto& x) {
      xg::var y = xg::sum(x);
      for (const auto& [i, j] : pairs) y = y + xt::sin(x(i) * x(j));
      return y;
    };
    const array x = random.array({n});
    const auto H = xg::sparse_hessian(f, x);
    CHECK(distance(H.dense(), xg::hessian(f, x)) < 1e-12);
    CHECK(H.products <= n);
  }
}

TEST_CASE("coloring: a star has two colours, columns with a common row never one") {
  xg::detail::sparsity s;  // an arrow of 5
  s.rows = s.columns = 5;
  for (std::uint32_t i = 0; i < 5; ++i) {
    for (std::uint32_t j = 0; j < 5; ++j)
      if (i == 0 || j == 0 || i == j) s.column.push_back(j);
    s.row_start.push_back(s.column.size());
  }
  CHECK(xg::detail::color_symmetric(s).colors == 2);
  CHECK(xg::detail::color_columns(s).colors == 5);
  CHECK(s.transposed().column == s.column);
  CHECK(s.symmetric().column == s.column);
}

TEST_CASE("sparse: an op that names too few elements is found by the probe") {
  const array x{1, 2, 3, 4};
  const auto lies = [](const auto& v) { return xg::record(lying_op{}, v); };
  const std::string text = message_of<xg::value_error>([&] { xg::sparse_jacobian(lies, x); });
  CHECK(contains(text, "sparse_jacobian: row "));
  CHECK(contains(text, "a member `dependence` that names too few elements"));
  CHECK(contains(text, "(sparse_test.cpp:"));
}

TEST_CASE("sparse: float, and errors") {
  const xt::xarray<float> x{1, 2, 3};
  const auto H = xg::sparse_hessian(rosenbrock, x);
  static_assert(std::is_same_v<decltype(H), const xg::sparse_matrix<float>>);
  CHECK(distance(xt::xarray<double>(xt::cast<double>(H.dense())),
                 xt::xarray<double>(xt::cast<double>(xg::hessian(rosenbrock, x)))) < 1e-5);
  CHECK(contains(message_of<xg::shape_error>([&] { xg::sparse_hessian([](const auto& v) { return v; }, x); }),
                 "sparse_hessian: the function returned shape (3)"));
}

TEST_CASE("sparse: float, and errors") {
  const xt::xarray<float> x{1, 2, 3};
  const auto H = xg::sparse_hessian(rosenbrock, x);
  static_assert(std::is_same_v<decltype(H), const xg::sparse_matrix<float>>);
  CHECK(distance(xt::xarray<double>(xt::cast<double>(H.dense())),
                 xt::xarray<double>(xt::cast<double>(xg::hessian(rosenbrock, x)))) < 1e-5);
  CHECK(contains(message_of<xg::shape_error>([&] { xg::sparse_hessian([](const auto& v) { return v; }, x); }),
                 "sparse_hessian: the function returned shape (3)"));
  CHECK(contains(message_of<xg::value_error>([&] { H(3, 0); }), "the index (3, 0) is out of range for shape (3, 3)"));
}
