// Matrix products of middling size by lanes, which read their operands where they lie: OpenBLAS copies them first, and
// has no time to earn that back. For the library's own sources: includes cblas.h.
#pragma once

#include <xgrad/ops/gemm.hpp>
#include <xgrad/ops/rows.hpp>

namespace xg::detail {

/// Rows of C in registers at a time, and lanes in each, by how many registers there are.
template <class T>
struct tile_size {
  static constexpr bool many = sizeof(T) * row_loops<T>::width == 64;  // 32 of them
  static constexpr std::size_t rows = many ? 6 : 4, lanes = many ? 4 : 3;
};

// Loops over registers must be unrolled, or the registers are memory.
#define XGRAD_UNROLL _Pragma("GCC unroll 8")

/// R rows and C lanes of a product: its rows are `a_row_step` apart in A, the sum goes over `a_step` and `b_step`.
template <std::size_t R, std::size_t C, class T>
[[gnu::always_inline]] inline void tile_by_rows(const product_sizes& s, const T* a, const T* b, auto&& put) {
  using V = typename row_loops<T>::V;
  V sums[R][C];
  XGRAD_UNROLL for (std::size_t i = 0; i < R; ++i) {
    XGRAD_UNROLL for (std::size_t j = 0; j < C; ++j) sums[i][j] = V(0);
  }
  for (std::size_t p = 0; p < s.k; ++p, a += s.a_column_step, b += s.b_row_step) {
    V of_b[C];
    XGRAD_UNROLL for (std::size_t j = 0; j < C; ++j) of_b[j] = V::load(b + j * V::size);
    XGRAD_UNROLL for (std::size_t i = 0; i < R; ++i) {
      const V of_a(a[i * s.a_row_step]);
      XGRAD_UNROLL for (std::size_t j = 0; j < C; ++j) sums[i][j] = fma(of_a, of_b[j], sums[i][j]);
    }
  }
  XGRAD_UNROLL for (std::size_t i = 0; i < R; ++i) {
    XGRAD_UNROLL for (std::size_t j = 0; j < C; ++j) put(i, j, sums[i][j]);
  }
}

/// Calls f<R>(first row) for all m rows, R at a time as long as there are so many, then fewer.
template <std::size_t R>
[[gnu::always_inline]] inline void in_tiles(std::size_t m, std::size_t from, const auto& f) {
  for (; from + R <= m; from += R) f.template operator()<R>(from);
  if constexpr (R > 1) in_tiles<R / 2>(m, from, f);
}

/// C lanes of all rows of a product from column j on; of the last ones, if they are fewer than lanes, those that begin
/// `skip` before.
template <std::size_t C, class T>
[[gnu::noinline]] void columns_by_rows(const product_sizes& s, const T* a, const T* b, T* c, bool assign,
                                       std::size_t skip) {
  using loops = row_loops<T>;
  in_tiles<tile_size<T>::rows>(s.m, 0, [&]<std::size_t R>(std::size_t row) {
    tile_by_rows<R, C>(s, a + row * s.a_row_step, b, [&](std::size_t i, std::size_t j, typename loops::V sum) {
      T* to = c + (row + i) * s.c_row_step + j * loops::width;
      if (skip == 0) return (assign ? sum : sum + loops::V::load(to)).store(to);
      alignas(64) T all[loops::width];
      sum.store(all);
      for (std::size_t l = skip; l < loops::width; ++l) to[l] = all[l] + (assign ? T(0) : to[l]);
    });
  });
}

/// C = A·B or C += A·B; rows of B and C lie in one piece, and are not shorter than lanes are wide.
template <class T>
void product_by_rows(const product_sizes& s, const T* a, const T* b, T* c, bool assign) {
  constexpr std::size_t width = row_loops<T>::width, most = tile_size<T>::lanes;
  const std::size_t lanes = s.n / width, rest = s.n % width;
  in_tiles<most>(lanes, 0, [&]<std::size_t C>(std::size_t at) {
    columns_by_rows<C>(s, a, b + at * width, c + at * width, assign, 0);
  });
  if (rest != 0) columns_by_rows<1>(s, a, b + (s.n - width), c + (s.n - width), assign, width - rest);
}

/// The same where the columns of B lie in one piece, as the rows of A do, and fill whole lanes: R × C sums at a time.
template <class T>
void product_by_sums(const product_sizes& s, const T* a, const T* b, T* c, bool assign) {
  using V = typename row_loops<T>::V;
  in_tiles<4>(s.n, 0, [&]<std::size_t C>(std::size_t column) {
    in_tiles<tile_size<T>::rows / 2>(s.m, 0, [&]<std::size_t R>(std::size_t row) {
      const T *x = a + row * s.a_row_step, *y = b + column * s.b_column_step;
      V sums[R][C];
      XGRAD_UNROLL for (std::size_t i = 0; i < R; ++i) {
        XGRAD_UNROLL for (std::size_t j = 0; j < C; ++j) sums[i][j] = V(0);
      }
      for (std::size_t p = 0; p < s.k; p += V::size) {
        V of_b[C];
        XGRAD_UNROLL for (std::size_t j = 0; j < C; ++j) of_b[j] = V::load(y + j * s.b_column_step + p);
        XGRAD_UNROLL for (std::size_t i = 0; i < R; ++i) {
          const V of_a = V::load(x + i * s.a_row_step + p);
          XGRAD_UNROLL for (std::size_t j = 0; j < C; ++j) sums[i][j] = fma(of_a, of_b[j], sums[i][j]);
        }
      }
      XGRAD_UNROLL for (std::size_t i = 0; i < R; ++i) {
        XGRAD_UNROLL for (std::size_t j = 0; j < C; ++j) {
          T& to = c[(row + i) * s.c_row_step + column + j];
          to = sum(sums[i][j]) + (assign ? T(0) : to);
        }
      }
    });
  });
}
#undef XGRAD_UNROLL

/// A product as xg::product, by lanes where that is faster, as measured.
template <class T>
class lane_product {
 public:
  lane_product() = default;
  /// C is row-major.
  lane_product(const matrix_layout& a, const matrix_layout& b, const matrix_layout& c) : other_(a, b, c) {
    const auto u = [](std::size_t x) { return std::uint32_t(x); };
    sizes_ = {u(a.height),      u(b.width),    u(a.width),       u(a.row_step),
              u(a.column_step), u(b.row_step), u(b.column_step), u(c.row_step)};
    constexpr std::size_t width = row_loops<T>::width;
    const std::size_t outputs = a.height * b.width;
    if (a.width == 0 || outputs == 0) return;
    if (b.column_step == 1 && b.width >= width && outputs * a.width <= most) way_ = rows;
    if (a.column_step == 1 && b.row_step == 1 && a.width % width == 0 && a.width >= 12 * width && outputs <= 1024)
      way_ = sums;
  }
  void operator()(const T* a, const T* b, T* c, bool assign) const {
    if (way_ == rows) return product_by_rows(sizes_, a, b, c, assign);
    if (way_ == sums) return product_by_sums(sizes_, a, b, c, assign);
    other_(a, b, c, assign);
  }
  bool calls_blas() const { return way_ == blas && other_.calls_blas(); }

 private:
  static constexpr std::size_t most = 1 << 23;
  product other_;
  product_sizes sizes_{};
  enum { blas, rows, sums } way_ = blas;
};

}  // namespace xg::detail
