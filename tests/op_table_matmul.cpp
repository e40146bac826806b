// Rows of the op table: matrix products, of matrices, vectors and transposes.
#include <cmath>

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
  // Of more dimensions: matrices, one for each place in the axes before, which broadcast.
  const auto batched = [=](const array& a, const array& b) {
    const auto before = [](const array& x) {
      std::vector<std::size_t> shape(x.shape().begin(), x.shape().end());
      if (shape.size() < 3) return std::vector<std::size_t>();
      return std::vector<std::size_t>(shape.begin(), shape.end() - 2);
    };
    const auto first = before(a), rest = before(b);
    xg::shape_t whole(first.begin(), first.end());
    const auto with_matrix = [&](const array& x) {
      std::vector<std::size_t> shape(whole.begin(), whole.end());
      shape.insert(shape.end(), {x.shape(x.dimension() - 2), x.shape(x.dimension() - 1)});
      return array(xt::broadcast(x, shape));
    };

    xg::broadcast_into(whole, xg::shape_t(rest.begin(), rest.end()));
    const array left = with_matrix(a), right = with_matrix(b);
    const std::size_t m = a.shape(a.dimension() - 2), k = a.shape(a.dimension() - 1), n = b.shape(b.dimension() - 1);
    std::vector<std::size_t> shape(whole.begin(), whole.end());
    shape.insert(shape.end(), {m, n});
    array c = xt::zeros<double>(shape);
    for (std::size_t i = 0; i < c.size(); ++i)
      for (std::size_t p = 0; p < k; ++p)
        c.flat(i) += left.flat(i / n * k + p) * right.flat((i / (m * n) * k + p) * n + i % n);
    return c;
  };
  const auto row_of = [&](std::vector<std::vector<xg::shape_t>> shapes) {
    table.row(
        "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(x[0], x[1]); },
        [=](const std::vector<array>& x) { return batched(x[0], x[1]); }, std::move(shapes));
  };
  row_of({{{2, 3, 4}, {2, 4, 5}}, {{2, 1, 2, 3}, {3, 3, 4}}, {{2, 3}, {3, 3, 2}}, {{2, 3, 4}, {4, 2}}});
  row_of({{{0, 2, 3}, {3, 2}}, {{2, 2, 0}, {2, 0, 3}}, {{1, 2, 3}, {0, 3, 2}}, {{3, 8, 9}, {3, 9, 10}}});
  table.row(
      "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(x[0], x[1]); },
      [=](const std::vector<array>& x) {
        const array c = batched(x[0], column(x[1]));
        return array(xt::reshape_view(c, {c.shape(0), c.shape(1)}));
      },
      {{{2, 3, 4}, {4}}});
  table.row(
      "matmul", [](const std::vector<xg::var<T>>& x) { return xg::matmul(x[0], x[1]); },
      [=](const std::vector<array>& x) {
        const array c = batched(line(x[0]), x[1]);
        return array(xt::reshape_view(c, {c.shape(0), c.shape(2)}));
      },
      {{{3}, {2, 3, 4}}});
  for (const bool causal : {false, true})
    table.row(
        "scaled_dot_product_attention",
        [=](const std::vector<xg::var<T>>& x) {
          return xg::scaled_dot_product_attention(x[0], x[1], x[2], {.causal = causal});
        },
        [=](const std::vector<array>& x) {
          array scores = batched(x[0], array(xt::transpose(x[1], {0, 2, 1}))) / std::sqrt(double(x[0].shape(2)));
          const std::size_t queries = scores.shape(1), keys = scores.shape(2);
          for (std::size_t i = 0; i < scores.size(); ++i)
            if (causal && i % keys > i / keys % queries) scores.flat(i) = -INFINITY;
          const array e = xt::exp(scores);
          const array total = xt::sum(e, {2}, xt::keep_dims);
          return batched(array(e / total), x[2]);
        },
        {{{2, 3, 4}, {2, 3, 4}, {2, 3, 5}}, {{2, 2, 3}, {1, 4, 3}, {2, 4, 2}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> matmul_ops();

}  // namespace test
