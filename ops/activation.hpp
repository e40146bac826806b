// Activation functions of networks.
#pragma once

#include <cmath>

#include <xgrad/core/rule.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

struct relu_fun {
  template <class V>
  V operator()(V x) const {
    return keep_where(x > V(0), x);
  }
};
template <>
struct rule<relu_fun> {
  static constexpr const char* name = "relu";
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(keep_where(x > 0, g)); }
};
/// max(x, 0), element by element; relu'(0) = 0. A NaN gives 0, as the comparison x > 0 does not hold.
inline constexpr elementwise<relu_fun> relu;

struct sigmoid_fun {
  template <class V>
  V operator()(V x) const {
    using std::exp;
    return V(1) / (V(1) + exp(-x));
  }
};
template <>
struct rule<sigmoid_fun> {
  static constexpr const char* name = "sigmoid";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto) { return std::tuple(g * (y * (1 - y))); }
};
/// The logistic function 1 / (1 + exp(-x)), element by element; 0 and 1 at the ends, never NaN for a number.
inline constexpr elementwise<sigmoid_fun> sigmoid;

}  // namespace xg
