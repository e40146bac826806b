// Every elementwise op of the table through every generic check, and every rule spoilt on purpose: each must be caught.
#include "op_checks.hpp"

TEST_CASE("elementwise ops in double: values, gradients, programs, second order, replay") {
  test::hold_to_reference(test::elementwise_ops<double>());
}

TEST_CASE("elementwise ops in float: values, gradients, programs, replay") {
  test::hold_to_reference(test::elementwise_ops<float>());
}

TEST_CASE("negative control: an elementwise rule that is wrong by 1 % is caught") {
  CHECK(test::catch_spoilt(test::elementwise_ops<double>()) > 50);
}
