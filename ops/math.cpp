#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto
compiled_ops<float, op_of<xt::math::exp_fun, 1>, op_of<xt::math::expm1_fun, 1>, op_of<xt::math::log_fun, 1>,
             op_of<xt::math::log1p_fun, 1>, op_of<xt::math::sqrt_fun, 1>, op_of<xt::math::tanh_fun, 1>,
             op_of<detail::logistic_density_fun, 1>, op_of<xt::math::sin_fun, 1>, op_of<xt::math::cos_fun, 1>,
             op_of<xt::math::abs_fun, 1>, op_of<xt::math::pow_fun, 2>, op_of<xt::math::exp2_fun, 1>,
             op_of<xt::math::log2_fun, 1>, op_of<xt::math::log10_fun, 1>, op_of<xt::math::cbrt_fun, 1>,
             op_of<xt::math::hypot_fun, 2>, op_of<xt::math::fma_fun, 3>>();
template auto
compiled_ops<double, op_of<xt::math::exp_fun, 1>, op_of<xt::math::expm1_fun, 1>, op_of<xt::math::log_fun, 1>,
             op_of<xt::math::log1p_fun, 1>, op_of<xt::math::sqrt_fun, 1>, op_of<xt::math::tanh_fun, 1>,
             op_of<detail::logistic_density_fun, 1>, op_of<xt::math::sin_fun, 1>, op_of<xt::math::cos_fun, 1>,
             op_of<xt::math::abs_fun, 1>, op_of<xt::math::pow_fun, 2>, op_of<xt::math::exp2_fun, 1>,
             op_of<xt::math::log2_fun, 1>, op_of<xt::math::log10_fun, 1>, op_of<xt::math::cbrt_fun, 1>,
             op_of<xt::math::hypot_fun, 2>, op_of<xt::math::fma_fun, 3>>();

}  // namespace xg
