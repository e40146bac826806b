// How a model is called: to evaluate (the default, so that nobody can forget it) or to train.
#pragma once

#include <xgrad/core/tape/random.hpp>

namespace xg::nn {

using xg::rng;

/// What layers that behave differently in training are told: `net(x)` evaluates, `net(x, nn::training(rng))` trains.
struct pass {
  bool training = false;
  rng* random = nullptr;  // where dropout gets its numbers
};

inline constexpr pass eval{};

/// Training, with the source of random numbers, which must live as long as something is recorded with it.
inline pass training(rng& random) { return {true, &random}; }

/// Forgotten: the source of random numbers.
template <class... None>
pass training(const None&...) {
  static_assert(sizeof...(None) > 1000,
                "xgrad: nn::training needs a source of random numbers with a seed that you choose: nn::rng rng(42); "
                "nn::training(rng)");
  return {};
}

}  // namespace xg::nn
