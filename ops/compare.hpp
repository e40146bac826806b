// Comparisons and conditions are constants: 1 where they hold, else 0, and no gradient flows through them. `where`,
// `maximum` and `minimum` hand the adjoint to the branch that was taken.
#pragma once

#include <xgrad/core/rule.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

using xt::equal;
using xt::maximum;
using xt::minimum;
using xt::not_equal;
using xt::where;

namespace detail {

struct comparison_rule {
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto, auto, auto, auto) { return std::tuple(no_gradient, no_gradient); }
};

}  // namespace detail

template <>
struct rule<xt::detail::less> : detail::comparison_rule {
  static constexpr const char* name = "<";
};
template <>
struct rule<xt::detail::less_equal> : detail::comparison_rule {
  static constexpr const char* name = "<=";
};
template <>
struct rule<xt::detail::greater> : detail::comparison_rule {
  static constexpr const char* name = ">";
};
template <>
struct rule<xt::detail::greater_equal> : detail::comparison_rule {
  static constexpr const char* name = ">=";
};
template <>
struct rule<xt::detail::equal_to> : detail::comparison_rule {
  static constexpr const char* name = "==";
};
template <>
struct rule<xt::detail::not_equal_to> : detail::comparison_rule {
  static constexpr const char* name = "!=";
  // Not `a != b`, which on some lanes does not hold for a NaN; so too below.
  static auto forward(numeric auto a, numeric auto b) { return zero_where(a == b, decltype(a)(1)); }
};
template <>
struct rule<xt::detail::logical_and> : detail::comparison_rule {
  static constexpr const char* name = "&&";
  static auto forward(numeric auto a, numeric auto b) {
    return zero_where(a == decltype(a)(0), zero_where(b == decltype(b)(0), decltype(a)(1)));
  }
};
template <>
struct rule<xt::detail::logical_or> : detail::comparison_rule {
  static constexpr const char* name = "||";
  static auto forward(numeric auto a, numeric auto b) {
    return choose(a == decltype(a)(0), zero_where(b == decltype(b)(0), decltype(a)(1)), decltype(a)(1));
  }
};
template <>
struct rule<xt::detail::logical_not> {
  static constexpr const char* name = "!";
  static constexpr bool compiled = true, selects = true;
  static auto forward(numeric auto a) { return a == decltype(a)(0); }
  static auto backward(auto, auto, auto) { return std::tuple(no_gradient); }
};

template <>
struct rule<xt::detail::conditional_ternary> {
  static constexpr const char* name = "where";
  static constexpr bool compiled = true, selects = true;
  static auto forward(numeric auto c, numeric auto a, numeric auto b) { return choose(c == decltype(c)(0), b, a); }
  static auto backward(auto g, auto, auto c, auto, auto) {
    return std::tuple(no_gradient, zero_where(is_equal(c, 0), g), keep_where(is_equal(c, 0), g));
  }
};

template <>
struct rule<xt::math::maximum<void>> {  // equal operands get half each
  static constexpr const char* name = "maximum";
  static constexpr bool compiled = true, selects = true;
  static auto forward(numeric auto a, numeric auto b) { return choose(a > b, a, b); }
  static auto backward(auto g, auto, auto a, auto b) {
    const auto half = keep_where(is_equal(a, b), g / 2);
    return std::tuple(keep_where(a > b, g) + half, keep_where(a < b, g) + half);
  }
};

template <>
struct rule<xt::math::minimum<void>> {  // equal operands get half each
  static constexpr const char* name = "minimum";
  static constexpr bool compiled = true, selects = true;
  static auto forward(numeric auto a, numeric auto b) { return choose(a < b, a, b); }
  static auto backward(auto g, auto, auto a, auto b) {
    const auto half = keep_where(is_equal(a, b), g / 2);
    return std::tuple(keep_where(a < b, g) + half, keep_where(a > b, g) + half);
  }
};

}  // namespace xg
