// Shapes, positions and scans against PyTorch and NumPy: values, gradients and gradients of gradients, from a file that
// oracle/torch_shapes.py wrote.
#include "oracle.hpp"

namespace {

using test::oracle::function, test::oracle::operands;

xg::var<double> squared(const xg::var<double>& y) { return xt::square(y); }

std::map<std::string, function<double>> functions() {
  std::map<std::string, function<double>> f;
  using x = const operands<double>&;
  f["swapaxes"] = [](x v) { return xg::swapaxes(v[0], 0, -1); };
  f["moveaxis"] = [](x v) { return xg::moveaxis(v[0], {0, 2}, {-1, 0}); };
  f["flip"] = [](x v) { return xg::flip(v[0], {0, -1}); };
  f["roll"] = [](x v) { return xg::roll(v[0], -3); };
  f["roll 1"] = [](x v) { return xg::roll(v[0], 7, 1); };
  f["repeat"] = [](x v) { return xg::repeat(v[0], std::vector<std::size_t>{2, 0, 1}, 1); };
  f["tile"] = [](x v) { return xg::tile(v[0], std::vector<int>{2, 1, 2}); };
  f["diagonal"] = [](x v) { return xg::diagonal(v[0], 1, 2, 0); };
  f["meshgrid"] = [](x v) { return xg::meshgrid({v[0], v[0].owner().constant({0.0, 1.0, 2.0})})[0]; };
  for (const auto& [word, mode] : {std::pair{"edge", xg::pad_mode::edge}, std::pair{"reflect", xg::pad_mode::reflect},
                                   std::pair{"symmetric", xg::pad_mode::symmetric}})
    f[std::string("pad ") + word] = [mode = mode](x v) { return xg::pad(v[0], {{1, 5}, {7, 0}}, mode); };
  f["pad wrap"] = [](x v) { return xg::pad(v[0], {{1, 3}, {4, 0}}, xg::pad_mode::wrap); };
  f["pad constant"] = [](x v) { return xg::pad(v[0], {{3, 0}, {1, 2}}, xg::pad_mode::constant, 2.5); };
  f["trace"] = [](x v) { return xg::trace(v[0], -1, 1, 2); };
  f["tril"] = [](x v) { return squared(xg::tril(v[0], 1)); };
  f["triu"] = [](x v) { return squared(xg::triu(v[0], 1)); };
  f["diag"] = [](x v) { return squared(xg::diag(v[0], -2)); };
  f["take_along_axis"] = [](x v) { return squared(xg::take_along_axis(v[0], v.labels, 0)); };
  f["scatter_add"] = [](x v) { return squared(xg::scatter_add(v[0], v.labels, v[1], 0)); };
  f["index_add"] = [](x v) { return squared(xg::index_add(v[0], v.labels, v[1], 1)); };
  f["one_hot"] = [](x v) { return v[0] * xg::one_hot(v.labels, 4); };
  f["cumsum"] = [](x v) { return squared(xg::cumsum(v[0], 1)); };
  f["cumprod"] = f["cumprod zeros"] = [](x v) { return xg::cumprod(v[0], 1); };
  f["logcumsumexp"] = [](x v) { return xg::logcumsumexp(20 * v[0], 2); };
  f["sort"] = [](x v) { return squared(xg::sort(v[0], 1)); };
  f["topk"] = [](x v) { return squared(xg::topk(v[0], 2, 1).values); };
  f["topk smallest"] = [](x v) { return squared(xg::topk(v[0], 3, -1, false).values); };
  f["median"] = [](x v) { return squared(xg::median(v[0])); };
  f["quantile"] = [](x v) { return squared(xg::quantile(v[0], 0.15, 2)); };
  f["argmax"] = [](x v) { return squared(xg::take_along_axis(v[0], xg::argmax(v[0], 1, xg::keep_dims), 1)); };
  f["norm_l1"] = [](x v) { return xg::norm_l1(v[0], 1); };
  f["norm_linf"] = [](x v) { return xg::norm_linf(v[0], {0, 2}); };
  f["norm_lp"] = [](x v) { return xg::norm_lp(v[0], 3.5, 1); };
  f["norm_lp half"] = [](x v) { return xg::norm_lp(v[0], 0.5); };
  return f;
}

}  // namespace

TEST_CASE("shapes, positions and scans are those of PyTorch and NumPy") {
  test::oracle::hold_to_torch<double>("torch_shapes.txt", functions(), 1e-12);
}
