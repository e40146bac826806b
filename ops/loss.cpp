#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto compiled_ops<float, op_of<squared_error_fun, 2>, op_of<absolute_error_fun, 2>,
                           op_of<detail::difference_fun, 2>, op_of<detail::huber_fun, 2>, op_of<detail::bce_fun, 2>,
                           op_of<detail::entropy_term_fun, 2>, op_of<detail::divergence_fun, 2>>();
template auto compiled_ops<double, op_of<squared_error_fun, 2>, op_of<absolute_error_fun, 2>,
                           op_of<detail::difference_fun, 2>, op_of<detail::huber_fun, 2>, op_of<detail::bce_fun, 2>,
                           op_of<detail::entropy_term_fun, 2>, op_of<detail::divergence_fun, 2>>();

}  // namespace xg
