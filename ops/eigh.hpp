// Eigenvalues and eigenvectors of symmetric matrices, by LAPACK (syevd). Derivatives: Giles, "Collected matrix
// derivative results for forward and reverse mode algorithmic differentiation" (2008), 3.1.
#pragma once

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

/// What eigh returns: A = V diag(w) Vᵀ.
template <class T>
struct eigen_system {
  var<T> values;   // w (..., n), in ascending order
  var<T> vectors;  // V (..., n, n), a vector in each column
};

namespace detail {

template <class T>
eigen_system<T> record_eigh(const var<T>& a, const std::source_location& where);
template <class T>
var<T> record_eigvalsh(const var<T>& a, const std::source_location& where);

}  // namespace detail

/// eigh(A): eigenvalues and orthonormal eigenvectors of symmetric A (..., n, n): `const auto [w, V] = xg::eigh(A)`. Of
/// a matrix that is not symmetric the symmetric part, (A + Aᵀ) / 2, is read; so gradients are symmetric. A vector's
/// sign is as LAPACK leaves it. Vectors of equal eigenvalues are not determined, and a gradient through them is a
/// value_error. Throws shape_error; value_error for elements that are not finite.
struct eigh_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_eigh(recorded<Arch>(a, where), where);
  }
};
inline constexpr eigh_t eigh;

/// eigvalsh(A): the eigenvalues alone, (..., n) in ascending order. The gradient of one that is there several times is
/// that of the vectors LAPACK chose for it, one of many; that of a symmetric function of all, such as their sum, does
/// not depend on the choice. The second derivative by equal ones is a value_error. Throws as eigh.
struct eigvalsh_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_eigvalsh(recorded<Arch>(a, where), where);
  }
};
inline constexpr eigvalsh_t eigvalsh;

}  // namespace xg
