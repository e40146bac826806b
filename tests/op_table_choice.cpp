// Rows of the op table: ops that choose between values, and what rules and lambdas are made of.
#include <cmath>

#include "op_table.hpp"

namespace test {

template <class T>
std::vector<op_case<T>> choice_ops() {
  elementwise_table<T> table;

  table.row(
      "abs", [](auto x) { return xt::abs(x); }, [](double x) { return std::abs(x); }, nonzero);
  table.row(
      "relu", [](auto x) { return xg::relu(x); }, [](double x) { return std::max(x, 0.0); }, nonzero);
  table.row(
      "maximum", [](auto a, auto b) { return xt::maximum(a, b); }, [](double a, double b) { return std::max(a, b); },
      any, any);
  table.row(
      "minimum", [](auto a, auto b) { return xt::minimum(a, b); }, [](double a, double b) { return std::min(a, b); },
      any, any);
  table.row(
      "fmax", [](auto a, auto b) { return xt::fmax(a, b); }, [](double a, double b) { return std::max(a, b); }, any,
      any);
  table.row(
      "fmin", [](auto a, auto b) { return xt::fmin(a, b); }, [](double a, double b) { return std::min(a, b); }, any,
      any);
  table.row(
      "where", [](auto c, auto a, auto b) { return xt::where(c, a, b); },
      [](double c, double a, double b) { return c != 0 ? a : b; }, condition, any, any);
  table.row(
      "lambda",
      [](auto a, auto b) {
        return xt::make_lambda_xfunction([](auto u, auto v) { return (u * v + 2) / (1 + v * v) - u; }, a, b);
      },
      [](double u, double v) { return (u * v + 2) / (1 + v * v) - u; }, any, any);
  table.row(
      "guard", [](auto g, auto d) { return xt::detail::make_xfunction<xg::guard_fun>(g, d); },
      [](double, double d) { return d; }, any_constant, any);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> choice_ops();

}  // namespace test
