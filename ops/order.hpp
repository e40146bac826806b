// Order along an axis: argmax, argmin, argsort as whole numbers on the tape, which ops take and a replay finds anew;
// sort, topk, median, quantile as variables, whose gradients go to the elements that were taken. Of equal elements the
// first one counts as the smaller (for argmax and topk: as the larger), so that it is found first; NaN counts as larger
// than all numbers, for argmin as smaller.
//
// Functions, and templates in just this way, so that they and xtensor's of the same names can be named without a
// namespace side by side.
#pragma once

#include <xgrad/core/tape/indices.hpp>
#include <xgrad/core/tape/record.hpp>
#include <xgrad/ops/function.hpp>
#include <xgrad/ops/reduce.hpp>

namespace xg {

/// The largest (or smallest) elements and where they lie.
template <class T>
struct top_elements {
  var<T> values;
  xg::indices<T> indices;
};

namespace detail {

template <class T>
indices<T> record_argsort(const var<T>& x, std::ptrdiff_t axis, const std::source_location& where);
/// Without an axis: of all elements in row-major order.
template <class T>
indices<T> record_argextreme(const var<T>& x, bool largest, const std::ptrdiff_t* axis, bool keep_dims,
                             const std::source_location& where);
template <class T>
var<T> record_sort(const var<T>& x, std::ptrdiff_t axis, const std::source_location& where);
template <class T>
top_elements<T> record_topk(const var<T>& x, std::ptrdiff_t k, std::ptrdiff_t axis, bool largest,
                            const std::source_location& where);
template <class T>
var<T> record_quantile(const var<T>& x, double q, const std::ptrdiff_t* axis, const char* op,
                       const std::source_location& where);

}  // namespace detail

/// argmax(x): the position of the largest element in row-major order; argmax(x, axis): along an axis, which the result
/// is without, or, with keep_dims, has with extent 1, as take_along_axis needs it. Throws shape_error where there is no
/// element, or no such axis.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto argmax(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::record_argextreme(recorded<Arch>(x, where), true, nullptr, false, where);
}
template <template <class...> class V, class... P, std::integral A, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto argmax(V<P...> x, A axis, K = {}, const std::source_location& where = std::source_location::current()) {
  const auto at = std::ptrdiff_t(axis);
  return detail::record_argextreme(recorded<Arch>(x, where), true, &at, std::same_as<K, keep_dims_t>, where);
}

/// argmin(x), argmin(x, axis): that of the smallest.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto argmin(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::record_argextreme(recorded<Arch>(x, where), false, nullptr, false, where);
}
template <template <class...> class V, class... P, std::integral A, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto argmin(V<P...> x, A axis, K = {}, const std::source_location& where = std::source_location::current()) {
  const auto at = std::ptrdiff_t(axis);
  return detail::record_argextreme(recorded<Arch>(x, where), false, &at, std::same_as<K, keep_dims_t>, where);
}

/// argsort(x, axis): the positions along an axis (the last, if none is given) of the elements in ascending order, in
/// the shape of x. Throws shape_error where x has no such axis.
template <template <class...> class V, class... P, std::integral A = int, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto argsort(V<P...> x, A axis = -1, const std::source_location& where = std::source_location::current()) {
  return detail::record_argsort(recorded<Arch>(x, where), std::ptrdiff_t(axis), where);
}

/// sort(x, axis): the elements in ascending order along an axis, the last if none is given; flip(sort(x)) is the other
/// order. Throws shape_error where x has no such axis.
template <template <class...> class V, class... P, std::integral A = int, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sort(V<P...> x, A axis = -1, const std::source_location& where = std::source_location::current()) {
  return detail::record_sort(recorded<Arch>(x, where), std::ptrdiff_t(axis), where);
}

/// topk(x, k, axis): the k largest elements along an axis (the last, if none is given), the largest first, and their
/// positions: `const auto [values, indices] = xg::topk(x, 3);`. With largest = false: the k smallest, the smallest
/// first. Throws shape_error where x has no such axis, value_error where it has no k elements.
template <template <class...> class V, class... P, std::integral I, std::integral A = int,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto topk(V<P...> x, I k, A axis = -1, bool largest = true,
          const std::source_location& where = std::source_location::current()) {
  return detail::record_topk(recorded<Arch>(x, where), std::ptrdiff_t(k), std::ptrdiff_t(axis), largest, where);
}

/// median(x), median(x, axis): the element in the middle of all, or along an axis; of an even number, the mean of both.
/// NaN if there is one. Throws shape_error where there is no element, or no such axis.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto median(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::record_quantile(recorded<Arch>(x, where), 0.5, nullptr, "median", where);
}
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto median(V<P...> x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  return detail::record_quantile(recorded<Arch>(x, where), 0.5, &axis, "median", where);
}

/// quantile(x, q), quantile(x, q, axis): what lies at q (n - 1) among the n elements in ascending order, between two of
/// them on the straight line (method="linear" in NumPy). q is a number from 0 to 1. As median.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto quantile(V<P...> x, double q, const std::source_location& where = std::source_location::current()) {
  return detail::record_quantile(recorded<Arch>(x, where), q, nullptr, "quantile", where);
}
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto quantile(V<P...> x, double q, std::ptrdiff_t axis,
              const std::source_location& where = std::source_location::current()) {
  return detail::record_quantile(recorded<Arch>(x, where), q, &axis, "quantile", where);
}

/// count_nonzero(x), count_nonzero(x, axes), with keep_dims: how many elements are not zero (a NaN is not); a constant.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto count_nonzero(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<sum_fold, Arch>(xt::not_equal(x, 0), axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto count_nonzero(V<P...> x, X axes, K keep = {},
                   const std::source_location& where = std::source_location::current()) {
  return detail::reduced<sum_fold, Arch>(xt::not_equal(x, 0), axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto count_nonzero(V<P...> x, const I (&axes)[N], K keep = {},
                   const std::source_location& where = std::source_location::current()) {
  return detail::reduced<sum_fold, Arch>(xt::not_equal(x, 0), axes_t(axes), keep, where);
}

}  // namespace xg
