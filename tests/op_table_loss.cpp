// Rows of the op table: softmax, and losses.
#include <cmath>
#include <optional>

#include "op_table.hpp"

namespace test {

namespace {

template <class T>
using list = std::vector<xg::var<T>>;

/// log_softmax along an axis.
array log_softmax(const array& x, std::size_t axis) {
  std::size_t inner = 1;
  for (std::size_t d = axis + 1; d < x.dimension(); ++d) inner *= x.shape(d);
  array y = x;
  const std::size_t n = x.shape(axis);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t start = i / (n * inner) * n * inner + i % inner;
    double sum = 0;
    for (std::size_t c = 0; c < n; ++c) sum += std::exp(x.flat(start + c * inner));
    y.flat(i) = x.flat(i) - std::log(sum);
  }
  return y;
}

/// Targets from labels: of logits (samples, classes, d...).
struct label_targets {
  std::vector<int> labels;
  std::vector<double> weights;
  double smoothing = 0;
  std::optional<int> ignored = {};

  double weight(std::size_t c) const { return weights.empty() ? 1 : weights[c]; }
  /// Σ -q log p of each sample, from log p; and the sum of their weights.
  std::pair<array, double> losses(const array& log_p, std::size_t axis) const {
    const std::size_t n = log_p.shape(axis), inner = axis == 0 ? 1 : log_p.size() / log_p.shape(0) / n;
    std::vector<std::size_t> shape(log_p.shape().begin(), log_p.shape().end());
    shape.erase(shape.begin() + std::ptrdiff_t(axis));
    array y = xt::zeros<double>(shape);
    double all = 0;
    for (std::size_t r = 0; r < y.size(); ++r) {
      if (labels[r] == ignored) continue;
      all += weight(std::size_t(labels[r]));
      for (std::size_t c = 0; c < n; ++c) {
        const double q =
            (std::size_t(labels[r]) == c ? (1 - smoothing) * weight(c) : 0.0) + smoothing / double(n) * weight(c);
        y.flat(r) -= q * log_p.flat((r / inner * n + c) * inner + r % inner);
      }
    }
    return {y, all};
  }
};

array scalar(double x) { return array(x); }
array sum_of(const array& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return scalar(sum);
}

}  // namespace

template <class T>
std::vector<op_case<T>> loss_ops() {
  elementwise_table<T> table;
  const domain probability{0.05, 0.95}, logit{-4, 4};

  table.row(
      "absolute_error", [](auto p, auto y) { return xg::absolute_error(p, y); },
      [](double p, double y) { return std::abs(p - y); }, domain{-2, -0.1}, domain{0.1, 2});
  table.row(
      "absolute_error", [](auto p, auto y) { return xg::absolute_error(p, y); },
      [](double p, double y) { return std::abs(p - y); }, domain{0.1, 2}, domain{-2, -0.1});
  table.row(
      "difference", [](auto a, auto b) { return xg::elementwise<xg::detail::difference_fun>()(a, b); },
      [](double a, double b) { return a - b; }, any, any);
  table.row(
      "huber", [](auto e) { return xg::elementwise<xg::detail::huber_fun>()(e, 0.75); },
      [](double e) { return std::abs(e) > 0.75 ? 0.75 * (std::abs(e) - 0.375) : e * e / 2; },
      domain{-2, 2, 0.75, 0.01});
  table.row(
      "bce_with_logits", [](auto x, auto y) { return xg::bce_with_logits_error(x, y); },
      [](double x, double y) { return (1 - y) * std::log1p(std::exp(x)) + y * std::log1p(std::exp(-x)); }, logit,
      probability);
  table.row(
      "entropy_term", [](auto q, auto l) { return xg::elementwise<xg::detail::entropy_term_fun>()(q, l); },
      [](double q, double l) { return q * l; }, probability, any);
  table.row(
      "kl_div", [](auto q, auto p) { return xg::elementwise<xg::detail::divergence_fun>()(q, p); },
      [](double q, double p) { return p * (std::log(p) - q); }, any, probability);
  return table.rows;
}

