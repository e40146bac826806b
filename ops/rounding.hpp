// Functions with steps: rounding, signs, remainders, bounds, and tests of numbers. xtensor's own: call them as
// `xt::floor(v)`, or `xg::floor(v)`.
//
// What is constant between its steps (floor, ceil, trunc, round, rint, nearbyint, sign, isnan, isinf, isfinite) is a
// constant, as comparisons are: no gradient flows through it.
#pragma once

#include <xgrad/ops/math.hpp>

namespace xg {

using xt::ceil;
using xt::clip;
using xt::fdim;
using xt::floor;
using xt::fmod;
using xt::isfinite;
using xt::isinf;
using xt::isnan;
using xt::nearbyint;
using xt::remainder;
using xt::rint;
using xt::round;
using xt::sign;
using xt::trunc;

namespace detail {

struct step_rule {
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto, auto, auto) { return std::tuple(no_gradient); }
};

}  // namespace detail

template <>
struct rule<xt::math::floor_fun> : detail::step_rule {
  static constexpr const char* name = "floor";
  static constexpr const char* c_code = "floor(a)";
};
template <>
struct rule<xt::math::ceil_fun> : detail::step_rule {
  static constexpr const char* name = "ceil";
  static constexpr const char* c_code = "ceil(a)";
};
template <>
struct rule<xt::math::trunc_fun> : detail::step_rule {
  static constexpr const char* name = "trunc";
  static constexpr const char* c_code = "trunc(a)";
};
template <>
struct rule<xt::math::round_fun> : detail::step_rule {  // halves away from zero, as in C; rint: to even, as in NumPy
  static constexpr const char* name = "round";
  static constexpr const char* c_code = "round(a)";
};
template <>
struct rule<xt::math::rint_fun> : detail::step_rule {
  static constexpr const char* name = "rint";
  static constexpr const char* c_code = "rint(a)";
};
template <>
struct rule<xt::math::nearbyint_fun> : detail::step_rule {
  static constexpr const char* name = "nearbyint";
  static constexpr const char* c_code = "nearbyint(a)";
};
template <>
struct rule<xt::math::sign_fun> : detail::step_rule {  // of zeros and NaN: these themselves
  static constexpr const char* name = "sign";
  static constexpr const char* c_code = "a > 0 ? 1 : a < 0 ? -1 : a";
  static auto forward(numeric auto x) {
    using V = decltype(x);
    return choose(x > V(0), V(1), choose(x < V(0), V(-1), x));
  }
};
template <>
struct rule<xt::math::isnan_fun> : detail::step_rule {
  static constexpr const char* name = "isnan";
  static constexpr const char* c_code = "isnan(a) ? 1.0 : 0.0";
  static auto forward(numeric auto x) { return zero_where(is_equal(x, x), decltype(x)(1)); }
};
template <>
struct rule<xt::math::isinf_fun> : detail::step_rule {
  static constexpr const char* name = "isinf";
  static constexpr const char* c_code = "isinf(a) ? 1.0 : 0.0";
  static auto forward(numeric auto x) { return abs(x) == decltype(x)(detail::infinity<decltype(x)>); }
};
template <>
struct rule<xt::math::isfinite_fun> : detail::step_rule {
  static constexpr const char* name = "isfinite";
  static constexpr const char* c_code = "isfinite(a) ? 1.0 : 0.0";
  static auto forward(numeric auto x) { return abs(x) < decltype(x)(detail::infinity<decltype(x)>); }
};

namespace detail {

/// How many times b was taken off a to leave y.
auto times_taken_off(const auto& y, const auto& a, const auto& b) {
  using std::rint;
  return rint((a - y) / b);
}

struct remainder_rule {
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto a, auto b) { return std::tuple(g, -(g * times_taken_off(y, a, b))); }
};

}  // namespace detail

template <>
struct rule<xt::math::fmod_fun> : detail::remainder_rule {
  static constexpr const char* name = "fmod";
  static constexpr const char* c_code = "fmod(a, b)";
  static auto forward(numeric auto a, numeric auto b) { return fmod(a, b); }
};
template <>
struct rule<xt::math::remainder_fun> : detail::remainder_rule {
  static constexpr const char* name = "remainder";
  static constexpr const char* c_code = "remainder(a, b)";
  static auto forward(numeric auto a, numeric auto b) { return remainder(a, b); }
};

namespace detail {

/// a - b, and 0 where they are equal: also where both are infinite.
struct gap_fun {
  template <class V>
  V operator()(V a, V b) const {
    const auto equal = is_equal(a, b);
    return zero_where(equal, a) - zero_where(equal, b);
  }
};
template <numeric V>
V gap(V a, V b) {
  return gap_fun()(a, b);
}
template <differentiable X>
auto gap(const X& a, const X& b) {
  return elementwise<gap_fun>()(a, b);
}

}  // namespace detail

template <>
struct rule<detail::gap_fun> {
  static constexpr const char* name = "gap";
  static constexpr const char* c_code = "a == b ? 0 : a - b";
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto g, auto, auto, auto) { return std::tuple(g, -g); }
};

template <>
struct rule<xt::math::fdim_fun> {  // a - b where that is positive, else 0
  static constexpr const char* name = "fdim";
  static constexpr const char* c_code = "a <= b ? 0 : a - b";
  static constexpr bool compiled = true;
  static auto forward(numeric auto a, numeric auto b) { return zero_where(a <= b, detail::gap(a, b)); }
  // Where a > b does not hold, y is what the slope is: zero, or not a number.
  static auto backward(auto g, auto y, auto a, auto b) { return std::tuple(choose(a > b, g, y), choose(a > b, -g, y)); }
};

template <>
struct rule<xt::math::clamp_fun> {
  // As NumPy's: min(max(x, low), high), and NaN where any of them is. x has the adjoint up to the bounds, and at them.
  static constexpr const char* name = "clip";
  static constexpr const char* c_code = R"(static double xg_clip(double x, double low, double high) {
  double y = x < low || low != low ? low : x;
  if (y > high || high != high) y = high;
  return y;
})";
  static constexpr bool compiled = true;
  static auto forward(numeric auto x, numeric auto low, numeric auto high) {
    const auto raised = choose(is_equal(low, low), choose(x < low, low, x), low);
    return choose(is_equal(high, high), choose(raised > high, high, raised), high);
  }
  static auto backward(auto g, auto y, auto x, auto low, auto high) {
    const auto number = is_equal(y, y);
    const auto of_bound = zero_where(x >= low, g);
    return std::tuple(choose(number, zero_where(x < low, zero_where(x > high, g)), detail::nan),
                      choose(number, zero_where(low > high, of_bound), detail::nan),
                      choose(number, choose(low > high, g, zero_where(x <= high, g)), detail::nan));
  }
};

}  // namespace xg
