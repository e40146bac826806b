// Reductions. The operand may be an expression: `mean(square(h - y))` is one node that maps and reduces in one pass.
//
// Each comes in the forms sum(x), sum(x, 1), sum(x, {0, -1}), any of them with keep_dims as last argument: over all
// axes, or over some (negative ones count from the end). The result has the remaining axes, with keep_dims also the
// others, with extent 1. It is a variable, one node. All throw shape_error for an axis out of range or named twice.
//
// Functions, and templates in just this way, so that they and xtensor's of the same names can be named without a
// namespace side by side.
#pragma once

#include <xgrad/core/tape/tape.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/fold.hpp>

namespace xg {

/// Asks a reduction to keep the reduced axes with extent 1.
using xt::keep_dims;
using keep_dims_t = std::decay_t<decltype(xt::keep_dims)>;

namespace detail {

struct drop_dims_t {};
template <class K>
concept keep_option = std::same_as<K, keep_dims_t> || std::same_as<K, drop_dims_t>;

template <class Fold, class Arch, keep_option Keep, differentiable E>
var<typename E::scalar_type> reduced(const E& e, const axes_t& axes, Keep keep, const std::source_location& where) {
  if constexpr (requires { e.operands; }) {
    target how;
    how.kind = target::reduce;
    how.axes = &axes;
    how.keep_dims = std::same_as<Keep, keep_dims_t>;
    return detail::record_statement<Fold, Arch>(detail::ledger_of(e, where), e, how, where);
  } else {
    using T = typename E::scalar_type;
    const expr<xt::detail::identity, var<T>> same(xt::detail::identity{}, var<T>(e));
    return reduced<Fold, Arch>(same, axes, keep, where);
  }
}

}  // namespace detail

/// Σ x; 0 of no values.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sum(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<sum_fold, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sum(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<sum_fold, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sum(V<P...> x, const I (&axes)[N], K keep = {},
         const std::source_location& where = std::source_location::current()) {
  return detail::reduced<sum_fold, Arch>(x, axes_t(axes), keep, where);
}

/// Σ x / n; NaN of no values.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto mean(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<mean_fold, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto mean(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<mean_fold, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto mean(V<P...> x, const I (&axes)[N], K keep = {},
          const std::source_location& where = std::source_location::current()) {
  return detail::reduced<mean_fold, Arch>(x, axes_t(axes), keep, where);
}

/// Π x; 1 of no values.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto prod(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<prod_fold, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto prod(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<prod_fold, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto prod(V<P...> x, const I (&axes)[N], K keep = {},
          const std::source_location& where = std::source_location::current()) {
  return detail::reduced<prod_fold, Arch>(x, axes_t(axes), keep, where);
}

/// The largest value; equal ones share the gradient. NaN if there is one. Throws shape_error where there is no value.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto amax(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<extreme_fold<true>, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto amax(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<extreme_fold<true>, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto amax(V<P...> x, const I (&axes)[N], K keep = {},
          const std::source_location& where = std::source_location::current()) {
  return detail::reduced<extreme_fold<true>, Arch>(x, axes_t(axes), keep, where);
}

/// The smallest value; as amax.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto amin(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<extreme_fold<false>, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto amin(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<extreme_fold<false>, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto amin(V<P...> x, const I (&axes)[N], K keep = {},
          const std::source_location& where = std::source_location::current()) {
  return detail::reduced<extreme_fold<false>, Arch>(x, axes_t(axes), keep, where);
}

/// log Σ exp(x), without overflow; -∞ of no values.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto logsumexp(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<logsumexp_fold, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto logsumexp(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<logsumexp_fold, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto logsumexp(V<P...> x, const I (&axes)[N], K keep = {},
               const std::source_location& where = std::source_location::current()) {
  return detail::reduced<logsumexp_fold, Arch>(x, axes_t(axes), keep, where);
}

/// √Σ x²; its gradient is 0 where it is 0.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_l2(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<norm_l2_fold, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_l2(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<norm_l2_fold, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto norm_l2(V<P...> x, const I (&axes)[N], K keep = {},
             const std::source_location& where = std::source_location::current()) {
  return detail::reduced<norm_l2_fold, Arch>(x, axes_t(axes), keep, where);
}

/// Σ (x - mean)² / n, the mean square of what is left when the mean is taken off; NaN of no values. (For the estimate
/// from a sample, multiply by n / (n - 1).)
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto variance(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<spread_fold<false>, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto variance(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<spread_fold<false>, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto variance(V<P...> x, const I (&axes)[N], K keep = {},
              const std::source_location& where = std::source_location::current()) {
  return detail::reduced<spread_fold<false>, Arch>(x, axes_t(axes), keep, where);
}

/// Its square root; the derivative is 0 where all values are equal.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto stddev(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<spread_fold<true>, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto stddev(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<spread_fold<true>, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto stddev(V<P...> x, const I (&axes)[N], K keep = {},
            const std::source_location& where = std::source_location::current()) {
  return detail::reduced<spread_fold<true>, Arch>(x, axes_t(axes), keep, where);
}

/// 1 where some value is not zero, else 0: a constant, through which no gradient flows.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto any(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<any_fold, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto any(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<any_fold, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto any(V<P...> x, const I (&axes)[N], K keep = {},
         const std::source_location& where = std::source_location::current()) {
  return detail::reduced<any_fold, Arch>(x, axes_t(axes), keep, where);
}

/// 1 where no value is zero, else 0: a constant.
template <template <class...> class V, class... P, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto all(V<P...> x, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<all_fold, Arch>(x, axes_t(), keep, where);
}
template <template <class...> class V, class... P, detail::axes_like X, detail::keep_option K = detail::drop_dims_t,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto all(V<P...> x, X axes, K keep = {}, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<all_fold, Arch>(x, axes_t(axes), keep, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N,
          detail::keep_option K = detail::drop_dims_t, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto all(V<P...> x, const I (&axes)[N], K keep = {},
         const std::source_location& where = std::source_location::current()) {
  return detail::reduced<all_fold, Arch>(x, axes_t(axes), keep, where);
}

}  // namespace xg
