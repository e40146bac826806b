// Hyperbolic functions beside tanh (math.hpp), and their inverses. xtensor's own: call them as `xt::sinh(v)`, or
// `xg::sinh(v)`.
#pragma once

#include <xgrad/ops/trigonometric.hpp>

namespace xg {

using xt::acosh;
using xt::asinh;
using xt::atanh;
using xt::cosh;
using xt::sinh;

template <>
struct rule<xt::math::sinh_fun> {
  static constexpr const char* name = "sinh";
  static constexpr const char* c_code = "sinh(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::cosh;
    return std::tuple(g * cosh(x));
  }
};

template <>
struct rule<xt::math::cosh_fun> {
  static constexpr const char* name = "cosh";
  static constexpr const char* c_code = "cosh(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::sinh;
    return std::tuple(g * sinh(x));
  }
};

namespace detail {

/// √(1 + x²), also where x² is no number.
template <numeric V>
V root_of_one_plus_square(V x) {
  return hypot(x, V(1));
}
template <differentiable X>
auto root_of_one_plus_square(const X& x) {
  return xt::hypot(x, 1);
}

}  // namespace detail

template <>
struct rule<xt::math::asinh_fun> {
  static constexpr const char* name = "asinh";
  static constexpr const char* c_code = "asinh(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g / detail::root_of_one_plus_square(x)); }
};

template <>
struct rule<xt::math::acosh_fun> {
  static constexpr const char* name = "acosh";
  static constexpr const char* c_code = "acosh(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::sqrt;
    return std::tuple(g / (sqrt(x - 1) * sqrt(x + 1)));  // x² may not be a number
  }
};

template <>
struct rule<xt::math::atanh_fun> {
  static constexpr const char* name = "atanh";
  static constexpr const char* c_code = "atanh(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g / detail::one_minus_square(x)); }
};

}  // namespace xg
