// Diagonals and triangles: diag, diagonal, trace, tril, triu. Diagonal k lies k places to the right of the main one, or
// -k places below it.
#pragma once

#include <xgrad/core/tape/record.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

namespace detail {

template <class T>
var<T> record_diag(const var<T>& x, std::ptrdiff_t k, const std::source_location& where);
template <class T>
var<T> record_diagonal(const var<T>& x, std::ptrdiff_t offset, std::ptrdiff_t axis1, std::ptrdiff_t axis2,
                       const char* op, const std::source_location& where);
template <class T>
var<T> record_trace(const var<T>& x, std::ptrdiff_t offset, std::ptrdiff_t axis1, std::ptrdiff_t axis2,
                    const std::source_location& where);
/// The part on and above diagonal k, or on and below it; zeros elsewhere.
template <class T>
var<T> record_triangle(const var<T>& x, std::ptrdiff_t k, bool upper, const std::source_location& where);

}  // namespace detail

/// diag(x, k): of a vector of n, the matrix (n + |k|, n + |k|) with it as diagonal k and zeros elsewhere; of a matrix,
/// its diagonal k. Throws shape_error for an array of another dimension.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto diag(V<P...> x, int k = 0, const std::source_location& where = std::source_location::current()) {
  return detail::record_diag(recorded<Arch>(x, where), k, where);
}

/// diagonal(x, k, axis1, axis2): diagonal k of the matrices that two axes make, the first two if none are given, as a
/// new last axis; empty where k lies outside. Throws shape_error for an axis out of range, or one named twice.
template <template <class...> class V, class... P, std::integral A = int, std::integral B = int,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto diagonal(V<P...> x, int k = 0, A axis1 = 0, B axis2 = 1,
              const std::source_location& where = std::source_location::current()) {
  return detail::record_diagonal(recorded<Arch>(x, where), k, std::ptrdiff_t(axis1), std::ptrdiff_t(axis2), "diagonal",
                                 where);
}

/// trace(x, k, axis1, axis2): the sum of that diagonal.
template <template <class...> class V, class... P, std::integral A = int, std::integral B = int,
          class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto trace(V<P...> x, int k = 0, A axis1 = 0, B axis2 = 1,
           const std::source_location& where = std::source_location::current()) {
  return detail::record_trace(recorded<Arch>(x, where), k, std::ptrdiff_t(axis1), std::ptrdiff_t(axis2), where);
}

/// tril(x, k): x on diagonal k and below it, zeros above, also where x is not a number; of the matrices that the last
/// two axes make. triu(x, k): on diagonal k and above it. Throws shape_error for fewer than two dimensions.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto tril(V<P...> x, int k = 0, const std::source_location& where = std::source_location::current()) {
  return detail::record_triangle(recorded<Arch>(x, where), k, false, where);
}
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto triu(V<P...> x, int k = 0, const std::source_location& where = std::source_location::current()) {
  return detail::record_triangle(recorded<Arch>(x, where), k, true, where);
}

}  // namespace xg
