// Activation functions as layers, for sequential models; elsewhere xg::relu(x) says the same. None has parameters.
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/gated.hpp>
#include <xgrad/ops/softmax.hpp>

namespace xg::nn {

struct relu {
  auto operator()(const differentiable auto& x) const { return xg::relu(x); }
};
/// slope · x below 0.
struct leaky_relu {
  double slope = 0.01;
  auto operator()(const differentiable auto& x) const { return xg::leaky_relu(x, slope); }
};
struct tanh {
  auto operator()(const differentiable auto& x) const { return xt::tanh(x); }
};
struct sigmoid {
  auto operator()(const differentiable auto& x) const { return xg::sigmoid(x); }
};
struct elu {
  auto operator()(const differentiable auto& x) const { return xg::elu(x); }
};
struct selu {
  auto operator()(const differentiable auto& x) const { return xg::selu(x); }
};
struct gelu {
  auto operator()(const differentiable auto& x) const { return xg::gelu(x); }
};
struct silu {
  auto operator()(const differentiable auto& x) const { return xg::silu(x); }
};
struct mish {
  auto operator()(const differentiable auto& x) const { return xg::mish(x); }
};
struct softplus {
  auto operator()(const differentiable auto& x) const { return xg::softplus(x); }
};
struct hardswish {
  auto operator()(const differentiable auto& x) const { return xg::hardswish(x); }
};
/// Along the last axis. For a loss keep the scores as they are: xg::cross_entropy takes them.
struct softmax {
  template <differentiable X>
  auto operator()(const X& x) const {
    return xg::softmax(x, -1);
  }
};

}  // namespace xg::nn
