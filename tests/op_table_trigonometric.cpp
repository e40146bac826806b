// Rows of the op table: trigonometric and hyperbolic functions, and what belongs to them.
#include <cmath>

#include "op_table.hpp"

namespace test {

template <class T>
std::vector<op_case<T>> trigonometric_ops() {
  elementwise_table<T> table;
  const domain inside{-0.9, 0.9}, angle{-1.2, 1.2};

  table.row(
      "tan", [](auto x) { return xt::tan(x); }, [](double x) { return std::tan(x); }, angle);
  table.row(
      "asin", [](auto x) { return xt::asin(x); }, [](double x) { return std::asin(x); }, inside);
  table.row(
      "acos", [](auto x) { return xt::acos(x); }, [](double x) { return std::acos(x); }, inside);
  table.row(
      "atan", [](auto x) { return xt::atan(x); }, [](double x) { return std::atan(x); }, any);
  table.row(
      "atan2", [](auto a, auto b) { return xt::atan2(a, b); }, [](double a, double b) { return std::atan2(a, b); }, any,
      positive);
  table.row(
      "atan2", [](auto a, auto b) { return xt::atan2(a, b); }, [](double a, double b) { return std::atan2(a, b); },
      domain{-3, -0.3}, any);
  table.row(
      "hypot", [](auto a, auto b) { return xt::hypot(a, b); }, [](double a, double b) { return std::hypot(a, b); }, any,
      nonzero);
  table.row(
      "one_minus_square", [](auto x) { return xg::elementwise<xg::detail::one_minus_square_fun>()(x); },
      [](double x) { return 1 - x * x; }, any);
  table.row(
      "deg2rad", [](auto x) { return xt::deg2rad(x); }, [](double x) { return x * std::acos(-1) / 180; }, any);
  table.row(
      "rad2deg", [](auto x) { return xt::rad2deg(x); }, [](double x) { return x * 180 / std::acos(-1); }, any);
  table.row(
      "sinh", [](auto x) { return xt::sinh(x); }, [](double x) { return std::sinh(x); }, any);
  table.row(
      "cosh", [](auto x) { return xt::cosh(x); }, [](double x) { return std::cosh(x); }, any);
  table.row(
      "asinh", [](auto x) { return xt::asinh(x); }, [](double x) { return std::asinh(x); }, any);
  table.row(
      "acosh", [](auto x) { return xt::acosh(x); }, [](double x) { return std::acosh(x); }, domain{1.2, 4});
  table.row(
      "atanh", [](auto x) { return xt::atanh(x); }, [](double x) { return std::atanh(x); }, inside);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> trigonometric_ops();

}  // namespace test
