// Activation functions of networks, by the names and definitions of torch.nn.functional. Where one has a kink, its
// slope there is in docs/conventions.md. Those that multiply by a smooth gate are in gated.hpp.
#pragma once

#include <xgrad/ops/math.hpp>

namespace xg {

struct relu_fun {
  template <class V>
  V operator()(V x) const {
    return zero_where(x <= V(0), x);
  }
};
template <>
struct rule<relu_fun> {
  static constexpr const char* name = "relu";
  static constexpr const char* c_code = "a <= 0 ? 0 : a";
  static constexpr bool compiled = true;
  // Where x > 0 does not hold, y is what the derivative is: zero, or not a number.
  static auto backward(auto g, auto y, auto x) { return std::tuple(choose(x > 0, g, y)); }
};
/// max(x, 0), element by element; relu'(0) = 0. A NaN stays one, and so does its derivative.
inline constexpr elementwise<relu_fun> relu;

struct sigmoid_fun {
  template <class V>
  V operator()(V x) const {
    return detail::sigmoid(x);
  }
};
template <>
struct rule<sigmoid_fun> {
  static constexpr const char* name = "sigmoid";
  static constexpr const char* c_code = R"(static double xg_sigmoid(double x) {
  return 1 / (1 + exp(-x));
})";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * detail::logistic_density(x)); }
};
/// The logistic function 1 / (1 + exp(-x)), element by element; it and its derivative keep their digits at both ends.
inline constexpr elementwise<sigmoid_fun> sigmoid;

namespace detail {

/// The logistic function on variables, as on lanes; so too below.
template <differentiable X>
auto sigmoid(const X& x) {
  return elementwise<sigmoid_fun>()(x);
}
/// Zero, or not a number where x is none: the slope of what is constant.
auto flat(const auto& x) { return zero_where(is_equal(x, x), x); }

}  // namespace detail

struct leaky_relu_fun {
  template <class V>
  V operator()(V x, V slope) const {
    return choose(x > V(0), x, slope * x);
  }
};
template <>
struct rule<leaky_relu_fun> {
  static constexpr const char* name = "leaky_relu";
  static constexpr const char* c_code = "a > 0 ? a : b * a";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x, auto slope) {
    return std::tuple(choose(x > 0, g, choose(is_equal(x, x), g * slope, x)), zero_where(x > 0, g * x));
  }
};
/// leaky_relu(x, slope): x where x > 0, else slope · x. The slope, 0.01 if none is given, may be a number, an array or
/// a variable, which broadcasts (then it is learned: PReLU). At 0 the derivative is the slope. Maas et al. (2013).
struct leaky_relu_t {
  template <differentiable X>
  auto operator()(const X& x) const noexcept {
    return elementwise<leaky_relu_fun>()(x, 0.01);
  }
  template <class X, class S>
  requires(differentiable<X> || differentiable<S>) auto operator()(const X& x, const S& slope) const noexcept {
    return elementwise<leaky_relu_fun>()(x, slope);
  }
};
inline constexpr leaky_relu_t leaky_relu;

struct elu_fun {
  template <class V>
  V operator()(V x, V alpha) const {
    return choose(x > V(0), x, alpha * expm1(x));
  }
};
template <>
struct rule<elu_fun> {
  static constexpr const char* name = "elu";
  static constexpr const char* c_code = "a > 0 ? a : b * expm1(a)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x, auto alpha) {
    using std::exp, std::expm1;
    return std::tuple(choose(x > 0, g, g * (alpha * exp(x))), zero_where(x > 0, g * expm1(x)));
  }
};
/// elu(x, alpha): x where x > 0, else alpha (eˣ - 1); alpha, 1 if none is given, may be a number, an array or a
/// variable. At 0 the derivative is alpha. Clevert et al. (2015).
struct elu_t {
  template <differentiable X>
  auto operator()(const X& x) const noexcept {
    return elementwise<elu_fun>()(x, 1);
  }
  template <class X, class A>
  requires(differentiable<X> || differentiable<A>) auto operator()(const X& x, const A& alpha) const noexcept {
    return elementwise<elu_fun>()(x, alpha);
  }
};
inline constexpr elu_t elu;

/// selu(x) = 1.0507 elu(x, 1.67326), the constants in full: outputs of mean 0 and variance 1 for such inputs. Klambauer
/// et al. (2017).
struct selu_t {
  template <differentiable X>
  auto operator()(const X& x) const noexcept {
    return 1.0507009873554804934 * elu(x, 1.6732632423543772848);
  }
};
inline constexpr selu_t selu;

