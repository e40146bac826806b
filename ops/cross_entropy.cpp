#include <xgrad/ops/cross_entropy.hpp>

#include <xgrad/ops/class_loss.hpp>
#include <xgrad/ops/reduce.hpp>
#include <xgrad/ops/softmax.hpp>
#include <xgrad/ops/view.hpp>

namespace xg {

namespace {

using detail::class_axis, detail::class_loss, detail::labels_array;

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
  return record(detail::label_targets_op<T>{class_loss<T>(options), x.shape()}, labels.leaf(), labels);
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
    this->reduce(y, labels, [&](std::size_t r, std::size_t label, T* memory) {
      const T* from = this->rows.read(x.data, r, memory);
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
  void write_c(c_writer& w) const {
    const std::string weights = this->weights ? w.constants("class_weights", this->options.weights) : "";
    class_loss<T>::write_c(w, [&](const std::string& label, const std::string& weight, const auto& at) {
      const auto x = [&](const std::string& j) { return w.operand(0) + "[" + at(j) + "]"; };
      const auto [most, others] = detail::write_exponentials(w, this->classes, x);
      const std::string log_sum = w.fresh("log_sum");
      w.line("const double " + log_sum + " = log1p(" + others + ");");
      std::string loss = "((" + most + " - " + x(label) + ") + " + log_sum + ")";
      if (!weight.empty()) loss = weight + " * " + loss;
      if (this->of_each == 0) return loss;
      const std::string below = w.fresh("below");  // Σ w (largest - x)
      w.line("double " + below + " = 0;");
      w.loop(this->classes, [&, top = most](const std::string& j) {
        const std::string gap = "(" + top + " - " + x(j) + ")";
        w.line(below + " += " + (weights.empty() ? gap : weights + "[" + j + "] * " + gap) + ";");
      });
      return w.number(double(this->of_label)) + " * " + loss + " + " + w.number(double(this->of_each)) + " * (" +
             below + " + " + w.number(double(this->all_weights)) + " * " + log_sum + ")";
    });
  }
  // By x[c]: p Σ q - q.
  void backward(array<const T> g, array<const T>, array<const T> x, labels_array labels, adjoint<T> dx) const {
    if (!dx) return;
    const std::size_t n = this->classes, step = this->rows.inner;
    this->each_gradient(g, labels, dx, true, [&](std::size_t r, std::size_t label, T g_row, T* memory) {
      const T* from = this->rows.read(x.data, r, memory);
      T* to = dx.data + this->rows.start(r);
      const auto e = saved[r];
      const T w = this->of_label * this->weight(label), all = w + this->of_each * this->all_weights;
      const T share = exp(one(from[label] - e.largest)).get() / e.total();
      // p - 1 from the other classes, where p is close to 1.
      const T less_one = from[label] == e.largest ? -e.others / e.total() : share - 1;
      const T before = dx.assign ? T(0) : to[label * step];
      const T of_label = g_row * (w * less_one + this->of_each * (this->all_weights * share - this->weight(label)));
      const V top(e.largest), factor(g_row * all / e.total()), each(g_row * this->of_each);
      const auto slope = [&](std::size_t i) {
        const V p = factor * exp(row::load(from, i, n, row::lowest) - top);
        return this->of_each == 0 ? p : p - each * this->weights_from(i);
      };
      if (step == 1) {
        row::write(to, n, dx.assign, slope);
      } else {
        row::write(memory, n, true, slope);
        for (std::size_t c = 0; c < n; ++c) to[c * step] += memory[c];
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
    this->reduce(y, labels, [&](std::size_t r, std::size_t label, T*) {
      return -this->weight(label) * x.data[this->rows.start(r) + label * this->rows.inner];
    });
  }
  void write_c(c_writer& w) const {
    class_loss<T>::write_c(w, [&](const std::string& label, const std::string& weight, const auto& at) {
      const std::string x = w.operand(0) + "[" + at(label) + "]";
      return weight.empty() ? "-" + x : "-" + weight + " * " + x;
    });
  }
  void backward(array<const T> g, array<const T>, array<const T>, labels_array labels, adjoint<T> dx) const {
    if (!dx) return;
    this->each_gradient(g, labels, dx, false, [&](std::size_t r, std::size_t label, T g_row, T*) {
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
