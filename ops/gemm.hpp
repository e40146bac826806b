// The dense matrix product on plain memory. For the library's own sources: includes cblas.h.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <cblas.h>

namespace xg {

/// How a matrix lies in memory, row-major or read transposed: element (i, j) is at i * row_step + j * column_step.
struct matrix_layout {
  std::size_t height = 0, width = 0, row_step = 0, column_step = 0;

  static matrix_layout row_major(std::size_t rows, std::size_t columns) { return {rows, columns, columns, 1}; }
  matrix_layout transposed() const { return {width, height, column_step, row_step}; }
};

namespace detail {

/// What a product needs to know each time it is computed, for a row-major C.
struct product_sizes {
  std::uint32_t m, n, k, a_row_step, a_column_step, b_row_step, b_column_step, c_row_step;
};

// N columns of C, their sums in registers. k > 0.
template <class T, std::size_t... J>
[[gnu::always_inline]] inline void small_columns(std::index_sequence<J...>, const product_sizes& s, const T* a,
                                                 const T* b, T* c, bool assign) {
  const std::size_t a_step = s.a_column_step, b_step = s.b_row_step, column = s.b_column_step;
  for (std::size_t m = s.m; m > 0; --m, a += s.a_row_step, c += s.c_row_step) {
    T sum[] = {(a[0] * b[J * column])...};
    const T *x = a, *y = b;
    for (std::size_t p = s.k; --p > 0;) {
      x += a_step, y += b_step;
      ((sum[J] += *x * y[J * column]), ...);
    }
    if (!assign) ((sum[J] += c[J]), ...);
    ((c[J] = sum[J]), ...);
  }
}

template <class T>
[[gnu::noinline]] void small_product(const product_sizes& s, const T* a, const T* b, T* c, bool assign) {
  const auto columns = [&]<std::size_t N>() __attribute__((always_inline)) {
    small_columns(std::make_index_sequence<N>{}, s, a, b, c, assign);
  };
  std::size_t n = s.n;
  for (; n > 4; n -= 4, b += 4 * s.b_column_step, c += 4) columns.template operator()<4>();
  if (n == 4) columns.template operator()<4>();
  if (n == 3) columns.template operator()<3>();
  if (n == 2) columns.template operator()<2>();
  if (n == 1) columns.template operator()<1>();
}

template <class T>
[[gnu::noinline]] void blas_product(const product_sizes& s, const T* a, const T* b, T* c, bool assign) {
  const auto order = [](std::uint32_t column_step) { return column_step == 1 ? CblasNoTrans : CblasTrans; };
  const auto leading = [](std::uint32_t row_step, std::uint32_t column_step, std::uint32_t height,
                          std::uint32_t width) {
    return blasint(column_step == 1 ? std::max(row_step, width)
                                    : std::max(column_step, height));  // one row or column has no step
  };
  const auto call = [&](auto gemm) {
    gemm(CblasRowMajor, order(s.a_column_step), order(s.b_column_step), blasint(s.m), blasint(s.n), blasint(s.k), T(1),
         a, leading(s.a_row_step, s.a_column_step, s.m, s.k), b, leading(s.b_row_step, s.b_column_step, s.k, s.n),
         assign ? T(0) : T(1), c, blasint(std::max(s.c_row_step, s.n)));
  };
  if constexpr (std::same_as<T, double>)
    call(cblas_dgemm);
  else
    call(cblas_sgemm);
}

/// Does BLAS have threads of its own? What calls it is then not split over others. (Where it is not known: yes.)
inline bool blas_has_threads() {
#ifdef OPENBLAS_VERSION
  return openblas_get_num_threads() > 1;
#else
  return true;
#endif
}

}  // namespace detail

/// C = A·B for matrices that lie in memory in a given way, worked out once. Small products run in a loop of our own,
/// where the overhead of a BLAS call is larger than the product; the rest is OpenBLAS. Extents are below 2³¹.
class product {
 public:
  product() = default;
  product(const matrix_layout& a, const matrix_layout& b, const matrix_layout& c) : swapped_(c.column_step != 1) {
    if (swapped_)  // Cᵀ = Bᵀ·Aᵀ, so that rows are written in any case
      set(b.transposed(), a.transposed(), c.transposed());
    else
      set(a, b, c);
  }

  /// C = A·B (assign) or C += A·B; C overlaps neither A nor B.
  template <class T>
  void operator()(const T* a, const T* b, T* c, bool assign) const {
    if (swapped_) std::swap(a, b);
    if (small_) return detail::small_product(sizes_, a, b, c, assign);
    if (sizes_.k != 0) return detail::blas_product(sizes_, a, b, c, assign);
    if (assign) std::fill_n(c, std::size_t(sizes_.m) * sizes_.n, T(0));
  }
  bool calls_blas() const { return !small_ && sizes_.k != 0; }

 private:
  void set(const matrix_layout& a, const matrix_layout& b, const matrix_layout& c) {
    const auto u = [](std::size_t x) { return std::uint32_t(x); };
    sizes_ = {u(a.height),      u(b.width),    u(a.width),       u(a.row_step),
              u(a.column_step), u(b.row_step), u(b.column_step), u(c.row_step)};
    // As measured; OpenBLAS has less to do where nothing is transposed.
    const std::size_t limit = a.column_step == 1 && b.column_step == 1 ? 128 : 512;
    small_ = a.width != 0 && a.height * a.width * b.width <= limit;
  }

  detail::product_sizes sizes_{};
  bool swapped_ = false, small_ = false;
};

}  // namespace xg
