// Rows of the op table: what moves elements: transposes, reshapes, views, elements.
#include <xtensor/xview.hpp>

#include "op_table.hpp"

namespace test {

template <class T>
std::vector<op_case<T>> view_ops() {
  structured_table<T> table;
  const std::vector<std::vector<xg::shape_t>> cubes{{{2, 3, 4}}, {{1, 3, 1}}, {{5, 1, 17}}, {{3, 7, 40}}};

  table.row(
      "transpose", [](const std::vector<xg::var<T>>& x) { return xg::transpose(x[0]); },
      [](const std::vector<array>& x) { return array(xt::transpose(x[0])); },
      {{{2, 3}}, {{4}}, {{2, 3, 4}}, {{}}, {{0, 3}}});
  table.row(
      "transpose",
      [](const std::vector<xg::var<T>>& x) {
        return xg::transpose(x[0], {1, -1, 0});
      },
      [](const std::vector<array>& x) {
        return array(xt::transpose(x[0], {1, 2, 0}));
      },
      cubes);
  table.row(
      "reshape",
      [](const std::vector<xg::var<T>>& x) {
        return xg::reshape(x[0], {-1, 6});
      },
      [](const std::vector<array>& x) {
        return array(xt::reshape_view(x[0], {x[0].size() / 6, std::size_t(6)}));
      },
      {{{2, 3}}, {{4, 3}}, {{2, 1, 9}}, {{0, 6}}});
  table.row(
      "view",
      [](const std::vector<xg::var<T>>& x) {
        return xg::view(x[0], {xt::all(), xt::range(1, 3), -1});
      },
      [](const std::vector<array>& x) { return array(xt::view(x[0], xt::all(), xt::range(1, 3), x[0].shape(2) - 1)); },
      {{{2, 3, 4}}, {{1, 5, 1}}});
  table.row(
      "view",
      [](const std::vector<xg::var<T>>& x) {
        return xg::view(x[0], {xt::ellipsis(), xt::newaxis(), xt::range(0, 4, 2)});
      },
      [](const std::vector<array>& x) {
        return array(xt::view(x[0], xt::all(), xt::all(), xt::newaxis(), xt::range(0, 4, 2)));
      },
      {{{2, 3, 4}}, {{1, 2, 5}}});
  table.row(
      "view",
      [](const std::vector<xg::var<T>>& x) {  // listed last: an element of the source is there twice
        return xg::view(x[0], {xt::all(), xt::keep(1, 0, -1, 1)});
      },
      [](const std::vector<array>& x) { return array(xt::view(x[0], xt::all(), xt::keep(1, 0, -1, 1))); },
      {{{2, 3}}, {{3, 17}}, {{0, 3}}});
  table.row(
      "view",
      [](const std::vector<xg::var<T>>& x) {  // listed first and in the middle, beside all other slices
        return xg::view(x[0], {xt::keep(2, 0, 2, 2), xt::newaxis(), xt::drop(1, -2), xt::range(3, 0, -2), -1});
      },
      [](const std::vector<array>& x) {
        const std::size_t rows[] = {2, 0, 2, 2};
        std::vector<std::size_t> columns;
        for (std::size_t j = 0; j < x[0].shape(1); ++j)
          if (j != 1 && j != x[0].shape(1) - 2) columns.push_back(j);
        array y = array::from_shape({4, 1, columns.size(), 2});
        for (std::size_t i = 0; i < 4; ++i)
          for (std::size_t j = 0; j < columns.size(); ++j)
            for (std::size_t k = 0; k < 2; ++k) y(i, 0, j, k) = x[0](rows[i], columns[j], 3 - 2 * k, x[0].shape(3) - 1);
        return y;
      },
      {{{3, 5, 4, 2}}, {{4, 7, 5, 1}}});
  table.row(
      "view",
      [](const std::vector<xg::var<T>>& x) {
        return xg::view(x[0], {xt::ellipsis(), xt::drop(0), xt::keep(0, 2, 1)});
      },
      [](const std::vector<array>& x) { return array(xt::view(x[0], xt::all(), xt::drop(0), xt::keep(0, 2, 1))); },
      {{{2, 4, 3}}, {{1, 2, 9}}});
  table.row(
      "element", [](const std::vector<xg::var<T>>& x) { return x[0](1, -1); },
      [](const std::vector<array>& x) { return array(x[0](1, x[0].shape(1) - 1)); }, {{{2, 3}}, {{4, 1}}});
  table.row(
      "scatter",
      [](const std::vector<xg::var<T>>& x) {
        const xg::var<T> source = x[0].owner().variable(xt::zeros<T>({3, 4}));
        return xg::gradient(xg::view(source, {xt::range(0, 3, 2), xt::range(1, 4)}), source, xg::seed(x[0]));
      },
      [](const std::vector<array>& x) {
        array y = xt::zeros<double>({3, 4});
        xt::view(y, xt::range(0, 3, 2), xt::range(1, 4)) = x[0];
        return y;
      },
      {{{2, 3}}});
  table.row(
      "scatter",
      [](const std::vector<xg::var<T>>& x) {
        const xg::var<T> source = x[0].owner().variable(xt::zeros<T>({3, 4}));
        return xg::gradient(xg::view(source, {xt::keep(2, 0, 2), xt::drop(1)}), source, xg::seed(x[0]));
      },
      [](const std::vector<array>& x) {
        array y = xt::zeros<double>({3, 4});
        const std::size_t rows[] = {2, 0, 2}, columns[] = {0, 2, 3};
        for (std::size_t i = 0; i < 3; ++i)
          for (std::size_t j = 0; j < 3; ++j) y(rows[i], columns[j]) += x[0](i, j);
        return y;
      },
      {{{3, 3}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> view_ops();

}  // namespace test
