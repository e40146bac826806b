// Rows of the op table: products of arrays, and Einstein's sums.
#include <map>

#include "linalg_reference.hpp"

namespace test {

using plain::matrix;

namespace {

using arrays = std::vector<array>;

/// The sum over all values of all letters, by the definition.
array einsum(const std::string& inputs, const std::string& result, const arrays& x) {
  std::map<char, std::size_t> extent, at;
  std::size_t k = 0, d = 0;
  for (const char c : inputs) {
    if (c == ',')
      ++k, d = 0;
    else
      extent[c] = std::max(extent[c], x[k].shape(d++));
  }
  std::vector<std::size_t> shape;
  for (const char c : result) shape.push_back(extent[c]);
  array y = xt::zeros<double>(shape);
  std::size_t terms = 1;
  for (const auto& [c, n] : extent) terms *= n;
  for (std::size_t i = 0; i < terms; ++i) {
    std::size_t rest = i;
    for (const auto& [c, n] : extent) at[c] = rest % n, rest /= n;
    double product = 1;
    std::vector<std::size_t> index;
    k = 0;
    const auto take = [&] { product *= x[k++].element(index.begin(), index.end()), index.clear(); };
    for (const char c : inputs) {
      if (c == ',')
        take();
      else
        index.push_back(x[k].shape(index.size()) == 1 ? 0 : at[c]);
    }
    take();
    for (const char c : result) index.push_back(at[c]);
    y.element(index.begin(), index.end()) += product;
  }
  return y;
}

}  // namespace

template <class T>
std::vector<op_case<T>> product_ops() {
  structured_table<T> table;
  using vars = std::vector<xg::var<T>>;
  using shapes = std::vector<std::vector<xg::shape_t>>;
  // Each function is some sum of Einstein's; dots are written out as letters for the reference.
  const auto row = [&](const char* name, auto f, const std::string& inputs, const std::string& result,
                       const shapes& of) {
    table.row(
        name, [f](const vars& x) { return f(x); }, [=](const arrays& x) { return einsum(inputs, result, x); }, of);
  };
  const auto dot = [](const vars& x) { return xg::dot(x[0], x[1]); };
  row("dot", dot, "i,i", "", {{{3}, {3}}});
  row("dot", dot, "ij,jk", "ik", {{{2, 3}, {3, 4}}});
  row("dot", dot, "ijk,k", "ij", {{{2, 3, 4}, {4}}});
  row("dot", dot, "aij,bjk", "aibk", {{{2, 3, 4}, {2, 4, 3}}});
  row("dot", dot, ",ij", "ij", {{{}, {2, 3}}});
  row("vdot", [](const vars& x) { return xg::vdot(x[0], xg::transpose(x[1])); }, "ij,ji", "", {{{2, 3}, {3, 2}}});
  const auto inner = [](const vars& x) { return xg::inner(x[0], x[1]); };
  row("inner", inner, "i,i", "", {{{4}, {4}}});
  row("inner", inner, "ij,kj", "ik", {{{2, 3}, {4, 3}}});
  row("inner", inner, "aij,bcj", "aibc", {{{2, 3, 4}, {2, 2, 4}}});
  row("outer", [](const vars& x) { return xg::outer(x[0], x[1]); }, "i,j", "ij", {{{3}, {4}}, {{0}, {2}}});
  table.row(
      "kron", [](const vars& x) { return xg::kron(x[0], x[1]); },
      [](const arrays& x) {
        const matrix &a = x[0], &b = x[1];
        const std::size_t m = b.shape(0), n = b.shape(1);
        matrix y = plain::zeros(a.shape(0) * m, a.shape(1) * n);
        for (std::size_t i = 0; i < y.shape(0); ++i)
          for (std::size_t j = 0; j < y.shape(1); ++j) y(i, j) = a(i / m, j / n) * b(i % m, j % n);
        return y;
      },
      {{{2, 3}, {3, 2}}, {{1, 2}, {2, 2}}});
  row("tensordot", [](const vars& x) { return xg::tensordot(x[0], x[1], 1); }, "abc,cd", "abd", {{{2, 3, 4}, {4, 2}}});
  row("tensordot", [](const vars& x) { return xg::tensordot(x[0], x[1]); }, "abc,bcd", "ad", {{{2, 3, 4}, {3, 4, 2}}});
  row("tensordot",
      [](const vars& x) {
        return xg::tensordot(x[0], x[1], {{2, 0}, {0, -1}});
      },
      "abc,cda", "bd", {{{2, 3, 4}, {4, 2, 2}}});
  row("tensordot",
      [](const vars& x) {
        return xg::tensordot(x[0], x[1], {{0}, {1}});
      },
      "ab,ca", "bc", {{{2, 3}, {4, 2}}});
  row("tensordot", [](const vars& x) { return xg::tensordot(x[0], x[1], 0); }, "ab,c", "abc", {{{2, 3}, {4}}});

  const auto sum_of = [&](const std::string& text, const std::string& inputs, const std::string& result,
                          const shapes& of) {
    row(
        "einsum", [text](const vars& x) { return xg::einsum(text, x); }, inputs, result, of);
  };
  sum_of("ij,jk->ik", "ij,jk", "ik", {{{2, 3}, {3, 4}}, {{2, 0}, {0, 3}}});
  sum_of("ji, kj", "ji,kj", "ik", {{{3, 2}, {4, 3}}});
  sum_of("ii", "ii", "", {{{3, 3}}});
  sum_of("ii->i", "ii", "i", {{{3, 3}}});
  sum_of("iij,ij->j", "iij,ij", "j", {{{2, 2, 3}, {2, 3}}});
  sum_of("ij->ji", "ij", "ji", {{{2, 3}}});
  sum_of("ij->", "ij", "", {{{2, 3}}});
  sum_of("bij,bjk->bik", "bij,bjk", "bik", {{{2, 3, 4}, {2, 4, 2}}});
  sum_of("bij,bkj->kbi", "bij,bkj", "kbi", {{{2, 3, 4}, {2, 2, 4}}});
  sum_of("bi,bi->b", "bi,bi", "b", {{{3, 4}, {3, 4}}});
  sum_of("bi,bj->bij", "bi,bj", "bij", {{{3, 2}, {3, 4}}});
  sum_of("i,j,k->kij", "i,j,k", "kij", {{{2}, {3}, {4}}});
  sum_of("i,ij,j->", "i,ij,j", "", {{{2}, {2, 3}, {3}}});
  sum_of("ij,kl->ik", "ij,kl", "ik", {{{2, 3}, {4, 2}}});
  sum_of("...ij,...jk->...ik", "abij,bjk", "abik", {{{2, 3, 2, 3}, {3, 3, 2}}, {{2, 1, 2, 3}, {3, 3, 2}}});
  sum_of("...i,i", "abi,i", "ab", {{{2, 3, 4}, {4}}});
  sum_of("i...->...i", "iab", "abi", {{{2, 3, 4}}});
  sum_of("ij,ij->ij", "ij,ij", "ij", {{{2, 3}, {1, 3}}});
  sum_of(",ij->ji", ",ij", "ji", {{{}, {2, 3}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> product_ops();

}  // namespace test
