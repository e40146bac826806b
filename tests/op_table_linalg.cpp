// Rows of the op table: linear systems, factorisations, functions of matrices.
#include <xtensor/xview.hpp>

#include "linalg_reference.hpp"

namespace test {

using plain::each, plain::matrix, plain::regular;

namespace {

using arrays = std::vector<array>;
template <class T>
using list = std::vector<xg::var<T>>;

/// Symmetric matrices whose eigenvalues are apart: the symmetric part of 0.3 x + diag(0, 2, 4, ...).
template <class T>
xt::xarray<T> steps(std::size_t n) {
  xt::xarray<T> d = xt::zeros<T>({n, n});
  for (std::size_t i = 0; i < n; ++i) d(i, i) = T(2 * i);
  return d;
}
template <class T>
xg::var<T> spread(const xg::var<T>& x) {
  return 0.3 * x + steps<T>(x.shape(-1));
}
matrix spread(const matrix& x) { return 0.3 * x + steps<double>(x.shape(0)); }
matrix symmetric(const matrix& a) { return (a + plain::transposed(a)) / 2; }

/// Matrices (m, n) of full rank, with singular values apart.
matrix slope(std::size_t m, std::size_t n) {
  matrix d = plain::zeros(m, n);
  for (std::size_t i = 0; i < std::min(m, n); ++i) d(i, i) = 2 + 2 * double(i);
  return d;
}
template <class T>
xg::var<T> full(const xg::var<T>& x) {
  return 0.3 * x + xt::xarray<T>(xt::cast<T>(slope(x.shape(-2), x.shape(-1))));
}
matrix full(const matrix& x) { return 0.3 * x + slope(x.shape(0), x.shape(1)); }

array column_of(const std::vector<double>& w) {
  array a = array::from_shape({w.size()});
  std::copy(w.begin(), w.end(), a.begin());
  return a;
}
/// The squared elements of the first vectors from the end, a vector in each column.
matrix squares_of_last(const plain::jacobi& j, std::size_t k) {
  const std::size_t n = j.w.size();
  matrix y = plain::zeros(n, k);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t c = 0; c < k; ++c) y(i, c) = j.v(i, n - 1 - c) * j.v(i, n - 1 - c);
  return y;
}
/// x, as an array without an axis of extent 1.
array without_axis(const array& x) { return array(xt::reshape_view(x, {x.size()})); }

template <class T>
void decomposition_rows(structured_table<T>& table) {
  using vars = list<T>;
  const std::vector<std::vector<xg::shape_t>> squares{{{3, 3}}, {{1, 1}}, {{4, 4}}, {{2, 3, 3}}};
  const std::vector<std::vector<xg::shape_t>> any_shape{{{3, 3}}, {{4, 2}}, {{2, 4}}, {{1, 3}}, {{2, 3, 2}}};
  const auto row = [&](const char* name, auto f, auto reference, const auto& shapes) {
    table.row(
        name, [f](const vars& x) { return f(x[0]); },
        [reference](const arrays& x) { return each([&](const arrays& m) { return array(reference(m[0])); }, x); },
        shapes);
  };
  row(
      "eigvalsh", [](const auto& x) { return xg::eigvalsh(spread(x)); },
      [](const matrix& x) { return column_of(plain::jacobi(symmetric(spread(x))).w); }, squares);
  row(
      "eigh",  // V exp(w/4) Vᵀ
      [](const auto& x) {
        const auto [w, v] = xg::eigh(spread(x));
        const std::size_t n = x.shape(-1);
        const xg::var<T> row_of_w = x.dimension() == 2
                                        ? xg::var<T>(w)
                                        : xg::var<T>(xg::reshape(w, std::vector{w.size() / n, std::size_t(1), n}));
        const xg::var<T> u = v;
        return xg::matmul(u * xt::exp(row_of_w / 4),
                          x.dimension() == 2 ? xg::var<T>(xg::transpose(u)) : xg::var<T>(xg::transpose(u, {0, 2, 1})));
      },
      [](const matrix& x) { return plain::jacobi(symmetric(spread(x))).of([](double w) { return std::exp(w / 4); }); },
      squares);
  row(
      "eigh", [](const auto& x) { return xg::var<T>(xt::square(xg::eigh(-spread(x)).vectors)); },
      [](const matrix& x) { return squares_of_last(plain::jacobi(symmetric(spread(x))), x.shape(0)); }, squares);
  row(
      "svdvals", [](const auto& x) { return xg::svdvals(full(x)); },
      [](const matrix& x) { return plain::singular_values(full(x)); }, any_shape);
  row(
      "svd", [](const auto& x) { return xg::var<T>(xt::square(xg::svd(full(x)).U)); },
      [](const matrix& x) {
        const matrix a = full(x);
        return squares_of_last(plain::jacobi(plain::product(a, plain::transposed(a))),
                               std::min(a.shape(0), a.shape(1)));
      },
      any_shape);
  row(
      "svd", [](const auto& x) { return xg::var<T>(xt::square(xg::svd(full(x)).Vh)); },
      [](const matrix& x) {
        const matrix a = full(x);
        return plain::transposed(
            squares_of_last(plain::jacobi(plain::product(plain::transposed(a), a)), std::min(a.shape(0), a.shape(1))));
      },
      any_shape);
  row(
      "svd",  // U (S²/8) Vh = A AᵀA (AᵀA)^(-1/2) / 8
      [](const auto& x) {
        const auto [u, s, v] = xg::svd(full(x));
        return xg::var<T>(xg::matmul(u * (xt::square(s) / 8), v));
      },
      [](const matrix& x) {
        const matrix a = full(x);
        if (a.shape(0) >= a.shape(1))
          return matrix(plain::product(
              a, plain::jacobi(plain::product(plain::transposed(a), a)).of([](double w) { return std::sqrt(w) / 8; })));
        return matrix(plain::product(
            plain::jacobi(plain::product(a, plain::transposed(a))).of([](double w) { return std::sqrt(w) / 8; }), a));
      },
      std::vector<std::vector<xg::shape_t>>{{{3, 3}}, {{4, 2}}, {{2, 4}}});
  row(
      "pinv", [](const auto& x) { return xg::pinv(full(x)); },
      [](const matrix& x) {
        const matrix a = full(x);
        return plain::least_squares(a, plain::identity(a.shape(0)));
      },
      any_shape);
  row(
      "pinv",  // of rank 2: A = B C has A⁺ = C⁺ B⁺
      [](const auto& x) {
        const auto a = full(x);
        return xg::pinv(xg::matmul(a, xg::transpose(a)));
      },
      [](const matrix& x) {
        const matrix a = full(x), b = plain::least_squares(a, plain::identity(a.shape(0)));
        return plain::product(plain::transposed(b), b);
      },
      std::vector<std::vector<xg::shape_t>>{{{4, 2}}});
  row(
      "matrix_norm", [](const auto& x) { return xg::matrix_norm(full(x)); },
      [](const matrix& x) { return std::sqrt(xt::sum(xt::square(full(x)))()); }, any_shape);
  row(
      "matrix_norm", [](const auto& x) { return xg::matrix_norm(full(x), xg::matrix_norm_kind::nuclear); },
      [](const matrix& x) { return xt::sum(plain::singular_values(full(x)))(); }, any_shape);
  row(
      "matrix_norm", [](const auto& x) { return xg::matrix_norm(full(x), xg::matrix_norm_kind::spectral); },
      [](const matrix& x) { return plain::singular_values(full(x))(0); }, any_shape);
  row(
      "qr", [](const auto& x) { return xg::qr(full(x)).Q; },
      [](const matrix& x) { return plain::orthogonalised(full(x)).first; }, any_shape);
  row(
      "qr", [](const auto& x) { return xg::qr(full(x)).R; },
      [](const matrix& x) { return plain::orthogonalised(full(x)).second; }, any_shape);
  table.row(
      "lstsq", [](const vars& x) { return xg::lstsq(full(x[0]), x[1]); },
      [](const arrays& x) { return each([](const arrays& m) { return plain::least_squares(full(m[0]), m[1]); }, x); },
      {{{4, 2}, {4, 3}}, {{2, 4}, {2, 1}}, {{3, 3}, {3, 2}}, {{2, 4, 3}, {4, 2}}});
  table.row(
      "lstsq", [](const vars& x) { return xg::lstsq(full(x[0]), x[1]); },
      [](const arrays& x) {
        return without_axis(
            plain::least_squares(full(x[0]), array(xt::reshape_view(x[1], {x[1].size(), std::size_t(1)}))));
      },
      {{{4, 2}, {4}}, {{2, 3}, {2}}});
  for (const double scale : {0.002, 0.03, 0.1, 0.4, 1.2})
    row(
        "expm", [=](const auto& x) { return xg::expm(scale * x); },
        [=](const matrix& x) { return plain::exponential(scale * x); }, squares);
  for (const int n : {1, 2, 5, -2})
    row(
        "matrix_power", [=](const auto& x) { return xg::matrix_power(regular(x), n); },
        [=](const matrix& x) {
          const matrix a = regular(x), b = n < 0 ? plain::solve(a, plain::identity(a.shape(0))) : a;
          matrix y = plain::identity(a.shape(0));
          for (int k = 0; k < std::abs(n); ++k) y = plain::product(y, b);
          return y;
        },
        squares);
}

}  // namespace

