// Losses, element by element: wrap them in `mean` or `sum`. Prediction and target must have equal shapes; nothing
// broadcasts. Those that are one number are in mean_loss.hpp, those of classes in cross_entropy.hpp.
#pragma once

#include <xgrad/core/expression/rule.hpp>
#include <xgrad/ops/activation.hpp>

namespace xg {

struct squared_error_fun {
  template <class V>
  V operator()(V prediction, V target) const {
    return (prediction - target) * (prediction - target);
  }
};
template <>
struct rule<squared_error_fun> {
  static constexpr const char* name = "squared_error";
  static constexpr const char* c_code = "(a - b) * (a - b)";
  static constexpr bool compiled = true, equal_shapes = true;
  static auto backward(auto g, auto, auto p, auto t) { return std::tuple(g * (2 * (p - t)), g * (2 * (t - p))); }
};
/// (prediction - target)², element by element. Throws shape_error when recorded if the shapes differ; so do all here.
inline constexpr elementwise<squared_error_fun> squared_error;

struct absolute_error_fun {
  template <class V>
  V operator()(V prediction, V target) const {
    return abs(prediction - target);
  }
};
template <>
struct rule<absolute_error_fun> {
  static constexpr const char* name = "absolute_error";
  static constexpr const char* c_code = "fabs(a - b)";
  static constexpr bool compiled = true, equal_shapes = true, selects = true;
  // Where neither is larger, y is what the derivative is: zero, or not a number.
  static auto backward(auto g, auto y, auto p, auto t) {
    return std::tuple(choose(p > t, g, choose(p < t, -g, y)), choose(t > p, g, choose(t < p, -g, y)));
  }
};
/// |prediction - target|, element by element; its derivative is 0 where they are equal.
inline constexpr elementwise<absolute_error_fun> absolute_error;

namespace detail {

/// A difference that does not broadcast.
struct difference_fun {
  template <class V>
  V operator()(V a, V b) const {
    return a - b;
  }
};
struct huber_fun {
  template <class V>
  V operator()(V e, V delta) const {
    const V size = abs(e);
    return choose(size > delta, delta * (size - V(0.5) * delta), V(0.5) * e * e);
  }
};
struct bce_fun {
  template <class V>
  V operator()(V x, V y) const {
    const V above = keep_where(x > V(0), zero_where(y == V(1), x * (V(1) - y)));
    const V below = keep_where(x < V(0), zero_where(y == V(0), x * y));
    return (above - below) + log1p(exp(-abs(x)));
  }
};
struct entropy_term_fun {
  template <class V>
  V operator()(V q, V log_p) const {
    return zero_where(q == V(0), q * log_p);
  }
};
struct divergence_fun {
  template <class V>
  V operator()(V log_q, V p) const {
    return zero_where(p == V(0), p * (log(p) - log_q));
  }
};

}  // namespace detail

template <>
struct rule<detail::difference_fun> {
  static constexpr const char* name = "difference";
  static constexpr const char* c_code = "a - b";
  static constexpr bool compiled = true, equal_shapes = true, selects = true;
  static auto backward(auto g, auto, auto, auto) { return std::tuple(g, -g); }
};
template <>
struct rule<detail::huber_fun> {
  static constexpr const char* name = "huber";
  static constexpr const char* c_code = "fabs(a) > b ? b * (fabs(a) - 0.5 * b) : 0.5 * a * a";
  static constexpr bool compiled = true;
  static auto backward(auto g, auto, auto e, auto delta) {
    return std::tuple(choose(e > delta, g * delta, choose(e < -delta, -(g * delta), g * e)), no_gradient);
  }
};
/// huber_error(prediction, target, delta), element by element: e²/2 of the difference e up to delta (a number > 0; 1,
/// if none is given), from there on straight, delta (|e| - delta/2). Huber (1964).
struct huber_error_t {
  template <class P, class Y>
  requires(differentiable<P> || differentiable<Y>) auto operator()(const P& prediction, const Y& target,
                                                                   double delta = 1) const noexcept {
    return elementwise<detail::huber_fun>()(elementwise<detail::difference_fun>()(prediction, target), delta);
  }
};
inline constexpr huber_error_t huber_error;

// Cross-entropy of a logit x and a probability y: (1 - y) softplus(x) + y softplus(-x). Where y is 0 or 1, an infinite
// x on the right side has none.
template <>
struct rule<detail::bce_fun> {
  static constexpr const char* name = "bce_with_logits";
  static constexpr const char* c_code = R"(static double xg_bce_with_logits(double x, double y) {
  const double above = x > 0 && y != 1 ? x * (1 - y) : 0;
  const double below = x < 0 && y != 0 ? x * y : 0;
  return (above - below) + log1p(exp(-fabs(x)));
})";
  static constexpr bool compiled = true, equal_shapes = true;
  static auto backward(auto g, auto, auto x, auto y) {
    return std::tuple(g * ((1 - y) * detail::sigmoid(x) - y * detail::sigmoid(-x)), -(g * x));
  }
};
/// The cross-entropy of logits and the probabilities they should have, element by element, from softplus: with all its
/// digits, and without overflow.
inline constexpr elementwise<detail::bce_fun> bce_with_logits_error;

// q log p, 0 where q is 0, also where p is; and p (log p - log q), 0 where p is 0.
template <>
struct rule<detail::entropy_term_fun> {
  static constexpr const char* name = "entropy_term";
  static constexpr const char* c_code = "a == 0 ? 0 : a * b";
  static constexpr bool compiled = true, equal_shapes = true;
  static auto backward(auto g, auto, auto q, auto log_p) { return std::tuple(g * log_p, g * q); }
};
template <>
struct rule<detail::divergence_fun> {
  static constexpr const char* name = "kl_div";
  static constexpr const char* c_code = "b == 0 ? 0 : b * (log(b) - a)";
  static constexpr bool compiled = true, equal_shapes = true;
  static auto backward(auto g, auto, auto log_q, auto p) {
    using std::log;
    return std::tuple(-(g * p), g * (log(p) + 1 - log_q));
  }
};

}  // namespace xg
