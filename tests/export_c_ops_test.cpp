// Every row of the op table: its C, compiled, gives what the tape gives, values and gradients.
#include "export_c_checks.hpp"

TEST_CASE("elementwise ops in C, double") {
  const auto table = test::elementwise_ops<double>();
  CHECK(test::hold_c_to_tape(table) * 10 >= table.size() * 9);
}

TEST_CASE("structured ops in C, double") {
  const auto table = test::structured_ops<double>();
  CHECK(test::hold_c_to_tape(table) * 2 >= table.size());
}
