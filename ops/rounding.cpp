#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto
compiled_ops<float, op_of<xt::math::floor_fun, 1>, op_of<xt::math::ceil_fun, 1>, op_of<xt::math::trunc_fun, 1>,
             op_of<xt::math::round_fun, 1>, op_of<xt::math::rint_fun, 1>, op_of<xt::math::nearbyint_fun, 1>,
             op_of<xt::math::sign_fun, 1>, op_of<xt::math::isnan_fun, 1>, op_of<xt::math::isinf_fun, 1>,
             op_of<xt::math::isfinite_fun, 1>, op_of<xt::math::fmod_fun, 2>, op_of<xt::math::remainder_fun, 2>,
             op_of<detail::gap_fun, 2>, op_of<xt::math::fdim_fun, 2>, op_of<xt::math::clamp_fun, 3>>();
template auto
compiled_ops<double, op_of<xt::math::floor_fun, 1>, op_of<xt::math::ceil_fun, 1>, op_of<xt::math::trunc_fun, 1>,
             op_of<xt::math::round_fun, 1>, op_of<xt::math::rint_fun, 1>, op_of<xt::math::nearbyint_fun, 1>,
             op_of<xt::math::sign_fun, 1>, op_of<xt::math::isnan_fun, 1>, op_of<xt::math::isinf_fun, 1>,
             op_of<xt::math::isfinite_fun, 1>, op_of<xt::math::fmod_fun, 2>, op_of<xt::math::remainder_fun, 2>,
             op_of<detail::gap_fun, 2>, op_of<xt::math::fdim_fun, 2>, op_of<xt::math::clamp_fun, 3>>();

}  // namespace xg
