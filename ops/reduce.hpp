// Reductions. The operand may be an expression: `mean(square(h - y))` is one node that maps and reduces in one pass.
#pragma once

#include <xgrad/core/tape.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/fold.hpp>

namespace xg {

using keep_dims_t = std::decay_t<decltype(xt::keep_dims)>;
/// Asks a reduction to keep the reduced axes with extent 1; the same as `xt::keep_dims`.
inline constexpr keep_dims_t keep_dims = xt::keep_dims;

/// sum(x), sum(x, {0, -1}), sum(x, {1}, keep_dims): over all axes, or over some (negative ones count from the end). The
/// result has the remaining axes. Returns a variable (one node). Throws shape_error for an axis out of range or named
/// twice.
template <class Fold>
struct reduction {
  template <differentiable E, class Arch = detail::simd_arch>
  auto operator()(const E& e, const std::source_location& where = std::source_location::current()) const {
    return record<Arch>(e, axes_t(), false, where);
  }
  template <differentiable E, class Arch = detail::simd_arch>
  auto operator()(const E& e, const axes_t& axes,
                  const std::source_location& where = std::source_location::current()) const {
    return record<Arch>(e, axes, false, where);
  }
  template <differentiable E, class Arch = detail::simd_arch>
  auto operator()(const E& e, const axes_t& axes, keep_dims_t,
                  const std::source_location& where = std::source_location::current()) const {
    return record<Arch>(e, axes, true, where);
  }
  template <differentiable E, class Arch = detail::simd_arch>
  auto operator()(const E& e, keep_dims_t, const std::source_location& where = std::source_location::current()) const {
    return record<Arch>(e, axes_t(), true, where);
  }

 private:
  template <class Arch, differentiable E>
  static var<typename E::scalar_type> record(const E& e, const axes_t& axes, bool keep,
                                             const std::source_location& where) {
    if constexpr (requires { e.operands; }) {
      target how;
      how.kind = target::reduce;
      how.axes = &axes;
      how.keep_dims = keep;
      return tape_of(e, where).template record<Fold, Arch>(e, how, where);
    } else {
      using T = typename E::scalar_type;
      return record<Arch>(expr<xt::detail::identity, var<T>>(xt::detail::identity{}, var<T>(e)), axes, keep, where);
    }
  }
};

/// Σ x; 0 of no values.
inline constexpr reduction<sum_fold> sum;
/// Σ x / n; NaN of no values.
inline constexpr reduction<mean_fold> mean;
/// Π x; 1 of no values.
inline constexpr reduction<prod_fold> prod;
/// The largest value; equal ones share the gradient. NaN if there is one. Throws shape_error where there is no value.
inline constexpr reduction<extreme_fold<true>> amax;
/// The smallest value; as amax.
inline constexpr reduction<extreme_fold<false>> amin;
/// log Σ exp(x), without overflow; -∞ of no values.
inline constexpr reduction<logsumexp_fold> logsumexp;
/// √Σ x²; its gradient is 0 where it is 0.
inline constexpr reduction<norm_l2_fold> norm_l2;
/// 1 where some value is not zero, else 0: a constant, through which no gradient flows.
inline constexpr reduction<any_fold> any;
/// 1 where no value is zero, else 0: a constant.
inline constexpr reduction<all_fold> all;

}  // namespace xg
