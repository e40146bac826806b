// Special functions: the error function, the gamma function and its logarithm, with all that their derivatives need,
// and combinations of elementary functions whose values or slopes the plain formula would lose. erf, erfc, tgamma and
// lgamma are xtensor's own: call them as `xt::erf(v)`, or `xg::erf(v)`.
#pragma once

#include <source_location>

#include <xgrad/ops/gated.hpp>
#include <xgrad/ops/rounding.hpp>

namespace xg {

using xt::erf;
using xt::erfc;
using xt::lgamma;
using xt::tgamma;

// ---- The error function ----

namespace detail {

struct erf_slope_fun {
  template <class V>
  V operator()(V x) const {
    const V t = at_most(abs(x), constant<V>(27.3, 10.2f));  // it is 0 there
    return exp_of_minus_square(t, V(1)) * V(1.1283791670955126);
  }
};
/// 2/√π e^(-x²), with all digits where it is small.
template <numeric V>
V erf_slope(V x) {
  return erf_slope_fun()(x);
}
template <differentiable X>
auto erf_slope(const X& x) {
  return elementwise<erf_slope_fun>()(x);
}

}  // namespace detail

template <>
struct rule<detail::erf_slope_fun> {
  static constexpr const char* name = "erf_slope";
  static constexpr const char* c_code = "1.1283791670955126 * exp(-a * a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto x) { return std::tuple(-(g * (2 * detail::bounded(x) * y))); }
};
template <>
struct rule<xt::math::erf_fun> {
  static constexpr const char* name = "erf";
  static constexpr const char* c_code = "erf(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * detail::erf_slope(x)); }
};
template <>
struct rule<xt::math::erfc_fun> {
  static constexpr const char* name = "erfc";
  static constexpr const char* c_code = "erfc(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(-(g * detail::erf_slope(x))); }
};

// ---- The gamma function ----

namespace detail {

// In special_values.cpp, which says how.
double digamma(double x);
double polygamma(double order, double x);
double sinc_derivative(double order, double x);

struct polygamma_fun {  // the order is the first operand
  template <class V>
  V operator()(V order, V x) const {
    return each_lane([](auto n, auto a) { return decltype(a)(detail::polygamma(n, a)); }, order, x);
  }
};
template <numeric V>
V polygamma(V order, V x) {
  return polygamma_fun()(order, x);
}
template <class N, differentiable X>
auto polygamma(const N& order, const X& x) {
  return elementwise<polygamma_fun>()(order, x);
}

}  // namespace detail

template <>
struct rule<detail::polygamma_fun> {
  static constexpr const char* name = "polygamma";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto order, auto x) {
    return std::tuple(no_gradient, g * detail::polygamma(order + 1, x));
  }
};

struct digamma_fun {
  template <class V>
  V operator()(V x) const {
    return detail::each_lane([](auto a) { return decltype(a)(detail::digamma(a)); }, x);
  }
};

namespace detail {

template <numeric V>
V digamma(V x) {
  return digamma_fun()(x);
}
template <differentiable X>
auto digamma(const X& x) {
  return elementwise<digamma_fun>()(x);
}
/// The derivative of digamma.
template <numeric V>
V trigamma(V x) {
  return polygamma(V(1), x);
}
template <differentiable X>
auto trigamma(const X& x) {
  return polygamma(1, x);
}

}  // namespace detail

template <>
struct rule<digamma_fun> {
  static constexpr const char* name = "digamma";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * detail::trigamma(x)); }
};
/// digamma(x), the derivative of lgamma. At 0, -1, -2, ... it has poles: -∞ at 0, ∞ at -0, NaN at the others. Where it
/// is zero for x > 0 it keeps its digits; at its zeros below 0 it is right to an ulp of π cot(πx).
inline constexpr elementwise<digamma_fun> digamma;

/// polygamma(n, x): the nth derivative of digamma, n from 0 to 100; (-1)^(n+1) n! Σ 1 / (x + k)^(n+1) over k = 0, 1,
/// ... for n > 0. Below 0 it is right, for even n, to an ulp of the nth derivative of π cot(πx). Throws value_error for
/// another n.
struct polygamma_t {
  template <differentiable X>
  auto operator()(int n, const X& x, const std::source_location& where = std::source_location::current()) const {
    if (n < 0 || n > 100) bad_order(n, where);
    return elementwise<detail::polygamma_fun>()(n, x);
  }

