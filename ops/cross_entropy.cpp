#include <xgrad/ops/cross_entropy.hpp>

#include <string>

#include <xgrad/ops/reduce.hpp>
#include <xgrad/ops/softmax.hpp>
#include <xgrad/ops/softmax_rows.hpp>
#include <xgrad/ops/view.hpp>

namespace xg {

namespace {

using labels_array = array<const std::int64_t>;

/// The axis of the classes.
std::size_t class_axis(shape_view x) { return x.size() == 1 ? 0 : 1; }

void check_options(shape_view x, const class_loss_options& options) {
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
  using row = detail::softmax_row<T>;
  using V = typename row::V;
  using one = detail::lanes<T, detail::simd_arch, true>;

  class_loss_options options;
  detail::rows_along rows{};
  std::size_t classes = 0;
  T *weights = nullptr, *scratch = nullptr;
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
    if (rows.inner != 1) scratch = w.array<T>(classes);
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

  /// Calls f(row, label) for each sample that counts. Throws value_error.
  void each_sample(labels_array labels, const auto& f) const {
    for (std::size_t r = 0; r < labels.size; ++r) {
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
  /// The result from the loss of each sample that counts.
  void reduce(array<T> y, labels_array labels, const auto& loss) const {
    if (options.over == reduction::none) {
      std::fill_n(y.data, y.size, T(0));
      return each_sample(labels, [&](std::size_t r, std::size_t label) { y.data[r] = loss(r, label); });
    }
    auto sum = sum_fold::start<one>();
    each_sample(labels, [&](std::size_t r, std::size_t label) { sum_fold::add(sum, one(loss(r, label))); });
    *y.data = sum[0].get() / divisor(labels);
  }
  /// Calls f(r, label, dL/d(the loss of the sample)) for each that has a gradient; others get zeros.
  void each_gradient(array<const T> g, labels_array labels, adjoint<T> dx, const auto& f) const {
    if (dx.assign) std::fill_n(dx.data, dx.size, T(0));
    const T n = divisor(labels);
    each_sample(labels, [&](std::size_t r, std::size_t label) {
      const T of_sample = options.over == reduction::none ? g.data[r] : *g.data / n;
      if (of_sample != 0) f(r, label, of_sample);
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

/// dL/d(the losses), so that it broadcasts over the classes.
template <class T>
var<T> with_class_axis(const var<T>& g, shape_view x) {
  if (g.dimension() == 0) return g;
  shape_t kept = x;
  kept[class_axis(x)] = 1;
  return reshape(g, kept);
}
template <class T>
var<T> targets_of(const class_loss_options& options, const var<T>& x, const indices<T>& labels) {
  return record(label_targets_op<T>{class_loss<T>(options), x.shape()}, labels.leaf(), labels);
}

template <class T>
struct cross_entropy_op : class_loss<T> {
  static constexpr const char* name = "cross_entropy";
  using typename class_loss<T>::row, typename class_loss<T>::V, typename class_loss<T>::one;
  using class_loss<T>::class_loss;
  detail::row_exponentials<T>* saved = nullptr;  // of each row

  void plan(workspace& w, shape_view x, shape_view labels) {
    class_loss<T>::plan(w, x, labels);
    saved = w.array<detail::row_exponentials<T>>(this->rows.count());
  }
  void forward(array<T> y, array<const T> x, labels_array labels) const {
    const std::size_t n = this->classes;
    this->reduce(y, labels, [&](std::size_t r, std::size_t label) {
      const T* from = this->rows.read(x.data, r, this->scratch);
      const auto e = saved[r] = row::exponentials(from, n, nullptr);
      const T log_total = e.log_total();
      const T loss = this->of_label * this->weight(label) * ((e.largest - from[label]) + log_total);
      if (this->of_each == 0) return loss;
      const V top(e.largest);
      const T below = row::total(n, [&](std::size_t i) {  // Σ w (largest - x)
        return this->weights_from(i) * (top - row::load(from, i, n, e.largest));
      });
      return loss + this->of_each * (below + this->all_weights * log_total);
    });
  }
  // By x[c]: p Σ q - q.
  void backward(array<const T> g, array<const T>, array<const T> x, labels_array labels, adjoint<T> dx) const {
    if (!dx) return;
    const std::size_t n = this->classes, step = this->rows.inner;
    this->each_gradient(g, labels, dx, [&](std::size_t r, std::size_t label, T g_row) {
      const T* from = this->rows.read(x.data, r, this->scratch);
      T* to = dx.data + this->rows.start(r);
      const auto e = saved[r];
      const T w = this->of_label * this->weight(label), all = w + this->of_each * this->all_weights;
      const T share = exp(one(from[label] - e.largest)).get() / e.total();
      // p - 1 from the other classes, where p is close to 1.
      const T less_one = from[label] == e.largest ? -e.others / e.total() : share - 1;
      const T before = to[label * step];
      const T of_label = g_row * (w * less_one + this->of_each * (this->all_weights * share - this->weight(label)));
      const V top(e.largest), factor(g_row * all / e.total()), each(g_row * this->of_each);
      const auto slope = [&](std::size_t i) {
        const V p = factor * exp(row::load(from, i, n, row::lowest) - top);
        return this->of_each == 0 ? p : p - each * this->weights_from(i);
      };
      if (step == 1) {
        row::write(to, n, dx.assign, slope);
      } else {
        row::write(this->scratch, n, true, slope);
        for (std::size_t c = 0; c < n; ++c) to[c * step] += this->scratch[c];
      }
      to[label * step] = before + of_label;
    });
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>& x, const indices<T>& labels) const {
    const auto axis = std::ptrdiff_t(class_axis(x.shape()));
    const var<T> q = targets_of(this->options, x, labels);
    return with_class_axis(g, x.shape()) * (softmax(x, axis) * sum(q, axis, keep_dims) - q);
  }
};

template <class T>
struct nll_loss_op : class_loss<T> {
  static constexpr const char* name = "nll_loss";
  using class_loss<T>::class_loss;

  void forward(array<T> y, array<const T> x, labels_array labels) const {
    this->reduce(y, labels, [&](std::size_t r, std::size_t label) {
      return -this->weight(label) * x.data[this->rows.start(r) + label * this->rows.inner];
    });
  }
  void backward(array<const T> g, array<const T>, array<const T>, labels_array labels, adjoint<T> dx) const {
    if (!dx) return;
    this->each_gradient(g, labels, dx, [&](std::size_t r, std::size_t label, T g_row) {
      dx.data[this->rows.start(r) + label * this->rows.inner] -= g_row * this->weight(label);
    });
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>& x, const indices<T>& labels) const {
    return -(with_class_axis(g, x.shape()) * targets_of(this->options, x, labels));
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_cross_entropy(const var<T>& x, const indices<T>& labels, const class_loss_options& options,
                            const std::source_location& where) {
  return record(cross_entropy_op<T>(options), x, labels, where);
}

template <class T>
var<T> record_nll_loss(const var<T>& x, const indices<T>& labels, const class_loss_options& options,
                       const std::source_location& where) {
  if (options.smoothing != 0)
    throw value_error("nll_loss: smoothing is an option of cross_entropy alone" + at_line(where));
  return record(nll_loss_op<T>(options), x, labels, where);
}

template <class T>
var<T> record_cross_entropy(const var<T>& x, const var<T>& targets, const class_loss_options& options,
                            const std::source_location& where) {
  ledger<T>& l = x.ledger(where);
  const shape_t shape = l.slot_of(x, where, "cross_entropy")->shape();
  try {
    check_options(shape, options);
    if (options.ignore_label) throw value_error("ignore_label is an option for labels, not for probabilities");
    if (const shape_view given = l.slot_of(targets, where, "cross_entropy")->shape(); !(given == shape))
      throw shape_error("targets of shape " + to_string(given) + " for logits of shape " + to_string(shape) +
                        "; probabilities have the shape of the logits, labels come from t.indices(...)");
  } catch (...) {
    rethrow_named("cross_entropy", where);
  }
  const line_scope line(l, where);
  const std::size_t at = class_axis(shape), classes = shape[at];
  const auto axis = std::ptrdiff_t(at);
  const var<T> log_p = record_softmax(softmax_form::logarithm, x, axis, where);
  var<T> q = targets;
  if (options.smoothing != 0) q = q * (1 - options.smoothing) + options.smoothing / double(classes);
  if (!options.weights.empty()) {
    shape_t kept(shape.size(), 1);
    kept[at] = classes;
    const auto weights = xt::adapt(options.weights, kept);
    q = q * xt::xarray<T>(xt::cast<T>(weights));
  }
  const auto terms = elementwise<entropy_term_fun>()(q, log_p);
  if (options.over == reduction::none) return -sum(terms, axis);
  const double samples = options.over == reduction::sum ? 1 : double(count_of(shape)) / double(classes);
  return sum(terms) / -samples;
}

template var<float> record_cross_entropy(const var<float>&, const indices<float>&, const class_loss_options&,
                                         const std::source_location&);
template var<double> record_cross_entropy(const var<double>&, const indices<double>&, const class_loss_options&,
                                          const std::source_location&);
template var<float> record_cross_entropy(const var<float>&, const var<float>&, const class_loss_options&,
                                         const std::source_location&);
template var<double> record_cross_entropy(const var<double>&, const var<double>&, const class_loss_options&,
                                          const std::source_location&);
template var<float> record_nll_loss(const var<float>&, const indices<float>&, const class_loss_options&,
                                    const std::source_location&);
template var<double> record_nll_loss(const var<double>&, const indices<double>&, const class_loss_options&,
                                     const std::source_location&);

}  // namespace detail

}  // namespace xg
