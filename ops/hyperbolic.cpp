#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto
compiled_ops<float, op_of<xt::math::sinh_fun, 1>, op_of<xt::math::cosh_fun, 1>, op_of<xt::math::asinh_fun, 1>,
             op_of<xt::math::acosh_fun, 1>, op_of<xt::math::atanh_fun, 1>>();
template auto
compiled_ops<double, op_of<xt::math::sinh_fun, 1>, op_of<xt::math::cosh_fun, 1>, op_of<xt::math::asinh_fun, 1>,
             op_of<xt::math::acosh_fun, 1>, op_of<xt::math::atanh_fun, 1>>();

}  // namespace xg
