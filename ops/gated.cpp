#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto
compiled_ops<float, op_of<detail::normal_cdf_fun, 1>, op_of<detail::normal_density_fun, 1>, op_of<gelu_fun, 1>,
             op_of<gelu_tanh_fun, 1>, op_of<silu_fun, 1>, op_of<mish_fun, 1>, op_of<hardswish_fun, 1>>();
template auto
compiled_ops<double, op_of<detail::normal_cdf_fun, 1>, op_of<detail::normal_density_fun, 1>, op_of<gelu_fun, 1>,
             op_of<gelu_tanh_fun, 1>, op_of<silu_fun, 1>, op_of<mish_fun, 1>, op_of<hardswish_fun, 1>>();

}  // namespace xg
