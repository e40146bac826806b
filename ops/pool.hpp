// Pooling: the largest value, or the mean, of each window.
#pragma once

#include <xgrad/ops/window.hpp>

namespace xg {

/// How windows lie on the input; each as in torch.nn.functional.
struct max_pool_options {
  /// The window's extents, if it is not given.
  per_axis stride = {};
  /// Elements on either side that are less than all others; at most half a window.
  per_axis padding = 0;
  per_axis dilation = 1;
  /// Keeps a last window that reaches over the end, if it begins within the input or the padding before it.
  bool ceil_mode = false;
};

struct avg_pool_options {
  per_axis stride = {};
  /// Zeros on either side; at most half a window.
  per_axis padding = 0;
  bool ceil_mode = false;
  /// Divides by the number of all elements of the window within the padded input; else of those within the input.
  bool count_include_pad = true;
};

namespace detail {

/// What pools are made of, before the input is known.
struct pool_settings {
  const char* function;
  bool largest, adaptive;
  std::size_t rank;
  per_axis extents;  // of the window; adaptive: of the result
  per_axis stride = {}, padding = 0, dilation = 1;
  bool ceil_mode = false, count_padding = true;
};

template <class T>
var<T> record_pool(const var<T>& x, const pool_settings& settings, const std::source_location& where);

template <std::size_t Rank>
struct max_pool_t {
  template <differentiable X, class Arch = simd_arch>
  auto operator()(const X& x, const per_axis& window, const max_pool_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    constexpr auto name = Rank == 1 ? "max_pool1d" : "max_pool2d";
    return record_pool(recorded<Arch>(x, where),
                       {name, true, false, Rank, window, o.stride, o.padding, o.dilation, o.ceil_mode}, where);
  }
};
template <std::size_t Rank>
struct avg_pool_t {
  template <differentiable X, class Arch = simd_arch>
  auto operator()(const X& x, const per_axis& window, const avg_pool_options& o = {},
                  const std::source_location& where = std::source_location::current()) const {
    constexpr auto name = Rank == 1 ? "avg_pool1d" : "avg_pool2d";
    return record_pool(recorded<Arch>(x, where),
                       {name, false, false, Rank, window, o.stride, o.padding, 1, o.ceil_mode, o.count_include_pad},
                       where);
  }
};
template <bool Largest>
struct adaptive_pool2d_t {
  template <differentiable X, class Arch = simd_arch>
  auto operator()(const X& x, const per_axis& extents,
                  const std::source_location& where = std::source_location::current()) const {
    constexpr auto name = Largest ? "adaptive_max_pool2d" : "adaptive_avg_pool2d";
    return record_pool(recorded<Arch>(x, where), {name, Largest, true, 2, extents}, where);
  }
};

}  // namespace detail

/// max_pool2d(x, {height, width}, options): the largest element of each window; equal ones share the gradient; NaN if
/// there is one. Windows slide over the last two axes of x, (..., height, width); all others stay. There are
/// (height + 2 padding - dilation (window - 1) - 1) / stride + 1 rows of them, rounded down (ceil_mode: up). Throws
/// shape_error where x has too few axes or a window does not fit, value_error for options out of range.
inline constexpr detail::max_pool_t<2> max_pool2d;
/// The same over the last axis of x, (..., length).
inline constexpr detail::max_pool_t<1> max_pool1d;

/// avg_pool2d(x, {height, width}, options): the mean of each window; see max_pool2d.
inline constexpr detail::avg_pool_t<2> avg_pool2d;
/// The same over the last axis.
inline constexpr detail::avg_pool_t<1> avg_pool1d;

/// adaptive_avg_pool2d(x, {height, width}): the mean of windows that give a result of these extents: row i of m has the
/// rows of x from ⌊i n / m⌋ to below ⌈(i + 1) n / m⌉, n being their number. Throws as max_pool2d.
inline constexpr detail::adaptive_pool2d_t<false> adaptive_avg_pool2d;
/// adaptive_max_pool2d(x, {height, width}): the largest elements of the same windows.
inline constexpr detail::adaptive_pool2d_t<true> adaptive_max_pool2d;

}  // namespace xg
