// Linear systems and inverses, by LAPACK's LU factors with partial pivoting (getrf). Derivatives: Giles, "Collected
// matrix derivative results for forward and reverse mode algorithmic differentiation" (2008), 2.2.3 and 2.3.1.
#pragma once

#include <xgrad/ops/function.hpp>
#include <xgrad/ops/lu.hpp>

namespace xg {

namespace detail {

template <class T>
var<T> record_solve(const var<T>& a, const var<T>& b, const std::source_location& where);
template <class T>
var<T> record_inverse(const var<T>& a, const std::source_location& where);

}  // namespace detail

/// solve(A, B): X with A X = B, for A (..., n, n) and B (..., n, k), whose leading axes broadcast; a B of one dimension
/// is a vector (n), and so is X, one for each matrix of A. A is factored once; gradients of any order use the same
/// factors. Operands may be variables, expressions, and (one of them) plain xtensor expressions. Throws shape_error;
/// value_error for a singular matrix (a pivot is exactly zero), and for one with elements that are not finite.
struct solve_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const std::source_location& where = std::source_location::current()) const {
    auto& l = detail::ledger_of_any(where, a, b);
    detail::attempt recording(l);
    return recording.keep(
        detail::record_solve(detail::as_var<Arch>(l, a, where), detail::as_var<Arch>(l, b, where), where));
  }
};
inline constexpr solve_t solve;

/// inverse(A): A⁻¹ for A (..., n, n). solve(A, B) is faster and more accurate than a product with it. Throws as solve.
struct inverse_t {
  template <differentiable A, class Arch = detail::simd_arch>
  auto operator()(const A& a, const std::source_location& where = std::source_location::current()) const {
    return detail::record_inverse(recorded<Arch>(a, where), where);
  }
};
inline constexpr inverse_t inverse;

}  // namespace xg
