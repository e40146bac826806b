// Normalisation: values have the mean 0 and the variance 1 then, over a batch, a layer, or groups of channels.
#pragma once

#include <optional>

#include <xgrad/core/tape/op.hpp>
#include <xgrad/core/tape/store.hpp>
#include <xgrad/core/tape/tape.hpp>

namespace xg {

struct norm_options {
  /// Added to the variance; above 0, so that equal values become 0.
  double eps = 1e-5;
};
struct layer_norm_options {
  double eps = 1e-5;
  /// So many of the last axes are a layer; where there is a weight, its own.
  std::size_t axes = 1;
};
struct rms_norm_options {
  /// Added to the mean square; if it is not given, the distance of 1 to the next number, 1.2e-7 or 2.2e-16.
  std::optional<double> eps = {};
  std::size_t axes = 1;
};
struct batch_norm_options {
  double eps = 1e-5;
  /// The share of this batch in the running averages.
  double momentum = 0.1;
  /// Else the running averages are taken, and stay.
  bool training = true;
};

namespace detail {

enum class norm_of { layer, root_mean_square };

// Weight and bias may be null.
template <class T>
var<T> record_layer_norm(norm_of what, const var<T>& x, const var<T>* w, const var<T>* b, double eps, std::size_t axes,
                         const std::source_location& where);
/// No number of groups: one for each channel, instance_norm.
template <class T>
var<T> record_group_norm(const var<T>& x, std::optional<std::size_t> groups, const var<T>* w, const var<T>* b,
                         double eps, const std::source_location& where);
/// Averages may be null, both.
template <class T>
var<T> record_batch_norm(const var<T>& x, parameter<T>* mean, parameter<T>* variance, const var<T>* w, const var<T>* b,
                         const batch_norm_options& options, const std::source_location& where);

template <class Arch>
auto with_operands(const auto& record, const std::source_location& where, const auto& x, const auto&... rest) {
  auto& l = ledger_of_any(where, x, rest...);
  using T = decltype(scalar_of_ledger(l));
  attempt recording(l);
  const std::array<var<T>, 1 + sizeof...(rest)> operands{as_var<Arch>(l, x, where), as_var<Arch>(l, rest, where)...};
  return recording.keep(record(operands));
}

}  // namespace detail

/// layer_norm(x, options), layer_norm(x, weight, bias, options): (x - mean) / √(variance + eps), mean and variance over
/// the last axes, times the weight, plus the bias, which have the shape of these axes (Ba, Kiros and Hinton, "Layer
/// normalization", 2016). Throws shape_error for shapes that do not fit, value_error for eps not above 0; so do all.
struct layer_norm_t {
  template <differentiable X, class Arch = detail::simd_arch>
  auto operator()(const X& x, const layer_norm_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    using T = typename X::scalar_type;
    return detail::record_layer_norm<T>(detail::norm_of::layer, recorded<Arch>(x, where), nullptr, nullptr, o.eps,
                                        o.axes, where);
  }
  template <differentiable X, class W, class B, class Arch = detail::simd_arch>
  auto operator()(const X& x, const W& w, const B& b, const layer_norm_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    return detail::with_operands<Arch>(
        [&](const auto& v) {
          return detail::record_layer_norm(detail::norm_of::layer, v[0], &v[1], &v[2], o.eps, o.axes, where);
        },
        where, x, w, b);
  }
};
inline constexpr layer_norm_t layer_norm;

/// rms_norm(x, options), rms_norm(x, weight, options): x / √(mean of x² + eps), over the last axes, times the weight
/// (Zhang and Sennrich, "Root mean square layer normalization", 2019).
struct rms_norm_t {
  template <differentiable X, class Arch = detail::simd_arch>
  auto operator()(const X& x, const rms_norm_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    using T = typename X::scalar_type;
    return detail::record_layer_norm<T>(detail::norm_of::root_mean_square, recorded<Arch>(x, where), nullptr, nullptr,
                                        eps<T>(o), o.axes, where);
  }
  template <differentiable X, class W, class Arch = detail::simd_arch>
  requires(!std::same_as<W, rms_norm_options>) auto operator()(
      const X& x, const W& w, const rms_norm_options& o = {},
      const std::source_location& where = std::source_location::current()) const {
    using T = typename X::scalar_type;
    return detail::with_operands<Arch>(
        [&](const auto& v) {
          return detail::record_layer_norm<T>(detail::norm_of::root_mean_square, v[0], &v[1], nullptr, eps<T>(o),
                                              o.axes, where);
        },
        where, x, w);
  }