 private:
  [[noreturn]] static void bad_order(int n, const std::source_location& where);
};
inline constexpr polygamma_t polygamma;

template <>
struct rule<xt::math::lgamma_fun> {
  static constexpr const char* name = "lgamma";
  static constexpr const char* c_code = "lgamma(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * detail::digamma(x)); }
};
template <>
struct rule<xt::math::tgamma_fun> {
  static constexpr const char* name = "tgamma";
  static constexpr const char* c_code = "tgamma(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto x) { return std::tuple(g * (y * detail::digamma(x))); }
};

// ---- Others ----

namespace detail {

struct sinc_derivative_fun {  // the order is the first operand
  template <class V>
  V operator()(V order, V x) const {
    return each_lane([](auto n, auto a) { return decltype(a)(detail::sinc_derivative(n, a)); }, order, x);
  }
};
template <numeric V>
V sinc_derivative(V order, V x) {
  return sinc_derivative_fun()(order, x);
}
template <class N, differentiable X>
auto sinc_derivative(const N& order, const X& x) {
  return elementwise<sinc_derivative_fun>()(order, x);
}

}  // namespace detail

template <>
struct rule<detail::sinc_derivative_fun> {
  static constexpr const char* name = "sinc_derivative";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto order, auto x) {
    return std::tuple(no_gradient, g * detail::sinc_derivative(order + 1, x));
  }
};
/// sinc(x) = sin(πx) / (πx), and 1 at 0, as NumPy's and PyTorch's; exactly 0 at other whole numbers and at infinities.
/// Its derivatives are computed from x, so that they have their digits close to 0.
struct sinc_t {
  template <differentiable X>
  auto operator()(const X& x) const noexcept {
    return elementwise<detail::sinc_derivative_fun>()(0, x);
  }
};
inline constexpr sinc_t sinc;

struct logaddexp_fun {
  template <class V>
  V operator()(V a, V b) const {
    return detail::at_least(a, b) + log1p(exp(-abs(detail::gap(a, b))));
  }
};
template <>
struct rule<logaddexp_fun> {
  static constexpr const char* name = "logaddexp";
  static constexpr const char* c_code = R"(static double xg_logaddexp(double x, double y) {
  const double gap = x == y ? 0 : x - y;
  return (x > y || x != x ? x : y) + log1p(exp(-fabs(gap)));
})";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto a, auto b) {
    return std::tuple(g * detail::sigmoid(detail::gap(a, b)), g * detail::sigmoid(detail::gap(b, a)));
  }
};
/// logaddexp(a, b) = log(e^a + e^b), which does not overflow, right to an ulp of the larger operand. (Along an axis:
/// logsumexp.)
inline constexpr elementwise<logaddexp_fun> logaddexp;

struct xlogy_fun {
  template <class V>
  V operator()(V x, V y) const {
    const auto number = is_equal(y, y);
    return x * log(choose(is_equal(x, 0), choose(number, V(1), y), y));
  }
};
template <>
struct rule<xlogy_fun> {
  static constexpr const char* name = "xlogy";
  static constexpr const char* c_code = "a == 0 && b == b ? 0 : a * log(b)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x, auto y) {
    using std::log;
    const auto x_zero = is_equal(x, 0), y_zero = is_equal(y, 0);
    const auto divisor = choose(x_zero, choose(y_zero, y + 1, y), y);
    const auto by_x = g * log(y);
    const auto by_y = g * (x / divisor);
    return std::tuple(choose(y_zero, zero_where(x_zero, by_x), by_x), choose(y_zero, zero_where(x_zero, by_y), by_y));
  }
};
/// xlogy(x, y) = x log y, and 0 where x is 0, unless y is NaN. At (0, 0) both slopes are 0.
inline constexpr elementwise<xlogy_fun> xlogy;

}  // namespace xg
