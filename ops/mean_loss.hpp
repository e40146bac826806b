// Losses as one number, each the mean over all elements in one fused node. For a sum, or each element's, there are the
// functions of loss.hpp: `sum(squared_error(p, y))`. Shapes must be equal: nothing broadcasts, else shape_error.
#pragma once

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/reduce.hpp>

namespace xg {

namespace detail {

template <class A, class B>
concept one_differentiable = differentiable<A> || differentiable<B>;

template <class Arch, differentiable E>
auto mean_of(const E& e, const std::source_location& where) {
  return reduced<mean_fold, Arch>(e, axes_t(), drop_dims_t(), where);
}

/// Throws value_error unless the number is positive.
void require_positive(double x, const char* loss, const char* what, const std::source_location& where);
/// Throws shape_error unless the shapes are equal.
template <class T>
void require_equal_shapes(const var<T>& a, const var<T>& b, const char* loss, const std::source_location& where);
template <class T>
var<T> record_cosine(const var<T>& a, const var<T>& b, std::ptrdiff_t axis, double eps,
                     const std::source_location& where);

/// f(a, b) of both as variables.
template <class Arch>
auto of_variables(const auto& a, const auto& b, const std::source_location& where, const auto& f) {
  auto& l = ledger_of_any(where, a, b);
  attempt recording(l);
  return recording.keep(f(as_var<Arch>(l, a, where), as_var<Arch>(l, b, where)));
}

}  // namespace detail

/// mse_loss(prediction, target): the mean of (prediction - target)².
struct mse_loss_t {
  template <class P, class Y, class Arch = detail::simd_arch>
  requires detail::one_differentiable<P, Y>
  auto operator()(const P& prediction, const Y& target,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::mean_of<Arch>(squared_error(prediction, target), where);
  }
};
inline constexpr mse_loss_t mse_loss;

/// l1_loss(prediction, target): the mean of |prediction - target|.
struct l1_loss_t {
  template <class P, class Y, class Arch = detail::simd_arch>
  requires detail::one_differentiable<P, Y>
  auto operator()(const P& prediction, const Y& target,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::mean_of<Arch>(absolute_error(prediction, target), where);
  }
};
inline constexpr l1_loss_t l1_loss;

/// huber_loss(prediction, target, delta): the mean of huber_error. Throws value_error for delta <= 0.
struct huber_loss_t {
  template <class P, class Y, class Arch = detail::simd_arch>
  requires detail::one_differentiable<P, Y>
  auto operator()(const P& prediction, const Y& target, double delta = 1,
                  const std::source_location& where = std::source_location::current()) const {
    detail::require_positive(delta, "huber_loss", "delta", where);
    return detail::mean_of<Arch>(huber_error(prediction, target, delta), where);
  }
};
inline constexpr huber_loss_t huber_loss;

/// smooth_l1_loss(prediction, target, beta): the mean of huber_error with delta = beta, divided by beta, so that the
/// slope far out is 1. Throws value_error for beta <= 0. Girshick (2015).
struct smooth_l1_loss_t {
  template <class P, class Y, class Arch = detail::simd_arch>
  requires detail::one_differentiable<P, Y>
  auto operator()(const P& prediction, const Y& target, double beta = 1,
                  const std::source_location& where = std::source_location::current()) const {
    detail::require_positive(beta, "smooth_l1_loss", "beta", where);
    return detail::mean_of<Arch>(huber_error(prediction, target, beta) / beta, where);
  }
};
inline constexpr smooth_l1_loss_t smooth_l1_loss;

/// bce_with_logits(x, y): the mean of (1 - y) softplus(x) + y softplus(-x), the cross-entropy of sigmoid(x) and the
/// probabilities y, without overflow. With a third argument, a number, or an array or a variable that broadcasts, y's
/// part is weighted by it: pos_weight · y softplus(-x).
struct bce_with_logits_t {
  template <class X, class Y, class Arch = detail::simd_arch>
  requires detail::one_differentiable<X, Y>
  auto operator()(const X& x, const Y& y, const std::source_location& where = std::source_location::current()) const {
    return detail::mean_of<Arch>(bce_with_logits_error(x, y), where);
  }
  template <class X, class Y, class W, class Arch = detail::simd_arch>
  requires(detail::one_differentiable<X, Y> && !std::convertible_to<const W&, std::source_location>) auto operator()(
      const X& x, const Y& y, const W& pos_weight,
      const std::source_location& where = std::source_location::current()) const {
    return detail::of_variables<Arch>(x, y, where, [&](const auto& logits, const auto& p) {
      return detail::mean_of<Arch>(bce_with_logits_error(logits, p) + (pos_weight - 1) * (p * softplus(-logits)),
                                   where);
    });
  }
};
inline constexpr bce_with_logits_t bce_with_logits;

/// kl_div(log_q, p): the divergence Σ p (log p - log q), 0 log 0 being 0, of one sample; the mean over samples, which
/// are the first axis. (torch's "batchmean".)
struct kl_div_t {
  template <class Q, class P, class Arch = detail::simd_arch>
  requires detail::one_differentiable<Q, P>
  auto operator()(const Q& log_q, const P& p,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::of_variables<Arch>(log_q, p, where, [&](const auto& a, const auto& b) {
      using T = typename std::decay_t<decltype(a)>::scalar_type;
      const var<T> sum = detail::reduced<sum_fold, Arch>(elementwise<detail::divergence_fun>()(a, b), axes_t(),
                                                         detail::drop_dims_t(), where);
      const auto mean = sum / double(a.dimension(where) == 0 ? 1 : a.shape(where)[0]);
      return std::decay_t<decltype(mean)>::template record<Arch>(mean, where);
    });
  }
};
inline constexpr kl_div_t kl_div;

/// hinge_loss(x, y): the mean of max(0, 1 - x y), for y = 1 and -1; at its kink the derivative is 0.
struct hinge_loss_t {
  template <class X, class Y, class Arch = detail::simd_arch>
  requires detail::one_differentiable<X, Y>
  auto operator()(const X& x, const Y& y, const std::source_location& where = std::source_location::current()) const {
    return detail::of_variables<Arch>(x, y, where, [&](const auto& a, const auto& b) {
      detail::require_equal_shapes(a, b, "hinge_loss", where);
      return detail::mean_of<Arch>(relu(1 - a * b), where);
    });
  }
};
inline constexpr hinge_loss_t hinge_loss;

/// hinge_embedding_loss(d, y, margin): the mean of d where y = 1, of max(0, margin - d) where y = -1, for distances d.
struct hinge_embedding_loss_t {
  template <class D, class Y, class Arch = detail::simd_arch>
  requires detail::one_differentiable<D, Y>
  auto operator()(const D& d, const Y& y, double margin = 1,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::of_variables<Arch>(d, y, where, [&](const auto& a, const auto& b) {
      detail::require_equal_shapes(a, b, "hinge_embedding_loss", where);
      return detail::mean_of<Arch>(xt::where(b > 0, a, relu(margin - a)), where);
    });
  }
};
inline constexpr hinge_embedding_loss_t hinge_embedding_loss;

/// cosine_similarity(a, b, axis, eps): Σ a b / max(|a| |b|, eps), along an axis, the last if none is given.
struct cosine_similarity_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires detail::one_differentiable<A, B>
  auto operator()(const A& a, const B& b, std::ptrdiff_t axis = -1, double eps = 1e-8,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::of_variables<Arch>(
        a, b, where, [&](const auto& x, const auto& y) { return detail::record_cosine(x, y, axis, eps, where); });
  }
};
inline constexpr cosine_similarity_t cosine_similarity;

/// cosine_embedding_loss(a, b, y, margin): with the cosine c of each pair along the last axis, the mean of 1 - c where
/// y = 1, of max(0, c - margin) where y = -1.
struct cosine_embedding_loss_t {
  template <class A, class B, class Y, class Arch = detail::simd_arch>
  requires detail::one_differentiable<A, B>
  auto operator()(const A& a, const B& b, const Y& y, double margin = 0,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::of_variables<Arch>(a, b, where, [&](const auto& x, const auto& z) {
      const auto cosine = detail::record_cosine(x, z, -1, 1e-8, where);
      const auto labels = detail::as_var<Arch>(cosine.ledger(where), y, where);
      detail::require_equal_shapes(cosine, labels, "cosine_embedding_loss", where);
      return detail::mean_of<Arch>(xt::where(labels > 0, 1 - cosine, relu(cosine - margin)), where);
    });
  }
};
inline constexpr cosine_embedding_loss_t cosine_embedding_loss;

}  // namespace xg
