// Rows of the op table: arithmetic and powers of whole numbers.
#include "op_table.hpp"

namespace test {

template <class T>
std::vector<op_case<T>> arithmetic_ops() {
  elementwise_table<T> table;

  table.row(
      "identity", [](auto x) { return +x; }, [](double x) { return x; }, any);
  table.row(
      "+", [](auto a, auto b) { return a + b; }, [](double a, double b) { return a + b; }, any, any);
  table.row(
      "-", [](auto a, auto b) { return a - b; }, [](double a, double b) { return a - b; }, any, any);
  table.row(
      "-", [](auto x) { return -x; }, [](double x) { return -x; }, any);
  table.row(
      "*", [](auto a, auto b) { return a * b; }, [](double a, double b) { return a * b; }, any, any);
  table.row(
      "/", [](auto a, auto b) { return a / b; }, [](double a, double b) { return a / b; }, any, nonzero);
  table.row(
      "square", [](auto x) { return xt::square(x); }, [](double x) { return x * x; }, any);
  table.row(
      "cube", [](auto x) { return xt::cube(x); }, [](double x) { return x * x * x; }, any);
  table.row(
      "squared_error", [](auto p, auto t) { return xg::squared_error(p, t); },
      [](double p, double t) { return (p - t) * (p - t); }, any, any);
  table.row(
      "pow_n", [](auto x) { return xt::pow<3>(x); }, [](double x) { return x * x * x; }, any);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> arithmetic_ops();

}  // namespace test
