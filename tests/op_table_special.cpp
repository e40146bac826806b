// Rows of the op table: powers and logarithms to other bases than e, and special functions.
#include <cmath>

#include "op_table.hpp"
#include "special_reference.hpp"

namespace test {

template <class T>
std::vector<op_case<T>> special_ops() {
  elementwise_table<T> table;
  const double pi = std::acos(-1);

  table.row(
      "exp2", [](auto x) { return xt::exp2(x); }, [](double x) { return std::exp2(x); }, any);
  table.row(
      "log2", [](auto x) { return xt::log2(x); }, [](double x) { return std::log2(x); }, positive);
  table.row(
      "log10", [](auto x) { return xt::log10(x); }, [](double x) { return std::log10(x); }, positive);
  table.row(
      "cbrt", [](auto x) { return xt::cbrt(x); }, [](double x) { return std::cbrt(x); }, nonzero);
  table.row(
      "fma", [](auto a, auto b, auto c) { return xt::fma(a, b, c); },
      [](double a, double b, double c) { return a * b + c; }, any, any, any);

  table.row(
      "erf", [](auto x) { return xt::erf(x); }, [](double x) { return std::erf(x); }, any);
  table.row(
      "erfc", [](auto x) { return xt::erfc(x); }, [](double x) { return std::erfc(x); }, any);
  table.row(
      "erf_slope", [](auto x) { return xg::elementwise<xg::detail::erf_slope_fun>()(x); },
      [=](double x) { return 2 / std::sqrt(pi) * std::exp(-x * x); }, any);
  for (const domain& d : {domain{0.3, 4}, domain{-2.8, -2.2}}) {
    table.row(
        "tgamma", [](auto x) { return xt::tgamma(x); }, [](double x) { return std::tgamma(x); }, d);
    table.row(
        "lgamma", [](auto x) { return xt::lgamma(x); }, [](double x) { return std::lgamma(x); }, d);
    table.row(
        "digamma", [](auto x) { return xg::digamma(x); }, [](double x) { return test::digamma(x); }, d);
    table.row(
        "polygamma", [](auto x) { return xg::polygamma(1, x); }, [](double x) { return test::trigamma(x); }, d);
  }
  // A&S 6.4.11 beyond 60.
  table.row(
      "polygamma", [](auto x) { return xg::polygamma(2, x); },
      [](double x) {
        double sum = 0;
        for (; x < 60; ++x) sum -= 2 / (x * x * x);
        return sum - (1 / (x * x) + 1 / (x * x * x) + 1 / (2 * x * x * x * x) - 1 / (6 * std::pow(x, 6)));
      },
      positive);
  table.row(
      "sinc", [](auto x) { return xg::sinc(x); }, [](double x) { return test::sinc(x); }, any);
  table.row(
      "sinc_derivative", [](auto x) { return xg::detail::sinc_derivative(1, x); },
      [=](double x) { return (std::cos(pi * x) - test::sinc(x)) / x; }, nonzero);
  table.row(
      "logaddexp", [](auto a, auto b) { return xg::logaddexp(a, b); },
      [](double a, double b) { return std::log(std::exp(a) + std::exp(b)); }, any, any);
  table.row(
      "xlogy", [](auto x, auto y) { return xg::xlogy(x, y); }, [](double x, double y) { return x * std::log(y); }, any,
      positive);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> special_ops();

}  // namespace test
