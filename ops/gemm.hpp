// The dense matrix product on plain memory. For the library's own sources: includes cblas.h.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <utility>

#include <cblas.h>

namespace xg {

/// A matrix in memory, row-major or read transposed: element (i, j) is data[i * row_step + j * column_step].
template <class T>
struct matrix {
  T* data;
  std::size_t height, width, row_step, column_step;

  /// `rows` × `columns`, row-major.
  static matrix stored(T* data, std::size_t rows, std::size_t columns) { return {data, rows, columns, columns, 1}; }
  matrix transposed() const { return {data, width, height, column_step, row_step}; }
  /// The same matrix elsewhere.
  template <class U>
  matrix<U> at(U* place) const {
    return {place, height, width, row_step, column_step};
  }
};

namespace detail {

// Is the plain loop faster than a BLAS call? (As measured; OpenBLAS has less to do where nothing is transposed.)
template <class T>
bool is_small(const matrix<const T>& a, const matrix<const T>& b) {
  const std::size_t limit = a.column_step == 1 && b.column_step == 1 ? 128 : 512;
  return a.height * a.width * b.width <= limit;
}

// N columns of a row-major C, their sums in registers. k > 0.
template <class T, std::size_t... J>
[[gnu::always_inline]] inline void small_columns(std::index_sequence<J...>, std::size_t m, std::size_t k, const T* a,
                                                 std::size_t a_row_step, std::size_t a_column_step, const T* b,
                                                 std::size_t b_row_step, std::size_t b_column_step, T* c,
                                                 std::size_t c_row_step, bool assign) {
  for (; m > 0; --m, a += a_row_step, c += c_row_step) {
    T sum[] = {(a[0] * b[J * b_column_step])...};
    const T *x = a, *y = b;
    for (std::size_t p = k; --p > 0;) {
      x += a_column_step, y += b_row_step;
      ((sum[J] += *x * y[J * b_column_step]), ...);
    }
    if (!assign) ((sum[J] += c[J]), ...);
    ((c[J] = sum[J]), ...);
  }
}

// All arguments are numbers: matrices passed through memory would cost more than the product.
template <class T>
[[gnu::noinline]] void small_gemm(std::size_t m, std::size_t n, std::size_t k, const T* a, std::size_t a_row_step,
                                  std::size_t a_column_step, const T* b, std::size_t b_row_step,
                                  std::size_t b_column_step, T* c, std::size_t c_row_step, bool assign) {
  const auto columns = [=]<std::size_t N>(const T* from, T* to) __attribute__((always_inline)) {
    small_columns(std::make_index_sequence<N>{}, m, k, a, a_row_step, a_column_step, from, b_row_step, b_column_step,
                  to, c_row_step, assign);
  };
  for (; n > 4; n -= 4, b += 4 * b_column_step, c += 4) columns.template operator()<4>(b, c);
  if (n == 4) columns.template operator()<4>(b, c);
  if (n == 3) columns.template operator()<3>(b, c);
  if (n == 2) columns.template operator()<2>(b, c);
  if (n == 1) columns.template operator()<1>(b, c);
}

template <class T>
[[gnu::noinline]] void blas_gemm(const matrix<const T>& a, const matrix<const T>& b, const matrix<T>& c, bool assign) {
  const std::size_t m = a.height, k = a.width, n = b.width;
  const auto order = [](const matrix<const T>& x) { return x.column_step == 1 ? CblasNoTrans : CblasTrans; };
  const auto leading = [](const matrix<const T>& x) {  // a single row or column has no step of its own
    return blasint(x.column_step == 1 ? std::max(x.row_step, x.width) : std::max(x.column_step, x.height));
  };
  const auto blas = [&](auto function) {
    function(CblasRowMajor, order(a), order(b), blasint(m), blasint(n), blasint(k), T(1), a.data, leading(a), b.data,
             leading(b), assign ? T(0) : T(1), c.data, blasint(std::max(c.row_step, n)));
  };
  if constexpr (std::same_as<T, double>)
    blas(cblas_dgemm);
  else
    blas(cblas_sgemm);
}

}  // namespace detail

/// C = A·B (assign) or C += A·B; C overlaps neither A nor B. Small products run in a loop of our own, where the
/// overhead of a BLAS call is larger than the product; the rest is OpenBLAS.
template <class T>
[[gnu::always_inline]] inline void gemm(const matrix<const T>& a, const matrix<const T>& b, const matrix<T>& c,
                                        bool assign) {
  const std::size_t m = a.height, k = a.width, n = b.width;
  const bool rows = c.column_step == 1;  // else Cᵀ = Bᵀ·Aᵀ is computed, so that rows are written in any case
  if (k == 0) {
    if (assign) std::fill_n(c.data, m * n, T(0));
  } else if (!detail::is_small(a, b)) {
    if (rows)
      detail::blas_gemm<T>(a, b, c, assign);
    else
      detail::blas_gemm<T>(b.transposed(), a.transposed(), c.transposed(), assign);
  } else if (rows) {
    detail::small_gemm(m, n, k, a.data, a.row_step, a.column_step, b.data, b.row_step, b.column_step, c.data,
                       c.row_step, assign);
  } else {
    detail::small_gemm(n, m, k, b.data, b.column_step, b.row_step, a.data, a.column_step, a.row_step, c.data,
                       c.column_step, assign);
  }
}

}  // namespace xg
