// Rows of the op table: pools, and their derivatives.
#include <cmath>

#include "op_table.hpp"

namespace test {

namespace {

template <class T>
using list = std::vector<xg::var<T>>;

/// The windows along one axis: positions in the input, some of them outside, and what each counts for in a mean.
struct windows {
  std::vector<std::vector<std::ptrdiff_t>> positions;
  std::vector<double> divisors;
};

windows sliding(std::size_t n, std::size_t window, std::size_t stride, std::size_t padding, std::size_t dilation = 1,
                bool ceil_mode = false, bool count_padding = true) {
  windows w;
  const auto input = std::ptrdiff_t(n), before = std::ptrdiff_t(padding);
  const std::ptrdiff_t reach = std::ptrdiff_t((window - 1) * dilation) + 1;
  for (std::ptrdiff_t at = -before;
       ceil_mode ? at < input && at - std::ptrdiff_t(stride) + reach < input + before : at + reach <= input + before;
       at += std::ptrdiff_t(stride)) {
    std::vector<std::ptrdiff_t>& one = w.positions.emplace_back();
    double counted = 0;
    for (std::size_t k = 0; k < window; ++k) {
      const std::ptrdiff_t p = at + std::ptrdiff_t(k * dilation);
      if (p >= 0 && p < input) one.push_back(p);
      if (count_padding ? p < input + before : p >= 0 && p < input) ++counted;
    }
    w.divisors.push_back(counted);
  }
  return w;
}
windows adaptive(std::size_t n, std::size_t output) {
  windows w;
  for (std::size_t i = 0; i < output; ++i) {
    std::vector<std::ptrdiff_t>& one = w.positions.emplace_back();
    const auto end = std::size_t(std::ceil(double((i + 1) * n) / double(output)));
    for (std::size_t p = i * n / output; p < end; ++p) one.push_back(std::ptrdiff_t(p));
    w.divisors.push_back(double(one.size()));
  }
  return w;
}

/// The result of pooling over the last two axes, each window by f(its elements, what it counts for).
array pooled(const array& x, const windows& rows, const windows& columns, const auto& f) {
  const std::size_t r = x.dimension(), height = x.shape(r - 2), width = x.shape(r - 1);
  std::vector<std::size_t> shape(x.shape().begin(), x.shape().end());
  shape[r - 2] = rows.positions.size(), shape[r - 1] = columns.positions.size();
  array y = array::from_shape(shape);
  std::size_t at = 0;
  for (std::size_t image = 0; image < x.size() / (height * width); ++image)
    for (std::size_t i = 0; i < shape[r - 2]; ++i)
      for (std::size_t j = 0; j < shape[r - 1]; ++j) {
        std::vector<double> v;
        for (const auto p : rows.positions[i])
          for (const auto q : columns.positions[j])
            v.push_back(x.flat((image * height + std::size_t(p)) * width + std::size_t(q)));
        y.flat(at++) = f(v, rows.divisors[i] * columns.divisors[j]);
      }
  return y;
}
double largest(const std::vector<double>& v, double) {
  double most = -INFINITY;
  for (const double x : v) most = std::max(most, x);
  return most;
}
double mean(const std::vector<double>& v, double n) {
  double sum = 0;
  for (const double x : v) sum += x;
  return sum / n;
}
/// x (..., length) as (..., 1, length).
array with_height(const array& x) {
  std::vector<std::size_t> shape(x.shape().begin(), x.shape().end());
  shape.insert(shape.end() - 1, 1);
  return xt::reshape_view(x, shape);
}
array without_height(const array& y) {
  std::vector<std::size_t> shape(y.shape().begin(), y.shape().end());
  shape.erase(shape.end() - 2);
  return xt::reshape_view(y, shape);
}
std::size_t last(const array& x, std::size_t k) { return x.shape(x.dimension() - k); }

}  // namespace

template <class T>
std::vector<op_case<T>> pool_ops() {
  structured_table<T> table;
  const windows whole{{{0}}, {1}};
  table.row(
      "max_pool2d", [](const list<T>& x) { return xg::max_pool2d(x[0], 2); },
      [](const std::vector<array>& x) {
        return pooled(x[0], sliding(last(x[0], 2), 2, 2, 0), sliding(last(x[0], 1), 2, 2, 0), largest);
      },
      {{{2, 3, 4, 6}}, {{1, 1, 5, 3}}, {{1, 2, 2, 34}}, {{2, 2}}});
  for (const bool ceil : {false, true})
    table.row(
        "max_pool2d",
        [=](const list<T>& x) {
          return xg::max_pool2d(x[0], {3, 2},
                                {.stride = {2, 1}, .padding = {1, 0}, .dilation = {1, 2}, .ceil_mode = ceil});
        },
        [=](const std::vector<array>& x) {
          return pooled(x[0], sliding(last(x[0], 2), 3, 2, 1, 1, ceil), sliding(last(x[0], 1), 2, 1, 0, 2, ceil),
                        largest);
        },
        {{{2, 2, 6, 5}}, {{1, 1, 3, 3}}});
  table.row(
      "max_pool1d", [](const list<T>& x) { return xg::max_pool1d(x[0], 3, {.stride = 2, .padding = 1}); },
      [=](const std::vector<array>& x) {
        return without_height(pooled(with_height(x[0]), whole, sliding(last(x[0], 1), 3, 2, 1), largest));
      },
      {{{2, 3, 7}}, {{1, 1, 2}}});
  table.row(
      "avg_pool2d",
      [](const list<T>& x) {
        return xg::avg_pool2d(x[0], {2, 3});
      },
      [](const std::vector<array>& x) {
        return pooled(x[0], sliding(last(x[0], 2), 2, 2, 0), sliding(last(x[0], 1), 3, 3, 0), mean);
      },
      {{{2, 3, 4, 6}}, {{1, 1, 3, 19}}});
  for (const bool counted : {true, false})
    for (const bool ceil : {false, true})
      table.row(
          "avg_pool2d",
          [=](const list<T>& x) {
            return xg::avg_pool2d(x[0], 3,
                                  {.stride = 2, .padding = 1, .ceil_mode = ceil, .count_include_pad = counted});
          },
          [=](const std::vector<array>& x) {
            return pooled(x[0], sliding(last(x[0], 2), 3, 2, 1, 1, ceil, counted),
                          sliding(last(x[0], 1), 3, 2, 1, 1, ceil, counted), mean);
          },
          {{{2, 2, 4, 6}}, {{1, 1, 2, 3}}});
  table.row(
      "avg_pool1d", [](const list<T>& x) { return xg::avg_pool1d(x[0], 2, {.stride = 1, .padding = 1}); },
      [=](const std::vector<array>& x) {
        return without_height(pooled(with_height(x[0]), whole, sliding(last(x[0], 1), 2, 1, 1), mean));
      },
      {{{2, 3, 5}}, {{2, 1, 2}}});
  table.row(
      "adaptive_avg_pool2d",
      [](const list<T>& x) {
        return xg::adaptive_avg_pool2d(x[0], {2, 3});
      },
      [](const std::vector<array>& x) {
        return pooled(x[0], adaptive(last(x[0], 2), 2), adaptive(last(x[0], 1), 3), mean);
      },
      {{{2, 2, 5, 7}}, {{1, 1, 1, 2}}});
  table.row(
      "adaptive_max_pool2d",
      [](const list<T>& x) {
        return xg::adaptive_max_pool2d(x[0], {3, 2});
      },
      [](const std::vector<array>& x) {
        return pooled(x[0], adaptive(last(x[0], 2), 3), adaptive(last(x[0], 1), 2), largest);
      },
      {{{2, 2, 4, 5}}});
  // The derivatives as ops of the adjoint: each window gives its number to its largest element, the same two to all.
  table.row(
      "max_pool_gradient",
      [](const list<T>& x) {
        const xg::var<T> v = x[0].owner().variable(xt::xarray<T>{{1, 3, 0, 0}, {2, -1, 0, 5}});
        return xg::gradient(xg::max_pool2d(v, 2), v, xg::seed(x[0]));
      },
      [](const std::vector<array>& x) {
        return array{{0, x[0](0, 0), 0, 0}, {0, 0, 0, x[0](0, 1)}};
      },
      {{{1, 2}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> pool_ops();

}  // namespace test
