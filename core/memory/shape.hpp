// Shapes: what they are, how they broadcast (NumPy's rule), and how a loop walks over operands that broadcast.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <source_location>
#include <span>
#include <string>

#include <xgrad/core/memory/arena.hpp>
#include <xgrad/core/memory/xtensor.hpp>

namespace xg {

/// An owned shape: up to four extents without a heap allocation.
using shape_t = xt::svector<std::size_t, 4>;

/// A shape read in place, row-major. Valid until the tape is cleared or rewound.
class shape_view : public std::span<const std::size_t> {
 public:
  using span::span;
  shape_view() = default;
  shape_view(const shape_t& s) : span(s.data(), s.size()) {}
  operator shape_t() const { return shape_t(begin(), end()); }

  template <std::ranges::sized_range R>
  friend bool operator==(const shape_view& a, const R& b) {
    if (a.size() != std::ranges::size(b)) return false;
    auto other = std::ranges::begin(b);
    for (std::size_t extent : a)  // shapes are short: a call of memcmp takes longer
      if (extent != std::size_t(*other++)) return false;
    return true;
  }
};

std::size_t count_of_large(shape_view shape);

/// `"(2, 3)"`; a scalar is `"()"`.
std::string to_string(shape_view shape);

/// The product of the extents; 1 for a scalar. Throws shape_error for more elements than any memory holds.
inline std::size_t count_of(shape_view shape) {
  constexpr std::size_t most = std::size_t(1) << 48;
  std::size_t n = 1;
  for (std::size_t extent : shape) {
    if (__builtin_mul_overflow(n, extent, &n) || n > most) [[unlikely]]
      return count_of_large(shape);
  }
  return n;
}

/// NumPy broadcasting: aligned at the last dimension, extents equal or one of them 1. False if they do not fit.
bool broadcast_into(shape_t& shape, shape_view other);

/// The axes of a reduction, brought into 0..rank-1. Negative axes count from the end; by default all axes.
/// Throws shape_error for an axis out of range or named twice.
struct axes_t {
  bool all = true;
  xt::svector<std::ptrdiff_t, 4> list{};
  axes_t() = default;
  axes_t(std::initializer_list<std::ptrdiff_t> axes) : all(false), list(axes) {}
  template <std::integral I>
  axes_t(I axis) : axes_t({std::ptrdiff_t(axis)}) {}
  template <std::ranges::input_range R>
  requires std::integral<std::ranges::range_value_t<R>> axes_t(const R& axes)
      : all(false), list(std::ranges::begin(axes), std::ranges::end(axes)) {}

  /// The shape with the reduced axes set to 1. `op` names the caller in the error.
  shape_t kept_shape(shape_view shape, const char* op, const std::source_location& where) const;
  /// The shape without the reduced axes.
  shape_t reduced_shape(shape_view shape, const char* op, const std::source_location& where) const;
};

namespace detail {

/// What names axes: a whole number, a range of them, an axes_t.
template <class X>
concept axes_like = std::constructible_from<axes_t, X>;

}  // namespace detail

struct walk_split;

/// How a loop visits every position of a broadcast space, for operands that are contiguous and broadcast into it.
/// Neighbouring dimensions that all operands step through alike are merged, so that most statements are one row.
/// Within a row an operand either advances element by element or stays on one element. Lives in the tape's arena.
struct walk {
  std::size_t row = 0;                     // positions in a row
  bool single = false;                     // one position in all
  std::uint64_t fixed = 0;                 // bit k: operand k stays on one element within a row
  std::uint32_t outer = 0;                 // number of outer dimensions
  const std::size_t* extent = nullptr;     // [outer]
  const std::ptrdiff_t* stride = nullptr;  // [outer][operands], in elements
  std::size_t count = 0;                   // positions in all
  shape_view space;                        // the broadcast shape itself
  shape_view kept;                         // a reduction: the result's shape within the space, reduced axes being 1
  void* planes = nullptr;                  // a reduction: what its fold keeps, plane by plane of the result's shape
  void** errors = nullptr;                 // [operands] rounding errors of adjoints that several rows add to, or null
  const walk_split* splits = nullptr;      // [2] of a long walk: forward, backward

  /// Does more than one row visit the same elements of this operand?
  bool repeats(std::size_t operand, std::size_t operands) const {
    for (std::uint32_t d = 0; d < outer; ++d)
      if (stride[d * operands + operand] == 0) return true;
    return false;
  }

  static walk* make(arena& memory, shape_view space, std::span<const shape_view> operands);
};

/// Calls row(offset) for each row of the walk, with the offset of each of the N operands, from a first one on.
template <std::size_t N, class Row>
void for_each_row(const walk& w, Row row, std::array<std::ptrdiff_t, N> offset = {}) {
  if (w.outer == 0) return row(offset);
  if (w.count == 0) return;
  xt::svector<std::size_t, 8> index(w.outer, 0);
  while (true) {
    row(offset);
    std::size_t d = w.outer;
    while (true) {
      if (d-- == 0) return;
      const std::ptrdiff_t* s = w.stride + d * N;
      if (++index[d] < w.extent[d]) {
        for (std::size_t k = 0; k < N; ++k) offset[k] += s[k];
        break;
      }
      for (std::size_t k = 0; k < N; ++k) offset[k] -= s[k] * std::ptrdiff_t(w.extent[d] - 1);
      index[d] = 0;
    }
  }
}

}  // namespace xg
