// The derivative of a function of one number by differences, with an estimate of its error.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

namespace xg::detail {

/// What differences say of s at 0.
struct difference {
  double value = std::numeric_limits<double>::quiet_NaN();  // central, extrapolated to the step 0
  double error = std::numeric_limits<double>::infinity();   // of that, estimated
  double right = 0, left = 0;                               // one-sided, with the smallest step
  bool bends = false;  // the two do not come closer to each other as the step gets smaller, or one is infinite
  bool jumps = false;  // they move apart
  double step = 0;     // the smallest
};

/// Central differences with the steps h, h/2, h/4, ... extrapolated to 0 (Ridders 1982); as many as `steps` say, and
/// more, up to 24, until the error is at most `enough`. `noise`: by how much a value of s may be off for its rounding.
difference differentiate(const std::function<double(double)>& s, double h, int steps, double enough, double noise);

}  // namespace xg::detail
