#include <xgrad/ops/window.hpp>

#include <string>

namespace xg::detail {

std::array<std::size_t, 2> checked_setting(std::size_t rank, const char* name, const per_axis& setting,
                                           std::ptrdiff_t least, std::size_t other) {
  if (setting.given() != 1 && setting.given() != rank)
    throw shape_error(std::string(name) + " has " + std::to_string(setting.given()) + " numbers for " +
                      std::to_string(rank) + " spatial " + (rank == 1 ? "axis" : "axes"));
  for (std::size_t d = 0; d < rank; ++d)
    if (setting[d] < least)
      throw value_error(std::string(name) + " is " + std::to_string(setting[d]) + "; it must be at least " +
                        std::to_string(least));
  if (rank == 1) return {other, std::size_t(setting[0])};
  return {std::size_t(setting[0]), std::size_t(setting[1])};
}

window_axes checked_windows(std::size_t rank, const per_axis& stride, const per_axis& padding,
                            const per_axis& dilation) {
  const auto steps = checked_setting(rank, "stride", stride, 1, 1),
             pads = checked_setting(rank, "padding", padding, 0, 0),
             gaps = checked_setting(rank, "dilation", dilation, 1, 1);
  window_axes axes;
  for (std::size_t d = 0; d < 2; ++d) axes[d].stride = steps[d], axes[d].padding = pads[d], axes[d].dilation = gaps[d];
  return axes;
}

std::array<std::size_t, 2> spatial(shape_view shape, std::size_t rank) {
  return {rank == 2 ? shape[2] : 1, shape[1 + rank]};
}

shape_t with_spatial(shape_view shape, std::size_t rank, std::size_t channels, const window_axes& axes) {
  shape_t result{shape[0], channels};
  if (rank == 2) result.push_back(axes[0].output);
  result.push_back(axes[1].output);
  return result;
}

const char* axes_in_words(std::size_t rank) {
  return rank == 2 ? "(samples, channels, height, width)" : "(samples, channels, length)";
}

}  // namespace xg::detail
