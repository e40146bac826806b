// What the names in oracle/networks.txt mean, but for those of elementwise ops, which are rows of the op table. The
// other side is oracle/network_ops.py.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

namespace test::networks {

/// The operands and parameters of one op of a network.
template <class T>
struct arguments {
  std::vector<xg::var<T>> x;
  std::vector<std::string> words;

  const xg::var<T>& operator[](std::size_t k) const { return x[k]; }
  /// Parameter k as a number.
  int number(std::size_t k) const { return std::stoi(words.at(k)); }
  /// All parameters after the first k.
  std::vector<int> numbers(std::size_t k = 0) const {
    std::vector<int> list;
    for (; k < words.size(); ++k) list.push_back(number(k));
    return list;
  }
  xg::indices<T> positions(std::size_t k, std::vector<std::size_t> shape = {}) const {
    const std::vector<int> list = numbers(k);
    if (shape.empty()) shape = {list.size()};
    xt::xarray<int> i = xt::xarray<int>::from_shape(shape);
    std::copy(list.begin(), list.end(), i.begin());
    return x[0].owner().indices(i);
  }
  std::vector<std::size_t> shape() const { return {x[0].shape().begin(), x[0].shape().end()}; }
};

template <class T>
using table = std::map<std::string, std::function<xg::var<T>(const arguments<T>&)>>;

namespace detail {

/// Over all axes, or over those that the parameters name, which may be kept.
auto reduced(const auto& f) {
  return [f](const auto& a) {
    const std::vector<int> axes = a.numbers(1);
    if (axes.empty()) return f(a[0]);
    return a.number(0) ? f(a[0], axes, xt::keep_dims) : f(a[0], axes);
  };
}

/// Part of an axis by steps, from its end where `backwards`.
template <class T>
xg::var<T> sliced(const arguments<T>& a, bool backwards) {
  using xt::placeholders::_;
  const int axis = a.number(0), begin = a.number(1), end = a.number(2), step = a.number(3);
  std::vector<xg::slice> slices(std::size_t(axis < 0 ? axis + int(a[0].dimension()) : axis), xg::slice(xt::all()));
  const int last = begin + (end - 1 - begin) / step * step;
  if (!backwards)
    slices.push_back(xt::range(begin, end, step));
  else if (begin == 0)
    slices.push_back(xt::range(last, _, -step));
  else
    slices.push_back(xt::range(last, begin - 1, -step));
  return xg::view(a[0], slices);
}

template <class T>
void add_reductions(table<T>& f) {
  using in = const arguments<T>&;
  f["sum"] = reduced([](auto... x) { return xg::sum(x...); });
  f["mean"] = reduced([](auto... x) { return xg::mean(x...); });
  f["prod"] = reduced([](auto... x) { return xg::prod(x...); });
  f["amax"] = reduced([](auto... x) { return xg::amax(x...); });
  f["amin"] = reduced([](auto... x) { return xg::amin(x...); });
  f["logsumexp"] = reduced([](auto... x) { return xg::logsumexp(x...); });
  f["norm_l1"] = reduced([](auto... x) { return xg::norm_l1(x...); });
  f["norm_l2"] = reduced([](auto... x) { return xg::norm_l2(x...); });
  f["norm_linf"] = reduced([](auto... x) { return xg::norm_linf(x...); });
  f["norm_l3"] = reduced([](auto x, auto... how) { return xg::norm_lp(x, 3, how...); });
  f["variance"] = reduced([](auto... x) { return xg::variance(x...); });
  f["stddev"] = [](in a) { return xg::stddev(a[0]); };
  f["mean_square"] = [](in a) { return xg::mean(xt::tanh(a[0]) * a[0]); };
  f["sum_square"] = [](in a) { return xg::sum(xt::sin(a[0]) * a[0], a.number(0)); };
  f["cumsum"] = [](in a) { return xg::cumsum(a[0], a.number(0)); };
  f["cumprod"] = [](in a) { return xg::cumprod(a[0], a.number(0)); };
  f["logcumsumexp"] = [](in a) { return xg::logcumsumexp(a[0], a.number(0)); };
  f["softmax"] = [](in a) { return xg::softmax(a[0], a.number(0)); };
  f["log_softmax"] = [](in a) { return xg::log_softmax(a[0], a.number(0)); };
  f["sort"] = [](in a) { return xg::sort(a[0], a.number(0)); };
  f["topk"] = [](in a) { return xg::topk(a[0], a.number(1), a.number(0)).values; };
  f["quantile"] = [](in a) { return xg::quantile(a[0], 0.3, a.number(0)); };
  f["take_argmax"] = [](in a) {
    return xg::take_along_axis(a[0], xg::argmax(a[0], a.number(0), xg::keep_dims), a.number(0));
  };
}

template <class T>
void add_shapes(table<T>& f) {
  using in = const arguments<T>&;
  f["flip"] = [](in a) { return xg::flip(a[0], a.number(0)); };
  f["expand_dims"] = [](in a) { return xg::expand_dims(a[0], a.number(0)); };
  f["transpose"] = [](in a) { return xg::transpose(a[0], a.numbers()); };
  f["swapaxes"] = [](in a) { return xg::swapaxes(a[0], a.number(0), a.number(1)); };
  f["moveaxis"] = [](in a) { return xg::moveaxis(a[0], a.number(0), a.number(1)); };
  f["ravel"] = [](in a) { return xg::ravel(a[0]); };
  f["squeeze"] = [](in a) { return xg::squeeze(a[0], a.number(0)); };
  f["roll"] = [](in a) { return xg::roll(a[0], a.number(1), a.number(0)); };
  f["repeat"] = [](in a) { return xg::repeat(a[0], std::size_t(a.number(1)), a.number(0)); };
  f["tile"] = [](in a) { return xg::tile(a[0], a.numbers()); };
  f["broadcast_to"] = [](in a) { return xg::broadcast_to(a[0], a.numbers()); };
  f["pad"] = [](in a) {
    std::vector<xg::pad_width> widths;
    for (std::size_t k = 0; k < a.words.size(); k += 2) widths.push_back({a.number(k), a.number(k + 1)});
    return xg::pad(a[0], widths);
  };
  f["tril"] = [](in a) { return xg::tril(a[0], a.number(0)); };
  f["triu"] = [](in a) { return xg::triu(a[0], a.number(0)); };
  f["diag"] = [](in a) { return xg::diag(a[0], a.number(0)); };
  f["diagonal"] = [](in a) { return xg::diagonal(a[0], a.number(0), a.number(1), a.number(2)); };
  f["trace"] = [](in a) { return xg::trace(a[0]); };
  f["slice"] = [](in a) { return sliced(a, false); };
  f["backwards"] = [](in a) { return sliced(a, true); };
  f["part"] = [](in a) { return xg::split(a[0], a.number(1), a.number(0))[std::size_t(a.number(2))]; };
  f["reshape"] = [](in a) { return xg::reshape(a[0], a.numbers()); };
  f["take"] = [](in a) { return xg::take(a[0], a.positions(1), a.number(0)); };
  f["take_along"] = [](in a) { return xg::take_along_axis(a[0], a.positions(0, a.shape()), 0); };
  f["filter"] = [](in a) {
    const std::vector<int> list = a.numbers();
    xt::xarray<bool> mask = xt::xarray<bool>::from_shape(a.shape());
    std::copy(list.begin(), list.end(), mask.begin());
    return xg::filter(a[0], mask);
  };
  f["concatenate"] = [](in a) { return xg::concatenate(a.x, a.number(0)); };
  f["stack"] = [](in a) { return xg::stack(a.x, a.number(0)); };
  f["index_add"] = [](in a) { return xg::index_add(a[0], a.positions(1), a[1], a.number(0)); };
}

template <class T>
void add_matrices(table<T>& f) {
  using in = const arguments<T>&;
  f["matmul"] = [](in a) { return xg::matmul(a[0], a[1]); };
  f["dense"] = [](in a) { return xt::tanh(xg::matmul(a[0], xg::transpose(a[1])) + a[2]); };
  f["dot"] = [](in a) { return xg::dot(a[0], a[1]); };
  f["outer"] = [](in a) { return xg::outer(a[0], a[1]); };
  f["kron"] = [](in a) { return xg::kron(a[0], a[1]); };
  f["tensordot"] = [](in a) { return xg::tensordot(a[0], a[1], 1); };
  f["einsum"] = [](in a) { return xg::einsum(a.words[0], a.x); };
  f["spd"] = [](in a) {
    const std::size_t n = a[0].shape(a[0].dimension() - 2);
    return xg::matmul(a[0], xg::swapaxes(a[0], -1, -2)) / 2 + 2 * xt::eye<T>(n);
  };
  f["inverse"] = [](in a) { return xg::inverse(a[0]); };
  f["det"] = [](in a) { return xg::det(a[0]); };
  f["slogdet"] = [](in a) { return xg::slogdet(a[0]).logabsdet; };
  f["cholesky"] = [](in a) { return xg::cholesky(a[0]); };
  f["expm"] = [](in a) { return xg::expm(a[0]); };
  f["matrix_power"] = [](in a) { return xg::matrix_power(a[0], 3); };
  f["eigvalsh"] = [](in a) { return xg::eigvalsh(a[0]); };
  f["svdvals"] = [](in a) { return xg::svdvals(a[0]); };
  f["frobenius"] = [](in a) { return xg::matrix_norm(a[0]); };
  f["solve"] = [](in a) { return xg::solve(a[0], a[1]); };
  f["solve_triangular"] = [](in a) { return xg::solve_triangular(a[0], a[1]); };
}

template <class T>
void add_layers(table<T>& f) {
  using in = const arguments<T>&;
  f["choose"] = [](in a) { return xt::where(a[0] > a[1], a[2] * a[3], a[3] - a[2]); };
  f["gated"] = [](in a) { return xt::tanh(a[0]) * xg::sigmoid(a[1]) + a[2] / 2; };
  f["bell"] = [](in a) { return xt::exp(-xt::square(a[0] - a[1]) / 2) * a[0]; };
  f["cubic"] = [](in a) { return ((0.25 * a[0] - 0.5) * a[0] + 1) * a[0] - 0.75; };
  f["layer_norm"] = [](in a) { return xg::layer_norm(a[0]); };
  f["rms_norm"] = [](in a) { return xg::rms_norm(a[0], {.eps = 1e-5}); };
  f["batch_norm"] = [](in a) { return xg::batch_norm(a[0]); };
  f["instance_norm"] = [](in a) { return xg::instance_norm(a[0]); };
  f["max_pool1d"] = [](in a) { return xg::max_pool1d(a[0], std::size_t(a.number(0))); };
  f["avg_pool1d"] = [](in a) { return xg::avg_pool1d(a[0], std::size_t(a.number(0))); };
  f["conv1d"] = [](in a) {
    const std::vector<int> n = a.numbers();
    return xg::conv1d(a[0], a[1], a[2], {.stride = std::size_t(n[0]), .padding = std::size_t(n[1])});
  };
  f["conv2d"] = [](in a) { return xg::conv2d(a[0], a[1], {.padding = std::size_t(a.number(0))}); };
  f["attention"] = [](in a) { return xg::scaled_dot_product_attention(a[0], a[1], a[2]); };
  f["cross_entropy"] = [](in a) { return xg::cross_entropy(a[0], a.positions(0)); };
  f["mse_loss"] = [](in a) { return xg::mse_loss(a[0], a[1]); };
  f["l1_loss"] = [](in a) { return xg::l1_loss(a[0], a[1]); };
  f["huber_loss"] = [](in a) { return xg::huber_loss(a[0], a[1]); };
  f["bce_with_logits"] = [](in a) { return xg::bce_with_logits(a[0], a[1]); };
  f["cosine_similarity"] = [](in a) { return xg::cosine_similarity(a[0], a[1], -1); };
}

}  // namespace detail

template <class T>
table<T> ops() {
  table<T> f;
  detail::add_reductions(f);
  detail::add_shapes(f);
  detail::add_matrices(f);
  detail::add_layers(f);
  return f;
}

}  // namespace test::networks
