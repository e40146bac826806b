// Comparisons and conditions are constants: 1 where they hold, else 0, and no gradient flows through them. `where`,
// `maximum`, `minimum`, `fmax` and `fmin` hand the adjoint to the operand that was taken.
#pragma once

#include <limits>

#include <xgrad/core/tape/linear.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

using xt::equal;
using xt::fmax;
using xt::fmin;
using xt::maximum;
using xt::minimum;
using xt::not_equal;
using xt::where;

template <>
struct rule<xt::detail::less> : detail::comparison_rule {
  static constexpr const char* name = "<";
  static constexpr const char* c_code = "a < b ? 1.0 : 0.0";
};
template <>
struct rule<xt::detail::less_equal> : detail::comparison_rule {
  static constexpr const char* name = "<=";
  static constexpr const char* c_code = "a <= b ? 1.0 : 0.0";
};
template <>
struct rule<xt::detail::greater> : detail::comparison_rule {
  static constexpr const char* name = ">";
  static constexpr const char* c_code = "a > b ? 1.0 : 0.0";
};
template <>
struct rule<xt::detail::greater_equal> : detail::comparison_rule {
  static constexpr const char* name = ">=";
  static constexpr const char* c_code = "a >= b ? 1.0 : 0.0";
};
template <>
struct rule<xt::detail::not_equal_to> : detail::comparison_rule {
  static constexpr const char* name = "!=";
  static constexpr const char* c_code = "a != b ? 1.0 : 0.0";
  // Not `a != b`, which on some lanes does not hold for a NaN; so too below.
  static auto forward(numeric auto a, numeric auto b) { return zero_where(a == b, decltype(a)(1)); }
};
template <>
struct rule<xt::detail::logical_and> : detail::comparison_rule {
  static constexpr const char* name = "&&";
  static constexpr const char* c_code = "a != 0 && b != 0 ? 1.0 : 0.0";
  static auto forward(numeric auto a, numeric auto b) {
    return zero_where(a == decltype(a)(0), zero_where(b == decltype(b)(0), decltype(a)(1)));
  }
};
template <>
struct rule<xt::detail::logical_or> : detail::comparison_rule {
  static constexpr const char* name = "||";
  static constexpr const char* c_code = "a != 0 || b != 0 ? 1.0 : 0.0";
  static auto forward(numeric auto a, numeric auto b) {
    return choose(a == decltype(a)(0), zero_where(b == decltype(b)(0), decltype(a)(1)), decltype(a)(1));
  }
};
template <>
struct rule<xt::detail::logical_not> {
  static constexpr const char* name = "!";
  static constexpr const char* c_code = "a == 0 ? 1.0 : 0.0";
  static constexpr bool compiled = true, selects = true;
  static auto forward(numeric auto a) { return a == decltype(a)(0); }
  static auto backward(auto, auto, auto) { return std::tuple(no_gradient); }
};

namespace detail {

/// The adjoints of two operands of which one is taken: equal ones get half each. Where they do not compare, one is a
/// NaN.
auto share_adjoint(auto g, auto a_taken, auto b_taken, auto equal, auto a_with_nan, auto b_with_nan) {
  const auto half = g / 2;
  return std::tuple(choose(a_taken, g, zero_where(b_taken, choose(equal, half, a_with_nan))),
                    choose(b_taken, g, zero_where(a_taken, choose(equal, half, b_with_nan))));
}

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace detail

// Where an operand is a NaN, maximum and minimum are, and so are their derivatives.
template <>
struct rule<xt::math::maximum<void>> {
  static constexpr const char* name = "maximum";
  static constexpr const char* c_code = "a > b || a != a ? a : b";
  static constexpr bool compiled = true;
  static auto forward(numeric auto a, numeric auto b) { return choose(is_equal(a, a), choose(a > b, a, b), a); }
  static auto backward(auto g, auto, auto a, auto b) {
    return detail::share_adjoint(g, a > b, a < b, is_equal(a, b), detail::nan, detail::nan);
  }
};

template <>
struct rule<xt::math::minimum<void>> {
  static constexpr const char* name = "minimum";
  static constexpr const char* c_code = "a < b || a != a ? a : b";
  static constexpr bool compiled = true;
  static auto forward(numeric auto a, numeric auto b) { return choose(is_equal(a, a), choose(a < b, a, b), a); }
  static auto backward(auto g, auto, auto a, auto b) {
    return detail::share_adjoint(g, a<b, a> b, is_equal(a, b), detail::nan, detail::nan);
  }
};

// fmax and fmin take the number where the other operand is a NaN.
template <>
struct rule<xt::math::fmax_fun> {
  static constexpr const char* name = "fmax";
  static constexpr const char* c_code = "fmax(a, b)";
  static constexpr bool compiled = true, selects = true;
  static auto forward(numeric auto a, numeric auto b) { return choose(a > b, a, choose(is_equal(b, b), b, a)); }
  static auto backward(auto g, auto, auto a, auto b) {
    return detail::share_adjoint(g, a > b, a < b, is_equal(a, b), keep_where(is_equal(a, a), g),
                                 keep_where(is_equal(b, b), g));
  }
};

template <>
struct rule<xt::math::fmin_fun> {
  static constexpr const char* name = "fmin";
  static constexpr const char* c_code = "fmin(a, b)";
  static constexpr bool compiled = true, selects = true;
  static auto forward(numeric auto a, numeric auto b) { return choose(a < b, a, choose(is_equal(b, b), b, a)); }
  static auto backward(auto g, auto, auto a, auto b) {
    return detail::share_adjoint(g, a<b, a> b, is_equal(a, b), keep_where(is_equal(a, a), g),
                                 keep_where(is_equal(b, b), g));
  }
};

}  // namespace xg
