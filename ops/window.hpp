// Windows that slide over the last one or two axes of (samples, channels, height, width): what convolutions and pools
// have in common.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include <xgrad/core/tape/op.hpp>

namespace xg {

/// A number for each spatial axis, or one for all of them: `2`, `{2, 1}` (height, width). Empty: none is given.
class per_axis {
 public:
  constexpr per_axis() = default;
  template <std::integral I>
  constexpr per_axis(I all) : values_{std::ptrdiff_t(all), std::ptrdiff_t(all)}, given_(1) {}
  template <std::integral I, std::integral J>
  constexpr per_axis(I height, J width) : values_{std::ptrdiff_t(height), std::ptrdiff_t(width)}, given_(2) {}

  constexpr std::ptrdiff_t operator[](std::size_t axis) const { return values_[axis]; }
  /// How many numbers were given; one is for all axes.
  constexpr std::size_t given() const { return given_; }

 private:
  std::array<std::ptrdiff_t, 2> values_{};
  std::size_t given_ = 0;
};

namespace detail {

/// One spatial axis: windows of `window` elements, `dilation` apart, begin every `stride` elements, the first one
/// `padding` elements before the input.
struct window_axis {
  std::size_t input = 1, window = 1, output = 1;
  std::size_t stride = 1, padding = 0, dilation = 1;

  /// Elements from the first to the last of a window.
  std::size_t reach() const { return (window - 1) * dilation + 1; }
};

/// Height and width; of one spatial axis the height is 1.
using window_axes = std::array<window_axis, 2>;

/// Settings of `rank` spatial axes as a pair of axes. Throws shape_error for another number of them, value_error for a
/// stride or dilation below 1, a negative padding.
window_axes checked_windows(std::size_t rank, const per_axis& stride, const per_axis& padding,
                            const per_axis& dilation);
/// One of the settings: [height, width], the height `other` where there is one axis. Throws as above, where a number is
/// below `least`.
std::array<std::size_t, 2> checked_setting(std::size_t rank, const char* name, const per_axis& setting,
                                           std::ptrdiff_t least, std::size_t other);
/// The spatial extents of (samples, channels, [height,] width).
std::array<std::size_t, 2> spatial(shape_view shape, std::size_t rank);
/// The shape with other channels and spatial extents.
shape_t with_spatial(shape_view shape, std::size_t rank, std::size_t channels, const window_axes& axes);
/// "(samples, channels, height, width)" or "(samples, channels, length)".
const char* axes_in_words(std::size_t rank);

}  // namespace detail

}  // namespace xg
