// Rows of the op table: functions with steps, remainders and bounds. Operands stay between the steps.
#include <algorithm>
#include <cmath>

#include "op_table.hpp"

namespace test {

template <class T>
std::vector<op_case<T>> rounding_ops() {
  elementwise_table<T> table;

  table.constant_row(
      "floor", [](auto x) { return xt::floor(x); }, [](double x) { return std::floor(x); }, any);
  table.constant_row(
      "ceil", [](auto x) { return xt::ceil(x); }, [](double x) { return std::ceil(x); }, any);
  table.constant_row(
      "trunc", [](auto x) { return xt::trunc(x); }, [](double x) { return std::trunc(x); }, any);
  table.constant_row(
      "round", [](auto x) { return xt::round(x); }, [](double x) { return std::round(x); }, any);
  table.constant_row(
      "rint", [](auto x) { return xt::rint(x); }, [](double x) { return std::rint(x); }, any);
  table.constant_row(
      "nearbyint", [](auto x) { return xt::nearbyint(x); }, [](double x) { return std::nearbyint(x); }, any);
  table.constant_row(
      "sign", [](auto x) { return xt::sign(x); }, [](double x) { return (x > 0) - (x < 0); }, any);
  // Of numbers that are what is asked for at every second place or so.
  table.constant_row(
      "isnan", [](auto x) { return xt::isnan(xt::sqrt(x)); }, [](double x) { return x < 0; }, nonzero);
  table.constant_row(
      "isinf", [](auto x) { return xt::isinf(1 / xt::floor(x)); }, [](double x) { return x >= 0 && x < 1; }, any);
  table.constant_row(
      "isfinite", [](auto x) { return xt::isfinite(1 / xt::floor(x)); }, [](double x) { return x < 0 || x >= 1; }, any);

  table.row(
      "fmod", [](auto a, auto b) { return xt::fmod(a, b); }, [](double a, double b) { return std::fmod(a, b); },
      domain{3.2, 3.6}, domain{1.3, 1.5});
  table.row(
      "fmod", [](auto a, auto b) { return xt::fmod(a, b); }, [](double a, double b) { return std::fmod(a, b); },
      domain{-3.6, -3.2}, domain{1.3, 1.5});
  table.row(
      "remainder", [](auto a, auto b) { return xt::remainder(a, b); },
      [](double a, double b) { return std::remainder(a, b); }, domain{3.7, 4}, domain{-1.4, -1.3});
  table.row(
      "fdim", [](auto a, auto b) { return xt::fdim(a, b); }, [](double a, double b) { return std::max(a - b, 0.0); },
      any, any);
  table.row(
      "gap", [](auto a, auto b) { return xg::elementwise<xg::detail::gap_fun>()(a, b); },
      [](double a, double b) { return a - b; }, any, any);
  const auto clipped = [](double x, double low, double high) { return std::min(std::max(x, low), high); };
  table.row(
      "clip", [](auto x, auto low, auto high) { return xt::clip(x, low, high); }, clipped, any, domain{-1.5, -0.5},
      domain{0.5, 1.5});
  table.row(
      "clip", [](auto x, auto low, auto high) { return xt::clip(x, low, high); }, clipped, any, any, any);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> rounding_ops();

}  // namespace test
