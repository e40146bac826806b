// Every elementwise op of the table through every generic check.
#include "op_checks.hpp"

TEST_CASE("elementwise ops in double: values, gradients, programs, second order, replay") {
  test::hold_to_reference("elementwise", test::elementwise_ops<double>());
}
