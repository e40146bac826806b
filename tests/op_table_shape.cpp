// Rows of the op table: shapes by NumPy's names, padding, diagonals and triangles.
#include "op_by_index.hpp"

namespace test {

namespace {

template <class T>
using list = std::vector<xg::var<T>>;
using arrays = std::vector<array>;
using shapes = std::vector<std::vector<xg::shape_t>>;

array reshaped(const array& x, const index_list& shape) {
  array y = array::from_shape(shape);
  std::copy(x.begin(), x.end(), y.begin());
  return y;
}

/// The parts of x at these places of an axis.
array picked(const array& x, std::size_t axis, const index_list& places) {
  index_list shape = extents(x);
  shape[axis] = places.size();
  return by_index(shape, [&](index_list i) {
    i[axis] = places[i[axis]];
    return at(x, i);
  });
}

const shapes cubes{{{2, 3, 4}}, {{1, 3, 1}}, {{5, 1, 17}}, {{0, 3, 2}}};

template <class T>
void add_shapes(structured_table<T>& table) {
  table.row(
      "ravel", [](const list<T>& x) { return xg::ravel(x[0] * 1.0); },
      [](const arrays& x) { return reshaped(x[0], {x[0].size()}); }, {{{2, 3}}, {{}}, {{0, 2}}, {{4}}});
  table.row(
      "squeeze",
      [](const list<T>& x) {
        return xg::squeeze(x[0], {0, -1});
      },
      [](const arrays& x) { return reshaped(x[0], {x[0].shape(1)}); }, {{{1, 3, 1}}, {{1, 0, 1}}});
  table.row(
      "expand_dims",
      [](const list<T>& x) {
        return xg::expand_dims(x[0], {0, -1});
      },
      [](const arrays& x) {
        index_list shape = extents(x[0]);
        shape.insert(shape.begin(), 1);
        shape.push_back(1);
        return reshaped(x[0], shape);
      },
      {{{2, 3}}, {{}}, {{0}}});
  table.row(
      "swapaxes", [](const list<T>& x) { return xg::swapaxes(x[0], 0, -1); },
      [](const arrays& x) {
        return by_index({x[0].shape(2), x[0].shape(1), x[0].shape(0)}, [&](index_list i) {
          return at(x[0], {i[2], i[1], i[0]});
        });
      },
      cubes);
  table.row(
      "moveaxis", [](const list<T>& x) { return xg::moveaxis(x[0], 0, -1); },
      [](const arrays& x) {
        return by_index({x[0].shape(1), x[0].shape(2), x[0].shape(0)}, [&](index_list i) {
          return at(x[0], {i[2], i[0], i[1]});
        });
      },
      cubes);
  table.row(
      "moveaxis",
      [](const list<T>& x) {
        return xg::moveaxis(x[0], {0, 1}, {-1, 0});
      },
      [](const arrays& x) {
        return by_index({x[0].shape(1), x[0].shape(2), x[0].shape(0)}, [&](index_list i) {
          return at(x[0], {i[2], i[0], i[1]});
        });
      },
      cubes);
  table.row(
      "flip", [](const list<T>& x) { return xg::flip(x[0]); },
      [](const arrays& x) {
        array y = x[0];
        std::reverse(y.begin(), y.end());
        return y;
      },
      cubes);
  table.row(
      "flip", [](const list<T>& x) { return xg::flip(x[0], 1); },
      [](const arrays& x) {
        index_list back(x[0].shape(1));
        for (std::size_t i = 0; i < back.size(); ++i) back[i] = back.size() - 1 - i;
        return picked(x[0], 1, back);
      },
      cubes);
  table.row(
      "roll", [](const list<T>& x) { return xg::roll(x[0], -5, 2); },
      [](const arrays& x) {
        const std::size_t n = x[0].shape(2);
        index_list from(n);
        for (std::size_t i = 0; i < n; ++i) from[i] = (i + 5) % n;
        return picked(x[0], 2, from);
      },
      cubes);
  table.row(
      "roll", [](const list<T>& x) { return xg::roll(x[0], 2); },
      [](const arrays& x) {
        array y = x[0];
        for (std::size_t i = 0; i < y.size(); ++i) y.flat((i + 2) % y.size()) = x[0].flat(i);
        return y;
      },
      cubes);
  table.row(
      "repeat", [](const list<T>& x) { return xg::repeat(x[0], 3, 1); },
      [](const arrays& x) {
        index_list from;
        for (std::size_t i = 0; i < 3 * x[0].shape(1); ++i) from.push_back(i / 3);
        return picked(x[0], 1, from);
      },
      cubes);
  table.row(
      "repeat",
      [](const list<T>& x) {
        return xg::repeat(x[0], {2, 0, 3}, -1);
      },
      [](const arrays& x) {
        return picked(x[0], 1, {0, 0, 2, 2, 2});
      },
      {{{2, 3}}, {{0, 3}}});
  table.row(
      "repeat", [](const list<T>& x) { return xg::repeat(x[0], 2); },
      [](const arrays& x) { return by_index({2 * x[0].size()}, [&](index_list i) { return x[0].flat(i[0] / 2); }); },
      {{{2, 3}}, {{}}});
  table.row(
      "tile",
      [](const list<T>& x) {
        return xg::tile(x[0], {2, 1, 3});
      },
      [](const arrays& x) {
        return by_index({2, x[0].shape(0), 3 * x[0].shape(1)}, [&](index_list i) {
          return at(x[0], {i[1], i[2] % x[0].shape(1)});
        });
      },
      {{{2, 3}}, {{3, 1}}, {{0, 2}}});
  table.row(
      "tile", [](const list<T>& x) { return xg::tile(x[0], 2); },
      [](const arrays& x) {
        index_list shape = extents(x[0]);
        const std::size_t n = shape.back();
        shape.back() *= 2;
        return by_index(shape, [&](index_list i) {
          i.back() %= n;
          return at(x[0], i);
        });
      },
      {{{5}}, {{2, 3, 2}}});
  table.row(
      "broadcast_to",
      [](const list<T>& x) {
        return xg::broadcast_to(x[0], {4, 2, 3});
      },
      [](const arrays& x) {
        return array(xt::broadcast(x[0], {4, 2, 3}));
      },
      {{{2, 3}}, {{2, 1}}, {{}}, {{1, 1, 3}}});
  table.row(
      "meshgrid",
      [](const list<T>& x) {
        const auto grid = xg::meshgrid({x[0], x[1], x[2]});
        return xg::var<T>(grid[0] * grid[1] + grid[2]);
      },
      [](const arrays& x) {
        return by_index({x[0].size(), x[1].size(), x[2].size()},
                        [&](index_list i) { return x[0].flat(i[0]) * x[1].flat(i[1]) + x[2].flat(i[2]); });
      },
      {{{2}, {3}, {4}}, {{1}, {}, {2}}});
}

/// np.pad by its definition: one step out at a time.
array padded(const array& x, const std::vector<std::pair<int, int>>& widths, const std::string& mode, double value) {
  index_list shape;
  for (std::size_t d = 0; d < x.dimension(); ++d)
    shape.push_back(x.shape(d) + std::size_t(widths[d].first + widths[d].second));
  return by_index(shape, [&](index_list i) {
    for (std::size_t d = 0; d < i.size(); ++d) {
      const int n = int(x.shape(d));
      int j = int(i[d]) - widths[d].first;
      while (j < 0 || j >= n) {
        if (mode == "constant") return value;
        if (mode == "edge") j = j < 0 ? 0 : n - 1;
        if (mode == "wrap") j += j < 0 ? n : -n;
        if (mode == "reflect") j = n == 1 ? 0 : j < 0 ? -j : 2 * (n - 1) - j;
        if (mode == "symmetric") j = j < 0 ? -1 - j : 2 * n - 1 - j;
      }
      i[d] = std::size_t(j);
    }
    return at(x, i);
  });
}

template <class T>
void add_pads(structured_table<T>& table) {
  table.row(
      "pad",
      [](const list<T>& x) {
        return xg::pad(x[0], {{1, 2}, {0, 3}});
      },
      [](const arrays& x) {
        return padded(x[0], {{1, 2}, {0, 3}}, "constant", 0);
      },
      {{{2, 3}}, {{1, 1}}, {{0, 2}}});
  table.row(
      "pad", [](const list<T>& x) { return xg::pad(x[0], 2, xg::pad_mode::constant, -1.5); },
      [](const arrays& x) {
        return padded(x[0], {{2, 2}, {2, 2}, {2, 2}}, "constant", -1.5);
      },
      {{{2, 3, 1}}});
  for (const auto& [mode, word] :
       {std::pair{xg::pad_mode::edge, "edge"}, std::pair{xg::pad_mode::reflect, "reflect"},
        std::pair{xg::pad_mode::symmetric, "symmetric"}, std::pair{xg::pad_mode::wrap, "wrap"}})
    table.row(
        "pad",
        [mode = mode](const list<T>& x) {
          return xg::pad(x[0], {{5, 0}, {3, 7}}, mode);
        },
        [word = word](const arrays& x) {
          return padded(x[0], {{5, 0}, {3, 7}}, word, 0);
        },
        {{{3, 4}}, {{1, 2}}, {{7, 9}}});
}

template <class T>
void add_diagonals(structured_table<T>& table) {
  for (const int k : {0, 2, -1})
    table.row(
        "diag", [=](const list<T>& x) { return xg::diag(x[0], k); },
        [=](const arrays& x) {
          const std::size_t n = x[0].size() + std::size_t(std::abs(k));
          return by_index({n, n}, [&](index_list i) {
            const std::size_t row = k < 0 ? i[0] - std::size_t(-k) : i[0];
            return int(i[1]) - int(i[0]) == k ? x[0].flat(row) : 0.;
          });
        },
        {{{3}}, {{1}}, {{0}}});
  table.row(
      "diag", [](const list<T>& x) { return xg::diag(x[0], -1); },
      [](const arrays& x) {
        return by_index({std::min(x[0].shape(0) - 1, x[0].shape(1))}, [&](index_list i) {
          return at(x[0], {i[0] + 1, i[0]});
        });
      },
      {{{3, 4}}, {{4, 2}}, {{1, 3}}});
  table.row(
      "diagonal", [](const list<T>& x) { return xg::diagonal(x[0], 1, -1, 0); },
      [](const arrays& x) {  // rows are the last axis, columns the first
        return by_index({x[0].shape(1), std::min(x[0].shape(2), x[0].shape(0) - 1)}, [&](index_list i) {
          return at(x[0], {i[1] + 1, i[0], i[1]});
        });
      },
      {{{3, 2, 4}}, {{4, 1, 2}}, {{1, 2, 3}}});
  table.row(
      "trace", [](const list<T>& x) { return xg::trace(x[0]); },
      [](const arrays& x) {
        return by_index({x[0].shape(2)}, [&](index_list i) {
          double sum = 0;
          for (std::size_t k = 0; k < std::min(x[0].shape(0), x[0].shape(1)); ++k) sum += at(x[0], {k, k, i[0]});
          return sum;
        });
      },
      {{{3, 4, 2}}, {{2, 2, 1}}});
  for (const int k : {0, 1, -1}) {
    const auto triangle = [=](bool upper) {
      return [=](const arrays& x) {
        return by_index(extents(x[0]), [&](index_list i) {
          const int right = int(i[i.size() - 1]) - int(i[i.size() - 2]);
          return (upper ? right >= k : right <= k) ? at(x[0], i) : 0.;
        });
      };
    };
    table.row("tril", [=](const list<T>& x) { return xg::tril(x[0], k); }, triangle(false), {{{3, 4}}, {{2, 3, 3}}});
    table.row("triu", [=](const list<T>& x) { return xg::triu(x[0], k); }, triangle(true), {{{4, 3}}, {{2, 3, 3}}});
  }
}

}  // namespace

template <class T>
std::vector<op_case<T>> shape_ops() {
  structured_table<T> table;
  add_shapes(table);
  add_pads(table);
  add_diagonals(table);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> shape_ops();

}  // namespace test
