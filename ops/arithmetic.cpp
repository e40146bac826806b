#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto
compiled_ops<float, op_of<xt::detail::negate, 1>, op_of<xt::detail::minus, 2>, op_of<xt::detail::multiplies, 2>,
             op_of<xt::detail::divides, 2>, op_of<square_fun, 1>, op_of<cube_fun, 1>>();
template auto
compiled_ops<double, op_of<xt::detail::negate, 1>, op_of<xt::detail::minus, 2>, op_of<xt::detail::multiplies, 2>,
             op_of<xt::detail::divides, 2>, op_of<square_fun, 1>, op_of<cube_fun, 1>>();

}  // namespace xg
