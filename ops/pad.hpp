// Padding.
#pragma once

#include <vector>

#include <xgrad/core/tape/record.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

/// What stands beyond the edges, for a row a b c d: `constant` a number; `edge` a a | a b c d | d d; `reflect`
/// c b | a b c d | c b; `symmetric` b a | a b c d | d c; `wrap` c d | a b c d | a b. NumPy's words.
enum class pad_mode { constant, edge, reflect, symmetric, wrap };

/// How many elements go before and after those of an axis.
struct pad_width {
  std::ptrdiff_t before, after;
};

namespace detail {

template <class T>
var<T> record_pad(const var<T>& x, std::span<const pad_width> widths, pad_mode mode, double value,
                  const std::source_location& where);

}  // namespace detail

/// pad(x, {{1, 2}, {0, 3}}, pad_mode::reflect): with one element more before the first axis and two after it, none and
/// three for the second; of value `value` for pad_mode::constant, the default. The adjoints of what is there several
/// times add up. pad(x, 1): the same width on all sides. Widths may be larger than x; reflections go back and forth
/// then. Throws shape_error where there is not a pair for each axis, or nothing to repeat; value_error for a negative
/// width.
template <template <class...> class V, class... P, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto pad(V<P...> x, const pad_width (&widths)[N], pad_mode mode = pad_mode::constant, double value = 0,
         const std::source_location& where = std::source_location::current()) {
  return detail::record_pad(recorded<Arch>(x, where), {widths, N}, mode, value, where);
}
template <template <class...> class V, class... P, std::ranges::input_range R, class Arch = detail::simd_arch>
requires(differentiable<V<P...>>&& std::same_as<std::ranges::range_value_t<R>, pad_width>) auto pad(
    V<P...> x, const R& widths, pad_mode mode = pad_mode::constant, double value = 0,
    const std::source_location& where = std::source_location::current()) {
  const std::vector<pad_width> list(std::ranges::begin(widths), std::ranges::end(widths));
  return detail::record_pad(recorded<Arch>(x, where), list, mode, value, where);
}
template <template <class...> class V, class... P, std::integral I, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto pad(V<P...> x, I width, pad_mode mode = pad_mode::constant, double value = 0,
         const std::source_location& where = std::source_location::current()) {
  const auto v = recorded<Arch>(x, where);
  const pad_width same{std::ptrdiff_t(width), std::ptrdiff_t(width)};
  return detail::record_pad(v, std::vector<pad_width>(v.dimension(where), same), mode, value, where);
}

}  // namespace xg
