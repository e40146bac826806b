// How the learning rate changes in the course of training: factors for it, from the number of steps done.
//
//     opt.follow(nn::cosine(steps, {.warm_up = 100}));
#pragma once

#include <cstdint>
#include <source_location>

#include <xgrad/nn/optim/optimiser.hpp>

namespace xg::nn {

/// factor^(step / every): 0.1 smaller after every so many steps, say. Throws value_error for every == 0.
schedule step_decay(std::uint64_t every, double factor = 0.1,
                    const std::source_location& where = std::source_location::current());

struct cosine_options {
  std::uint64_t warm_up = 0;  // steps in which the factor rises from 1/warm_up to 1 first
  double last = 0;            // the factor at the end
};
/// From 1 to `last` along half a cosine: Loshchilov and Hutter, "SGDR" (ICLR 2017). After `steps` steps, warm-up
/// included, the factor stays. Throws value_error.
schedule cosine(std::uint64_t steps, cosine_options options = {},
                const std::source_location& where = std::source_location::current());

struct one_cycle_options {
  double rise = 0.3;                         // the fraction of the steps in which it rises
  double first = 1. / 25, last = 1. / 25e4;  // factors at both ends
};
/// Up from `first` to 1 and down to `last`, along cosines: Smith and Topin, "Super-convergence" (2018); as PyTorch's
/// OneCycleLR, the optimiser's lr being its max_lr. Throws value_error.
schedule one_cycle(std::uint64_t steps, one_cycle_options options = {},
                   const std::source_location& where = std::source_location::current());

/// (step + 1)/steps up to 1: a rise at the beginning. Throws value_error for no steps.
schedule warm_up(std::uint64_t steps, const std::source_location& where = std::source_location::current());

struct plateau_options {
  double factor = 0.1;
  std::uint64_t patience = 10;  // how many rounds without an improvement are borne
  double threshold = 1e-4;      // an improvement is by more than this fraction
  double least = 0;             // the smallest learning rate
};
/// Lowers an optimiser's learning rate when a loss no longer falls: `plateau(opt, val_loss)` after each round. As
/// PyTorch's ReduceLROnPlateau.
class plateau {
 public:
  explicit plateau(plateau_options options = {}, const std::source_location& where = std::source_location::current());
  /// True where the rate was lowered.
  template <class T>
  bool operator()(optimiser<T>& opt, double loss) {
    if (!stuck(loss)) return false;
    const double before = opt.lr();
    opt.lr(before * options_.factor > options_.least ? before * options_.factor : options_.least);
    return opt.lr() < before;
  }

 private:
  bool stuck(double loss);
  plateau_options options_;
  double best_;
  std::uint64_t bad_ = 0;
};

}  // namespace xg::nn
