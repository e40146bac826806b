// Convolutions and transposed convolutions of signals and images.
#pragma once

#include <xgrad/ops/window.hpp>

namespace xg {

/// How a filter moves over the input; each as in torch.nn.functional.
struct conv_options {
  per_axis stride = 1;
  /// Zeros on either side.
  per_axis padding = 0;
  per_axis dilation = 1;
  /// The channels are split into so many groups, each with filters of its own.
  std::size_t groups = 1;
};

struct conv_transpose_options {
  per_axis stride = 1;
  /// Elements that are cut off on either side.
  per_axis padding = 0;
  /// Elements that are added on the far side: with a stride, several input extents have the same output extent.
  per_axis output_padding = 0;
  per_axis dilation = 1;
  std::size_t groups = 1;
};

namespace detail {

/// A convolution, or with conv_transpose_options a transposed one. `b` is null where there is no bias.
template <class T>
var<T> record_conv(std::size_t rank, const var<T>& x, const var<T>& w, const var<T>* b, const conv_options& options,
                   const std::source_location& where);
template <class T>
var<T> record_conv(std::size_t rank, const var<T>& x, const var<T>& w, const var<T>* b,
                   const conv_transpose_options& options, const std::source_location& where);

template <std::size_t Rank, class Options>
struct conv_t {
  template <class X, class W, class Arch = simd_arch>
  requires(differentiable<X> || differentiable<W>) auto operator()(
      const X& x, const W& w, const Options& options = {},
      const std::source_location& where = std::source_location::current()) const {
    auto& l = ledger_of_any(where, x, w);
    using T = decltype(scalar_of_ledger(l));
    attempt recording(l);
    return recording.keep(
        record_conv<T>(Rank, as_var<Arch>(l, x, where), as_var<Arch>(l, w, where), nullptr, options, where));
  }
  template <class X, class W, class B, class Arch = simd_arch>
  requires((differentiable<X> || differentiable<W> || differentiable<B>)&&!std::same_as<B, Options>) auto operator()(
      const X& x, const W& w, const B& b, const Options& options = {},
      const std::source_location& where = std::source_location::current()) const {
    auto& l = ledger_of_any(where, x, w, b);
    using T = decltype(scalar_of_ledger(l));
    attempt recording(l);
    const var<T> input = as_var<Arch>(l, x, where), filters = as_var<Arch>(l, w, where),
                 bias = as_var<Arch>(l, b, where);
    return recording.keep(record_conv<T>(Rank, input, filters, &bias, options, where));
  }
};

}  // namespace detail

/// conv2d(x, w, options), conv2d(x, w, b, options): y(n, o, i, j) = b(o) + Σ w(o, c, k, l) x(n, c, i s - p + k d,
/// j s - p + l d), the sum over the channels c of o's group and the elements (k, l) of the filter, with s the stride, p
/// the padding and d the dilation. x is (samples, channels, height, width), w (filters, channels / groups, height,
/// width), b (filters); the result is (samples, filters, height, width), with (height + 2 p - d (k - 1) - 1) / s + 1
/// rows, rounded down. Throws shape_error where the shapes do not fit, value_error for options out of range.
inline constexpr detail::conv_t<2, conv_options> conv2d;
/// The same with one spatial axis: x is (samples, channels, length), w (filters, channels / groups, length).
inline constexpr detail::conv_t<1, conv_options> conv1d;

/// conv_transpose2d(x, w, options), conv_transpose2d(x, w, b, options): the transpose of conv2d by its input, also
/// called a deconvolution (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 4). x is
/// (samples, channels, height, width), w (channels, filters / groups, height, width), b (filters); the result has
/// (height - 1) s - 2 p + d (k - 1) + output_padding + 1 rows. Throws as conv2d.
inline constexpr detail::conv_t<2, conv_transpose_options> conv_transpose2d;
/// The same with one spatial axis.
inline constexpr detail::conv_t<1, conv_transpose_options> conv_transpose1d;

}  // namespace xg
