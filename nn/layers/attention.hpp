// Attention with several heads, and the code of positions that goes with it: Vaswani et al., "Attention is all you
// need" (2017), 3.2.2 and 3.5.
#pragma once

#include <cmath>

#include <xgrad/nn/layers/linear.hpp>
#include <xgrad/ops/attention.hpp>
#include <xgrad/ops/view.hpp>

namespace xg::nn {

struct multi_head_attention_options {
  bool bias = true;
  /// Step i sees the steps 0 to i only.
  bool causal = false;
};

/// multi_head_attention<float>(width, heads, {.bias = true, .causal = false}). attend(x) is self-attention: x (..., L,
/// width) → (..., L, width). attend(q, k, v) takes queries (..., L, width), keys and values (..., S, width);
/// attend(q, k, v, mask) a mask that broadcasts to (..., heads, L, S), of bool (what is seen) or of numbers (added to
/// the scores). Its parts query, key, value and out are linear layers. Throws value_error where the heads do not divide
/// the width, shape_error.
template <class T>
struct multi_head_attention {
  using scalar_type = T;
  linear<T> query, key, value, out;
  std::size_t heads = 1;
  bool causal = false;

  multi_head_attention() = default;
  multi_head_attention(std::size_t width, std::size_t number_of_heads, const multi_head_attention_options& o = {},
                       const std::source_location& where = std::source_location::current())
      : query(width, width, {o.bias}),
        key(width, width, {o.bias}),
        value(width, width, {o.bias}),
        out(width, width, {o.bias}),
        heads(number_of_heads),
        causal(o.causal) {
    if (heads == 0 || width % heads != 0)
      throw value_error("multi_head_attention: a width of " + std::to_string(width) + " cannot be split among " +
                        std::to_string(heads) + " heads" + at_line(where));
  }

  template <differentiable X, class Arch = xg::detail::simd_arch>
  auto operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    return (*this)(v, v, v, where);
  }
  auto operator()(const var<T>& q, const var<T>& k, const var<T>& v,
                  const std::source_location& where = std::source_location::current()) const {
    return attend(q, k, v, where);
  }
  template <class M>
  auto operator()(const var<T>& q, const var<T>& k, const var<T>& v, const M& mask,
                  const std::source_location& where = std::source_location::current()) const {
    return attend(q, k, v, where, mask);
  }
  static void visit(auto& m, auto f) {
    f("query", m.query);
    f("key", m.key);
    f("value", m.value);
    f("out", m.out);
  }

 private:
  auto attend(const var<T>& q, const var<T>& k, const var<T>& v, const std::source_location& where,
              const auto&... mask) const {
    return merged(xg::scaled_dot_product_attention(split(query(q, where), where), split(key(k, where), where),
                                                   split(value(v, where), where), mask..., {.causal = causal}, where),
                  where);
  }
  /// (..., L, width) → (..., heads, L, width / heads).
  var<T> split(const var<T>& x, const std::source_location& where) const {
    shape_t shape = x.shape();
    if (shape.size() < 2)
      throw shape_error("multi_head_attention: " + to_string(shape) + " is no sequence; expected (..., steps, width)" +
                        at_line(where));
    const std::size_t width = shape.back();
    shape.back() = heads;
    shape.push_back(width / heads);
    return swapped(xg::reshape(x, shape, where), where);
  }
  /// Back again, and through the last layer.
  auto merged(const var<T>& x, const std::source_location& where) const {
    const var<T> y = swapped(x, where);
    shape_t shape = y.shape();
    const std::size_t part = shape.back();
    shape.pop_back();
    shape.back() *= part;
    return out(xg::reshape(y, shape, where), where);
  }
  static var<T> swapped(const var<T>& x, const std::source_location& where) {
    std::vector<std::ptrdiff_t> axes(x.dimension());
    for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = std::ptrdiff_t(i);
    std::swap(axes[axes.size() - 3], axes[axes.size() - 2]);
    return xg::transpose(x, axes, where);
  }
};

/// Adds to x (..., steps, width) what tells the steps apart: sin(t / base^(2 i / width)) to column 2 i of step t, the
/// cosine to column 2 i + 1. It has no parameters. Throws shape_error.
struct positional_encoding {
  double base = 10000;

  template <differentiable X, class Arch = xg::detail::simd_arch>
  auto operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    using T = typename X::scalar_type;
    const var<T> v = recorded<Arch>(x, where);
    const shape_t shape = v.shape();
    if (shape.size() < 2)
      throw shape_error("positional_encoding: " + to_string(shape) + " is no sequence; expected (..., steps, width)" +
                        at_line(where));
    const std::size_t steps = shape[shape.size() - 2], width = shape.back();
    xt::xarray<T> code = xt::zeros<T>({steps, width});
    for (std::size_t t = 0; t < steps; ++t)
      for (std::size_t j = 0; j < width; ++j) {
        const double angle = double(t) / std::pow(base, double(j - j % 2) / double(width));
        code(t, j) = T(j % 2 == 0 ? std::sin(angle) : std::cos(angle));
      }
    return var<T>(v + code, where);
  }
};

}  // namespace xg::nn
