#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto compiled_ops<float, op_of<detail::one_minus_square_fun, 1>, op_of<xt::math::tan_fun, 1>,
                           op_of<xt::math::asin_fun, 1>, op_of<xt::math::acos_fun, 1>, op_of<xt::math::atan_fun, 1>,
                           op_of<xt::math::atan2_fun, 2>, op_of<xt::math::deg2rad, 1>, op_of<xt::math::rad2deg, 1>>();
template auto compiled_ops<double, op_of<detail::one_minus_square_fun, 1>, op_of<xt::math::tan_fun, 1>,
                           op_of<xt::math::asin_fun, 1>, op_of<xt::math::acos_fun, 1>, op_of<xt::math::atan_fun, 1>,
                           op_of<xt::math::atan2_fun, 2>, op_of<xt::math::deg2rad, 1>, op_of<xt::math::rad2deg, 1>>();

}  // namespace xg
