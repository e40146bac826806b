#include <xgrad/nn/optim/schedules.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace xg::nn {

namespace {

void require(bool holds, const char* message, const std::source_location& where) {
  if (!holds) throw value_error(message + at_line(where));
}

/// From a to b along half a cosine; x in [0, 1].
double half_cosine(double a, double b, double x) { return b + (a - b) / 2 * (1 + std::cos(std::numbers::pi * x)); }

}  // namespace

schedule step_decay(std::uint64_t every, double factor, const std::source_location& where) {
  require(every > 0, "step_decay: every 0 steps; it must be at least 1", where);
  return [=](std::uint64_t step) { return std::pow(factor, double(step / every)); };
}

schedule cosine(std::uint64_t steps, cosine_options o, const std::source_location& where) {
  require(steps > o.warm_up, "cosine: there must be more steps than those of the warm-up", where);
  return [=](std::uint64_t step) {
    if (step < o.warm_up) return double(step + 1) / double(o.warm_up);
    return half_cosine(1, o.last, std::min(1.0, double(step - o.warm_up) / double(steps - o.warm_up)));
  };
}

schedule one_cycle(std::uint64_t steps, one_cycle_options o, const std::source_location& where) {
  require(steps > 1 && o.rise > 0 && o.rise < 1, "one_cycle: expected at least 2 steps, and a rise in (0, 1)", where);
  const double top = o.rise * double(steps) - 1, end = double(steps) - 1;
  return [=](std::uint64_t step) {
    const double at = std::min(double(step), end);
    return at <= top ? half_cosine(o.first, 1, at / top) : half_cosine(1, o.last, (at - top) / (end - top));
  };
}

schedule warm_up(std::uint64_t steps, const std::source_location& where) {
  require(steps > 0, "warm_up: 0 steps; it must be at least 1", where);
  return [=](std::uint64_t step) { return std::min(1.0, double(step + 1) / double(steps)); };
}

plateau::plateau(plateau_options options, const std::source_location& where)
    : options_(options), best_(std::numeric_limits<double>::infinity()) {
  require(options.factor > 0 && options.factor < 1, "plateau: the factor must be in (0, 1)", where);
}

bool plateau::stuck(double loss) {
  if (loss < best_ * (best_ < 0 ? 1 + options_.threshold : 1 - options_.threshold)) {
    best_ = loss;
    bad_ = 0;
  } else if (++bad_ > options_.patience) {
    bad_ = 0;
    return true;
  }
  return false;
}

}  // namespace xg::nn