template <class T>
std::vector<op_case<T>> linalg_ops() {
  structured_table<T> table;
  using list = std::vector<xg::var<T>>;
  const std::vector<std::vector<xg::shape_t>> squares{{{3, 3}}, {{1, 1}}, {{5, 5}}, {{2, 3, 3}}};

  table.row(
      "solve", [](const list& x) { return xg::solve(regular(x[0]), x[1]); },
      [](const arrays& x) { return each([](const arrays& m) { return plain::solve(regular(m[0]), m[1]); }, x); },
      {{{3, 3}, {3, 2}},
       {{1, 1}, {1, 4}},
       {{2, 4, 4}, {2, 4, 3}},
       {{2, 3, 3}, {3, 2}},
       {{3, 3}, {2, 3, 2}},
       {{1, 3, 3}, {2, 3, 1}}});
  table.row(
      "solve", [](const list& x) { return xg::solve(regular(x[0]), x[1]); },
      [](const arrays& x) {
        const array b = xt::reshape_view(x[1], {x[1].size(), std::size_t(1)});
        const array y = each([](const arrays& m) { return plain::solve(regular(m[0]), m[1]); }, {x[0], b});
        std::vector<std::size_t> shape(y.shape().begin(), y.shape().end() - 1);
        return array(xt::reshape_view(y, shape));
      },
      {{{3, 3}, {3}}, {{2, 3, 3}, {3}}});
  table.row(
      "inverse", [](const list& x) { return xg::inverse(regular(x[0])); },
      [](const arrays& x) {
        return each([](const arrays& m) { return plain::solve(regular(m[0]), plain::identity(m[0].shape(0))); }, x);
      },
      squares);
  table.row(
      "det", [](const list& x) { return xg::det(regular(x[0])); },
      [](const arrays& x) { return each([](const arrays& m) { return array(plain::det(regular(m[0]))); }, x); },
      squares);
  table.row(
      "slogdet", [](const list& x) { return xg::slogdet(-regular(x[0])).logabsdet; },
      [](const arrays& x) {
        return each([](const arrays& m) { return array(std::log(std::abs(plain::det(regular(m[0]))))); }, x);
      },
      squares);
  table.row(
      "cholesky", [](const list& x) { return xg::cholesky(regular(x[0])); },
      [](const arrays& x) {
        return each(
            [](const arrays& m) {
              const matrix a = regular(m[0]);
              return plain::cholesky((a + plain::transposed(a)) / 2);
            },
            x);
      },
      squares);
  for (const bool lower : {true, false})
    for (const bool transpose : {false, true})
      for (const bool unit : {false, true})
        table.row(
            "solve_triangular",
            [=](const list& x) {
              return xg::solve_triangular(regular(x[0]), x[1], {.lower = lower, .transpose = transpose, .unit = unit});
            },
            [=](const arrays& x) {
              return each(
                  [=](const arrays& m) {
                    matrix a = regular(m[0]);
                    for (std::size_t i = 0; i < a.shape(0); ++i)
                      for (std::size_t j = 0; j < a.shape(1); ++j) {
                        if (i != j && (i > j) != lower) a(i, j) = 0;
                        if (i == j && unit) a(i, j) = 1;
                      }
                    return plain::solve(transpose ? plain::transposed(a) : a, m[1]);
                  },
                  x);
            },
            {{{3, 3}, {3, 2}}, {{2, 3, 3}, {3, 2}}, {{3, 3}, {2, 3, 2}}});
  decomposition_rows(table);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> linalg_ops();

}  // namespace test
