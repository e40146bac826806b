// Rows of the op table: matrix products, of matrices, vectors and transposes.
#include <xtensor/xview.hpp>

#include "op_table.hpp"

namespace test {

template <class T>
std::vector<op_case<T>> matmul_ops() {
  structured_table<T> table;

  const auto product = [](const array& a, const array& b) {
    array c = xt::zeros<double>({a.shape(0), b.shape(1)});
    for (std::size_t i = 0; i < c.shape(0); ++i)
      for (std::size_t j = 0; j < c.shape(1); ++j)
        for (std::size_t k = 0; k < a.shape(1); ++k) c(i, j) += a(i, k) * b(k, j);
    return c;
  };
  table.row(
      "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(x[0], x[1]); },
      [=](const std::vector<array>& x) { return product(x[0], x[1]); },
      {{{2, 3}, {3, 4}}, {{1, 4}, {4, 3}}, {{1, 1}, {1, 1}}, {{9, 7}, {7, 11}}, {{2, 0}, {0, 3}}, {{0, 2}, {2, 3}}});
  table.row(
      "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(x[0], xg::transpose(x[1])); },
      [=](const std::vector<array>& x) { return product(x[0], xt::transpose(x[1])); },
      {{{2, 3}, {4, 3}}, {{6, 8}, {5, 8}}});
  table.row(
      "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(xg::transpose(x[0]), x[1]); },
      [=](const std::vector<array>& x) { return product(xt::transpose(x[0]), x[1]); },
      {{{3, 2}, {3, 4}}, {{8, 6}, {8, 5}}});
  table.row(
      "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(xg::transpose(x[0]), xg::transpose(x[1])); },
      [=](const std::vector<array>& x) { return product(xt::transpose(x[0]), xt::transpose(x[1])); },
      {{{3, 2}, {4, 3}}, {{8, 6}, {5, 8}}});
  const auto column = [](const array& a) { return array(xt::reshape_view(a, {a.size(), std::size_t(1)})); };
  const auto line = [](const array& a) { return array(xt::reshape_view(a, {std::size_t(1), a.size()})); };
  const auto flat = [](const array& a) { return array(xt::flatten(a)); };
  table.row(
      "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(x[0], x[1]); },
      [=](const std::vector<array>& x) { return flat(product(x[0], column(x[1]))); }, {{{2, 3}, {3}}});
  table.row(
      "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(x[0], x[1]); },
      [=](const std::vector<array>& x) { return flat(product(line(x[0]), x[1])); }, {{{3}, {3, 2}}});
  table.row(
      "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(x[0], x[1]); },
      [=](const std::vector<array>& x) { return array(product(line(x[0]), column(x[1]))(0, 0)); }, {{{5}, {5}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> matmul_ops();

}  // namespace test
