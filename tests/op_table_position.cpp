// Rows of the op table: taking and adding by positions that lie on the tape, one_hot, filter.
#include "op_by_index.hpp"

namespace test {

namespace {

template <class T>
using list = std::vector<xg::var<T>>;
using arrays = std::vector<array>;

const xt::xarray<int> positions{{2, 0, -1, 2}, {1, 1, 0, -3}};  // in an axis of 3
std::size_t position(std::size_t i, std::size_t j) { return std::size_t((positions(i, j) + 3) % 3); }

}  // namespace

template <class T>
std::vector<op_case<T>> position_ops() {
  structured_table<T> table;
  table.row(
      "take_along_axis", [](const list<T>& x) { return xg::take_along_axis(x[0], x[0].owner().indices(positions), 1); },
      [](const arrays& x) {
        return by_index({2, 4}, [&](index_list i) { return x[0](i[0], position(i[0], i[1])); });
      },
      {{{2, 3}}});
  table.row(
      "take_along_axis",
      [](const list<T>& x) {  // one list for all of the first and the last axis
        const xt::xarray<int> one = xt::reshape_view(xt::xarray<int>{2, 0, 2, -1}, {1, 4, 1});
        return xg::take_along_axis(x[0], x[0].owner().indices(one), -2);
      },
      [](const arrays& x) {
        const std::size_t from[] = {2, 0, 2, x[0].shape(1) - 1};
        return by_index({x[0].shape(0), 4, x[0].shape(2)}, [&](index_list i) {
          return at(x[0], {i[0], from[i[1]], i[2]});
        });
      },
      {{{2, 3, 4}}, {{1, 5, 1}}, {{0, 3, 2}}});
  table.row(
      "put_along_axis",
      [](const list<T>& x) {
        xg::tape<T>& t = x[0].owner();
        return xg::scatter_add(t.constant(xt::zeros<T>({2, 3})), t.indices(positions), x[0], 1);
      },
      [](const arrays& x) {
        array y = xt::zeros<double>({2, 3});
        for (std::size_t i = 0; i < 2; ++i)
          for (std::size_t j = 0; j < 4; ++j) y(i, position(i, j)) += x[0].size() == 4 ? x[0].flat(j) : x[0](i, j);
        return y;
      },
      {{{2, 4}}, {{1, 4}}, {{4}}});
  table.row(
      "scatter_add",
      [](const list<T>& x) { return xg::scatter_add(x[0], x[0].owner().indices(positions), x[1] * 2, 1); },
      [](const arrays& x) {
        array y = x[0];
        for (std::size_t i = 0; i < 2; ++i)
          for (std::size_t j = 0; j < 4; ++j) y(i, position(i, j)) += 2 * x[1](i, j);
        return y;
      },
      {{{2, 3}, {2, 4}}});
  table.row(
      "index_add",
      [](const list<T>& x) {
        return xg::index_add(x[0], x[0].owner().indices({2, 0, -1}), x[1]);
      },
      [](const arrays& x) {
        array y = x[0];
        const std::size_t to[] = {2, 0, 2};
        for (std::size_t k = 0; k < 3; ++k)
          for (std::size_t j = 0; j < 2; ++j) y(to[k], j) += x[1].size() == 2 ? x[1].flat(j) : x[1](k, j);
        return y;
      },
      {{{3, 2}, {3, 2}}, {{3, 2}, {2}}});
  table.row(
      "index_add",
      [](const list<T>& x) {
        return xg::index_add(x[0], x[0].owner().indices({1, 1}), x[1], -1);
      },
      [](const arrays& x) {
        array y = x[0];
        for (std::size_t i = 0; i < 3; ++i) y(i, 1) += x[1](i, 0) + x[1](i, 1);
        return y;
      },
      {{{3, 4}, {3, 2}}});
  table.row(
      "one_hot",
      [](const list<T>& x) {
        return xg::one_hot(x[0].owner().indices({{2, 0}, {1, 2}}), 4);
      },
      [](const arrays&) {
        const std::size_t one[] = {2, 0, 1, 2};
        return by_index({2, 2, 4}, [&](index_list i) { return double(one[2 * i[0] + i[1]] == i[2]); });
      },
      {{{}}});
  table.rows.back().constant = true;
  table.row(
      "filter",
      [](const list<T>& x) {
        return xg::filter(x[0], xt::xarray<bool>{{true, false, true}, {false, false, true}});
      },
      [](const arrays& x) {
        return array{x[0](0, 0), x[0](0, 2), x[0](1, 2)};
      },
      {{{2, 3}}});
  table.row(
      "filter",
      [](const list<T>& x) {  // of the first axis
        return xg::filter(x[0], xt::xarray<int>{0, 1, 1, 0, 7});
      },
      [](const arrays& x) {
        const std::size_t rows[] = {1, 2, 4};
        return by_index({3, x[0].shape(1)}, [&](index_list i) { return x[0](rows[i[0]], i[1]); });
      },
      {{{5, 3}}, {{5, 0}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> position_ops();

}  // namespace test
