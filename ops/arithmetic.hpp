// Arithmetic: - * / and negation (as xtensor's operators; + is in core/tape/linear.hpp), square and cube.
#pragma once

#include <xgrad/core/tape/linear.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

template <>
struct rule<xt::detail::negate> {
  static constexpr const char* name = "-";
  static constexpr const char* c_code = "-a";
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto g, auto, auto) { return std::tuple(-g); }
};

template <>
struct rule<xt::detail::minus> {
  static constexpr const char* name = "-";
  static constexpr const char* c_code = "a - b";
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto g, auto, auto, auto) { return std::tuple(g, -g); }
};

template <>
struct rule<xt::detail::multiplies> {
  static constexpr const char* name = "*";
  static constexpr const char* c_code = "a * b";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto a, auto b) { return std::tuple(g * b, g * a); }
};

template <>
struct rule<xt::detail::divides> {
  static constexpr const char* name = "/";
  static constexpr const char* c_code = "a / b";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto, auto b) { return std::tuple(g / b, -(g * y / b)); }
};

struct square_fun {
  template <class V>
  V operator()(V x) const {
    return x * x;
  }
};
template <>
struct rule<square_fun> {
  static constexpr const char* name = "square";
  static constexpr const char* c_code = "a * a";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * (2 * x)); }
};
/// x², element by element. `xt::square` on variables is the same function.
template <template <class...> class V, class... P>
requires differentiable<V<P...>>
auto square(V<P...> x) noexcept { return xt::detail::make_xfunction<square_fun>(x); }
using xt::square;

struct cube_fun {
  template <class V>
  V operator()(V x) const {
    return x * x * x;
  }
};
template <>
struct rule<cube_fun> {
  static constexpr const char* name = "cube";
  static constexpr const char* c_code = "a * a * a";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * (3 * x * x)); }
};
/// x³, element by element. `xt::cube` on variables is the same function.
template <template <class...> class V, class... P>
requires differentiable<V<P...>>
auto cube(V<P...> x) noexcept { return xt::detail::make_xfunction<cube_fun>(x); }
using xt::cube;

}  // namespace xg
