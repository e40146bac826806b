// The op table as doctest checks: every row through every generic check, and every spoilt row caught.
#pragma once

#include <doctest/doctest.h>

#include "op_table.hpp"

namespace test {

template <class T>
void hold_to_reference(const std::vector<op_case<T>>& table) {
  for (const op_case<T>& op : table) {
    CAPTURE(op.name);
    for (const std::string& failure : check_values_and_gradients(op, 1)) FAIL_CHECK(failure);
    for (const std::string& failure : check_replay(op, 2)) FAIL_CHECK(failure);
  }
}

/// Each spoilt version of each row must be found wrong, and by its gradient: its values are right. Returns how many
/// there were.
template <class T>
int catch_spoilt(const std::vector<op_case<T>>& table) {
  int spoilt = 0;
  for (const op_case<T>& op : table) {
    for (const auto& [how, record] : op.broken) {
      op_case<T> wrong = op;
      wrong.record = record;
      CAPTURE(op.name);
      CAPTURE(how);
      const failures found = check_values_and_gradients(wrong, 1);
      REQUIRE_FALSE(found.empty());
      for (const std::string& failure : found) CHECK(failure.find(": value") == std::string::npos);
      ++spoilt;
    }
  }
  return spoilt;
}

}  // namespace test
