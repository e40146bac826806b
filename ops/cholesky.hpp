// The Cholesky factor, by LAPACK (potrf). Derivative: Murray, "Differentiation of the Cholesky decomposition" (2016),
// (8) to (10).
#pragma once

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

namespace detail {

template <class T>
var<T> record_cholesky(const var<T>& a, const std::source_location& where);
/// (x + xᵀ) / 2, of matrices.
template <class T>
var<T> symmetric_part(const var<T>& x);

}  // namespace detail

/// cholesky(A): the lower triangular L, with a positive diagonal, of A = L Lᵀ, for a symmetric positive definite A
/// (..., n, n). Of a matrix that is not symmetric the symmetric part, (A + Aᵀ) / 2, is factored; so gradients are
/// symmetric. Throws shape_error; value_error where A is not positive definite, or has elements that are not finite.
struct cholesky_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_cholesky(recorded<Arch>(a, where), where);
  }
};
inline constexpr cholesky_t cholesky;

}  // namespace xg
