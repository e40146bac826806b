// Every structured op and reduction of the table through every generic check.
#include "op_checks.hpp"

TEST_CASE("structured ops in double: values, gradients, kernels against vjps, second order, replay") {
  test::hold_to_reference("structured", test::structured_ops<double>());
}
