// What the losses of labels have in common: options, targets, means over the samples that count. For the library's own
// sources.
#pragma once

#include <string>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/ops/cross_entropy.hpp>
#include <xgrad/ops/softmax_rows.hpp>

namespace xg::detail {

using labels_array = array<const std::int64_t>;

/// The axis of the classes.
inline std::size_t class_axis(shape_view x) { return x.size() == 1 ? 0 : 1; }

/// Throws shape_error, value_error.
inline void check_options(shape_view x, const class_loss_options& options) {
  if (x.empty()) throw shape_error("a scalar has no classes; logits are (samples, classes)");
  const std::size_t classes = x[class_axis(x)];
  if (!options.weights.empty() && options.weights.size() != classes)
    throw value_error(std::to_string(options.weights.size()) + " weights for " + std::to_string(classes) +
                      " classes; there must be one for each");
  if (!(options.smoothing >= 0 && options.smoothing <= 1))
    throw value_error("the smoothing " + std::to_string(options.smoothing) + " is not in [0, 1]");
}

/// What the losses have in common: a loss of a sample is Σ q (-log p), its targets q being (1 - smoothing) w[label] for
/// the label, and besides smoothing / classes w[c] for every class c; in a mean all are divided by the sum of w[label].
template <class T>
struct class_loss {
  using row = softmax_row<T>;
  using V = typename row::V;
  using one = lanes<T, simd_arch, true>;

  class_loss_options options;
  rows_along rows{};
  std::size_t classes = 0;
  T* weights = nullptr;
  threads on{};
  std::span<T> copy{};     // memory for a row
  std::span<T> partial{};  // sums of parts of the rows, with their errors
  T of_label = 1, of_each = 0, all_weights = 0;

  explicit class_loss(const class_loss_options& o) : options(o) {}

  shape_t shape(shape_view x, shape_view labels) const {
    check_options(x, options);
    shape_t samples = x;
    samples.erase(samples.begin() + std::ptrdiff_t(class_axis(x)));
    if (!(labels == samples))
      throw shape_error("labels of shape " + to_string(labels) + " for logits of shape " + to_string(x) +
                        "; expected labels of shape " + to_string(samples) + ", one for each sample (axis " +
                        std::to_string(class_axis(x)) + " is that of the classes)");
    return options.over == reduction::none ? samples : shape_t{};
  }
  void plan(workspace& w, shape_view x, shape_view) {
    rows = {x, class_axis(x)};
    classes = rows.length;
    on = w.threads();
    if (rows.inner != 1) copy = {w.array<T>(classes), classes};
    if (options.over != reduction::none) {
      const std::size_t parts = (rows.count() + rows_in_part(classes) - 1) / rows_in_part(classes);
      partial = {w.array<T>(2 * parts), 2 * parts};
    }
    if (!options.weights.empty()) {
      weights = w.array<T>(classes);
      std::copy(options.weights.begin(), options.weights.end(), weights);
    }
    of_label = T(1 - options.smoothing);
    of_each = T(options.smoothing / double(classes));
    all_weights =
        weights ? row::total(classes, [&](std::size_t i) { return row::load(weights, i, classes, T(0)); }) : T(classes);
  }
  T weight(std::size_t c) const { return weights ? weights[c] : T(1); }
  V weights_from(std::size_t i) const { return weights ? row::load(weights, i, classes, T(0)) : V(1); }

