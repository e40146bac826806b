// Activation functions that multiply x by a smooth gate: gelu, silu, mish, hardswish, by the definitions of
// torch.nn.functional. Far below zero they keep their digits, and at infinities they have values and slopes.
#pragma once

#include <xgrad/ops/activation.hpp>

namespace xg {

namespace detail {

struct normal_cdf_fun {
  template <class V>
  V operator()(V x) const {
    return detail::normal_cdf(x);
  }
};
struct normal_density_fun {
  template <class V>
  V operator()(V x) const {
    return detail::normal_density(x);
  }
};
/// The distribution function of the normal distribution, and its density, on variables as on lanes.
template <differentiable X>
auto normal_cdf(const X& x) {
  return elementwise<normal_cdf_fun>()(x);
}
template <differentiable X>
auto normal_density(const X& x) {
  return elementwise<normal_density_fun>()(x);
}

/// x, but for infinities a number that is as good: what it is multiplied by is zero there.
auto bounded(const auto& x) { return choose(!(x >= 1000), choose(!(x <= -1000), x, -1000), 1000); }

/// x · gate, and 0 at -∞.
template <numeric V>
V gated(V x, V gate) {
  return at_least(x, V(-1000)) * gate;
}

}  // namespace detail

template <>
struct rule<detail::normal_cdf_fun> {
  static constexpr const char* name = "normal_cdf";
  static constexpr const char* c_code = "0.5 * erfc(-0.70710678118654752 * a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * detail::normal_density(x)); }
};
template <>
struct rule<detail::normal_density_fun> {
  static constexpr const char* name = "normal_density";
  static constexpr const char* c_code = "0.39894228040143268 * exp(-0.5 * a * a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto y, auto x) { return std::tuple(-(g * (detail::bounded(x) * y))); }
};

struct gelu_fun {
  template <class V>
  V operator()(V x) const {
    return detail::gated(x, detail::normal_cdf(x));
  }
};
template <>
struct rule<gelu_fun> {
  static constexpr const char* name = "gelu";
  static constexpr const char* c_code = R"(static double xg_gelu(double x) {
  return (x < -1000 ? -1000 : x) * (0.5 * erfc(-0.70710678118654752 * x));
})";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    return std::tuple(g * (detail::normal_cdf(x) + detail::bounded(x) * detail::normal_density(x)));
  }
};
/// gelu(x) = x Φ(x), Φ being the distribution function of the normal distribution. Hendrycks and Gimpel (2016).
inline constexpr elementwise<gelu_fun> gelu;

namespace detail {

// √(8/π) (x + 0.044715 x³), and its derivative.
inline constexpr double gelu_linear = 1.5957691216057308, gelu_cubic = 0.071354816272600248;
auto gelu_argument(const auto& x) { return x * (gelu_linear + gelu_cubic * (x * x)); }
auto gelu_argument_slope(const auto& x) { return gelu_linear + (3 * gelu_cubic) * (x * x); }

}  // namespace detail

struct gelu_tanh_fun {
  template <class V>
  V operator()(V x) const {
    return detail::gated(x, detail::sigmoid(detail::gelu_argument(x)));
  }
};
template <>
struct rule<gelu_tanh_fun> {
  static constexpr const char* name = "gelu_tanh";
  static constexpr const char* c_code = R"(static double xg_gelu_tanh(double x) {
  return (x < -1000 ? -1000 : x) / (1 + exp(-x * (1.5957691216057308 + 0.071354816272600248 * (x * x))));
})";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    const auto z = detail::bounded(x);
    const auto u = detail::gelu_argument(z);
    return std::tuple(g * (detail::sigmoid(u) + z * detail::gelu_argument_slope(z) * detail::logistic_density(u)));
  }
};
/// gelu with Φ(x) ≈ (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2: torch's approximate="tanh", and what older models were
/// trained with.
inline constexpr elementwise<gelu_tanh_fun> gelu_tanh;

struct silu_fun {
  template <class V>
  V operator()(V x) const {
    return detail::gated(x, detail::sigmoid(x));
  }
};
template <>
struct rule<silu_fun> {
  static constexpr const char* name = "silu";
  static constexpr const char* c_code = R"(static double xg_silu(double x) {
  return (x < -1000 ? -1000 : x) / (1 + exp(-x));
})";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    return std::tuple(g * (detail::sigmoid(x) + detail::bounded(x) * detail::logistic_density(x)));
  }
};
/// silu(x) = x sigmoid(x), also called swish. Elfwing et al. (2017).
inline constexpr elementwise<silu_fun> silu;

namespace detail {

/// tanh(softplus(x)) = ((1 + e)² - 1) / ((1 + e)² + 1), e = eˣ, and its derivative; from e^-x where x > 0.
template <numeric V>
struct mish_gate {
  V value, slope;

  explicit mish_gate(V x) {
    const auto [n, p] = exponential_of_minus_abs(x);
    const V e = scale(V(1) + p, n), square = e * e, twice = e + e;
    const auto below = x < V(0);
    const V above = select(below, square + twice, V(1) + twice);
    const V d = above + select(below, V(2), square + square);
    value = above / d;
    slope = V(4) * select(below, e, square) * (V(1) + e) / (d * d);
  }
};
template <numeric V>
V mish_slope(V x) {
  const mish_gate<V> gate(x);
  return gate.value + bounded(x) * gate.slope;
}
template <differentiable X>
auto mish_slope(const X& x) {
  const auto s = softplus(x);
  return xt::tanh(s) + bounded(x) * (4 * logistic_density(2 * s) * sigmoid(x));
}

}  // namespace detail

struct mish_fun {
  template <class V>
  V operator()(V x) const {
    return detail::gated(x, detail::mish_gate<V>(x).value);
  }
};
template <>
struct rule<mish_fun> {
  static constexpr const char* name = "mish";
  static constexpr const char* c_code = R"(static double xg_mish(double x) { /* x tanh(softplus(x)) */
  const double e = exp(-fabs(x));
  const double above = x < 0 ? e * e + 2 * e : 1 + 2 * e;
  return (x < -1000 ? -1000 : x) * (above / (above + (x < 0 ? 2 : 2 * e * e)));
})";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * detail::mish_slope(x)); }
};
/// mish(x) = x tanh(softplus(x)). Misra (2019).
inline constexpr elementwise<mish_fun> mish;

struct hardswish_fun {
  template <class V>
  V operator()(V x) const {
    return zero_where(x <= V(-3), choose(x >= V(3), x, x * (x + V(3)) / V(6)));
  }
};
template <>
struct rule<hardswish_fun> {
  static constexpr const char* name = "hardswish";
  static constexpr const char* c_code = "a <= -3 ? 0 : a >= 3 ? a : a * (a + 3) / 6";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    return std::tuple(zero_where(x <= -3, choose(x >= 3, g, g * ((2 * x + 3) / 6))));
  }
};
/// hardswish(x): 0 up to -3, x from 3 on, x (x + 3) / 6 between; at both kinks it has the slope outside. Howard et al.
/// (2019).
inline constexpr elementwise<hardswish_fun> hardswish;

}  // namespace xg
