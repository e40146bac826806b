// The exponential and whole powers of matrices.
#pragma once

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

namespace detail {

template <class T>
var<T> record_expm(const var<T>& a, const std::source_location& where);
template <class T>
var<T> record_matrix_power(const var<T>& a, std::ptrdiff_t n, const std::source_location& where);

}  // namespace detail

/// expm(A): 1 + A + A²/2 + ... for A (..., n, n), by scaling and squaring with Padé approximants: Higham, "The scaling
/// and squaring method for the matrix exponential revisited" (2005). The gradient is a block of the exponential of
/// ((Aᵀ, G), (0, Aᵀ)): Al-Mohy and Higham, "Computing the Fréchet derivative of the matrix exponential" (2009), (1.3).
/// Throws shape_error; value_error for elements that are not finite, or where the result overflows.
struct expm_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_expm(recorded<Arch>(a, where), where);
  }
};
inline constexpr expm_t expm;

/// matrix_power(A, n): the product of n matrices A (..., m, m), by repeated squaring; the unit matrix, a constant, for
/// 0; of the inverse for a negative n. Throws shape_error; value_error for a negative n and a singular matrix.
struct matrix_power_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, std::ptrdiff_t n,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::record_matrix_power(recorded<Arch>(a, where), n, where);
  }
};
inline constexpr matrix_power_t matrix_power;

}  // namespace xg
