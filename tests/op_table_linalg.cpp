// Rows of the op table: linear systems, factorisations, functions of matrices.
#include <xtensor/xview.hpp>

#include "linalg_reference.hpp"

namespace test {

using plain::each, plain::matrix, plain::regular;

template <class T>
std::vector<op_case<T>> linalg_ops() {
  structured_table<T> table;
  using list = std::vector<xg::var<T>>;
  using arrays = std::vector<array>;
  const std::vector<std::vector<xg::shape_t>> squares{{{3, 3}}, {{1, 1}}, {{5, 5}}, {{2, 3, 3}}};

  table.row(
      "solve", [](const list& x) { return xg::solve(regular(x[0]), x[1]); },
      [](const arrays& x) { return each([](const arrays& m) { return plain::solve(regular(m[0]), m[1]); }, x); },
      {{{3, 3}, {3, 2}},
       {{1, 1}, {1, 4}},
       {{2, 4, 4}, {2, 4, 3}},
       {{2, 3, 3}, {3, 2}},
       {{3, 3}, {2, 3, 2}},
       {{1, 3, 3}, {2, 3, 1}}});
  table.row(
      "solve", [](const list& x) { return xg::solve(regular(x[0]), x[1]); },
      [](const arrays& x) {
        const array b = xt::reshape_view(x[1], {x[1].size(), std::size_t(1)});
        const array y = each([](const arrays& m) { return plain::solve(regular(m[0]), m[1]); }, {x[0], b});
        std::vector<std::size_t> shape(y.shape().begin(), y.shape().end() - 1);
        return array(xt::reshape_view(y, shape));
      },
      {{{3, 3}, {3}}, {{2, 3, 3}, {3}}});
  table.row(
      "inverse", [](const list& x) { return xg::inverse(regular(x[0])); },
      [](const arrays& x) {
        return each([](const arrays& m) { return plain::solve(regular(m[0]), plain::identity(m[0].shape(0))); }, x);
      },
      squares);
  table.row(
      "det", [](const list& x) { return xg::det(regular(x[0])); },
      [](const arrays& x) { return each([](const arrays& m) { return array(plain::det(regular(m[0]))); }, x); },
      squares);
  table.row(
      "slogdet", [](const list& x) { return xg::slogdet(-regular(x[0])).logabsdet; },
      [](const arrays& x) {
        return each([](const arrays& m) { return array(std::log(std::abs(plain::det(regular(m[0]))))); }, x);
      },
      squares);
  table.row(
      "cholesky", [](const list& x) { return xg::cholesky(regular(x[0])); },
      [](const arrays& x) {
        return each(
            [](const arrays& m) {
              const matrix a = regular(m[0]);
              return plain::cholesky((a + plain::transposed(a)) / 2);
            },
            x);
      },
      squares);
  for (const bool lower : {true, false})
    for (const bool transpose : {false, true})
      for (const bool unit : {false, true})
        table.row(
            "solve_triangular",
            [=](const list& x) {
              return xg::solve_triangular(regular(x[0]), x[1], {.lower = lower, .transpose = transpose, .unit = unit});
            },
            [=](const arrays& x) {
              return each(
                  [=](const arrays& m) {
                    matrix a = regular(m[0]);
                    for (std::size_t i = 0; i < a.shape(0); ++i)
                      for (std::size_t j = 0; j < a.shape(1); ++j) {
                        if (i != j && (i > j) != lower) a(i, j) = 0;
                        if (i == j && unit) a(i, j) = 1;
                      }
                    return plain::solve(transpose ? plain::transposed(a) : a, m[1]);
                  },
                  x);
            },
            {{{3, 3}, {3, 2}}, {{2, 3, 3}, {3, 2}}, {{3, 3}, {2, 3, 2}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> linalg_ops();

}  // namespace test
