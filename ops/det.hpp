// Determinants, by LAPACK's LU factors (getrf). Derivatives: Giles (2008), 2.2.4.
#pragma once

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

/// What slogdet returns: det A = sign · exp(logabsdet).
template <class T>
struct sign_and_logabsdet {
  var<T> sign;       // 1, -1, or 0 for a singular matrix; a constant
  var<T> logabsdet;  // -∞ for a singular matrix
};

namespace detail {

template <class T>
var<T> record_det(const var<T>& a, const std::source_location& where);
template <class T>
sign_and_logabsdet<T> record_slogdet(const var<T>& a, const std::source_location& where);

}  // namespace detail

/// det(A): the determinant of A (..., n, n), of the shape of the leading axes. Its gradient is the matrix of cofactors,
/// which a singular matrix has too; the second derivative of a singular one is a value_error. Throws shape_error,
/// value_error for elements that are not finite.
struct det_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_det(recorded<Arch>(a, where), where);
  }
};
inline constexpr det_t det;

/// slogdet(A): the sign of the determinant and the logarithm of its absolute value, which neither overflow nor vanish:
/// `const auto [sign, logabsdet] = xg::slogdet(A)`. The gradient of the logarithm is A⁻ᵀ; for a singular matrix it is a
/// value_error. Throws as det.
struct slogdet_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_slogdet(recorded<Arch>(a, where), where);
  }
};
inline constexpr slogdet_t slogdet;

}  // namespace xg
