// A line search for the strong Wolfe conditions: Nocedal and Wright, "Numerical optimization" (2006), algorithms 3.5
// and 3.6, with the interpolation and safeguards of minFunc, as PyTorch has them.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

namespace xg::nn::detail {

/// A length t along the direction, with the loss f and its slope there.
struct trial {
  double t, f, slope;
};

/// The minimum of the cubic through two trials, brought into [low, high].
inline double cubic_minimum(trial a, trial b, double low, double high) {
  const double d1 = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t), square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double d2 = std::sqrt(square);
  const double at = a.t <= b.t ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                               : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  return std::min(std::max(at, low), high);
}

/// at(t) computes a trial. `start`: t = 0. `largest`: of the direction's elements.
template <class F>
trial strong_wolfe(F at, trial start, double t, double largest, double tolerance_change) {
  constexpr double c1 = 1e-4, c2 = 0.9;
  constexpr int most = 25;
  trial now = at(t), before = start, ends[2];
  int i = 0;
  for (; i < most; ++i) {  // until two lengths have a good one between them
    if (now.f > start.f + c1 * now.t * start.slope || (i > 1 && now.f >= before.f)) break;
    if (std::abs(now.slope) <= -c2 * start.slope) return now;
    if (now.slope >= 0) break;
    const double next = cubic_minimum(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10);
    before = now;
    now = at(next);
  }
  ends[0] = i == most ? start : before;
  ends[1] = now;
  int low = ends[0].f <= ends[1].f ? 0 : 1;
  for (bool slow = false; i < most; ++i) {  // between them
    if (std::abs(ends[1].t - ends[0].t) * largest < tolerance_change) break;
    const auto [left, right] = std::minmax(ends[0].t, ends[1].t);
    double next = cubic_minimum(ends[0], ends[1], left, right);
    const double margin = 0.1 * (right - left);
    if (std::min(right - next, next - left) < margin) {
      if (slow || next >= right || next <= left) {
        next = std::abs(next - right) < std::abs(next - left) ? right - margin : left + margin;
        slow = false;
      } else {
        slow = true;
      }
    } else {
      slow = false;
    }
    now = at(next);
    if (now.f > start.f + c1 * now.t * start.slope || now.f >= ends[low].f) {
      ends[1 - low] = now;
      low = ends[0].f <= ends[1].f ? 0 : 1;
    } else {
      if (std::abs(now.slope) <= -c2 * start.slope) return now;
      if (now.slope * (ends[1 - low].t - ends[low].t) >= 0) ends[1 - low] = ends[low];
      ends[low] = now;
    }
  }
  return ends[low];
}

}  // namespace xg::nn::detail
