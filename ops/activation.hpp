// Activation functions of networks.
#pragma once

#include <xgrad/ops/math.hpp>

namespace xg {

struct relu_fun {
  template <class V>
  V operator()(V x) const {
    return zero_where(x <= V(0), x);
  }
};
template <>
struct rule<relu_fun> {
  static constexpr const char* name = "relu";
  static constexpr bool compiled = true;
  // Where x > 0 does not hold, y is what the derivative is: zero, or not a number.
  static auto backward(auto g, auto y, auto x) { return std::tuple(choose(x > 0, g, y)); }
};
/// max(x, 0), element by element; relu'(0) = 0. A NaN stays one, and so does its derivative.
inline constexpr elementwise<relu_fun> relu;

struct sigmoid_fun {
  template <class V>
  V operator()(V x) const {
    return detail::sigmoid(x);
  }
};
template <>
struct rule<sigmoid_fun> {
  static constexpr const char* name = "sigmoid";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * detail::logistic_density(x)); }
};
/// The logistic function 1 / (1 + exp(-x)), element by element; it and its derivative keep their digits at both ends.
inline constexpr elementwise<sigmoid_fun> sigmoid;

}  // namespace xg
