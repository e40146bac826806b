// Shapes by NumPy's names: ravel, squeeze, expand_dims, swapaxes, moveaxis, flip, roll, repeat, tile, broadcast_to,
// meshgrid. All are views, one node each; ravel, squeeze and expand_dims copy nothing. Negative axes count from the
// end.
//
// Functions, and templates in just this way, with xtensor's own types for whole numbers (of which an axis may be
// negative none the less) so that they and xtensor's of the same names can be named without a namespace side by side.
#pragma once

#include <initializer_list>
#include <vector>

#include <xgrad/core/tape/record.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

namespace detail {

using axis_list = xt::svector<std::ptrdiff_t, 4>;

template <class T>
var<T> record_ravel(const var<T>& x, const std::source_location& where);
template <class T>
var<T> record_squeeze(const var<T>& x, const axes_t& axes, const std::source_location& where);
template <class T>
var<T> record_expand_dims(const var<T>& x, const axes_t& axes, const std::source_location& where);
template <class T>
var<T> record_moveaxis(const var<T>& x, const axis_list& from, const axis_list& to, const std::source_location& where);
template <class T>
var<T> record_swapaxes(const var<T>& x, std::ptrdiff_t first, std::ptrdiff_t second, const std::source_location& where);
template <class T>
var<T> record_flip(const var<T>& x, const axes_t& axes, const std::source_location& where);
template <class T>
var<T> record_roll(const var<T>& x, std::ptrdiff_t shift, const std::ptrdiff_t* axis,
                   const std::source_location& where);
/// One number of repeats for all, or one for each.
template <class T>
var<T> record_repeat(const var<T>& x, const axis_list& repeats, const std::ptrdiff_t* axis,
                     const std::source_location& where);
template <class T>
var<T> record_tile(const var<T>& x, const axis_list& reps, const std::source_location& where);
template <class T>
var<T> record_broadcast(const var<T>& x, const axis_list& shape, const std::source_location& where);
template <class T>
std::vector<var<T>> record_meshgrid(std::span<const var<T>> xs, const std::source_location& where);

template <class X>
concept integer_range = std::ranges::input_range<X> && std::integral<std::ranges::range_value_t<X>>;
axis_list listed(const auto& range) { return axis_list(std::ranges::begin(range), std::ranges::end(range)); }

}  // namespace detail

/// ravel(x): all elements in row-major order, as a vector. Nothing is copied.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto ravel(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::record_ravel(recorded<Arch>(x, where), where);
}