  /// Calls f(begin, end, memory for a row) for parts of the rows.
  void each_part(const auto& f) const { on.parallel_for(rows.count(), rows_in_part(classes), copy, f); }
  /// Calls f(row, label) for each sample that counts. Throws value_error.
  void each_sample(labels_array labels, const auto& f) const { each_sample(labels, 0, labels.size, f); }
  void each_sample(labels_array labels, std::size_t begin, std::size_t end, const auto& f) const {
    for (std::size_t r = begin; r < end; ++r) {
      const std::int64_t label = labels.data[r];
      if (label == options.ignore_label) continue;
      if (label < 0 || label >= std::int64_t(classes))
        throw value_error("label " + std::to_string(label) + " of row " + std::to_string(r) +
                          " is out of range; there are " + std::to_string(classes) + " classes" +
                          (classes == 0 ? "" : ", 0 to " + std::to_string(classes - 1)));
      f(r, std::size_t(label));
    }
  }
  /// What the targets are divided by.
  T divisor(labels_array labels) const {
    if (options.over != reduction::mean) return 1;
    auto sum = sum_fold::start<one>();
    each_sample(labels, [&](std::size_t, std::size_t label) { sum_fold::add(sum, one(weight(label))); });
    return sum[0].get();
  }
  /// In C, where labels are constants: calls loss(label, its weight, at) for each sample that counts, at(j) being the
  /// position of its class j; it returns the loss, which is added up and divided.
  void write_c(c_writer& w, const auto& loss) const {
    const auto whole = w.whole_numbers(1);
    const labels_array all{whole.data(), w.operand_shape(1), whole.size()};
    std::vector<std::ptrdiff_t> samples, starts, labels;
    std::vector<double> of_labels;
    each_sample(all, [&](std::size_t r, std::size_t label) {
      samples.push_back(std::ptrdiff_t(r)), starts.push_back(std::ptrdiff_t(rows.start(r)));
      labels.push_back(std::ptrdiff_t(label)), of_labels.push_back(double(weight(label)));
    });
    const std::string& y = w.result();
    const bool each = options.over == reduction::none;
    const std::string sum = each ? "" : w.fresh("sum"), error = each ? "" : w.fresh("error");
    if (each)
      w.loop(all.size, [&](const std::string& i) { w.line(y + "[" + i + "] = 0;"); });
    else
      w.line("double " + sum + " = 0, " + error + " = 0;");
    const std::string first = w.table("starts", starts), label = w.table("labels", labels);
    const std::string weight_of = weights ? w.constants("weights", of_labels) : "";
    w.loop(samples.size(), [&](const std::string& i) {
      const auto at = [&](const std::string& j) {
        return c_position(0, {{first + "[" + i + "]", 1}, {j, std::ptrdiff_t(rows.inner)}});
      };
      const std::string value = loss(label + "[" + i + "]", weights ? weight_of + "[" + i + "]" : "", at);
      if (each)
        w.line(y + "[" + w.table("samples", samples) + "[" + i + "]] = " + value + ";");
      else
        w.add_with_care(sum, error, value);
    });
    if (each) return;
    w.line("(void)" + error + ";");
    w.line(y + "[0] = " + sum + " / " + w.number(double(divisor(all))) + ";");
  }
  /// The result from the loss of each sample that counts, loss(row, label, memory for a row).
  void reduce(array<T> y, labels_array labels, const auto& loss) const {
    if (options.over == reduction::none) {
      std::fill_n(y.data, y.size, T(0));
      return each_part([&](std::size_t begin, std::size_t end, T* memory) {
        each_sample(labels, begin, end, [&](std::size_t r, std::size_t label) { y.data[r] = loss(r, label, memory); });
      });
    }
    std::fill(partial.begin(), partial.end(), T(0));
    each_part([&](std::size_t begin, std::size_t end, T* memory) {
      auto sum = sum_fold::start<one>();
      each_sample(labels, begin, end,
                  [&](std::size_t r, std::size_t label) { sum_fold::add(sum, one(loss(r, label, memory))); });
      T* to = partial.data() + 2 * (begin / rows_in_part(classes));
      to[0] = sum[0].get(), to[1] = sum[1].get();
    });
    auto sum = sum_fold::start<one>();
    for (std::size_t p = 0; p < partial.size(); p += 2) {
      const sum_fold::state<one> of_part{partial[p], partial[p + 1]};
      if (p == 0)
        sum = of_part;
      else
        sum_fold::merge(sum, of_part);
    }
    *y.data = sum[0].get() / divisor(labels);
  }
  /// Calls f(r, label, dL/d(the loss of the sample), memory for a row) for each that has a gradient; others get zeros.
  /// Where f writes whole rows, the memory of theirs is not set to zero before.
  void each_gradient(array<const T> g, labels_array labels, adjoint<T> dx, bool whole_rows, const auto& f) const {
    const T n = divisor(labels);
    const bool in_place = whole_rows && rows.inner == 1;  // row r lies in one piece, at r * classes
    if (dx.assign && !in_place) std::fill_n(dx.data, dx.size, T(0));
    each_part([&](std::size_t begin, std::size_t end, T* memory) {
      std::size_t done = begin;  // rows that have been written
      const auto zeros_up_to = [&](std::size_t r) {
        if (dx.assign && in_place && done < r) std::fill(dx.data + done * classes, dx.data + r * classes, T(0));
        done = std::max(done, r);
      };
      each_sample(labels, begin, end, [&](std::size_t r, std::size_t label) {
        const T of_sample = options.over == reduction::none ? g.data[r] : *g.data / n;
        if (of_sample == 0) return;
        zeros_up_to(r);
        f(r, label, of_sample, memory);
        done = std::max(done, r + 1);
      });
      zeros_up_to(end);
    });
  }
  void describe(node_writer& w) const {
    if (weights) w.attribute("weights", std::to_string(classes));
    if (options.smoothing != 0) w.attribute("smoothing", std::to_string(options.smoothing));
    if (options.ignore_label) w.attribute("ignore_label", std::to_string(*options.ignore_label));
    if (options.over != reduction::mean) w.attribute("over", options.over == reduction::sum ? "sum" : "none");
  }
};

/// The targets q, as an array of the shape of the logits: constants, made of labels.
template <class T>
struct label_targets_op {
  static constexpr const char* name = "label_targets";  // not an op: only derivatives use it
  class_loss<T> loss;
  shape_t whole;

  shape_t shape(shape_view, shape_view) const { return whole; }
  void plan(workspace& w, shape_view, shape_view labels) { loss.plan(w, whole, labels); }
  void forward(array<T> y, array<const T>, labels_array labels) const {
    std::fill_n(y.data, y.size, T(0));
    const T n = loss.divisor(labels);
    loss.each_sample(labels, [&](std::size_t r, std::size_t label) {
      T* q = y.data + loss.rows.start(r);
      for (std::size_t c = 0; c < loss.classes; ++c) q[c * loss.rows.inner] = loss.of_each * loss.weight(c) / n;
      q[label * loss.rows.inner] += loss.of_label * loss.weight(label) / n;
    });
  }
  var<T> vjp(const var<T>&, const var<T>&, const var<T>& labels, const indices<T>&) const { return 0 * labels; }
};

}  // namespace xg::detail
