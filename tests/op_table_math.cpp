// Rows of the op table: functions of one number, and pow.
#include <cmath>

#include "op_table.hpp"

namespace test {

template <class T>
std::vector<op_case<T>> math_ops() {
  elementwise_table<T> table;

  table.row(
      "exp", [](auto x) { return xt::exp(x); }, [](double x) { return std::exp(x); }, any);
  table.row(
      "expm1", [](auto x) { return xt::expm1(x); }, [](double x) { return std::expm1(x); }, any);
  table.row(
      "log", [](auto x) { return xt::log(x); }, [](double x) { return std::log(x); }, positive);
  table.row(
      "log1p", [](auto x) { return xt::log1p(x); }, [](double x) { return std::log1p(x); }, positive);
  table.row(
      "sqrt", [](auto x) { return xt::sqrt(x); }, [](double x) { return std::sqrt(x); }, positive);
  table.row(
      "tanh", [](auto x) { return xt::tanh(x); }, [](double x) { return std::tanh(x); }, any);
  table.row(
      "sin", [](auto x) { return xt::sin(x); }, [](double x) { return std::sin(x); }, any);
  table.row(
      "cos", [](auto x) { return xt::cos(x); }, [](double x) { return std::cos(x); }, any);
  table.row(
      "pow", [](auto a, auto b) { return xt::pow(a, b); }, [](double a, double b) { return std::pow(a, b); }, positive,
      any);
  table.row(
      "sigmoid", [](auto x) { return xg::sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }, any);
  table.row(
      "logistic_density", [](auto x) { return xg::detail::logistic_density(x); },
      [](double x) { return 1 / ((1 + std::exp(x)) * (1 + std::exp(-x))); }, any);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> math_ops();

}  // namespace test
