// Every structured op and reduction of the table through every generic check, and a wrong derivative planted in front
// of each operand: each must be caught.
#include "op_table.hpp"

#include <doctest/doctest.h>

namespace {

template <class T>
void hold_to_reference(const std::vector<test::op_case<T>>& table) {
  for (const auto& op : table) {
    CAPTURE(op.name);
    for (const std::string& failure : test::check_values_and_gradients(op, 1)) FAIL_CHECK(failure);
    for (const std::string& failure : test::check_replay(op, 2)) FAIL_CHECK(failure);
  }
}

}  // namespace

TEST_CASE("structured ops in double: values, gradients, kernels against vjps, second order, replay") {
  hold_to_reference(test::structured_ops<double>());
}

TEST_CASE("structured ops in float: values, gradients, kernels against vjps, replay") {
  hold_to_reference(test::structured_ops<float>());
}

TEST_CASE("negative control: a wrong derivative behind any operand is caught") {
  int spoilt = 0;
  for (const auto& op : test::structured_ops<double>()) {
    for (const auto& [how, record] : op.broken) {
      test::op_case<double> wrong = op;
      wrong.record = record;
      CAPTURE(op.name);
      CAPTURE(how);
      const auto found = test::check_values_and_gradients(wrong, 1);
      REQUIRE_FALSE(found.empty());
      for (const std::string& failure : found) CHECK(failure.find(": value") == std::string::npos);
      ++spoilt;
    }
  }
  CHECK(spoilt > 40);
}