template <class T>
std::vector<op_case<T>> class_ops() {
  structured_table<T> table;

  const std::vector<std::vector<xg::shape_t>> cubes{{{2, 3, 4}}, {{1, 1, 1}}, {{2, 3, 0}}, {{2, 3, 37}}};
  for (const int axis : {0, 1, -1}) {
    const std::size_t at = axis < 0 ? 2 : std::size_t(axis);
    table.row(
        "softmax", [=](const list<T>& x) { return xg::softmax(x[0], axis); },
        [=](const std::vector<array>& x) { return array(xt::exp(log_softmax(x[0], at))); }, cubes);
    table.row(
        "log_softmax", [=](const list<T>& x) { return xg::log_softmax(x[0], axis); },
        [=](const std::vector<array>& x) { return log_softmax(x[0], at); }, cubes);
  }

  const auto labelled = [&](const label_targets& q, xg::reduction over, std::size_t axis, xg::shape_t shape) {
    xg::class_loss_options options{.weights = q.weights, .smoothing = q.smoothing, .over = over};
    if (q.ignored) options.ignore_label = *q.ignored;
    const auto labels_of = [=](const xg::var<T>& x) {
      xg::shape_t samples = shape;
      samples.erase(samples.begin() + std::ptrdiff_t(axis));
      return x.owner().indices(xt::adapt(q.labels, samples));
    };
    const auto reduced = [=](const array& log_p) {
      const auto [losses, all] = q.losses(log_p, axis);
      if (over == xg::reduction::none) return losses;
      return scalar(sum_of(losses)() / (over == xg::reduction::mean ? all : 1));
    };
    table.row(
        "cross_entropy", [=](const list<T>& x) { return xg::cross_entropy(x[0], labels_of(x[0]), options); },
        [=](const std::vector<array>& x) { return reduced(log_softmax(x[0], axis)); }, {{shape}});
    if (q.smoothing != 0) return;
    table.row(
        "nll_loss", [=](const list<T>& x) { return xg::nll_loss(x[0], labels_of(x[0]), options); },
        [=](const std::vector<array>& x) { return reduced(x[0]); }, {{shape}});
  };
  const std::vector<double> weights{0.5, 2, 1.25};
  labelled({{2, 0, 1, 2}, {}}, xg::reduction::mean, 1, {4, 3});
  labelled({{2, 0, 1, 2}, weights, 0.1}, xg::reduction::mean, 1, {4, 3});
  labelled({{2, -1, 1, -1}, weights, 0, -1}, xg::reduction::mean, 1, {4, 3});
  labelled({{2, -1, 1, -1}, weights, 0.2, -1}, xg::reduction::none, 1, {4, 3});
  labelled({{1, 2, 0, 1}, weights, 0.1}, xg::reduction::sum, 1, {2, 3, 2});
  labelled({{1, 2, 0, 1}, {}}, xg::reduction::none, 1, {2, 3, 2});
  labelled({{40}, {}, 0.3}, xg::reduction::mean, 0, {41});

  table.row(
      "cross_entropy",
      [](const list<T>& x) {
        return xg::cross_entropy(x[0], x[1], {.weights = {1, 2, 3}, .smoothing = 0.1});
      },
      [](const std::vector<array>& x) {
        const array log_p = log_softmax(x[0], 1);
        double sum = 0;
        for (std::size_t i = 0; i < log_p.size(); ++i)
          sum -= double(i % 3 + 1) * (0.9 * x[1].flat(i) + 0.1 / 3) * log_p.flat(i);
        return scalar(sum / double(log_p.shape(0)));
      },
      {{{2, 3}, {2, 3}}, {{5, 3}, {5, 3}}});
  table.row(
      "cross_entropy", [](const list<T>& x) { return xg::cross_entropy(x[0], x[1], {.over = xg::reduction::none}); },
      [](const std::vector<array>& x) { return array(-xt::sum(x[1] * log_softmax(x[0], 1), {1})); },
      {{{2, 3, 2}, {2, 3, 2}}});
  table.row(
      "cosine_similarity", [](const list<T>& x) { return xg::cosine_similarity(x[0], x[1]); },
      [](const std::vector<array>& x) {
        array dot = xt::sum(x[0] * x[1], {1}), a = xt::sum(x[0] * x[0], {1}), b = xt::sum(x[1] * x[1], {1});
        return array(dot / xt::sqrt(a * b));
      },
      {{{3, 4}, {3, 4}}});
  return table.rows;
}

template std::vector<op_case<OP_SCALAR>> loss_ops();
template std::vector<op_case<OP_SCALAR>> class_ops();

}  // namespace test