 private:
  template <class T>
  static double eps(const rms_norm_options& o) {
    return o.eps.value_or(double(std::numeric_limits<T>::epsilon()));
  }
};
inline constexpr rms_norm_t rms_norm;

/// group_norm(x, groups, options), group_norm(x, groups, weight, bias, options): x is (samples, channels, ...); the
/// channels are split into groups, and mean and variance are those of a group of a sample. Weight and bias have a
/// number for each channel (Wu and He, "Group normalization", 2018).
struct group_norm_t {
  template <differentiable X, class Arch = detail::simd_arch>
  auto operator()(const X& x, std::size_t groups, const norm_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    using T = typename X::scalar_type;
    return detail::record_group_norm<T>(recorded<Arch>(x, where), groups, nullptr, nullptr, o.eps, where);
  }
  template <differentiable X, class W, class B, class Arch = detail::simd_arch>
  auto operator()(const X& x, std::size_t groups, const W& w, const B& b, const norm_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    using T = typename X::scalar_type;
    return detail::with_operands<Arch>(
        [&](const auto& v) { return detail::record_group_norm<T>(v[0], groups, &v[1], &v[2], o.eps, where); }, where, x,
        w, b);
  }
};
inline constexpr group_norm_t group_norm;

/// instance_norm(x, options), instance_norm(x, weight, bias, options): group_norm with a group for each channel, of
/// x (samples, channels, length...) (Ulyanov, Vedaldi and Lempitsky, "Instance normalization", 2016).
struct instance_norm_t {
  template <differentiable X, class Arch = detail::simd_arch>
  auto operator()(const X& x, const norm_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    using T = typename X::scalar_type;
    return detail::record_group_norm<T>(recorded<Arch>(x, where), {}, nullptr, nullptr, o.eps, where);
  }
  template <differentiable X, class W, class B, class Arch = detail::simd_arch>
  auto operator()(const X& x, const W& w, const B& b, const norm_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    return detail::with_operands<Arch>(
        [&](const auto& v) {
          return detail::record_group_norm<typename X::scalar_type>(v[0], {}, &v[1], &v[2], o.eps, where);
        },
        where, x, w, b);
  }
};
inline constexpr instance_norm_t instance_norm;

/// batch_norm(x, options), batch_norm(x, weight, bias, options): x is (samples, channels, ...); mean and variance are
/// those of a channel over all samples. Weight and bias have a number for each channel (Ioffe and Szegedy, "Batch
/// normalization", 2015).
///
/// With running averages, batch_norm(x, mean, variance, [weight, bias,] options), parameters of the shape (channels):
/// each is changed to (1 - momentum) · itself + momentum · that of the batch (the variance as it is estimated from a
/// sample, Σ / (n - 1)), now and in each replay; with `.training = false` they are used in place of the batch's. Throws
/// shape_error also for training on one value to a channel.
struct batch_norm_t {
  template <differentiable X, class Arch = detail::simd_arch>
  auto operator()(const X& x, const batch_norm_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    using T = typename X::scalar_type;
    return detail::record_batch_norm<T>(recorded<Arch>(x, where), nullptr, nullptr, nullptr, nullptr, o, where);
  }
  template <differentiable X, class W, class B, class Arch = detail::simd_arch>
  requires(!std::derived_from<W, parameter<typename X::scalar_type>>) auto operator()(
      const X& x, const W& w, const B& b, const batch_norm_options& o = {},
      const std::source_location& where = std::source_location::current()) const {
    using T = typename X::scalar_type;
    return detail::with_operands<Arch>(
        [&](const auto& v) { return detail::record_batch_norm<T>(v[0], nullptr, nullptr, &v[1], &v[2], o, where); },
        where, x, w, b);
  }
  template <differentiable X, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  auto operator()(const X& x, std::type_identity_t<parameter<T>>& mean, std::type_identity_t<parameter<T>>& variance,
                  const batch_norm_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    return detail::record_batch_norm<T>(recorded<Arch>(x, where), &mean, &variance, nullptr, nullptr, o, where);
  }
  template <differentiable X, class W, class B, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  requires(!std::same_as<W, batch_norm_options>) auto operator()(
      const X& x, std::type_identity_t<parameter<T>>& mean, std::type_identity_t<parameter<T>>& variance, const W& w,
      const B& b, const batch_norm_options& o = {},
      const std::source_location& where = std::source_location::current()) const {
    return detail::with_operands<Arch>(
        [&](const auto& v) { return detail::record_batch_norm<T>(v[0], &mean, &variance, &v[1], &v[2], o, where); },
        where, x, w, b);
  }
};
inline constexpr batch_norm_t batch_norm;

}  // namespace xg
