#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto
compiled_ops<float, op_of<xt::detail::less, 2>, op_of<xt::detail::less_equal, 2>, op_of<xt::detail::greater, 2>,
             op_of<xt::detail::greater_equal, 2>, op_of<xt::detail::not_equal_to, 2>, op_of<xt::detail::logical_and, 2>,
             op_of<xt::detail::logical_or, 2>, op_of<xt::detail::logical_not, 1>, op_of<xt::math::maximum<void>, 2>,
             op_of<xt::math::minimum<void>, 2>, op_of<xt::math::fmax_fun, 2>, op_of<xt::math::fmin_fun, 2>>();
template auto
compiled_ops<double, op_of<xt::detail::less, 2>, op_of<xt::detail::less_equal, 2>, op_of<xt::detail::greater, 2>,
             op_of<xt::detail::greater_equal, 2>, op_of<xt::detail::not_equal_to, 2>, op_of<xt::detail::logical_and, 2>,
             op_of<xt::detail::logical_or, 2>, op_of<xt::detail::logical_not, 1>, op_of<xt::math::maximum<void>, 2>,
             op_of<xt::math::minimum<void>, 2>, op_of<xt::math::fmax_fun, 2>, op_of<xt::math::fmin_fun, 2>>();

}  // namespace xg