struct celu_fun {
  template <class V>
  V operator()(V x, V alpha) const {
    return choose(x > V(0), x, alpha * expm1(x / alpha));
  }
};
template <>
struct rule<celu_fun> {
  static constexpr const char* name = "celu";
  static constexpr const char* c_code = "a > 0 ? a : b * expm1(a / b)";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x, auto alpha) {
    using std::exp;
    return std::tuple(choose(x > 0, g, g * exp(x / alpha)), no_gradient);
  }
};
/// celu(x, alpha): x where x > 0, else alpha (e^(x / alpha) - 1), for a number alpha > 0; its derivative has no step.
/// Barron (2017).
struct celu_t {
  template <differentiable X>
  auto operator()(const X& x, double alpha = 1) const noexcept {
    return elementwise<celu_fun>()(x, alpha);
  }
};
inline constexpr celu_t celu;

struct softplus_fun {
  template <class V>
  V operator()(V x) const {
    return detail::at_least(x, V(0)) + log1p(exp(-abs(x)));
  }
};
template <>
struct rule<softplus_fun> {
  static constexpr const char* name = "softplus";
  static constexpr const char* c_code = R"(static double xg_softplus(double x) {
  return (x <= 0 ? 0 : x) + log1p(exp(-fabs(x)));
})";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) { return std::tuple(g * detail::sigmoid(x)); }
};
/// softplus(x) = log(1 + eˣ), and softplus(x, beta) = log(1 + e^(beta x)) / beta: neither overflows, and both keep
/// their digits where they are small. Dugas et al. (2001).
struct softplus_t {
  template <differentiable X>
  auto operator()(const X& x) const noexcept {
    return elementwise<softplus_fun>()(x);
  }
  template <differentiable X>
  auto operator()(const X& x, double beta) const noexcept {
    return elementwise<softplus_fun>()(beta * x) / beta;
  }
};
inline constexpr softplus_t softplus;

/// logsigmoid(x) = log(1 / (1 + e^-x)), as -softplus(-x).
struct logsigmoid_t {
  template <differentiable X>
  auto operator()(const X& x) const noexcept {
    return -elementwise<softplus_fun>()(-x);
  }
};
inline constexpr logsigmoid_t logsigmoid;

struct softsign_fun {
  template <class V>
  V operator()(V x) const {
    const V size = detail::at_most(abs(x), V(0x1p60));  // beyond, the result is 1, as for infinity
    return copysign(size / (V(1) + size), x);
  }
};
template <>
struct rule<softsign_fun> {
  static constexpr const char* name = "softsign";
  static constexpr const char* c_code = R"(static double xg_softsign(double x) {
  const double size = fabs(x) > 0x1p60 ? 0x1p60 : fabs(x);
  return copysign(size / (1 + size), x);
})";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x) {
    using std::abs;
    const auto d = 1 + abs(x);
    return std::tuple(g / d / d);
  }
};
/// softsign(x) = x / (1 + |x|).
inline constexpr elementwise<softsign_fun> softsign;

struct hardtanh_fun {
  template <class V>
  V operator()(V x, V low, V high) const {
    return choose(x < low, low, choose(x > high, high, x));
  }
};
template <>
struct rule<hardtanh_fun> {
  static constexpr const char* name = "hardtanh";
  static constexpr const char* c_code = "a < b ? b : a > c ? c : a";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto x, auto low, auto high) {
    return std::tuple(choose(x > low, choose(x < high, g, detail::flat(x)), detail::flat(x)), no_gradient, no_gradient);
  }
};
/// hardtanh(x, low, high): x, but no less than low and no more than high (-1 and 1, if none are given); at both its
/// derivative is 0.
struct hardtanh_t {
  template <differentiable X>
  auto operator()(const X& x, double low = -1, double high = 1) const noexcept {
    return elementwise<hardtanh_fun>()(x, low, high);
  }
};
inline constexpr hardtanh_t hardtanh;

/// hardsigmoid(x): 0 up to -3, 1 from 3 on, x/6 + 1/2 between.
struct hardsigmoid_t {
  template <differentiable X>
  auto operator()(const X& x) const noexcept {
    return hardtanh(x + 3, 0, 6) / 6;
  }
};
inline constexpr hardsigmoid_t hardsigmoid;

}  // namespace xg
