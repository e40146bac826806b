// The dense matrix product on plain memory. For the library's own sources: includes cblas.h.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>

#include <cblas.h>

namespace xg {

/// A matrix in memory, row-major or read transposed: element (i, j) is data[i * row_step + j * column_step].
template <class T>
struct matrix {
  const T* data;
  std::size_t height, width, row_step, column_step;

  /// `rows` × `columns`, row-major.
  static matrix stored(const T* data, std::size_t rows, std::size_t columns) {
    return {data, rows, columns, columns, 1};
  }
  matrix transposed() const { return {data, width, height, column_step, row_step}; }
};

namespace detail {

// Products of up to this many multiplications are faster in the plain loop than in a BLAS call.
inline constexpr std::size_t small_product = 128;

// N columns of C, their sums in registers.
template <std::size_t N, class T>
void small_columns(const matrix<T>& a, const matrix<T>& b, std::size_t column, T* c, bool assign) {
  const T *row = a.data, *from = b.data + column * b.column_step;
  c += column;
  for (std::size_t i = 0; i < a.height; ++i, row += a.row_step, c += b.width) {
    T sum[N];
    for (std::size_t j = 0; j < N; ++j) sum[j] = row[0] * from[j * b.column_step];
    const T *x = row, *y = from;
    for (std::size_t p = 1; p < a.width; ++p) {
      x += a.column_step, y += b.row_step;
      for (std::size_t j = 0; j < N; ++j) sum[j] += *x * y[j * b.column_step];
    }
    for (std::size_t j = 0; j < N; ++j) c[j] = assign ? sum[j] : c[j] + sum[j];
  }
}

template <class T>
void small_gemm(const matrix<T>& a, const matrix<T>& b, T* c, bool assign) {
  std::size_t j = 0;
  for (; j + 4 <= b.width; j += 4) small_columns<4>(a, b, j, c, assign);
  const std::size_t rest = b.width - j;
  if (rest == 3)
    small_columns<3>(a, b, j, c, assign);
  else if (rest == 2)
    small_columns<2>(a, b, j, c, assign);
  else if (rest == 1)
    small_columns<1>(a, b, j, c, assign);
}

}  // namespace detail

/// C = A·B (assign) or C += A·B; C is a.height × b.width, row-major, and overlaps neither. Small products run in a loop
/// of our own, where the overhead of a BLAS call is larger than the product; the rest is OpenBLAS.
template <class T>
void gemm(const matrix<T>& a, const matrix<T>& b, T* c, bool assign) {
  const std::size_t m = a.height, k = a.width, n = b.width;
  if (k == 0) {
    if (assign) std::fill_n(c, m * n, T(0));
    return;
  }
  if (m * n * k <= detail::small_product) return detail::small_gemm(a, b, c, assign);
  const auto order = [](const matrix<T>& x) { return x.column_step == 1 ? CblasNoTrans : CblasTrans; };
  const auto leading = [](const matrix<T>& x) {  // a single row or column has no step of its own
    return blasint(x.column_step == 1 ? std::max(x.row_step, x.width) : std::max(x.column_step, x.height));
  };
  const auto blas = [&](auto function) {
    function(CblasRowMajor, order(a), order(b), blasint(m), blasint(n), blasint(k), T(1), a.data, leading(a), b.data,
             leading(b), assign ? T(0) : T(1), c, blasint(n));
  };
  if constexpr (std::same_as<T, double>)
    blas(cblas_dgemm);
  else
    blas(cblas_sgemm);
}

}  // namespace xg
