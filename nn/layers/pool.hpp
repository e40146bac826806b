// Pools as layers, for sequential models; elsewhere xg::max_pool2d(x, window) says the same. None has parameters.
#pragma once

#include <xgrad/ops/pool.hpp>

namespace xg::nn {

/// max_pool2d{2}, max_pool2d{{3, 3}, {.stride = 2, .padding = 1}}.
struct max_pool2d {
  per_axis window;
  max_pool_options options = {};
  auto operator()(const differentiable auto& x) const { return xg::max_pool2d(x, window, options); }
};
struct max_pool1d {
  per_axis window;
  max_pool_options options = {};
  auto operator()(const differentiable auto& x) const { return xg::max_pool1d(x, window, options); }
};
struct avg_pool2d {
  per_axis window;
  avg_pool_options options = {};
  auto operator()(const differentiable auto& x) const { return xg::avg_pool2d(x, window, options); }
};
struct avg_pool1d {
  per_axis window;
  avg_pool_options options = {};
  auto operator()(const differentiable auto& x) const { return xg::avg_pool1d(x, window, options); }
};
/// With these extents, whatever the input has: adaptive_avg_pool2d{1} is the mean of each channel.
struct adaptive_avg_pool2d {
  per_axis extents;
  auto operator()(const differentiable auto& x) const { return xg::adaptive_avg_pool2d(x, extents); }
};
struct adaptive_max_pool2d {
  per_axis extents;
  auto operator()(const differentiable auto& x) const { return xg::adaptive_max_pool2d(x, extents); }
};

}  // namespace xg::nn
