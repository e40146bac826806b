// Rows of the op table: comparisons and logic, through which no gradient flows.
#include "op_table.hpp"

namespace test {

template <class T>
std::vector<op_case<T>> comparison_ops() {
  elementwise_table<T> table;

  table.constant_row(
      "stop_gradient", [](auto a) { return xg::stop_gradient(a); }, [](double a) { return a; }, any);
  table.constant_row(
      "<", [](auto a, auto b) { return a < b; }, [](double a, double b) { return a < b; }, any, any);
  table.constant_row(
      "<=", [](auto a, auto b) { return a <= b; }, [](double a, double b) { return a <= b; }, any, any);
  table.constant_row(
      ">", [](auto a, auto b) { return a > b; }, [](double a, double b) { return a > b; }, any, any);
  table.constant_row(
      ">=", [](auto a, auto b) { return a >= b; }, [](double a, double b) { return a >= b; }, any, any);
  table.constant_row(
      "==", [](auto a, auto b) { return xt::equal(a, b); }, [](double a, double b) { return a == b; }, any, any);
  table.constant_row(
      "!=", [](auto a, auto b) { return xt::not_equal(a, b); }, [](double a, double b) { return a != b; }, any, any);
  table.constant_row(
      "&&", [](auto a, auto b) { return a && b; }, [](double a, double b) { return a != 0 && b != 0; }, condition,
      condition);
  table.constant_row(
      "||", [](auto a, auto b) { return a || b; }, [](double a, double b) { return a != 0 || b != 0; }, condition,
      condition);
  table.constant_row(
      "!", [](auto a) { return !a; }, [](double a) { return a == 0; }, condition);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> comparison_ops();

}  // namespace test
