#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto compiled_ops<float, op_of<relu_fun, 1>, op_of<sigmoid_fun, 1>>();
template auto compiled_ops<double, op_of<relu_fun, 1>, op_of<sigmoid_fun, 1>>();

}  // namespace xg
