// Einstein's sums, in NumPy's notation.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

/// What einsum is told, and the line it is told on.
struct subscripts {
  std::string_view text;
  std::source_location where;
  template <std::convertible_to<std::string_view> S>
  subscripts(const S& s, const std::source_location& w = std::source_location::current()) : text(s), where(w) {}
};

namespace detail {

template <class T>
var<T> record_einsum(std::string_view text, std::vector<var<T>> xs, const std::source_location& where);

}  // namespace detail

/// einsum("ij,jk->ik", a, b): each letter names an axis, the operands' apart by commas; those of one letter have equal
/// extents (or 1, which broadcasts); the result has the axes after the arrow, and the sum is taken over all others. A
/// letter twice in one operand takes its diagonal. `...` stands for any further axes, aligned at the last. Without an
/// arrow the result has `...` and, in alphabetical order, the letters that are there once. Any number of operands:
/// variables, expressions, and, beside one of these, plain xtensor expressions and numbers; or a std::vector of
/// variables. They are taken in pairs from the left, each pair as one matrix product or one fused sum. Throws
/// shape_error for extents that differ, value_error for subscripts that cannot be understood.
struct einsum_t {
  template <class... X, class Arch = detail::simd_arch>
  requires(differentiable<X> || ...) auto operator()(const subscripts& s, const X&... x) const {
    auto& l = detail::ledger_of_any(s.where, x...);
    using T = decltype(detail::scalar_of_ledger(l));
    const detail::line_scope line(l, s.where);
    detail::attempt recording(l);
    return recording.keep(
        detail::record_einsum<T>(s.text, {detail::as_var<detail::simd_arch>(l, x, s.where)...}, s.where));
  }
  template <class T>
  var<T> operator()(const subscripts& s, const std::vector<var<T>>& x) const {
    return detail::record_einsum<T>(s.text, x, s.where);
  }
};
inline constexpr einsum_t einsum;

}  // namespace xg
