// The same as export_c_ops_test.cpp, in float.
#include "export_c_checks.hpp"

TEST_CASE("elementwise ops in C, float") {
  const auto table = test::elementwise_ops<float>();
  CHECK(test::hold_c_to_tape(table) * 10 >= table.size() * 9);
}

TEST_CASE("structured ops in C, float") {
  const auto table = test::structured_ops<float>();
  CHECK(test::hold_c_to_tape(table) * 2 >= table.size());
}
