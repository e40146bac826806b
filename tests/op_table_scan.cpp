// Rows of the op table: scans, order along an axis, and norms.
#include <algorithm>
#include <cmath>

#include "op_by_index.hpp"

namespace test {

namespace {

template <class T>
using list = std::vector<xg::var<T>>;
using arrays = std::vector<array>;
using row_type = std::vector<double>;

std::vector<std::vector<xg::shape_t>> cubes() { return {{{2, 3, 4}}, {{1, 3, 1}}, {{3, 5, 17}}, {{2, 0, 3}}}; }

row_type sums(row_type r) {
  for (std::size_t i = 1; i < r.size(); ++i) r[i] += r[i - 1];
  return r;
}
row_type products(row_type r) {
  for (std::size_t i = 1; i < r.size(); ++i) r[i] *= r[i - 1];
  return r;
}
row_type logarithms(row_type r) {
  for (double& x : r) x = std::exp(x);
  r = sums(r);
  for (double& x : r) x = std::log(x);
  return r;
}
row_type sorted(row_type r) {
  std::sort(r.begin(), r.end());
  return r;
}
double between(row_type r, double q) {
  r = sorted(r);
  const double place = q * double(r.size() - 1);
  const auto i = std::size_t(place);
  return i + 1 < r.size() ? r[i] + (place - double(i)) * (r[i + 1] - r[i]) : r[i];
}
array without(const array& x, std::size_t axis) {
  index_list shape = extents(x);
  shape.erase(shape.begin() + std::ptrdiff_t(axis));
  array y = array::from_shape(shape);
  std::copy(x.begin(), x.end(), y.begin());
  return y;
}
auto along(std::size_t axis, row_type (*f)(row_type)) {
  return [=](const arrays& x) { return by_row(x[0], axis, f); };
}
/// One number of each row.
auto reduced(std::size_t axis, auto f) {
  return [=](const arrays& x) {
    return without(by_row(x[0], axis, [=](const row_type& r) { return row_type{f(r)}; }), axis);
  };
}
double power_norm(const row_type& r, double p) {
  double sum = 0;
  for (double x : r) sum += std::pow(std::abs(x), p);
  return std::pow(sum, 1 / p);
}

template <class T>
void add_scans(structured_table<T>& table) {
  table.row(
      "cumsum", [](const list<T>& x) { return xg::cumsum(x[0], 1); }, along(1, sums), cubes());
  table.row(
      "cumsum", [](const list<T>& x) { return xg::cumsum(x[0], -1); }, along(2, sums), cubes());
  table.row(
      "cumsum", [](const list<T>& x) { return xg::cumsum(x[0]); },
      [](const arrays& x) {
        array y = array::from_shape({x[0].size()});
        std::copy(x[0].begin(), x[0].end(), y.begin());
        return by_row(y, 0, sums);
      },
      {{{2, 3}}, {{}}});
  table.row(
      "cumprod", [](const list<T>& x) { return xg::cumprod(x[0], 1); }, along(1, products), cubes());
  table.row(
      "cumprod", [](const list<T>& x) { return xg::cumprod(x[0], 0); }, along(0, products), cubes());
  table.row(
      "cumprod",
      [](const list<T>& x) {  // no zero, one, two and three of them
        const xt::xarray<T> zeros{{1, 1, 1, 1, 1}, {1, 1, 0, 1, 1}, {0, 1, 1, 0, 1}, {1, 0, 0, 1, 0}};
        return xg::cumprod(x[0] * zeros, 1);
      },
      [](const arrays& x) {
        const array zeros{{1, 1, 1, 1, 1}, {1, 1, 0, 1, 1}, {0, 1, 1, 0, 1}, {1, 0, 0, 1, 0}};
        return by_row(x[0] * zeros, 1, products);
      },
      {{{4, 5}}});
  table.row(
      "logcumsumexp", [](const list<T>& x) { return xg::logcumsumexp(x[0], 1); }, along(1, logarithms), cubes());
  table.row(
      "logcumsumexp", [](const list<T>& x) { return xg::logcumsumexp(x[0], -1); }, along(2, logarithms), cubes());
  for (const bool reversed : {false, true})
    table.row(
        "recurrence", [=](const list<T>& x) { return xg::detail::record_recurrence(x[0], x[1], 1, reversed, {}); },
        [=](const arrays& x) {
          array s = x[1];
          const std::size_t n = s.shape(1);
          for (std::size_t i = 0; i < s.shape(0); ++i)
            for (std::size_t k = 1; k < n; ++k) {
              if (reversed)
                s(i, n - 1 - k) += x[0](i, n - k) * s(i, n - k);
              else
                s(i, k) += x[0](i, k) * s(i, k - 1);
            }
          return s;
        },
        {{{3, 4}, {3, 4}}, {{2, 1}, {2, 1}}});
}

template <class T>
void add_order(structured_table<T>& table) {
  table.row(
      "sort", [](const list<T>& x) { return xg::sort(x[0], 1); }, along(1, sorted), cubes());
  table.row(
      "sort", [](const list<T>& x) { return xg::sort(x[0]); }, along(2, sorted), cubes());
  table.row("topk", [](const list<T>& x) { return xg::topk(x[0], 2, 1).values; },
            along(1,
                  [](row_type r) {
                    r = sorted(r);
                    return row_type{r[r.size() - 1], r[r.size() - 2]};
                  }),
            {{{2, 3, 4}}, {{1, 9, 1}}});
  table.row("topk", [](const list<T>& x) { return xg::topk(x[0], 3, -1, false).values; },
            along(1,
                  [](row_type r) {
                    r = sorted(r);
                    return row_type{r[0], r[1], r[2]};
                  }),
            {{{2, 3}}, {{4, 20}}});
  table.row("median", [](const list<T>& x) { return xg::median(x[0], 1); },
            reduced(1, [](const row_type& r) { return between(r, 0.5); }), {{{2, 3, 4}}, {{3, 4, 2}}, {{2, 1, 1}}});
  table.row("quantile", [](const list<T>& x) { return xg::quantile(x[0], 0.3, 0); },
            reduced(0, [](const row_type& r) { return between(r, 0.3); }), {{{5, 4}}, {{11, 2}}, {{1, 3}}});
  table.row(
      "argmax", [](const list<T>& x) { return xg::take_along_axis(x[0], xg::argmax(x[0], 1, xg::keep_dims), 1); },
      [](const arrays& x) { return by_row(x[0], 1, [](const row_type& r) { return row_type{sorted(r).back()}; }); },
      {{{2, 3, 4}}, {{1, 1, 1}}});
  table.row(
      "argmin", [](const list<T>& x) { return xg::take(xg::ravel(x[0]), xg::argmin(x[0])); },
      [](const arrays& x) {
        array y = xt::zeros<double>(xg::shape_t{});
        y() = *std::min_element(x[0].begin(), x[0].end());
        return y;
      },
      {{{2, 3, 4}}, {{}}});
  table.row(
      "count_nonzero", [](const list<T>& x) { return xg::count_nonzero(xt::where(x[0] > 0, x[0], 0), 1); },
      reduced(1, [](const row_type& r) { return double(std::ranges::count_if(r, [](double x) { return x > 0; })); }),
      {{{2, 3, 4}}, {{3, 40}}});
  table.rows.back().constant = true;
}

template <class T>
void add_norms(structured_table<T>& table) {
  const std::vector<std::vector<xg::shape_t>> some{{{2, 3, 4}}, {{3, 3, 1}}, {{1, 5, 17}}};
  table.row(
      "norm_l1", [](const list<T>& x) { return xg::norm_l1(x[0], 1); },
      reduced(1, [](const row_type& r) { return power_norm(r, 1); }), some);
  table.row(
      "norm_linf", [](const list<T>& x) { return xg::norm_linf(x[0], {1}); },
      reduced(1,
              [](row_type r) {
                for (double& x : r) x = std::abs(x);
                return sorted(r).back();
              }),
      some);
  table.row(
      "norm_lp", [](const list<T>& x) { return xg::norm_lp(x[0], 3, 1); },
      reduced(1, [](const row_type& r) { return power_norm(r, 3); }), some);
  table.row(
      "norm_lp", [](const list<T>& x) { return xg::norm_lp(x[0], 1.7, 1, xg::keep_dims) * 1; },
      [](const arrays& x) { return by_row(x[0], 1, [](const row_type& r) { return row_type{power_norm(r, 1.7)}; }); },
      some);
  for (op_case<T>& op : table.rows)
    if (op.name.starts_with("norm")) op.operands = {nonzero};
}

}  // namespace

template <class T>
std::vector<op_case<T>> scan_ops() {
  structured_table<T> table;
  add_scans(table);
  add_order(table);
  add_norms(table);
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> scan_ops();

}  // namespace test
