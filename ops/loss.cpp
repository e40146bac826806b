#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto compiled_ops<float, op_of<squared_error_fun, 2>>();
template auto compiled_ops<double, op_of<squared_error_fun, 2>>();

}  // namespace xg
