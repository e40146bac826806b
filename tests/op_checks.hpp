// The op table as doctest checks: every row through every generic check, and every spoilt row caught.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <set>

#include "op_table.hpp"

namespace test {

/// Says a number of what was checked, and, for the summary that `./xg test` ends with (op_summary.sh), appends it to
/// the file that the environment names.
inline void report(const std::string& what, double number) {
  MESSAGE(what << ": " << number);
  if (const char* file = std::getenv("OP_SUMMARY"))
    std::ofstream(file, std::ios::app) << std::setprecision(12) << what << "\t" << number << "\n";
}

/// `kind`: what the rows are; they are counted where they are checked in double.
template <class T>
void hold_to_reference(const std::string& kind, const std::vector<op_case<T>>& table) {
  tally count;
  std::set<std::string> names;
  for (const op_case<T>& op : table) {
    CAPTURE(op.name);
    names.insert(op.name);
    for (const std::string& failure : check_values_and_gradients(op, 1, count)) FAIL_CHECK(failure);
    for (const std::string& failure : check_replay(op, 2)) FAIL_CHECK(failure);
  }
  constexpr bool is_double = std::is_same_v<T, double>;
  if (is_double) report(kind + " ops", double(names.size()));
  report("values", double(count.values));
  report("gradients", double(count.gradients));
  const std::string in = is_double ? " in double" : " in float";
  report("worst value" + in, count.value);
  report("worst gradient" + in, count.derivative);
  report("worst gradient against differences" + in, count.difference);
}

/// Each spoilt version of each row must be found wrong, and by its gradient: its values are right. Returns how many
/// there were.
inline int catch_spoilt(const std::vector<op_case<double>>& table) {
  int count = 0, caught = 0;
  tally unused;
  for (const op_case<double>& op : table) {
    for (const op_case<double>& wrong : spoilt(op)) {
      CAPTURE(wrong.name);
      const failures found = check_values_and_gradients(wrong, 1, unused);
      ++count;
      CHECK_FALSE(found.empty());
      if (!found.empty()) ++caught;
      for (const std::string& failure : found) CHECK(failure.find(": value") == std::string::npos);
    }
  }
  report("controls", count);
  report("controls caught", caught);
  return caught;
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
