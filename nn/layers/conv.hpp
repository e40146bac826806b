// Convolutions as layers: of signals (samples, channels, length) and images (samples, channels, height, width).
#pragma once

#include <xgrad/nn/weight.hpp>
#include <xgrad/ops/conv.hpp>

namespace xg::nn {

struct conv_options {
  per_axis stride = 1, padding = 0, dilation = 1;
  std::size_t groups = 1;
  bool bias = true;
  using of_op = xg::conv_options;
  operator of_op() const { return {stride, padding, dilation, groups}; }
};
struct conv_transpose_options {
  per_axis stride = 1, padding = 0, output_padding = 0, dilation = 1;
  std::size_t groups = 1;
  bool bias = true;
  using of_op = xg::conv_transpose_options;
  operator of_op() const { return {stride, padding, output_padding, dilation, groups}; }
};

namespace detail {

/// A convolution over `Rank` axes with filters (first, second / groups, extents...) and a bias (out).
template <class T, std::size_t Rank, class Options>
struct any_conv {
  using scalar_type = T;
  nn::weight<T> weight, bias;
  Options options = {};

  any_conv() = default;
  any_conv(std::size_t first, std::size_t second, const per_axis& window, std::size_t out, const Options& o,
           const std::source_location& where)
      : weight(shape_of_filters(first, second, o.groups, window, where)), options(o) {
    if (o.bias) bias = nn::weight<T>({out});
  }

  template <differentiable X, class Arch = xg::detail::simd_arch>
  var<T> operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    constexpr xg::detail::conv_t<Rank, typename Options::of_op> op;
    return bias.empty() ? op(v, weight.on(v, where), options, where)
                        : op(v, weight.on(v, where), bias.on(v, where), options, where);
  }
  static void visit(auto& m, auto f) {
    f("weight", m.weight);
    if (!m.bias.empty()) f("bias", m.bias);
  }

 private:
  static shape_t shape_of_filters(std::size_t first, std::size_t second, std::size_t groups, const per_axis& window,
                                  const std::source_location& where) {
    if (groups == 0 || first % groups != 0 || second % groups != 0)
      throw value_error("nn: a convolution's channels, " + std::to_string(first) + " and " + std::to_string(second) +
                        ", cannot be split into " + std::to_string(groups) + " groups" + at_line(where));
    shape_t shape;
    shape.push_back(first);
    shape.push_back(second / groups);
    for (std::size_t axis = 0; axis < Rank; ++axis) {
      if (window[axis] < 1 || window.given() > Rank)
        throw value_error("nn: a convolution's filters need " +
                          std::string(Rank == 1 ? "one extent" : "one extent or two") + " of at least 1" +
                          at_line(where));
      shape.push_back(std::size_t(window[axis]));
    }
    return shape;
  }
};

template <class T, std::size_t Rank>
struct conv : any_conv<T, Rank, nn::conv_options> {
  conv() = default;
  conv(std::size_t in, std::size_t out, const per_axis& window, const nn::conv_options& o = {},
       const std::source_location& where = std::source_location::current())
      : conv::any_conv(out, in, window, out, o, where) {}
};
template <class T, std::size_t Rank>
struct conv_transpose : any_conv<T, Rank, nn::conv_transpose_options> {
  conv_transpose() = default;
  conv_transpose(std::size_t in, std::size_t out, const per_axis& window, const nn::conv_transpose_options& o = {},
                 const std::source_location& where = std::source_location::current())
      : conv_transpose::any_conv(in, out, window, out, o, where) {}
};

}  // namespace detail

/// conv2d<float>(in, out, {3, 3}, {.stride = 1, .padding = 0, .dilation = 1, .groups = 1, .bias = true}): xg::conv2d of
/// x (n, in, height, width) with filters of its own. The weight has shape (out, in / groups, 3, 3), the bias (out);
/// both are zeros until they are initialised. Throws value_error for channels that cannot be grouped, shape_error where
/// x does not fit.
template <class T>
struct conv2d : detail::conv<T, 2> {
  using detail::conv<T, 2>::conv;
};
/// The same for x (n, in, length): conv1d<float>(in, out, 5).
template <class T>
struct conv1d : detail::conv<T, 1> {
  using detail::conv<T, 1>::conv;
};
/// conv_transpose2d<float>(in, out, {3, 3}, options): xg::conv_transpose2d. The weight has shape (in, out / groups, 3,
/// 3), the bias (out). Else as conv2d.
template <class T>
struct conv_transpose2d : detail::conv_transpose<T, 2> {
  using detail::conv_transpose<T, 2>::conv_transpose;
};
template <class T>
struct conv_transpose1d : detail::conv_transpose<T, 1> {
  using detail::conv_transpose<T, 1>::conv_transpose;
};

}  // namespace xg::nn
