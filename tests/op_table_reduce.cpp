// Rows of the op table: reductions.
#include <algorithm>
#include <cmath>

#include <xtensor/xview.hpp>

#include "op_table.hpp"

namespace test {

namespace {

/// `f` of the values of each result of a reduction over one axis.
auto along(std::size_t axis, double (*f)(const std::vector<double>&)) {
  return [=](const std::vector<array>& x) {
    std::vector<std::size_t> shape(x[0].shape().begin(), x[0].shape().end());
    std::size_t inner = 1;
    for (std::size_t d = axis + 1; d < shape.size(); ++d) inner *= shape[d];
    const std::size_t n = shape[axis];
    shape.erase(shape.begin() + std::ptrdiff_t(axis));
    array y = array::from_shape(shape);
    for (std::size_t i = 0; i < y.size(); ++i) {
      std::vector<double> values(n);
      for (std::size_t j = 0; j < n; ++j) values[j] = x[0].flat((i / inner * n + j) * inner + i % inner);
      y.flat(i) = f(values);
    }
    return y;
  };
}

double variance(const std::vector<double>& v) {
  double mean = 0, y = 0;
  for (double x : v) mean += x / double(v.size());
  for (double x : v) y += (x - mean) * (x - mean);
  return y / double(v.size());
}

}  // namespace

template <class T>
std::vector<op_case<T>> reduce_ops() {
  structured_table<T> table;
  const std::vector<std::vector<xg::shape_t>> cubes{{{2, 3, 4}}, {{1, 3, 1}}, {{5, 1, 17}}, {{3, 7, 40}}};

  // (xtensor's own sum forms pointers before the beginning of an empty array.)
  table.row(
      "sum", [](const std::vector<xg::var<T>>& x) { return xg::sum(x[0]); },
      [](const std::vector<array>& x) {
        array total = xt::zeros<double>(xg::shape_t{});
        for (double value : x[0]) total() += value;
        return total;
      },
      {{{}}, {{0}}, {{7}}, {{3, 45}}});
  table.row(
      "sum", [](const std::vector<xg::var<T>>& x) { return xg::sum(x[0] * x[1], {1}); },
      [](const std::vector<array>& x) {
        const array products = x[0] * x[1];
        if (products.size() == 0) return array(xt::zeros<double>({products.shape(0)}));
        return array(xt::sum(products, {1}));
      },
      {{{2, 3, 4}, {2, 3, 4}}, {{2, 3, 4}, {3, 1}}, {{4, 9}, {9}}, {{0, 2}, {2}}});
  table.row(
      "mean",
      [](const std::vector<xg::var<T>>& x) {
        return xg::mean(xt::square(x[0]), {0, -1});
      },
      [](const std::vector<array>& x) {
        return array(xt::mean(x[0] * x[0], {0, 2}));
      },
      cubes);
  table.row(
      "mean", [](const std::vector<xg::var<T>>& x) { return xg::mean(x[0], {-2}, xt::keep_dims); },
      [](const std::vector<array>& x) { return array(xt::mean(x[0], {1}, xt::keep_dims)); }, cubes);
  table.row(
      "prod", [](const std::vector<xg::var<T>>& x) { return xg::prod(x[0], 0); },
      along(0,
            [](const std::vector<double>& v) {
              double y = 1;
              for (double x : v) y *= x;
              return y;
            }),
      cubes);
  table.row(
      "amax", [](const std::vector<xg::var<T>>& x) { return xg::amax(x[0], 1); },
      along(1, [](const std::vector<double>& v) { return *std::max_element(v.begin(), v.end()); }), cubes);
  table.row(
      "amin", [](const std::vector<xg::var<T>>& x) { return xg::amin(x[0], -1); },
      along(2, [](const std::vector<double>& v) { return *std::min_element(v.begin(), v.end()); }), cubes);
  table.row(
      "logsumexp", [](const std::vector<xg::var<T>>& x) { return xg::logsumexp(x[0], 2); },
      along(2,
            [](const std::vector<double>& v) {
              double y = 0;
              for (double x : v) y += std::exp(x);
              return std::log(y);
            }),
      cubes);
  table.row("norm_l2", [](const std::vector<xg::var<T>>& x) { return xg::norm_l2(x[0], 0); },
            along(0,
                  [](const std::vector<double>& v) {
                    double y = 0;
                    for (double x : v) y += x * x;
                    return std::sqrt(y);
                  }),
            {{{2, 3, 4}}, {{3, 3, 1}}, {{5, 1, 17}}, {{3, 7, 40}}});
  table.row(
      "variance", [](const std::vector<xg::var<T>>& x) { return xg::variance(x[0], 0); }, along(0, variance), cubes);
  table.row(
      "variance", [](const std::vector<xg::var<T>>& x) { return xg::variance(x[0] + x[0], 2); },
      along(2, [](const std::vector<double>& v) { return 4 * variance(v); }), cubes);
  table.row("stddev", [](const std::vector<xg::var<T>>& x) { return xg::stddev(x[0], 1); },
            along(1, [](const std::vector<double>& v) { return std::sqrt(variance(v)); }),
            {{{2, 3, 4}}, {{3, 4, 1}}, {{5, 8, 17}}, {{1, 7, 40}}});
  table.row(
      "any", [](const std::vector<xg::var<T>>& x) { return xg::any(x[0] > 1, 0); },
      along(0,
            [](const std::vector<double>& v) {
              return double(std::any_of(v.begin(), v.end(), [](double x) { return x > 1; }));
            }),
      cubes);
  table.rows.back().constant = true;
  table.row(
      "all", [](const std::vector<xg::var<T>>& x) { return xg::all(x[0] > -1, 1); },
      along(1,
            [](const std::vector<double>& v) {
              return double(std::all_of(v.begin(), v.end(), [](double x) { return x > -1; }));
            }),
      cubes);
  table.rows.back().constant = true;
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> reduce_ops();

}  // namespace test
