// Reductions. The operand may be an expression: `mean(square(h - y))` is one node that maps and reduces in one pass.
#pragma once

#include <xgrad/core/tape.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

using keep_dims_t = std::decay_t<decltype(xt::keep_dims)>;
/// Asks a reduction to keep the reduced axes with extent 1; the same as `xt::keep_dims`.
inline constexpr keep_dims_t keep_dims = xt::keep_dims;

/// sum(x), sum(x, {0, -1}), sum(x, {1}, keep_dims): the sum over all axes, or over some (negative ones count from the
/// end). The result has the remaining axes; a sum over nothing is 0, a mean over nothing NaN. Returns a variable (one
/// node). Throws shape_error for an axis out of range or named twice.
template <bool Mean>
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
      how.mean = Mean;
      how.name = Mean ? "mean" : "sum";
      return tape_of(e, where).template record<true, Arch>(e, how, where);
    } else {
      using T = typename E::scalar_type;
      return record<Arch>(expr<xt::detail::identity, var<T>>(xt::detail::identity{}, var<T>(e)), axes, keep, where);
    }
  }
};

inline constexpr reduction<false> sum;
inline constexpr reduction<true> mean;

}  // namespace xg
