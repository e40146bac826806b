// Dropout as a layer.
#pragma once

#include <xgrad/nn/layers/pass.hpp>
#include <xgrad/ops/dropout.hpp>

namespace xg::nn {

/// In training each element is zero with probability p, else divided by 1 - p (xg::dropout); in evaluation x passes as
/// it is. Throws value_error for p outside [0, 1).
struct dropout {
  double p = 0.5;

  template <differentiable X, class Arch = xg::detail::simd_arch>
  auto operator()(const X& x, pass mode = eval,
                  const std::source_location& where = std::source_location::current()) const {
    if (mode.training && !mode.random)
      throw value_error("dropout: this pass trains, but has no source of random numbers; write nn::training(rng)" +
                        at_line(where));
    const auto v = recorded<Arch>(x, where);
    return mode.training ? xg::dropout(v, p, *mode.random, where) : v;
  }
};

}  // namespace xg::nn
