// Orthogonal factors, by LAPACK (gelqf of the transpose, which a row-major matrix is), and least squares by them.
// Derivative: Roberts and Roberts, "QR and LQ decomposition matrix backpropagation algorithms for square, wide, and
// deep matrices and their software implementation" (2020).
#pragma once

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

/// What qr returns: A = Q R.
template <class T>
struct orthogonal_factors {
  var<T> Q;  // (..., m, k), k = min(m, n); QᵀQ = 1
  var<T> R;  // (..., k, n), upper triangular
};

namespace detail {

template <class T>
orthogonal_factors<T> record_qr(const var<T>& a, const std::source_location& where);
template <class T>
var<T> record_lstsq(const var<T>& a, const var<T>& b, const std::source_location& where);

}  // namespace detail

/// qr(A): the thin factors of A (..., m, n): `const auto [Q, R] = xg::qr(A)`. The diagonal of R is made positive, so
/// that both are unique for a matrix of full rank. Gradients need full rank (of the first m columns, if there are more
/// columns than rows), else they are a value_error. Throws shape_error; value_error for elements that are not finite.
struct qr_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_qr(recorded<Arch>(a, where), where);
  }
};
inline constexpr qr_t qr;

/// lstsq(A, B): X (..., n, k) that makes the sum of squares of A X - B smallest, for A (..., m, n) of full rank and B
/// (..., m, k), whose leading axes broadcast; a B of one dimension is a vector. With fewer rows than columns, of all X
/// with A X = B that with the smallest sum of squares. By qr. Throws shape_error; value_error where A has not full
/// rank, to rounding (pinv(A) B is for any rank), or elements that are not finite.
struct lstsq_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const std::source_location& where = std::source_location::current()) const {
    auto& l = detail::ledger_of_any(where, a, b);
    detail::attempt recording(l);
    return recording.keep(
        detail::record_lstsq(detail::as_var<Arch>(l, a, where), detail::as_var<Arch>(l, b, where), where));
  }
};
inline constexpr lstsq_t lstsq;

}  // namespace xg