/// squeeze(x): without the axes of extent 1; squeeze(x, axis), squeeze(x, {0, -1}): without these. Nothing is copied.
/// Throws shape_error for an axis of another extent.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto squeeze(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::record_squeeze(recorded<Arch>(x, where), axes_t(), where);
}
template <template <class...> class V, class... P, detail::axes_like X, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto squeeze(V<P...> x, X axes, const std::source_location& where = std::source_location::current()) {
  return detail::record_squeeze(recorded<Arch>(x, where), axes_t(axes), where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto squeeze(V<P...> x, const I (&axes)[N], const std::source_location& where = std::source_location::current()) {
  return detail::record_squeeze(recorded<Arch>(x, where), axes_t(axes), where);
}

/// expand_dims(x, axis), expand_dims(x, {0, -1}): with new axes of extent 1, which are these of the result. Nothing is
/// copied. Throws shape_error for an axis the result has not, or that is named twice.
template <template <class...> class V, class... P, detail::axes_like X, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto expand_dims(V<P...> x, X axes, const std::source_location& where = std::source_location::current()) {
  return detail::record_expand_dims(recorded<Arch>(x, where), axes_t(axes), where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto expand_dims(V<P...> x, const I (&axes)[N], const std::source_location& where = std::source_location::current()) {
  return detail::record_expand_dims(recorded<Arch>(x, where), axes_t(axes), where);
}

/// swapaxes(x, a, b): these two axes exchanged. Throws shape_error for an axis out of range.
template <template <class...> class V, class... P, std::integral A, std::integral B, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto swapaxes(V<P...> x, A first, B second, const std::source_location& where = std::source_location::current()) {
  return detail::record_swapaxes(recorded<Arch>(x, where), std::ptrdiff_t(first), std::ptrdiff_t(second), where);
}

/// moveaxis(x, from, to): an axis moved to another place; moveaxis(x, {0, 1}, {-1, -2}): several; the others keep their
/// order. Throws shape_error for an axis out of range or named twice, and for lists of different lengths.
template <template <class...> class V, class... P, std::integral A, std::integral B, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto moveaxis(V<P...> x, A from, B to, const std::source_location& where = std::source_location::current()) {
  return detail::record_moveaxis(recorded<Arch>(x, where), {std::ptrdiff_t(from)}, {std::ptrdiff_t(to)}, where);
}
template <template <class...> class V, class... P, std::integral A, std::size_t N, std::integral B, std::size_t M,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto moveaxis(V<P...> x, const A (&from)[N], const B (&to)[M],
              const std::source_location& where = std::source_location::current()) {
  return detail::record_moveaxis(recorded<Arch>(x, where), detail::listed(from), detail::listed(to), where);
}

/// flip(x), flip(x, axis), flip(x, {0, -1}): the elements in reverse order along all axes, or along these.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto flip(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::record_flip(recorded<Arch>(x, where), axes_t(), where);
}
template <template <class...> class V, class... P, detail::axes_like X, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto flip(V<P...> x, X axes, const std::source_location& where = std::source_location::current()) {
  return detail::record_flip(recorded<Arch>(x, where), axes_t(axes), where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto flip(V<P...> x, const I (&axes)[N], const std::source_location& where = std::source_location::current()) {
  return detail::record_flip(recorded<Arch>(x, where), axes_t(axes), where);
}

/// roll(x, shift, axis): element i goes to i + shift, those beyond the end to the beginning. Without an axis, the
/// elements in row-major order; the shape stays.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto roll(V<P...> x, std::ptrdiff_t shift, const std::source_location& where = std::source_location::current()) {
  return detail::record_roll(recorded<Arch>(x, where), shift, nullptr, where);
}
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto roll(V<P...> x, std::ptrdiff_t shift, std::ptrdiff_t axis,
          const std::source_location& where = std::source_location::current()) {
  return detail::record_roll(recorded<Arch>(x, where), shift, &axis, where);
}

/// repeat(x, 3, axis): each part along an axis three times in a row; repeat(x, {2, 0, 1}, axis): part k as often as
/// the list says. Without an axis, the elements in row-major order, as a vector. (Not tile, which repeats the whole.)
/// Throws value_error for a negative number, shape_error for a list that has another length than the axis.
template <template <class...> class V, class... P, std::integral I, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto repeat(V<P...> x, I repeats, const std::source_location& where = std::source_location::current()) {
  return detail::record_repeat(recorded<Arch>(x, where), {std::ptrdiff_t(repeats)}, nullptr, where);
}
template <template <class...> class V, class... P, std::integral A, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto repeat(V<P...> x, std::size_t repeats, A axis,
            const std::source_location& where = std::source_location::current()) {
  const auto at = std::ptrdiff_t(axis);
  return detail::record_repeat(recorded<Arch>(x, where), {std::ptrdiff_t(repeats)}, &at, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, std::integral A,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto repeat(V<P...> x, const I (&repeats)[N], A axis,
            const std::source_location& where = std::source_location::current()) {
  const auto at = std::ptrdiff_t(axis);
  return detail::record_repeat(recorded<Arch>(x, where), detail::listed(repeats), &at, where);
}
template <template <class...> class V, class... P, std::integral A, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto repeat(V<P...> x, std::vector<std::size_t> repeats, A axis,  // NOLINT: by value, as xtensor takes const& and &&
            const std::source_location& where = std::source_location::current()) {
  const auto at = std::ptrdiff_t(axis);
  return detail::record_repeat(recorded<Arch>(x, where), detail::listed(repeats), &at, where);
}

/// tile(x, {2, 3}): x laid side by side, so often along each axis; the lists are aligned at the last axis, and the
/// shorter one has ones in front. tile(x, 3): along the last axis. Throws value_error for a negative number.
template <template <class...> class V, class... P, std::integral I, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto tile(V<P...> x, I reps, const std::source_location& where = std::source_location::current()) {
  return detail::record_tile(recorded<Arch>(x, where), {std::ptrdiff_t(reps)}, where);
}
template <template <class...> class V, class... P, std::integral I, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto tile(V<P...> x, std::initializer_list<I> reps,
          const std::source_location& where = std::source_location::current()) {
  return detail::record_tile(recorded<Arch>(x, where), detail::listed(reps), where);
}
template <template <class...> class V, class... P, detail::integer_range R, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto tile(V<P...> x, const R& reps, const std::source_location& where = std::source_location::current()) {
  return detail::record_tile(recorded<Arch>(x, where), detail::listed(reps), where);
}

/// broadcast_to(x, {3, 4}): x as often as it takes to fill the shape, as operands of a statement broadcast (which need
/// no such call). Throws shape_error where x does not broadcast to it.
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto broadcast_to(V<P...> x, const I (&shape)[N], const std::source_location& where = std::source_location::current()) {
  return detail::record_broadcast(recorded<Arch>(x, where), detail::listed(shape), where);
}
template <template <class...> class V, class... P, detail::integer_range R, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto broadcast_to(V<P...> x, const R& shape, const std::source_location& where = std::source_location::current()) {
  return detail::record_broadcast(recorded<Arch>(x, where), detail::listed(shape), where);
}

/// meshgrid({a, b}): the coordinates of a grid, one array of shape (a's size, b's size) for each of the vectors (or
/// scalars) in the list: indexing="ij" in NumPy, and as in xtensor, the first vector runs along the first axis. Throws
/// shape_error for an operand of two or more dimensions.
template <class T>
std::vector<var<T>> meshgrid(std::initializer_list<var<T>> xs,
                             const std::source_location& where = std::source_location::current()) {
  return detail::record_meshgrid<T>({xs.begin(), xs.size()}, where);
}
template <class T>
std::vector<var<T>> meshgrid(const std::vector<var<T>>& xs,
                             const std::source_location& where = std::source_location::current()) {
  return detail::record_meshgrid<T>(xs, where);
}

}  // namespace xg
