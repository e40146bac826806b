// Softmax of a row in plain memory, by lanes. For the library's own sources.
#pragma once

#include <algorithm>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/core/expression/lanes_math.hpp>
#include <xgrad/core/memory/shape.hpp>
#include <xgrad/ops/rows.hpp>

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

/// The rows in C: calls f(at) for each, at(j) being the position of its element j.
void each_row_in_c(c_writer& w, const rows_along& rows, const auto& f) {
  const auto inner = std::ptrdiff_t(rows.inner), block = std::ptrdiff_t(rows.length) * inner;
  w.loop(rows.outer, [&](const std::string& o) {
    w.loop(rows.inner, [&](const std::string& i) {
      f([&](const std::string& j) { return c_position(0, {{o, block}, {j, inner}, {i, 1}}); });
    });
  });
}

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

/// In C: the names of the largest value of a row of `length` elements, element(j), and of `others`.
std::pair<std::string, std::string> write_exponentials(c_writer& w, std::size_t length, const auto& element) {
  const std::string most = w.fresh("most"), tops = w.fresh("tops"), others = w.fresh("others");
  w.line("double " + most + " = -INFINITY, " + tops + " = -1, " + others + " = 0;");
  w.loop(length, [&](const std::string& j) {
    w.line("if (" + element(j) + " > " + most + ") " + most + " = " + element(j) + ";");
  });
  w.loop(length, [&](const std::string& j) {
    w.line("if (" + element(j) + " == " + most + ") ++" + tops + "; else " + others + " += exp(" + element(j) + " - " +
           most + ");");
  });
  w.line(others + " += " + tops + ";");
  return {most, others};
}

template <class T>
struct softmax_row : row_loops<T> {
  using typename row_loops<T>::V;
  using row_loops<T>::width, row_loops<T>::load, row_loops<T>::store, row_loops<T>::total;
  static constexpr T lowest = -std::numeric_limits<T>::infinity();

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
};

}  // namespace xg::detail
