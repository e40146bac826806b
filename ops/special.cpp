#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

void polygamma_t::bad_order(int n, const std::source_location& where) {
  std::string text = "polygamma: the order ";
  text += std::to_string(n);
  text += " is not from 0 to 100";
  text += at_line(where);
  throw value_error(text);
}

template auto compiled_ops<float, op_of<detail::erf_slope_fun, 1>, op_of<xt::math::erf_fun, 1>,
                           op_of<xt::math::erfc_fun, 1>, op_of<detail::polygamma_fun, 2>, op_of<digamma_fun, 1>,
                           op_of<xt::math::lgamma_fun, 1>, op_of<xt::math::tgamma_fun, 1>,
                           op_of<detail::sinc_derivative_fun, 2>, op_of<logaddexp_fun, 2>, op_of<xlogy_fun, 2>>();
template auto compiled_ops<double, op_of<detail::erf_slope_fun, 1>, op_of<xt::math::erf_fun, 1>,
                           op_of<xt::math::erfc_fun, 1>, op_of<detail::polygamma_fun, 2>, op_of<digamma_fun, 1>,
                           op_of<xt::math::lgamma_fun, 1>, op_of<xt::math::tgamma_fun, 1>,
                           op_of<detail::sinc_derivative_fun, 2>, op_of<logaddexp_fun, 2>, op_of<xlogy_fun, 2>>();

}  // namespace xg
