// Softmax of a row in plain memory, by lanes. For the library's own sources.
#pragma once

#include <algorithm>

#include <xgrad/core/expression/fold.hpp>
#include <xgrad/core/expression/lanes_math.hpp>
#include <xgrad/core/memory/shape.hpp>

namespace xg::detail {

/// The rows of an array along one axis.
struct rows_along {
  std::size_t outer = 1, length = 1, inner = 1;

  rows_along() = default;
  rows_along(shape_view shape, std::size_t axis) : length(shape[axis]) {
    for (std::size_t d = 0; d < axis; ++d) outer *= shape[d];
    for (std::size_t d = axis + 1; d < shape.size(); ++d) inner *= shape[d];
  }
  std::size_t count() const { return outer * inner; }
  /// Where row r begins; its elements are `inner` apart.
  std::size_t start(std::size_t r) const { return r / inner * length * inner + r % inner; }
  /// Row r in one piece: where it lies, or copied to `scratch`.
  template <class T>
  const T* read(const T* all, std::size_t r, T* scratch) const {
    const T* from = all + start(r);
    if (inner == 1) return from;
    for (std::size_t i = 0; i < length; ++i) scratch[i] = from[i * inner];
    return scratch;
  }
};

/// Axis `axis` of a shape, brought into 0..rank-1; negative ones count from the end. Throws shape_error.
std::size_t checked_axis_of(std::ptrdiff_t axis, shape_view shape);

/// The exponentials of a row, seen from its largest value: e^(x - largest) sums up to 1 + others. (The largest itself
/// is left out, so that the logarithm of the sum has its digits where it is small.)
template <class T>
struct row_exponentials {
  T largest, others;

  T total() const { return 1 + others; }
  T log_total() const { return log1p(lanes<T, simd_arch, true>(others)).get(); }
};

/// Loops over a row, as many numbers at a time as there are lanes.
template <class T>
struct softmax_row {
  using V = lanes<T, simd_arch, false>;
  static constexpr std::size_t width = V::size;
  static constexpr T lowest = -std::numeric_limits<T>::infinity();

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

  static T largest(const T* x, std::size_t n) {
    V most(lowest);
    for (std::size_t i = 0; i < n; i += width) most = at_least(load(x, i, n, lowest), most);
    alignas(64) T each[width];
    most.store(each);
    return *std::max_element(each, each + width);
  }
  /// See row_exponentials; e^(x - largest) is written to y, if that is not null. A NaN makes `others` one.
  static row_exponentials<T> exponentials(const T* x, std::size_t n, T* y) {
    const T most = largest(x, n);
    const V top(most);
    V tops(0);
    const T rest = total(n, [&](std::size_t i) {
      const V v = load(x, i, n, lowest);
      const auto is_top = v == top;
      const V e = exp(v - top);
      if (y) store(e, y, i, n);
      tops += keep_where(is_top, V(1));
      return zero_where(is_top, e);
    });
    return {most, most == lowest && n != 0 ? std::numeric_limits<T>::quiet_NaN() : rest + (sum(tops) - 1)};
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
