// Losses, element by element: wrap them in `mean` or `sum`. Prediction and target must have equal shapes; nothing
// broadcasts.
#pragma once

#include <xgrad/core/expression/rule.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

struct squared_error_fun {
  template <class V>
  V operator()(V prediction, V target) const {
    return (prediction - target) * (prediction - target);
  }
};
template <>
struct rule<squared_error_fun> {
  static constexpr const char* name = "squared_error";
  static constexpr bool compiled = true, equal_shapes = true;
  static auto backward(auto g, auto, auto p, auto t) { return std::tuple(g * (2 * (p - t)), g * (2 * (t - p))); }
};
/// (prediction - target)², element by element. Throws shape_error when recorded if the shapes differ.
inline constexpr elementwise<squared_error_fun> squared_error;

}  // namespace xg
