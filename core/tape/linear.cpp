#include <xgrad/core/tape/linear.hpp>

#include <xgrad/core/expression/compiled_folds.hpp>
#include <xgrad/core/expression/compiled_ops.hpp>

namespace xg {

template auto compiled_ops<float, op_of<xt::detail::identity, 1>, op_of<xt::detail::plus, 2>, op_of<guard_fun, 2>,
                           op_of<xt::detail::equal_to, 2>, op_of<xt::detail::conditional_ternary, 3>>();
template auto compiled_ops<double, op_of<xt::detail::identity, 1>, op_of<xt::detail::plus, 2>, op_of<guard_fun, 2>,
                           op_of<xt::detail::equal_to, 2>, op_of<xt::detail::conditional_ternary, 3>>();
template auto compiled_folds<sum_fold>();

}  // namespace xg
