// The fully connected layer, of one input and of two.
#pragma once

#include <xgrad/nn/weight.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reduce.hpp>
#include <xgrad/ops/view.hpp>

namespace xg::nn {

struct linear_options {
  bool bias = true;
};

/// y = x Wᵀ + b: (n, in) → (n, out), or (in) → (out). The weight has shape (out, in), the bias (out); both are zeros
/// until they are initialised (nn::he, nn::xavier, ...) or loaded. The sum is an expression, so that an activation
/// function of it, `xg::relu(hidden(x))`, is computed in the same pass. Throws shape_error.
template <class T>
struct linear {
  using scalar_type = T;
  nn::weight<T> weight, bias;

  linear() = default;
  linear(std::size_t in, std::size_t out, linear_options options = {}) : weight({out, in}) {
    if (options.bias) bias = nn::weight<T>({out});
  }

  template <differentiable X, class Arch = xg::detail::simd_arch>
  auto operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    return xg::matmul(v, xg::transpose(weight.on(v, where), where), where) +
           (bias.empty() ? var<T>(T(0)) : bias.on(v, where));
  }

  static void visit(auto& m, auto f) {
    f("weight", m.weight);
    if (!m.bias.empty()) f("bias", m.bias);
  }
};

/// y_o = aᵀ W_o b + bias_o: (n, left), (n, right) → (n, out). The weight has shape (out, left, right), the bias (out).
/// Else as linear.
template <class T>
struct bilinear {
  using scalar_type = T;
  nn::weight<T> weight, bias;

  bilinear() = default;
  bilinear(std::size_t left, std::size_t right, std::size_t out, linear_options options = {})
      : weight({out, left, right}) {
    if (options.bias) bias = nn::weight<T>({out});
  }

  auto operator()(const var<T>& a, const var<T>& b,
                  const std::source_location& where = std::source_location::current()) const {
    const var<T> rows = xg::matmul(a, weight.on(a, where), where);  // (out, n, right)
    return xg::transpose(xg::sum(rows * b, -1, {}, where), where) + (bias.empty() ? var<T>(T(0)) : bias.on(a, where));
  }

  static void visit(auto& m, auto f) {
    f("weight", m.weight);
    if (!m.bias.empty()) f("bias", m.bias);
  }
};

}  // namespace xg::nn
