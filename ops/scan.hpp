// Running sums, products and log-sum-exps along an axis: cumsum, cumprod, logcumsumexp. Each comes as cumsum(x, axis),
// a negative one counting from the end, and as cumsum(x): of all elements in row-major order, as a vector. All throw
// shape_error for an axis out of range.
//
// Functions, and templates in just this way, so that they and xtensor's of the same names can be named without a
// namespace side by side.
#pragma once

#include <xgrad/core/tape/record.hpp>
#include <xgrad/ops/function.hpp>
#include <xgrad/ops/manipulate.hpp>

namespace xg {

namespace detail {

enum class scan { sum, product, logsumexp };

template <class T>
var<T> record_scan(scan what, const var<T>& x, std::ptrdiff_t axis, const std::source_location& where);
/// s_k = b_k + a_k s_(k-1) along an axis, from s_0 = b_0; reversed: s_k = b_k + a_(k+1) s_(k+1), from the end. Each is
/// the other's transpose. (a_0 says nothing in either.)
template <class T>
var<T> record_recurrence(const var<T>& a, const var<T>& b, std::ptrdiff_t axis, bool reversed,
                         const std::source_location& where);

}  // namespace detail

/// y_k = x_0 + ... + x_k; the rounding errors are kept and taken off, so that long sums keep their digits.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto cumsum(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::record_scan(detail::scan::sum, ravel(x, where), 0, where);
}
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto cumsum(V<P...> x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  return detail::record_scan(detail::scan::sum, recorded<Arch>(x, where), axis, where);
}

/// y_k = x_0 ... x_k. The gradients divide by nothing, and are right at zeros, to any order.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto cumprod(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::record_scan(detail::scan::product, ravel(x, where), 0, where);
}
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto cumprod(V<P...> x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  return detail::record_scan(detail::scan::product, recorded<Arch>(x, where), axis, where);
}

/// y_k = log(e^x_0 + ... + e^x_k), seen from the largest value so far, so that nothing overflows, in the gradients
/// neither. -∞ as long as there is nothing else.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto logcumsumexp(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return detail::record_scan(detail::scan::logsumexp, ravel(x, where), 0, where);
}
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto logcumsumexp(V<P...> x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  return detail::record_scan(detail::scan::logsumexp, recorded<Arch>(x, where), axis, where);
}

}  // namespace xg
