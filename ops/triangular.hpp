// Triangular systems, by BLAS (trsm). Derivatives: Giles (2008), 2.3.1, kept to the triangle that is read.
#pragma once

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

struct triangular_options {
  bool lower = true;       // the lower triangle of A is read, else the upper; what lies in the other is ignored
  bool transpose = false;  // Aᵀ X = B
  bool unit = false;       // ones are on the diagonal, whatever A says
};

namespace detail {

/// What the error about a zero on the diagonal says; `lstsq` takes numbers for zeros that are small.
enum class triangular_of { solve_triangular, lstsq };
template <class T>
var<T> record_solve_triangular(const var<T>& a, const var<T>& b, const triangular_options& options,
                               const std::source_location& where,
                               triangular_of function = triangular_of::solve_triangular);

/// x (..., m, n) with what lies below, on and above the diagonal of its matrices multiplied by these; by 0 it is 0,
/// whatever it was.
template <class T>
var<T> weigh_triangles(const var<T>& x, T below, T on, T above);

}  // namespace detail

/// solve_triangular(A, B, {.lower = true, .transpose = false, .unit = false}): X with A X = B for a triangular A
/// (..., n, n) and B (..., n, k), whose leading axes broadcast; a B of one dimension is a vector. What is not read has
/// the gradient 0. Throws shape_error; value_error where the diagonal has a zero.
struct solve_triangular_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const triangular_options& options = {},
      const std::source_location& where = std::source_location::current()) const {
    auto& l = detail::ledger_of_any(where, a, b);
    detail::attempt recording(l);
    return recording.keep(detail::record_solve_triangular(detail::as_var<Arch>(l, a, where),
                                                          detail::as_var<Arch>(l, b, where), options, where));
  }
};
inline constexpr solve_triangular_t solve_triangular;

}  // namespace xg
