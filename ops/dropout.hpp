// Dropout: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (JMLR 15, 2014).
#pragma once

#include <xgrad/core/tape/draw.hpp>
#include <xgrad/ops/arithmetic.hpp>

namespace xg {

/// dropout(x, p, rng): each element is zero with probability p, else divided by 1 - p, so that the mean stays. A replay
/// drops others; the same seed drops the same. Throws value_error for p outside [0, 1).
struct dropout_t {
  template <differentiable X, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const X& x, double p, rng& from,
                    const std::source_location& where = std::source_location::current()) const {
    if (!(p >= 0 && p < 1))
      throw value_error("dropout: the probability " + std::to_string(p) + " is not in [0, 1)" + at_line(where));
    const var<T> v = recorded<Arch>(x, where);
    detail::attempt recording(v.ledger(where));
    const var<T> kept = bernoulli(v.owner(where), v.shape(where), from, T(1 - p), where);
    const auto masked = v * kept * T(1 / (1 - p));
    return recording.keep(std::decay_t<decltype(masked)>::template record<Arch>(masked, where));
  }
};
inline constexpr dropout_t dropout;

}  // namespace xg
