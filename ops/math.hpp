// Elementary functions: xtensor's own, given their rules. Call them as `xt::exp(v)`, or `xg::exp(v)`.
#pragma once

#include <cmath>

#include <xgrad/core/expression/lanes_math.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/compare.hpp>

namespace xg {

using xt::abs;
using xt::cbrt;
using xt::cos;
using xt::exp;
using xt::exp2;
using xt::expm1;
using xt::fabs;
using xt::fma;
using xt::hypot;
using xt::log;
using xt::log10;
using xt::log1p;
using xt::log2;
using xt::pow;
using xt::sin;
using xt::sqrt;
using xt::tanh;

template <>
struct rule<xt::math::exp_fun> {
  static constexpr const char* name = "exp";
  static constexpr const char* c_code = "exp(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto) { return std::tuple(g * y); }
};

template <>
struct rule<xt::math::exp2_fun> {
  static constexpr const char* name = "exp2";
  static constexpr const char* c_code = "exp2(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto) { return std::tuple(g * (y * 0.69314718055994531)); }  // ln 2
};

template <>
struct rule<xt::math::expm1_fun> {
  static constexpr const char* name = "expm1";
  static constexpr const char* c_code = "expm1(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::exp;
    return std::tuple(g * exp(x));  // y + 1 has no digits where y is close to -1
  }
};

template <>
struct rule<xt::math::log_fun> {
  static constexpr const char* name = "log";
  static constexpr const char* c_code = "log(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g / x); }
};

template <>
struct rule<xt::math::log2_fun> {
  static constexpr const char* name = "log2";
  static constexpr const char* c_code = "log2(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * 1.4426950408889634 / x); }  // log2 e
};

template <>
struct rule<xt::math::log10_fun> {
  static constexpr const char* name = "log10";
  static constexpr const char* c_code = "log10(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * 0.43429448190325183 / x); }  // log10 e
};

template <>
struct rule<xt::math::log1p_fun> {
  static constexpr const char* name = "log1p";
  static constexpr const char* c_code = "log1p(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g / (1 + x)); }
};

template <>
struct rule<xt::math::sqrt_fun> {
  static constexpr const char* name = "sqrt";
  static constexpr const char* c_code = "sqrt(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto) { return std::tuple(g / (2 * y)); }
};

template <>
struct rule<xt::math::cbrt_fun> {
  static constexpr const char* name = "cbrt";
  static constexpr const char* c_code = "cbrt(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto) { return std::tuple(g / (3 * (y * y))); }
};

template <>
struct rule<xt::math::hypot_fun> {  // its slope at (0, 0) is 0
  static constexpr const char* name = "hypot";
  static constexpr const char* c_code = "hypot(a, b)";
  static constexpr bool compiled = true;
  static auto forward(numeric auto a, numeric auto b) { return hypot(a, b); }
  static auto backward(auto g, auto y, auto a, auto b) {
    const auto at_zero = is_equal(y, 0);
    const auto size = choose(at_zero, y + 1, y);
    return std::tuple(zero_where(at_zero, g * (a / size)), zero_where(at_zero, g * (b / size)));
  }
};

template <>
struct rule<xt::math::fma_fun> {
  static constexpr const char* name = "fma";
  static constexpr const char* c_code = "fma(a, b, c)";
  static constexpr bool compiled = true;
  static auto forward(numeric auto a, numeric auto b, numeric auto c) { return detail::multiply_add(a, b, c); }
  static auto backward(auto g, auto, auto a, auto b, auto) { return std::tuple(g * b, g * a, g); }
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
  static constexpr const char* c_code = R"(static double xg_logistic_density(double x) {
  const double e = exp(-fabs(x));
  return e / ((1 + e) * (1 + e));
})";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto x) {
    using std::tanh;
    return std::tuple(-(g * (y * tanh(0.5 * x))));
  }
};

template <>
struct rule<xt::math::tanh_fun> {
  static constexpr const char* name = "tanh";
  static constexpr const char* c_code = "tanh(a)";
  static constexpr bool compiled = true;
  // 1 - y² has no digits where y is close to 1.
  static auto backward(auto g, auto, auto x) { return std::tuple(g * (4 * detail::logistic_density(x + x))); }
};

template <>
struct rule<xt::math::sin_fun> {
  static constexpr const char* name = "sin";
  static constexpr const char* c_code = "sin(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::cos;
    return std::tuple(g * cos(x));
  }
};

template <>
struct rule<xt::math::cos_fun> {
  static constexpr const char* name = "cos";
  static constexpr const char* c_code = "cos(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::sin;
    return std::tuple(-(g * sin(x)));
  }
};

template <>
struct rule<xt::math::abs_fun> {  // |x|' = 0 at 0
  static constexpr const char* name = "abs";
  static constexpr const char* c_code = "fabs(a)";
  static constexpr bool compiled = true;
  // Where x is neither positive nor negative, y is what the derivative is: zero, or not a number.
  static auto backward(auto g, auto y, auto x) { return std::tuple(choose(x > 0, g, choose(x < 0, -g, y))); }
};

template <>
struct canonical_functor<xt::math::fabs_fun> : std::type_identity<xt::math::abs_fun> {};

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
  static constexpr const char* c_code = "pow(a, b)";
  static constexpr bool compiled = true;
  static auto forward(numeric auto a, numeric auto b) { return detail::power(a, b); }
  static auto backward(auto g, auto y, auto a, auto b) {
    using std::log;
    const auto by_a = g * (b * detail::power(a, b - 1));
    return std::tuple(choose(is_equal(a, 0), zero_where(is_equal(b, 0), by_a), by_a),
                      zero_where(is_equal(a, 0), g * (y * log(a))));
  }
};

/// 1 / x.
struct reciprocal_t {
  template <differentiable X>
  auto operator()(const X& x) const noexcept {
    return 1 / x;
  }
};
inline constexpr reciprocal_t reciprocal;

}  // namespace xg
