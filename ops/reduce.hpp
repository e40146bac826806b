// Reductions. The operand may be an expression: `mean(square(h - y))` is one node that maps and reduces in one pass.
#pragma once

#include <xgrad/core/tape.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

/// Asks a reduction to keep the reduced axes with extent 1.
using xt::keep_dims;
using keep_dims_t = std::decay_t<decltype(xt::keep_dims)>;

namespace detail {

template <class Arch, bool Mean, differentiable E>
var<typename E::scalar_type> reduced(const E& e, const axes_t& axes, bool keep, const std::source_location& where) {
  if constexpr (requires { e.operands; }) {
    target how;
    how.kind = target::reduce;
    how.axes = &axes;
    how.keep_dims = keep;
    how.mean = Mean;
    how.name = Mean ? "mean" : "sum";
    return tape_of(e, where).template record<true, Arch>(e, how, where);
  } else {
    using T = typename E::scalar_type;
    const expr<xt::detail::identity, var<T>> same(xt::detail::identity{}, var<T>(e));
    return reduced<Arch, Mean>(same, axes, keep, where);
  }
}

/// What names axes: a whole number, a range of them, an axes_t.
template <class X>
concept axes_like = std::constructible_from<axes_t, X>;

}  // namespace detail

/// sum(x), sum(x, 1), sum(x, {0, -1}), sum(x, {1}, keep_dims): the sum over all axes, or over some (negative ones count
/// from the end). The result has the remaining axes; a sum over nothing is 0. Returns a variable (one node). Throws
/// shape_error for an axis out of range or named twice.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sum(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, false>(x, axes_t(), false, where);
}
template <template <class...> class V, class... P, detail::axes_like X, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sum(V<P...> x, X axes, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, false>(x, axes_t(axes), false, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sum(V<P...> x, const I (&axes)[N], const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, false>(x, axes_t(axes), false, where);
}
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sum(V<P...> x, keep_dims_t, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, false>(x, axes_t(), true, where);
}
template <template <class...> class V, class... P, detail::axes_like X, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sum(V<P...> x, X axes, keep_dims_t, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, false>(x, axes_t(axes), true, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto sum(V<P...> x, const I (&axes)[N], keep_dims_t,
         const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, false>(x, axes_t(axes), true, where);
}

/// The mean, in the same forms; a mean over nothing is NaN.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto mean(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, true>(x, axes_t(), false, where);
}
template <template <class...> class V, class... P, detail::axes_like X, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto mean(V<P...> x, X axes, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, true>(x, axes_t(axes), false, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto mean(V<P...> x, const I (&axes)[N], const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, true>(x, axes_t(axes), false, where);
}
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto mean(V<P...> x, keep_dims_t, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, true>(x, axes_t(), true, where);
}
template <template <class...> class V, class... P, detail::axes_like X, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto mean(V<P...> x, X axes, keep_dims_t, const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, true>(x, axes_t(axes), true, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto mean(V<P...> x, const I (&axes)[N], keep_dims_t,
          const std::source_location& where = std::source_location::current()) {
  return detail::reduced<Arch, true>(x, axes_t(axes), true, where);
}

}  // namespace xg
