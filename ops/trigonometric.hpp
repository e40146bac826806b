// Trigonometric functions beside sin and cos (math.hpp), their inverses, and angles in degrees. xtensor's own: call
// them as `xt::tan(v)`, or `xg::tan(v)`. Angles are in radians.
#pragma once

#include <xgrad/ops/math.hpp>

namespace xg {

using xt::acos;
using xt::asin;
using xt::atan;
using xt::atan2;
using xt::deg2rad;
using xt::degrees;
using xt::rad2deg;
using xt::radians;
using xt::tan;

namespace detail {

/// 1 - x², with its digits also close to ±1. A function of its own, so that its slope has them close to 0.
struct one_minus_square_fun {
  template <class V>
  V operator()(V x) const {
    return (V(1) - x) * (V(1) + x);
  }
};
template <numeric V>
V one_minus_square(V x) {
  return one_minus_square_fun()(x);
}
template <differentiable X>
auto one_minus_square(const X& x) {
  return elementwise<one_minus_square_fun>()(x);
}

}  // namespace detail

template <>
struct rule<detail::one_minus_square_fun> {
  static constexpr const char* name = "one_minus_square";
  static constexpr const char* c_code = "(1 - a) * (1 + a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * (-2 * x)); }
};

template <>
struct rule<xt::math::tan_fun> {
  static constexpr const char* name = "tan";
  static constexpr const char* c_code = "tan(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto) { return std::tuple(g * (1 + y * y)); }
};

template <>
struct rule<xt::math::asin_fun> {
  static constexpr const char* name = "asin";
  static constexpr const char* c_code = "asin(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::sqrt;
    return std::tuple(g / sqrt(detail::one_minus_square(x)));
  }
};

template <>
struct rule<xt::math::acos_fun> {
  static constexpr const char* name = "acos";
  static constexpr const char* c_code = "acos(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::sqrt;
    return std::tuple(-(g / sqrt(detail::one_minus_square(x))));
  }
};

template <>
struct rule<xt::math::atan_fun> {
  static constexpr const char* name = "atan";
  static constexpr const char* c_code = "atan(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g / (1 + x * x)); }
};

namespace detail {

template <differentiable X>
auto hypot(const X& a, const X& b) {
  return xt::hypot(a, b);
}

}  // namespace detail

template <>
struct rule<xt::math::atan2_fun> {  // atan2(a, b): the angle of the point (b, a); its slope at (0, 0) is 0
  static constexpr const char* name = "atan2";
  static constexpr const char* c_code = "atan2(a, b)";
  static constexpr bool compiled = true;
  static auto forward(numeric auto a, numeric auto b) { return atan2(a, b); }
  static auto backward(auto g, auto, auto a, auto b) {
    const auto radius = detail::hypot(a, b);
    const auto at_zero = is_equal(radius, 0);
    const auto size = choose(at_zero, radius + 1, radius);  // divided by twice, as its square may not be a number
    return std::tuple(zero_where(at_zero, g * (b / size / size)), zero_where(at_zero, -(g * (a / size / size))));
  }
};

template <>
struct rule<xt::math::deg2rad> {
  static constexpr const char* name = "deg2rad";
  static constexpr const char* c_code = "a * 0.017453292519943296";
  static constexpr bool compiled = true;
  static constexpr double factor = 0.017453292519943296;  // π / 180
  static auto forward(numeric auto x) { return x * decltype(x)(factor); }
  static auto backward(auto g, auto, auto) { return std::tuple(g * factor); }
};

template <>
struct rule<xt::math::rad2deg> {
  static constexpr const char* name = "rad2deg";
  static constexpr const char* c_code = "a * 57.295779513082321";
  static constexpr bool compiled = true;
  static constexpr double factor = 57.295779513082321;  // 180 / π
  static auto forward(numeric auto x) { return x * decltype(x)(factor); }
  static auto backward(auto g, auto, auto) { return std::tuple(g * factor); }
};

}  // namespace xg
