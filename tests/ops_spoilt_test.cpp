// Negative controls: every rule spoilt on purpose, and a wrong derivative planted behind every operand of a structured
// op. The checks of the op table must catch each.
#include "op_checks.hpp"

TEST_CASE("negative control: an elementwise rule that is wrong by 1 % is caught") {
  CHECK(test::catch_spoilt(test::elementwise_ops<double, test::rows::spoilt>()) > 50);
}

TEST_CASE("negative control: a wrong derivative behind any operand is caught") {
  CHECK(test::catch_spoilt(test::structured_ops<double>()) > 40);
}
