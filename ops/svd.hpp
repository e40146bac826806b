// The singular value decomposition, by LAPACK (gesdd), and what is made of it. Derivatives: Townsend, "Differentiating
// the singular value decomposition" (2016); of the pseudoinverse: Golub and Pereyra, "The differentiation of
// pseudo-inverses and nonlinear least squares problems whose variables separate" (1973), (4.12).
#pragma once

#include <optional>

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

/// What svd returns: A = U diag(S) Vh.
template <class T>
struct singular_system {
  var<T> U;   // (..., m, k), k = min(m, n)
  var<T> S;   // (..., k), in descending order
  var<T> Vh;  // (..., k, n)
};

enum class matrix_norm_kind {
  frobenius,  // √Σ a²
  nuclear,    // the sum of the singular values
  spectral    // the largest of them
};

namespace detail {

template <class T>
singular_system<T> record_svd(const var<T>& a, const std::source_location& where);
template <class T>
var<T> record_svdvals(const var<T>& a, const std::source_location& where);
template <class T>
var<T> record_pinv(const var<T>& a, std::optional<double> rcond, const std::source_location& where);
template <class T>
var<T> record_matrix_norm(const var<T>& a, matrix_norm_kind kind, const std::source_location& where);

}  // namespace detail

/// svd(A): the thin singular value decomposition of A (..., m, n): `const auto [U, S, Vh] = xg::svd(A)`. The sign of a
/// pair of vectors is as LAPACK leaves it. Vectors of equal singular values are not determined, and a gradient through
/// them is a value_error; so is one through vectors of the value 0, where A is not square. Throws shape_error;
/// value_error for elements that are not finite.
struct svd_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_svd(recorded<Arch>(a, where), where);
  }
};
inline constexpr svd_t svd;

/// svdvals(A): the singular values alone, (..., k) in descending order. The gradient of one that is 0, or there several
/// times, is that of the vectors LAPACK chose for it, one of many. Second derivatives by equal ones are a value_error.
/// Throws as svd.
struct svdvals_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_svdvals(recorded<Arch>(a, where), where);
  }
};
inline constexpr svdvals_t svdvals;

/// pinv(A, rcond): the pseudoinverse (..., n, m) of A (..., m, n), of any rank. Singular values up to rcond times the
/// largest are taken for 0; by default max(m, n) times the rounding unit. Gradients take the rank for constant, as it
/// is almost everywhere. Throws as svd.
struct pinv_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, std::optional<double> rcond = {},
                  const std::source_location& where = std::source_location::current()) const {
    return detail::record_pinv(recorded<Arch>(a, where), rcond, where);
  }
};
inline constexpr pinv_t pinv;

/// matrix_norm(A), matrix_norm(A, xg::matrix_norm_kind::nuclear): a norm of each matrix of A (..., m, n): Frobenius
/// (its gradient is 0 at 0), nuclear, or spectral (largest singular values that are equal share the gradient). Throws
/// as svd.
struct matrix_norm_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, matrix_norm_kind kind = matrix_norm_kind::frobenius,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::record_matrix_norm(recorded<Arch>(a, where), kind, where);
  }
};
inline constexpr matrix_norm_t matrix_norm;

}  // namespace xg
