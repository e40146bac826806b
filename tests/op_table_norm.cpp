// Rows of the op table: normalisation.
#include <cmath>

#include "op_table.hpp"

namespace test {

namespace {

template <class T>
using list = std::vector<xg::var<T>>;

/// x seen as (outer, sets, inner): each set without its mean (if that is to be) and divided by its deviation.
array normalised(const array& x, std::size_t outer, std::size_t sets, double eps, bool centred = true) {
  array y = x;
  const std::size_t inner = x.size() / (outer * sets), n = outer * inner;
  for (std::size_t s = 0; s < sets; ++s) {
    const auto each = [&](const auto& f) {
      for (std::size_t a = 0; a < outer; ++a)
        for (std::size_t i = 0; i < inner; ++i) f((a * sets + s) * inner + i);
    };
    double mean = 0, square = 0;
    if (centred) each([&](std::size_t i) { mean += x.flat(i) / double(n); });
    each([&](std::size_t i) { square += (x.flat(i) - mean) * (x.flat(i) - mean) / double(n); });
    each([&](std::size_t i) { y.flat(i) = (x.flat(i) - mean) / std::sqrt(square + eps); });
  }
  return y;
}
/// Times a weight, plus a bias, a number for every `inner` elements, over and over.
array affine(array y, const array& w, const array* b, std::size_t inner) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    const std::size_t c = i / inner % w.size();
    y.flat(i) = y.flat(i) * w.flat(c) + (b ? b->flat(c) : 0);
  }
  return y;
}
std::size_t area(const array& x) { return x.size() / (x.shape(0) * x.shape(1)); }

}  // namespace

template <class T>
std::vector<op_case<T>> norm_ops() {
  structured_table<T> table;
  table.row(
      "layer_norm", [](const list<T>& x) { return xg::layer_norm(x[0]); },
      [](const std::vector<array>& x) {
        return normalised(x[0], 1, x[0].size() / x[0].shape(x[0].dimension() - 1), 1e-5);
      },
      {{{3, 5}}, {{2, 2, 37}}, {{4}}});
  table.row(
      "layer_norm", [](const list<T>& x) { return xg::layer_norm(x[0], x[1], x[2], {.eps = 0.1}); },
      [](const std::vector<array>& x) {
        return affine(normalised(x[0], 1, x[0].size() / x[1].size(), 0.1), x[1], &x[2], 1);
      },
      {{{3, 5}, {5}, {5}}, {{2, 3, 4}, {3, 4}, {3, 4}}});
  table.row(
      "rms_norm", [](const list<T>& x) { return xg::rms_norm(x[0], {.eps = 0.2, .axes = 2}); },
      [](const std::vector<array>& x) { return normalised(x[0], 1, x[0].shape(0), 0.2, false); },
      {{{2, 3, 4}}, {{1, 2, 20}}});
  table.row(
      "rms_norm", [](const list<T>& x) { return xg::rms_norm(x[0], x[1]); },
      [](const std::vector<array>& x) {
        return affine(normalised(x[0], 1, x[0].shape(0), 0, false), x[1], nullptr, 1);
      },
      {{{2, 5}, {5}}});
  table.row(
      "group_norm", [](const list<T>& x) { return xg::group_norm(x[0], 2, x[1], x[2]); },
      [](const std::vector<array>& x) {
        return affine(normalised(x[0], 1, 2 * x[0].shape(0), 1e-5), x[1], &x[2], area(x[0]));
      },
      {{{2, 4, 3}, {4}, {4}}, {{1, 2, 3, 2}, {2}, {2}}});
  table.row(
      "group_norm", [](const list<T>& x) { return xg::group_norm(x[0], 3); },
      [](const std::vector<array>& x) { return normalised(x[0], 1, 3 * x[0].shape(0), 1e-5); }, {{{2, 6}}});
  table.row(
      "instance_norm", [](const list<T>& x) { return xg::instance_norm(x[0], x[1], x[2]); },
      [](const std::vector<array>& x) {
        return affine(normalised(x[0], 1, x[0].shape(0) * x[0].shape(1), 1e-5), x[1], &x[2], area(x[0]));
      },
      {{{2, 3, 4}, {3}, {3}}, {{1, 2, 2, 5}, {2}, {2}}});
  table.row(
      "batch_norm", [](const list<T>& x) { return xg::batch_norm(x[0], x[1], x[2]); },
      [](const std::vector<array>& x) {
        return affine(normalised(x[0], x[0].shape(0), x[0].shape(1), 1e-5), x[1], &x[2], area(x[0]));
      },
      {{{4, 3}, {3}, {3}}, {{2, 2, 3, 3}, {2}, {2}}, {{3, 1, 20}, {1}, {1}}});
  table.row(
      "batch_norm",
      [](const list<T>& x) {
        xg::parameter<T> mean(xt::xarray<T>{0.5, -1}), variance(xt::xarray<T>{2, 0.5});
        return xg::batch_norm(x[0], mean, variance, x[1], x[2], {.training = false});
      },
      [](const std::vector<array>& x) {
        const array scale{1 / std::sqrt(2 + 1e-5), 1 / std::sqrt(0.5 + 1e-5)}, shift{-0.5 * scale(0), scale(1)};
        return affine(affine(x[0], scale, &shift, area(x[0])), x[1], &x[2], area(x[0]));
      },
      {{{3, 2}, {2}, {2}}, {{2, 2, 3}, {2}, {2}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> norm_ops();

}  // namespace test
