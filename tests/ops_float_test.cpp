// The op table in single precision.
#include "op_checks.hpp"

TEST_CASE("elementwise ops in float: values, gradients, programs, replay") {
  test::hold_to_reference("elementwise", test::elementwise_ops<float>());
}

TEST_CASE("structured ops in float: values, gradients, kernels against vjps, replay") {
  test::hold_to_reference("structured", test::structured_ops<float>());
}
