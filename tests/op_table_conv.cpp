// Rows of the op table: convolutions, transposed convolutions, and the derivatives by filters.
#include "op_table.hpp"

namespace test {

namespace {

template <class T>
using list = std::vector<xg::var<T>>;

/// What a row is checked with, for height and width.
struct filter_steps {
  std::array<std::ptrdiff_t, 2> stride{1, 1}, padding{0, 0}, dilation{1, 1}, output_padding{0, 0};
  std::size_t groups = 1;
};

/// x of one spatial axis as one of two.
array lifted(const array& x) {
  return x.dimension() == 4 ? x : array(xt::reshape_view(x, {x.shape(0), x.shape(1), std::size_t(1), x.shape(2)}));
}
array lowered(const array& y, std::size_t dimension) {
  return dimension == 4 ? y : array(xt::reshape_view(y, {y.shape(0), y.shape(1), y.shape(3)}));
}

/// Calls f(n, o, i, j, c, k, l, row, column) for each product in a convolution of x by w: (i, j) are positions in the
/// output, (row, column) in the input.
void each_product(const std::array<std::size_t, 4>& x, const std::array<std::size_t, 4>& w,
                  const std::array<std::size_t, 2>& output, const filter_steps& s, const auto& f) {
  for (std::size_t n = 0; n < x[0]; ++n)
    for (std::size_t o = 0; o < w[0]; ++o)
      for (std::size_t i = 0; i < output[0]; ++i)
        for (std::size_t j = 0; j < output[1]; ++j)
          for (std::size_t c = 0; c < w[1]; ++c)
            for (std::size_t k = 0; k < w[2]; ++k)
              for (std::size_t l = 0; l < w[3]; ++l) {
                const auto row = std::ptrdiff_t(i) * s.stride[0] - s.padding[0] + std::ptrdiff_t(k) * s.dilation[0];
                const auto column = std::ptrdiff_t(j) * s.stride[1] - s.padding[1] + std::ptrdiff_t(l) * s.dilation[1];
                if (row < 0 || column < 0 || row >= std::ptrdiff_t(x[2]) || column >= std::ptrdiff_t(x[3])) continue;
                f(n, o, i, j, o / (w[0] / s.groups) * w[1] + c, c, k, l, std::size_t(row), std::size_t(column));
              }
}
std::array<std::size_t, 4> extents(const array& x) { return {x.shape(0), x.shape(1), x.shape(2), x.shape(3)}; }
std::size_t output_extent(std::size_t input, std::size_t window, const filter_steps& s, std::size_t d) {
  return std::size_t(
      (std::ptrdiff_t(input) + 2 * s.padding[d] - s.dilation[d] * (std::ptrdiff_t(window) - 1) - 1) / s.stride[d] + 1);
}

array convolved(const array& x, const array& w, const filter_steps& s) {
  const std::array<std::size_t, 2> output{output_extent(x.shape(2), w.shape(2), s, 0),
                                          output_extent(x.shape(3), w.shape(3), s, 1)};
  array y = xt::zeros<double>({x.shape(0), w.shape(0), output[0], output[1]});
  each_product(extents(x), extents(w), output, s,
               [&](auto n, auto o, auto i, auto j, auto channel, auto c, auto k, auto l, auto row, auto column) {
                 y(n, o, i, j) += w(o, c, k, l) * x(n, channel, row, column);
               });
  return y;
}
array transposed(const array& g, const array& w, const filter_steps& s) {
  std::array<std::size_t, 2> input;
  for (std::size_t d = 0; d < 2; ++d)
    input[d] = std::size_t((std::ptrdiff_t(g.shape(2 + d)) - 1) * s.stride[d] - 2 * s.padding[d] +
                           s.dilation[d] * (std::ptrdiff_t(w.shape(2 + d)) - 1) + s.output_padding[d] + 1);
  array x = xt::zeros<double>({g.shape(0), w.shape(1) * s.groups, input[0], input[1]});
  each_product(extents(x), extents(w), {g.shape(2), g.shape(3)}, s,
               [&](auto n, auto o, auto i, auto j, auto channel, auto c, auto k, auto l, auto row, auto column) {
                 x(n, channel, row, column) += w(o, c, k, l) * g(n, o, i, j);
               });
  return x;
}
array filters(const array& x, const array& g, const std::array<std::size_t, 4>& w, const filter_steps& s) {
  array d = xt::zeros<double>(w);
  each_product(extents(x), w, {g.shape(2), g.shape(3)}, s,
               [&](auto n, auto o, auto i, auto j, auto channel, auto c, auto k, auto l, auto row, auto column) {
                 d(o, c, k, l) += x(n, channel, row, column) * g(n, o, i, j);
               });
  return d;
}
void add_bias(array& y, const array& b) {
  const std::size_t channels = y.shape(1), area = y.size() / y.shape(0) / channels;
  for (std::size_t i = 0; i < y.size(); ++i) y.flat(i) += b(i / area % channels);
}

template <class Options>
Options options_of(const filter_steps& s, std::size_t rank) {
  const auto each = [&](const std::array<std::ptrdiff_t, 2>& a) {
    return rank == 1 ? xg::per_axis(a[1]) : xg::per_axis(a[0], a[1]);
  };
  Options o{.stride = each(s.stride), .padding = each(s.padding), .dilation = each(s.dilation), .groups = s.groups};
  if constexpr (requires { o.output_padding; }) o.output_padding = each(s.output_padding);
  return o;
}

}  // namespace

template <class T>
std::vector<op_case<T>> conv_ops() {
  structured_table<T> table;
  using shapes = std::vector<std::vector<xg::shape_t>>;

  const auto conv = [&]<std::size_t Rank>(const filter_steps& s, const shapes& checked) {
    const auto o = options_of<xg::conv_options>(s, Rank);
    const auto reference = [s](const std::vector<array>& x) {
      array y = convolved(lifted(x[0]), lifted(x[1]), s);
      if (x.size() == 3) add_bias(y, x[2]);
      return lowered(y, x[0].dimension());
    };
    const bool biased = checked[0].size() == 3;
    if constexpr (Rank == 1)
      table.row(
          "conv1d",
          [=](const list<T>& x) { return biased ? xg::conv1d(x[0], x[1], x[2], o) : xg::conv1d(x[0], x[1], o); },
          reference, checked);
    else
      table.row(
          "conv2d",
          [=](const list<T>& x) { return biased ? xg::conv2d(x[0], x[1], x[2], o) : xg::conv2d(x[0], x[1], o); },
          reference, checked);
  };
  conv.template operator()<2>(
      {}, {{{2, 1, 4, 5}, {3, 1, 2, 3}}, {{1, 2, 3, 3}, {1, 2, 3, 3}}, {{2, 3, 2, 3}, {2, 3, 1, 1}}});
  conv.template operator()<2>({.stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}},
                              {{{2, 2, 5, 4}, {3, 2, 3, 2}, {3}}, {{1, 1, 3, 1}, {2, 1, 2, 3}, {2}}});
  conv.template operator()<2>({.stride = {1, 2}, .groups = 2},
                              {{{1, 4, 3, 5}, {6, 2, 2, 1}}, {{2, 2, 3, 3}, {2, 1, 1, 1}}});
  conv.template operator()<2>({.groups = 3}, {{{2, 3, 3, 12}, {3, 1, 2, 3}, {3}}});
  conv.template operator()<2>({.padding = {2, 2}}, {{{1, 1, 1, 1}, {1, 1, 4, 3}}});
  // The longer ones fill lanes, and sums over lanes, of any width.
  conv.template operator()<1>(
      {}, {{{2, 3, 12}, {2, 3, 3}}, {{2, 3, 4}, {2, 3, 1}}, {{1, 2, 101}, {7, 2, 3}}, {{2, 1, 194}, {3, 1, 3}}});
  conv.template operator()<1>({.stride = {1, 3}, .padding = {0, 2}, .dilation = {1, 2}, .groups = 2},
                              {{{2, 2, 7}, {4, 1, 3}, {4}}, {{1, 4, 1}, {2, 2, 2}, {2}}});

