// Rows of the op table: activation functions. Each is drawn away from its kinks, of those with two one at a time.
#include <cmath>

#include "op_table.hpp"

namespace test {

namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double clipped(double x, double low, double high) { return std::fmin(std::fmax(x, low), high); }

}  // namespace

template <class T>
std::vector<op_case<T>> activation_ops() {
  elementwise_table<T> table;
  const domain wide{-6, 6};

  table.row(
      "leaky_relu", [](auto x, auto slope) { return xg::leaky_relu(x, slope); },
      [](double x, double slope) { return x > 0 ? x : slope * x; }, nonzero, any);
  table.row(
      "leaky_relu", [](auto x) { return xg::leaky_relu(x); }, [](double x) { return x > 0 ? x : T(0.01) * x; },
      nonzero);
  table.row(
      "elu", [](auto x, auto alpha) { return xg::elu(x, alpha); },
      [](double x, double alpha) { return x > 0 ? x : alpha * std::expm1(x); }, nonzero, any);
  table.row(
      "selu", [](auto x) { return xg::selu(x); },
      [](double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); }, nonzero);
  table.row(
      "celu", [](auto x) { return xg::celu(x, 1.5); }, [](double x) { return x > 0 ? x : 1.5 * std::expm1(x / 1.5); },
      nonzero);
  table.row(
      "softplus", [](auto x) { return xg::softplus(x); }, [](double x) { return std::log1p(std::exp(x)); }, wide);
  table.row(
      "softplus", [](auto x) { return xg::softplus(x, 2); }, [](double x) { return std::log1p(std::exp(2 * x)) / 2; },
      any);
  table.row(
      "logsigmoid", [](auto x) { return xg::logsigmoid(x); }, [](double x) { return -std::log1p(std::exp(-x)); }, wide);
  table.row(
      "softsign", [](auto x) { return xg::softsign(x); }, [](double x) { return x / (1 + std::abs(x)); }, nonzero);
  table.row(
      "hardtanh", [](auto x) { return xg::hardtanh(x, -5, 1); }, [](double x) { return clipped(x, -5, 1); },
      domain{-2, 2, 1, 0.1});
  table.row(
      "hardtanh", [](auto x) { return xg::hardtanh(x, -1, 5); }, [](double x) { return clipped(x, -1, 5); },
      domain{-2, 2, -1, 0.1});
  for (const domain& kink : {domain{-5, 0, -3, 0.1}, domain{0, 5, 3, 0.1}}) {
    table.row(
        "hardsigmoid", [](auto x) { return xg::hardsigmoid(x); }, [](double x) { return clipped(x / 6 + 0.5, 0, 1); },
        kink);
    table.row(
        "hardswish", [](auto x) { return xg::hardswish(x); }, [](double x) { return x * clipped(x / 6 + 0.5, 0, 1); },
        kink);
  }
  table.row(
      "gelu", [](auto x) { return xg::gelu(x); }, [](double x) { return x * std::erfc(-x / std::sqrt(2)) / 2; }, wide);
  table.row(
      "gelu_tanh", [](auto x) { return xg::gelu_tanh(x); },
      [](double x) { return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1)) * (x + 0.044715 * x * x * x))); },
      wide);
  table.row(
      "silu", [](auto x) { return xg::silu(x); }, [](double x) { return x * logistic(x); }, wide);
  table.row(
      "mish", [](auto x) { return xg::mish(x); }, [](double x) { return x * std::tanh(std::log1p(std::exp(x))); },
      wide);
  table.row(
      "normal_cdf", [](auto x) { return xg::detail::normal_cdf(x); },
      [](double x) { return std::erfc(-x / std::sqrt(2)) / 2; }, any);
  table.row(
      "normal_density", [](auto x) { return xg::detail::normal_density(x); },
      [](double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1)); }, any);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> activation_ops();

}  // namespace test
