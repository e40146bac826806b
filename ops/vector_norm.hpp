// Norms of vectors beside norm_l2 (ops/reduce.hpp): norm_l1, norm_linf, norm_lp. They come in the forms of the
// reductions: norm_l1(x), norm_l1(x, 1), norm_l1(x, {0, -1}), any of them with keep_dims as last argument. All have the
// derivative 0 at 0. Throw shape_error for an axis out of range or named twice.
//
// Functions, and templates in just this way, so that they and xtensor's of the same names can be named without a
// namespace side by side.
#pragma once

#include <xgrad/ops/math.hpp>
#include <xgrad/ops/reduce.hpp>

namespace xg {

namespace detail {

template <class T>
var<T> record_norm_lp(const var<T>& x, double p, const axes_t& axes, bool keep_dims, const std::source_location& where);

}  // namespace detail

/// Σ |x|; 0 of no values.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_l1(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<sum_fold, Arch>(xt::abs(x), axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_l1(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<sum_fold, Arch>(xt::abs(x), axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_l1(V<P...> x, const I (&axes)[N], K keep = {},
             const std::source_location& where = std::source_location::current()) {
  return detail::reduced<sum_fold, Arch>(xt::abs(x), axes_t(axes), keep, where);
}

/// The largest |x|; equal ones share the gradient. NaN if there is one. Throws shape_error where there is no value.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_linf(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<extreme_fold<true>, Arch>(xt::abs(x), axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_linf(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<extreme_fold<true>, Arch>(xt::abs(x), axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_linf(V<P...> x, const I (&axes)[N], K keep = {},
               const std::source_location& where = std::source_location::current()) {
  return detail::reduced<extreme_fold<true>, Arch>(xt::abs(x), axes_t(axes), keep, where);
}

/// norm_lp(x, p), norm_lp(x, p, axes): (Σ |x|^p)^(1/p) for a number p > 0 (below 1 no norm, but of use), seen from the
/// largest |x|, so that the powers neither overflow nor vanish. p = 1, 2 and infinity are the norms of those names.
/// Throws value_error for another p, shape_error where there is no value.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_lp(V<P...> x, double p, K = {}, const std::source_location& where = std::source_location::current()) {
  return detail::record_norm_lp(recorded<Arch>(x, where), p, axes_t(), std::same_as<K, keep_dims_t>, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_lp(V<P...> x, double p, X axes, K = {}, const std::source_location& where = std::source_location::current()) {
  return detail::record_norm_lp(recorded<Arch>(x, where), p, axes_t(axes), std::same_as<K, keep_dims_t>, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_lp(V<P...> x, double p, const I (&axes)[N], K = {},
             const std::source_location& where = std::source_location::current()) {
  return detail::record_norm_lp(recorded<Arch>(x, where), p, axes_t(axes), std::same_as<K, keep_dims_t>, where);
}

}  // namespace xg
