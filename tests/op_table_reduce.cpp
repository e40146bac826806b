// Rows of the op table: sums and means.
#include <xtensor/xview.hpp>

#include "op_table.hpp"

namespace test {

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
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> reduce_ops();

}  // namespace test
