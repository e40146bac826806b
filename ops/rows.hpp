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
  /// Σ f(i), in blocks whose sums are added with care.
  static T total(std::size_t n, const auto& f) {
    auto sums = sum_fold::start<V>();
    for (std::size_t i = 0; i < n;) {
      V block(0);
      for (const std::size_t end = std::min(n, i + 8 * width); i < end; i += width) block += f(i);
      sum_fold::add(sums, block);
    }
    return sum(sums[0] - sums[1]);
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
