// Normalisation as layers. Weights begin as ones, biases as zeros: nothing has to be initialised.
#pragma once

#include <xgrad/nn/layers/pass.hpp>
#include <xgrad/nn/weight.hpp>
#include <xgrad/ops/norm.hpp>

namespace xg::nn {

struct norm_options {
  double eps = 1e-5;
  /// With a weight and a bias that are trained.
  bool affine = true;
};
struct batch_norm_options {
  double eps = 1e-5;
  /// The share of a batch in the running averages.
  double momentum = 0.1;
  bool affine = true;
};

namespace detail {

/// A weight of ones and a bias of zeros, or neither.
template <class T>
struct affine {
  using scalar_type = T;
  nn::weight<T> weight, bias;

  affine() = default;
  affine(const shape_t& shape, bool has_them) {
    if (has_them) weight = nn::weight<T>(shape, T(1)), bias = nn::weight<T>(shape);
  }
  /// op(weight, bias) with those of v's tape, or op().
  var<T> apply(const var<T>& v, const auto& op, const std::source_location& where) const {
    return weight.empty() ? op() : op(weight.on(v, where), bias.on(v, where));
  }
  static void visit(auto& m, auto f) {
    if (m.weight.empty()) return;
    f("weight", m.weight);
    f("bias", m.bias);
  }
};

}  // namespace detail

/// batch_norm<float>(channels, {.eps = 1e-5, .momentum = 0.1, .affine = true}): xg::batch_norm of x (n, channels, ...).
/// In training the mean and variance are those of the batch, and move the running averages, which are saved with the
/// model; in evaluation they are the running averages. Throws shape_error.
template <class T>
struct batch_norm : detail::affine<T> {
  batch_norm_options options = {};
  mutable buffer<T> running_mean, running_var;  // a pass in training changes them, though it takes the model as const

  batch_norm() = default;
  explicit batch_norm(std::size_t channels, const batch_norm_options& o = {})
      : detail::affine<T>({channels}, o.affine), options(o), running_mean({channels}), running_var({channels}, T(1)) {}

  template <differentiable X, class Arch = xg::detail::simd_arch>
  var<T> operator()(const X& x, pass mode = eval,
                    const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    const xg::batch_norm_options o{options.eps, options.momentum, mode.training};
    return this->apply(
        v, [&](const auto&... affine) { return xg::batch_norm(v, running_mean, running_var, affine..., o, where); },
        where);
  }
  static void visit(auto& m, auto f) {
    detail::affine<T>::visit(m, f);
    f("running_mean", m.running_mean);
    f("running_var", m.running_var);
  }
};

/// layer_norm<float>(width), layer_norm<float>({height, width}, {.eps = 1e-5, .affine = true}): xg::layer_norm over the
/// last axes, which have these extents. Throws shape_error.
template <class T>
struct layer_norm : detail::affine<T> {
  norm_options options = {};
  std::size_t axes = 1;

  layer_norm() = default;
  explicit layer_norm(std::size_t width, const norm_options& o = {}) : layer_norm(shape_t{width}, o) {}
  explicit layer_norm(const shape_t& extents, const norm_options& o = {})
      : detail::affine<T>(extents, o.affine), options(o), axes(extents.size()) {}

  template <differentiable X, class Arch = xg::detail::simd_arch>
  var<T> operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    const xg::layer_norm_options o{options.eps, axes};
    return this->apply(
        v, [&](const auto&... affine) { return xg::layer_norm(v, affine..., o, where); }, where);
  }
};

/// rms_norm<float>(width, {.eps = ...}): xg::rms_norm over the last axis, with a weight.
template <class T>
struct rms_norm {
  using scalar_type = T;
  nn::weight<T> weight;
  xg::rms_norm_options options = {};

  rms_norm() = default;
  explicit rms_norm(std::size_t width, const xg::rms_norm_options& o = {}) : weight({width}, T(1)), options(o) {}

  template <differentiable X, class Arch = xg::detail::simd_arch>
  var<T> operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    return xg::rms_norm(v, weight.on(v, where), options, where);
  }
  static void visit(auto& m, auto f) { f("weight", m.weight); }
};

/// group_norm<float>(groups, channels, {.eps = 1e-5, .affine = true}): xg::group_norm of x (n, channels, ...).
template <class T>
struct group_norm : detail::affine<T> {
  std::size_t groups = 1;
  norm_options options = {};

  group_norm() = default;
  group_norm(std::size_t g, std::size_t channels, const norm_options& o = {})
      : detail::affine<T>({channels}, o.affine), groups(g), options(o) {}

  template <differentiable X, class Arch = xg::detail::simd_arch>
  var<T> operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    const xg::norm_options o{options.eps};
    return this->apply(
        v, [&](const auto&... affine) { return xg::group_norm(v, groups, affine..., o, where); }, where);
  }
};

/// instance_norm<float>(channels, {.eps = 1e-5, .affine = true}): xg::instance_norm of x (n, channels, length...).
template <class T>
struct instance_norm : detail::affine<T> {
  norm_options options = {};

  instance_norm() = default;
  explicit instance_norm(std::size_t channels, const norm_options& o = {})
      : detail::affine<T>({channels}, o.affine), options(o) {}

  template <differentiable X, class Arch = xg::detail::simd_arch>
  var<T> operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    const xg::norm_options o{options.eps};
    return this->apply(
        v, [&](const auto&... affine) { return xg::instance_norm(v, affine..., o, where); }, where);
  }
};

}  // namespace xg::nn
