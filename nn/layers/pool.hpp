// Pools as layers, for sequential models; elsewhere xg::max_pool2d(x, window) says the same. None has parameters.
#pragma once

#include <xgrad/ops/pool.hpp>

namespace xg::nn {

namespace detail {

template <const auto& Op, class Options>
struct pool {
  per_axis window;
  Options options = {};
  auto operator()(const differentiable auto& x) const { return Op(x, window, options); }
};
template <const auto& Op>
struct adaptive_pool {
  per_axis extents;
  auto operator()(const differentiable auto& x) const { return Op(x, extents); }
};

}  // namespace detail

/// max_pool2d{2}, max_pool2d{{3, 3}, {.stride = 2, .padding = 1}}.
using max_pool2d = detail::pool<xg::max_pool2d, max_pool_options>;
using max_pool1d = detail::pool<xg::max_pool1d, max_pool_options>;
using avg_pool2d = detail::pool<xg::avg_pool2d, avg_pool_options>;
using avg_pool1d = detail::pool<xg::avg_pool1d, avg_pool_options>;
/// With these extents, whatever the input has: adaptive_avg_pool2d{1} is the mean of each channel.
using adaptive_avg_pool2d = detail::adaptive_pool<xg::adaptive_avg_pool2d>;
using adaptive_max_pool2d = detail::adaptive_pool<xg::adaptive_max_pool2d>;

}  // namespace xg::nn
