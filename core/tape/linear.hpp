// The rules adjoints themselves are made of: identity (sums and broadcasts of a variable), + and the guard, with what
// its own derivative says. They are the only functions core knows; all others are in ops.
#pragma once

#include <xgrad/core/expression/rule.hpp>

namespace xg {

template <>
struct rule<xt::detail::identity> {
  static constexpr const char* name = "identity";
  static constexpr const char* c_code = "a";
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto g, auto, auto) { return std::tuple(g); }
};

template <>
struct rule<xt::detail::plus> {
  static constexpr const char* name = "+";
  static constexpr const char* c_code = "a + b";
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto g, auto, auto, auto) { return std::tuple(g, g); }
};

template <>
struct rule<guard_fun> {
  static constexpr const char* name = "guard";
  static constexpr const char* c_code = "a == 0 ? 0 : b";
  static constexpr bool compiled = true, selects = true;
  // Where g is zero and d finite, d's own derivatives are those of the adjoint; only what is not a number is shut out.
  static auto backward(auto adjoint, auto, auto g, auto d) {
    return std::tuple(no_gradient, choose(is_equal(d, d), adjoint, zero_where(is_equal(g, 0), adjoint)));
  }
};

namespace detail {

struct comparison_rule {
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto, auto, auto, auto) { return std::tuple(no_gradient, no_gradient); }
};

}  // namespace detail

template <>
struct rule<xt::detail::equal_to> : detail::comparison_rule {
  static constexpr const char* name = "==";
  static constexpr const char* c_code = "a == b ? 1.0 : 0.0";
};
template <>
struct rule<xt::detail::conditional_ternary> {
  static constexpr const char* name = "where";
  static constexpr const char* c_code = "a != 0 ? b : c";
  static constexpr bool compiled = true, selects = true;
  static auto forward(numeric auto c, numeric auto a, numeric auto b) { return choose(c == decltype(c)(0), b, a); }
  static auto backward(auto g, auto, auto c, auto, auto) {
    return std::tuple(no_gradient, zero_where(is_equal(c, 0), g), keep_where(is_equal(c, 0), g));
  }
};

}  // namespace xg
