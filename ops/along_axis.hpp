// Taking and adding along an axis, at a place of its own for each of the other indices.
#pragma once

#include <xgrad/core/tape/op.hpp>

namespace xg {

namespace detail {

template <class T>
var<T> record_take_along_axis(const var<T>& x, const indices<T>& i, std::ptrdiff_t axis, const char* op,
                              const std::source_location& where);
template <class T>
var<T> record_scatter_add(const var<T>& x, const indices<T>& i, const var<T>& values, std::ptrdiff_t axis,
                          const std::source_location& where);

}  // namespace detail

/// take_along_axis(x, i, axis): y[a, j, b] = x[a, i[a, j, b], b] for axis 1, and so on: what argmax (with keep_dims),
/// argsort and the like find. i has as many dimensions as x; beside the axis, its extents are those of x, or 1, which
/// stands for all. Negative numbers count from the end; what is named twice gets the sum of both adjoints. (torch's
/// gather.) Throws shape_error where i does not fit, value_error for a number out of range, at recording and at a
/// replay.
struct take_along_axis_t {
  template <differentiable X, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const X& x, const std::type_identity_t<indices<T>>& i, std::ptrdiff_t axis = -1,
                    const std::source_location& where = std::source_location::current()) const {
    return detail::record_take_along_axis(recorded<Arch>(x, where), i, axis, "take_along_axis", where);
  }
};
inline constexpr take_along_axis_t take_along_axis;

/// scatter_add(x, i, values, axis): x, with values[a, j, b] (variables, arrays or a number) added to x[a, i[a, j, b],
/// b] for axis 1, and so on, as often as it is named: the transpose of take_along_axis, with the same i. Throws
/// shape_error where i does not fit x, or the values do not broadcast to the shape of take_along_axis(x, i, axis);
/// value_error for a number out of range.
struct scatter_add_t {
  template <differentiable X, class U, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const X& x, const std::type_identity_t<indices<T>>& i, const U& values, std::ptrdiff_t axis = -1,
                    const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    return detail::record_scatter_add(v, i, detail::as_var<Arch>(v.ledger(where), values, where), axis, where);
  }
};
inline constexpr scatter_add_t scatter_add;

}  // namespace xg
