// Every elementwise op of the table through every generic check, and every rule spoilt on purpose: each must be caught.
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

TEST_CASE("elementwise ops in double: values, gradients, programs, second order, replay") {
  hold_to_reference(test::elementwise_ops<double>());
}

TEST_CASE("elementwise ops in float: values, gradients, programs, replay") {
  hold_to_reference(test::elementwise_ops<float>());
}

TEST_CASE("negative control: an elementwise rule that is wrong by 1 % is caught") {
  int spoilt = 0;
  for (const auto& op : test::elementwise_ops<double>()) {
    for (const auto& [how, record] : op.broken) {
      test::op_case<double> wrong = op;
      wrong.record = record;
      CAPTURE(op.name);
      CAPTURE(how);
      const auto found = test::check_values_and_gradients(wrong, 1);
      REQUIRE_FALSE(found.empty());
      for (const std::string& failure : found)
        CHECK(failure.find(": value") == std::string::npos);  // caught by its gradient
      ++spoilt;
    }
  }
  CHECK(spoilt > 50);
}
