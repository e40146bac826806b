#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto
compiled_ops<float, op_of<relu_fun, 1>, op_of<sigmoid_fun, 1>, op_of<leaky_relu_fun, 2>, op_of<elu_fun, 2>,
             op_of<celu_fun, 2>, op_of<softplus_fun, 1>, op_of<softsign_fun, 1>, op_of<hardtanh_fun, 3>>();
template auto
compiled_ops<double, op_of<relu_fun, 1>, op_of<sigmoid_fun, 1>, op_of<leaky_relu_fun, 2>, op_of<elu_fun, 2>,
             op_of<celu_fun, 2>, op_of<softplus_fun, 1>, op_of<softsign_fun, 1>, op_of<hardtanh_fun, 3>>();

}  // namespace xg
