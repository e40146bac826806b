// The factors that solve, inverse and det share: they are computed once for a matrix, forward, and read again by all
// that its gradients record. For the library's own sources.
#pragma once

#include <xgrad/core/tape/op.hpp>

namespace xg::detail {

enum class lu_of { solve, inverse, det, slogdet };

/// A (..., n, n) → (..., n + 1, n): L and U in one, as getrf leaves them, and a row of pivots. A constant: no gradient
/// flows through it, and whoever reads it has A for an operand too. A zero pivot is an error here if it is for solve.
template <class T>
var<T> record_lu(lu_of function, const var<T>& a, const std::source_location& where);

/// X with A X = B, or Aᵀ X = B, from A (..., n, n), its factors, and B (..., n, k); leading axes broadcast.
template <class T>
var<T> record_solve_lu(const var<T>& a, const var<T>& lu, const var<T>& b, bool transpose,
                       const std::source_location& where);
/// A⁻¹ from A and its factors, of which a zero pivot is an error here.
template <class T>
var<T> record_inverse_lu(lu_of function, const var<T>& a, const var<T>& lu, const std::source_location& where);

}  // namespace xg::detail
