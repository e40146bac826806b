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
inline int catch_spoilt(const std::vector<op_case<double>>& table) {
  int count = 0;
  for (const op_case<double>& op : table) {
    for (const op_case<double>& wrong : spoilt(op)) {
      CAPTURE(wrong.name);
      const failures found = check_values_and_gradients(wrong, 1);
      REQUIRE_FALSE(found.empty());
      for (const std::string& failure : found) CHECK(failure.find(": value") == std::string::npos);
      ++count;
    }
  }
  return count;
}

/// The rows of several families.
template <class T>
std::vector<op_case<T>> all_of(std::initializer_list<std::vector<op_case<T>>> families) {
  std::vector<op_case<T>> all;
  for (const auto& family : families) all.insert(all.end(), family.begin(), family.end());
  return all;
}

template <class T>
std::vector<op_case<T>> elementwise_ops() {
  return all_of({arithmetic_ops<T>(), math_ops<T>(), trigonometric_ops<T>(), rounding_ops<T>(), special_ops<T>(),
                 activation_ops<T>(), loss_ops<T>(), choice_ops<T>(), comparison_ops<T>()});
}
template <class T>
std::vector<op_case<T>> structured_ops() {
  return all_of({reduce_ops<T>(), matmul_ops<T>(), linalg_ops<T>(), product_ops<T>(), view_ops<T>(), shape_ops<T>(),
                 join_ops<T>(), position_ops<T>(), scan_ops<T>(), class_ops<T>(), conv_ops<T>(), pool_ops<T>(),
                 norm_ops<T>()});
}

}  // namespace test