  const auto conv_transpose = [&]<std::size_t Rank>(const filter_steps& s, const shapes& checked) {
    const auto o = options_of<xg::conv_transpose_options>(s, Rank);
    const auto reference = [s](const std::vector<array>& x) {
      array y = transposed(lifted(x[0]), lifted(x[1]), s);
      if (x.size() == 3) add_bias(y, x[2]);
      return lowered(y, x[0].dimension());
    };
    const bool biased = checked[0].size() == 3;
    if constexpr (Rank == 1)
      table.row(
          "conv_transpose1d",
          [=](const list<T>& x) {
            return biased ? xg::conv_transpose1d(x[0], x[1], x[2], o) : xg::conv_transpose1d(x[0], x[1], o);
          },
          reference, checked);
    else
      table.row(
          "conv_transpose2d",
          [=](const list<T>& x) {
            return biased ? xg::conv_transpose2d(x[0], x[1], x[2], o) : xg::conv_transpose2d(x[0], x[1], o);
          },
          reference, checked);
  };
  conv_transpose.template operator()<2>({}, {{{2, 2, 2, 3}, {2, 3, 2, 2}}, {{1, 2, 3, 2}, {2, 1, 1, 1}}});
  conv_transpose.template operator()<2>(
      {.stride = {2, 3}, .padding = {1, 0}, .dilation = {2, 1}, .output_padding = {1, 2}, .groups = 2},
      {{{2, 4, 2, 3}, {4, 1, 3, 2}, {2}}});
  conv_transpose.template operator()<1>({.stride = {1, 2}, .padding = {0, 1}, .output_padding = {0, 1}},
                                        {{{2, 2, 4}, {2, 3, 3}, {3}}});
  conv_transpose.template operator()<1>({}, {{{1, 2, 9}, {2, 2, 2}}});

  // The derivative by the filters, as an op of the input and the adjoint.
  for (const filter_steps& s : {filter_steps{}, filter_steps{.stride = {2, 1}, .padding = {1, 1}, .groups = 2}}) {
    const auto o = options_of<xg::conv_options>(s, 2);
    const std::array<std::size_t, 4> w{4, 2 / s.groups, 2, 2};
    table.row(
        "conv2d_filters",
        [=](const list<T>& x) {
          const xg::var<T> of = x[0].owner().variable(xt::zeros<T>(w));
          return xg::gradient(xg::conv2d(x[0], of, o), of, xg::seed(x[1]));
        },
        [=](const std::vector<array>& x) { return filters(x[0], x[1], w, s); },
        {{{2, 2, 3, 4}, {2, 4, 2, s.groups == 1 ? 3u : 5u}}});
  }
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> conv_ops();

}  // namespace test
