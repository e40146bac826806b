// Elementary functions: xtensor's own, given their rules. Call them as `xt::exp(v)`, or `xg::exp(v)`.
#pragma once

#include <cmath>

#include <xgrad/core/expression/lanes_math.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/compare.hpp>

namespace xg {

using xt::abs;
using xt::cos;
using xt::exp;
using xt::expm1;
using xt::log;
using xt::log1p;
using xt::pow;
using xt::sin;
using xt::sqrt;
using xt::tanh;

template <>
struct rule<xt::math::exp_fun> {
  static constexpr const char* name = "exp";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto) { return std::tuple(g * y); }
};

template <>
struct rule<xt::math::expm1_fun> {
  static constexpr const char* name = "expm1";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::exp;
    return std::tuple(g * exp(x));  // y + 1 has no digits where y is close to -1
  }
};

template <>
struct rule<xt::math::log_fun> {
  static constexpr const char* name = "log";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g / x); }
};

template <>
struct rule<xt::math::log1p_fun> {
  static constexpr const char* name = "log1p";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g / (1 + x)); }
};

template <>
struct rule<xt::math::sqrt_fun> {
  static constexpr const char* name = "sqrt";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto) { return std::tuple(g / (2 * y)); }
};

namespace detail {

struct logistic_density_fun {
  template <class V>
  V operator()(V x) const {
    return detail::logistic_density(x);
  }
};
/// sigmoid(x) sigmoid(-x), the derivative of the logistic function, on variables as on lanes.
template <differentiable X>
auto logistic_density(const X& x) {
  return elementwise<logistic_density_fun>()(x);
}

}  // namespace detail

template <>
struct rule<detail::logistic_density_fun> {
  static constexpr const char* name = "logistic_density";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto x) {
    using std::tanh;
    return std::tuple(-(g * (y * tanh(0.5 * x))));
  }
};

template <>
struct rule<xt::math::tanh_fun> {
  static constexpr const char* name = "tanh";
  static constexpr bool compiled = true;
  // 1 - y² has no digits where y is close to 1.
  static auto backward(auto g, auto, auto x) { return std::tuple(g * (4 * detail::logistic_density(x + x))); }
};

template <>
struct rule<xt::math::sin_fun> {
  static constexpr const char* name = "sin";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::cos;
    return std::tuple(g * cos(x));
  }
};

template <>
struct rule<xt::math::cos_fun> {
  static constexpr const char* name = "cos";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::sin;
    return std::tuple(-(g * sin(x)));
  }
};

template <>
struct rule<xt::math::abs_fun> {  // |x|' = 0 at 0
  static constexpr const char* name = "abs";
  static constexpr bool compiled = true;
  // Where x is neither positive nor negative, y is what the derivative is: zero, or not a number.
  static auto backward(auto g, auto y, auto x) { return std::tuple(choose(x > 0, g, choose(x < 0, -g, y))); }
};

namespace detail {

/// a^b on lanes and variables alike.
template <numeric V>
V power(V a, std::type_identity_t<V> b) {
  return pow(a, b);
}
template <differentiable X>
auto power(const X& a, const auto& b) {
  return xt::pow(a, b);
}

}  // namespace detail

template <>
struct rule<xt::math::pow_fun> {
  // d(a^b)/da = 0 for b = 0, also where a = 0; d(a^b)/db = 0 for a = 0, as a^b is 0 or 1 there.
  static constexpr const char* name = "pow";
  static constexpr bool compiled = true;
  static auto forward(numeric auto a, numeric auto b) { return detail::power(a, b); }
  static auto backward(auto g, auto y, auto a, auto b) {
    using std::log;
    const auto by_a = g * (b * detail::power(a, b - 1));
    return std::tuple(choose(is_equal(a, 0), zero_where(is_equal(b, 0), by_a), by_a),
                      zero_where(is_equal(a, 0), g * (y * log(a))));
  }
};

}  // namespace xg
