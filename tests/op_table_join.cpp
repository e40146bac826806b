// Rows of the op table: what joins and splits, and takes by position.
#include <xtensor/xview.hpp>

#include "op_table.hpp"

namespace test {

namespace {

template <class T>
using list = std::vector<xg::var<T>>;

/// Zeros of a shape with the rows of x added where they are to go.
array put_rows(const array& x, const std::vector<std::size_t>& rows, std::size_t height) {
  array y = xt::zeros<double>({height, std::size_t(x.shape(1))});
  for (std::size_t k = 0; k < rows.size(); ++k)
    for (std::size_t j = 0; j < x.shape(1); ++j) y(rows[k], j) += x(k, j);
  return y;
}

}  // namespace

template <class T>
std::vector<op_case<T>> join_ops() {
  structured_table<T> table;
  table.row(
      "concatenate", [](const list<T>& x) { return xg::concatenate(x, 1); },
      [](const std::vector<array>& x) { return array(xt::concatenate(xt::xtuple(x[0], x[1], x[2]), 1)); },
      {{{2, 3}, {2, 1}, {2, 4}}, {{1, 0, 2}, {1, 2, 2}, {1, 1, 2}}});
  table.row(
      "concatenate", [](const list<T>& x) { return xg::concatenate(x, -2); },
      [](const std::vector<array>& x) { return array(xt::concatenate(xt::xtuple(x[0], x[1]), 0)); },
      {{{2, 3}, {4, 3}}, {{1, 1}, {0, 1}}});
  table.row(
      "stack", [](const list<T>& x) { return xg::stack(x, -1); },
      [](const std::vector<array>& x) {
        xt::dynamic_shape<std::size_t> shape(x[0].shape().begin(), x[0].shape().end());
        shape.push_back(x.size());
        array y = array::from_shape(shape);
        for (std::size_t i = 0; i < y.size(); ++i) y.flat(i) = x[i % x.size()].flat(i / x.size());
        return y;
      },
      {{{2, 3}, {2, 3}, {2, 3}}, {{4}, {4}, {4}}, {{}, {}, {}}});
  table.row(
      "split",
      [](const list<T>& x) {
        const auto parts = xg::split(x[0], {1, 3}, 1);
        return xg::concatenate({parts[2], parts[0]}, 1);  // the middle is not reached
      },
      [](const std::vector<array>& x) {
        return array(xt::concatenate(xt::xtuple(xt::view(x[0], xt::all(), xt::range(3, x[0].shape(1))),
                                                xt::view(x[0], xt::all(), xt::range(0, 1))),
                                     1));
      },
      {{{2, 5}}, {{3, 4, 2}}});
  table.row(
      "take",
      [](const list<T>& x) {
        return xg::take(x[0], x[0].owner().indices({2, 0, -1, 2}));
      },
      [](const std::vector<array>& x) {
        const std::size_t last = x[0].shape(0) - 1;
        return array(xt::view(x[0], xt::keep(std::size_t(2), std::size_t(0), last, std::size_t(2))));
      },
      {{{3}}, {{4, 3}}, {{3, 2, 2}}});
  table.row(
      "take",
      [](const list<T>& x) {
        return xg::take(x[0], x[0].owner().indices({{1, 0}, {1, 1}}), -1);
      },
      [](const std::vector<array>& x) {
        const array flat = xt::view(x[0], xt::all(), xt::keep(1, 0, 1, 1));
        return array(xt::reshape_view(flat, {x[0].shape(0), std::size_t(2), std::size_t(2)}));
      },
      {{{3, 2}}, {{1, 5}}});
  table.row(
      "embedding",
      [](const list<T>& x) {
        return xg::embedding(x[0], x[0].owner().indices({{2, 0}, {1, 2}}));
      },
      [](const std::vector<array>& x) {
        const array flat = xt::view(x[0], xt::keep(2, 0, 1, 2));
        return array(xt::reshape_view(flat, {std::size_t(2), std::size_t(2), x[0].shape(1)}));
      },
      {{{3, 2}}, {{4, 5}}});
  table.row(
      "put",
      [](const list<T>& x) {
        xg::tape<T>& t = x[0].owner();
        const xg::var<T> source = t.variable(xt::zeros<T>({std::size_t(4), x[0].shape(1)}));
        return xg::gradient(xg::take(source, t.indices({3, 0, 3})), source, xg::seed(x[0]));
      },
      [](const std::vector<array>& x) {
        return put_rows(x[0], {3, 0, 3}, 4);
      },
      {{{3, 2}}, {{3, 5}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> join_ops();

}  // namespace test
