// Loops over rows of numbers in plain memory, as many at a time as there are lanes. For the library's own sources.
#pragma once

#include <algorithm>

#include <xgrad/core/expression/fold.hpp>

namespace xg::detail {

template <class T>
struct row_loops {
  using V = lanes<T, simd_arch, false>;
  static constexpr std::size_t width = V::size;

  /// The lanes from x[i] on; those beyond the end are `pad`.
  static V load(const T* x, std::size_t i, std::size_t n, T pad) {
    if (i + width <= n) return V::load(x + i);
    alignas(64) T buffer[width];
    std::fill(std::copy(x + i, x + n, buffer), buffer + width, pad);
    return V::load(buffer);
  }
  static void store(V v, T* y, std::size_t i, std::size_t n) {
    if (i + width <= n) return v.store(y + i);
    alignas(64) T buffer[width];
    v.store(buffer);
    std::copy(buffer, buffer + (n - i), y + i);
  }
  /// The sums of the N numbers of f(i), in blocks whose sums are added with care.
  template <std::size_t N>
  static std::array<T, N> totals(std::size_t n, const auto& f) {
    std::array<std::array<V, 2>, N> sums;
    sums.fill(sum_fold::start<V>());
    for (std::size_t i = 0; i < n;) {
      std::array<V, N> block;
      block.fill(V(0));
      for (const std::size_t end = std::min(n, i + 8 * width); i < end; i += width) {
        const std::array<V, N> terms = f(i);
        for (std::size_t k = 0; k < N; ++k) block[k] += terms[k];
      }
      for (std::size_t k = 0; k < N; ++k) sum_fold::add(sums[k], block[k]);
    }
    std::array<T, N> result;
    for (std::size_t k = 0; k < N; ++k) result[k] = sum(sums[k][0] - sums[k][1]);
    return result;
  }
  static T total(std::size_t n, const auto& f) {
    return totals<1>(n, [&](std::size_t i) { return std::array{f(i)}; })[0];
  }
  static T total(const T* x, std::size_t n) {
    return total(n, [&](std::size_t i) { return load(x, i, n, T(0)); });
  }
  /// y = f(i), or y += f(i).
  static void write(T* y, std::size_t n, bool assign, const auto& f) {
    for (std::size_t i = 0; i < n; i += width) {
      V v = f(i);
      if (!assign) v += load(y, i, n, T(0));
      store(v, y, i, n);
    }
  }
  static T dot(const T* a, const T* b, std::size_t n) {
    return total(n, [&](std::size_t i) { return load(a, i, n, T(0)) * load(b, i, n, T(0)); });
  }
};

}  // namespace xg::detail
