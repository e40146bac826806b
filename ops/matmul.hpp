// The matrix product.
#pragma once

#include <xgrad/ops/view.hpp>

namespace xg {

/// A factor of a product: a variable, read transposed if asked.
template <class T>
struct factor {
  var<T> of;
  bool transpose = false;
};

namespace detail {

template <class T>
var<T> record_matmul(const factor<T>& a, const factor<T>& b, const std::source_location& where);
extern template var<float> record_matmul(const factor<float>&, const factor<float>&, const std::source_location&);
extern template var<double> record_matmul(const factor<double>&, const factor<double>&, const std::source_location&);
/// The same, where an operand has more than two dimensions; `transpose` swaps its last two.
template <class T>
var<T> record_batched_matmul(const factor<T>& a, const factor<T>& b, const std::source_location& where);

template <class Arch, class T, class X>
factor<T> as_factor(ledger<T>& l, const X& x, const std::source_location& where) {
  if constexpr (requires { x.of(); }) {
    if (x.of().dimension(where) == 2) return {x.of(), true};
  }
  return {as_var<Arch>(l, x, where)};
}

}  // namespace detail

/// matmul(a, b): the matrix product, as in NumPy: (m, k) × (k, n) → (m, n); (k) × (k, n) → (n); (m, k) × (k) → (m);
/// (k) × (k) → a scalar. Of more dimensions, the last two are matrices, and those before broadcast: (5, 1, m, k) ×
/// (3, k, n) → (5, 3, m, n). `transpose(x)` of a matrix as an operand is read in place. Operands may be variables,
/// expressions, and (one of them) plain xtensor expressions. Throws shape_error.
struct matmul_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const std::source_location& where = std::source_location::current()) const {
    auto& l = detail::ledger_of_any(where, a, b);
    detail::attempt recording(l);
    return recording.keep(
        detail::record_matmul(detail::as_factor<Arch>(l, a, where), detail::as_factor<Arch>(l, b, where), where));
  }
};
inline constexpr matmul_t matmul;

}  // namespace xg
