#include <xgrad/ops/norm.hpp>

#include <cmath>
#include <string>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduce.hpp>
#include <xgrad/ops/rows.hpp>
#include <xgrad/ops/view.hpp>

namespace xg {

namespace {

/// Sets of elements that are normalised together, of an array seen as (outer, sets, inner): all of the same index in
/// the middle.
struct set_layout {
  std::size_t outer = 1, sets = 1, inner = 1;

  std::size_t length() const { return outer * inner; }
  /// A set in one piece: where it lies, or copied to `scratch`.
  template <class T>
  const T* read(const T* all, std::size_t s, T* scratch) const {
    if (outer == 1) return all + s * inner;
    for (std::size_t a = 0; a < outer; ++a) std::copy_n(all + (a * sets + s) * inner, inner, scratch + a * inner);
    return scratch;
  }
  /// Writes f(i), lanes for each element, to a set, or adds it.
  template <class T>
  void write(T* all, std::size_t s, T* scratch, bool assign, const auto& f) const {
    if (outer == 1) return detail::row_loops<T>::write(all + s * inner, inner, assign, f);
    detail::row_loops<T>::write(scratch, length(), true, f);
    for (std::size_t a = 0; a < outer; ++a) {
      T* to = all + (a * sets + s) * inner;
      for (std::size_t i = 0; i < inner; ++i) to[i] = scratch[a * inner + i] + (assign ? T(0) : to[i]);
    }
  }
};

/// z = (x - mean) / √(variance + eps) for each set, and the two (not centred: the mean is 0, the variance the mean
/// square). The mean is kept with its rounding error, so that a large one costs no digits: as in Chan, Golub and
/// LeVeque, "Algorithms for computing the sample variance" (1983), (1.7).
template <class T>
struct normalise_op {
  static constexpr const char* name = "batch_norm";
  using loops = detail::row_loops<T>;
  using V = typename loops::V;
  const char* function;
  set_layout layout;
  T eps;
  bool centred = true;
  threads on{};
  std::span<T> copies{};  // memory for two sets

  const char* label() const { return function; }
  std::array<shape_t, 3> shapes(shape_view x) const { return {x, shape_t{layout.sets}, shape_t{layout.sets}}; }
  void plan(workspace& w, shape_view) {
    on = w.threads();
    if (layout.outer != 1) copies = {w.array<T>(2 * layout.length()), 2 * layout.length()};
  }
  /// Calls f(s, first, second) for each set, with memory for two.
  void each_set(const auto& f) const {
    const std::size_t second = layout.outer == 1 ? 0 : layout.length();
    on.parallel_for(layout.sets, rows_in_part(layout.length()), copies,
                    [&](std::size_t begin, std::size_t end, T* memory) {
                      for (std::size_t s = begin; s < end; ++s) f(s, memory, memory + second);
                    });
  }

  void forward(std::span<const array<T>> y, array<const T> x) const {
    const std::size_t n = layout.length();
    each_set([&](std::size_t s, T* first, T* second) {
      const T* from = layout.read(x.data, s, first);
      const T near = centred ? loops::total(from, n) / T(n) : T(0);  // the mean, but for rounding
      const V shift(near);
      const auto [rest, squares] = loops::template totals<2>(n, [&](std::size_t i) {
        const V d = loops::load(from, i, n, near) - shift;
        return std::array{d, d * d};
      });
      const T error = centred ? rest / T(n) : T(0);
      T variance = (squares - rest * error) / T(n);
      if (variance < 0) variance = 0;
      const V more(error), factor(1 / std::sqrt(variance + eps));
      layout.write(y[0].data, s, second, true,
                   [&](std::size_t i) { return ((loops::load(from, i, n, T(0)) - shift) - more) * factor; });
      y[1].data[s] = near + error;
      y[2].data[s] = variance;
    });
  }

  // With r = 1 / √(variance + eps): dL/dx = r (g - mean g - z mean (g z)), and what comes by mean and variance.
  void backward(std::span<const array<const T>> g, std::span<const array<const T>> y, array<const T>,
                adjoint<T> dx) const {
    if (!dx) return;
    const std::size_t n = layout.length();
    each_set([&](std::size_t s, T* first, T* second) {
      const T *of_g = layout.read(g[0].data, s, first), *z = layout.read(y[0].data, s, second);
      const auto [sum, product] = loops::template totals<2>(n, [&](std::size_t i) {
        const V d = loops::load(of_g, i, n, T(0));
        return std::array{d, d * loops::load(z, i, n, T(0))};
      });
      const T r = 1 / std::sqrt(y[2].data[s] + eps);
      const V constant(centred ? (g[1].data[s] - r * sum) / T(n) : T(0)), factor(r),
          slope((2 * g[2].data[s] / r - r * product) / T(n));
      layout.write(dx.data, s, first, dx.assign, [&](std::size_t i) {
        return factor * loops::load(of_g, i, n, T(0)) + (constant + slope * loops::load(z, i, n, T(0)));
      });
    });
  }

  var<T> vjp(std::span<const var<T>> g, std::span<const var<T>> y, const var<T>& x) const {
    const shape_t whole{layout.outer, layout.sets, layout.inner}, kept{1, layout.sets, 1};
    const T n = T(layout.length());
    const var<T> of_z = reshape(g[0], whole), z = reshape(y[0], whole);
    const var<T> root = xt::sqrt(reshape(y[2], kept) + eps);
    const var<T> slope = 2 * reshape(g[2], kept) * root - sum(of_z * z, {0, 2}, keep_dims) / root;
    if (!centred) return reshape(of_z / root + z * slope / n, x.shape());
    const var<T> constant = reshape(g[1], kept) - sum(of_z, {0, 2}, keep_dims) / root;
    return reshape(of_z / root + (constant + z * slope) / n, x.shape());
  }
  void describe(node_writer& w) const { w.attribute("eps", std::to_string(double(eps))); }
  void write_c(c_writer& w) const {
    const auto inner = std::ptrdiff_t(layout.inner), block = std::ptrdiff_t(layout.sets) * inner;
    const std::string n = w.number(double(layout.length()));
    w.loop(layout.sets, [&](const std::string& s) {
      const auto each = [&](const auto& body) {
        w.loop(layout.outer, [&](const std::string& o) {
          w.loop(layout.inner, [&](const std::string& i) {
            body("[" + c_position(0, {{o, block}, {s, inner}, {i, 1}}) + "]");
          });
        });
      };
      const std::string &x = w.operand(0), mean = w.fresh("mean"), variance = w.fresh("variance"),
                        rest = w.fresh("rest"), factor = w.fresh("factor");
      w.line("double " + mean + " = 0, " + variance + " = 0, " + rest + " = 0;");
      if (centred) {
        each([&](const std::string& at) { w.line(mean + " += " + x + at + ";"); });
        w.line(mean + " /= " + n + ";");
      }
      each([&](const std::string& at) {  // what rounding left of the mean is in `rest`
        const std::string d = w.fresh("d");
        w.line("const double " + d + " = " + x + at + " - " + mean + ";");
        w.line(variance + " += " + d + " * " + d + ";");
        if (centred) w.line(rest + " += " + d + ";");
      });
      w.line(rest + " /= " + n + ";");
      w.line(variance + " = " + variance + " / " + n + " - " + rest + " * " + rest + ";");
      w.line("if (" + variance + " < 0) " + variance + " = 0;");
      w.line("const double " + factor + " = 1 / sqrt(" + variance + " + " + w.number(double(eps)) + ");");
      each([&](const std::string& at) {
        w.line(w.result(0) + at + " = ((" + x + at + " - " + mean + ") - " + rest + ") * " + factor + ";");
      });
      w.line(w.result(1) + "[" + s + "] = " + mean + " + " + rest + ";");
      w.line(w.result(2) + "[" + s + "] = " + variance + ";");
    });
  }
};

[[noreturn]] void fail(const char* function, const std::string& why, const std::source_location& where) {
  throw shape_error(std::string(function) + ": " + why + at_line(where));
}

template <class T>
std::array<var<T>, 3> normalised(const char* function, const var<T>& x, const set_layout& layout, double eps,
                                 bool centred, const std::source_location& where) {
  if (!(T(eps) > 0))
    throw value_error(std::string(function) + ": eps is " + std::to_string(eps) + "; it must be above 0" +
                      at_line(where));
  return record(normalise_op<T>{function, layout, T(eps), centred}, x, where);
}

/// Weight or bias of this shape. Throws shape_error.
template <class T>
void check_shape(const char* function, const char* what, const var<T>& v, shape_view wanted, shape_view x,
                 const std::source_location& where) {
  const shape_view given = v.ledger(where).slot_of(v, where, function)->shape();
  if (!(given == wanted))
    fail(function,
         to_string(x) + ": the " + what + " has shape " + to_string(given) + "; expected " + to_string(wanted), where);
}

/// z · weight + bias, or without the bias, or without both; `broadcast` is what they are read as.
template <class T>
var<T> affine(const char* function, const var<T>& z, const var<T>* w, const var<T>* b, shape_view own,
              const shape_t& broadcast, const std::source_location& where) {
  const auto shaped = [&](const var<T>* v, const char* what) {
    if (!v) return var<T>();
    check_shape(function, what, *v, own, z.shape(), where);
    return own == broadcast ? *v : var<T>(reshape(*v, broadcast, where));
  };
  const var<T> weight = shaped(w, "weight"), bias = shaped(b, "bias");
  const auto recorded_as = [&](const auto& e) { return recorded<detail::simd_arch>(e, where); };
  if (w && b) return recorded_as(z * weight + bias);
  if (w) return recorded_as(z * weight);
  return z;
}

shape_view shape_on_tape(const auto& x, const char* function, const std::source_location& where) {
  return x.ledger(where).slot_of(x, where, function)->shape();
}

/// (channels, 1, ...), to broadcast with x.
shape_t channel_shape(shape_view x) {
  shape_t shape(x.size() - 1, 1);
  shape[0] = x[1];
  return shape;
}

}  // namespace

namespace detail {

template <class T>
var<T> record_layer_norm(norm_of what, const var<T>& x, const var<T>* w, const var<T>* b, double eps, std::size_t axes,
                         const std::source_location& where) {
  const char* function = what == norm_of::layer ? "layer_norm" : "rms_norm";
  const shape_view shape = shape_on_tape(x, function, where);
  if (w) axes = shape_on_tape(*w, function, where).size();
  if (axes == 0 || axes > shape.size())
    fail(function, to_string(shape) + ": there are no " + std::to_string(axes) + " last axes to normalise over", where);
  const shape_t own(shape.end() - std::ptrdiff_t(axes), shape.end());
  attempt recording(x.ledger(where));
  const set_layout layout{1, count_of({shape.data(), shape.size() - axes}), count_of(own)};
  const auto z = normalised(function, x, layout, eps, what == norm_of::layer, where);
  return recording.keep(affine(function, z[0], w, b, own, own, where));
}

template <class T>
var<T> record_group_norm(const var<T>& x, std::optional<std::size_t> groups, const var<T>* w, const var<T>* b,
                         double eps, const std::source_location& where) {
  const char* function = groups ? "group_norm" : "instance_norm";
  const shape_view shape = shape_on_tape(x, function, where);
  const std::size_t least = groups ? 2 : 3;
  if (shape.size() < least)
    fail(function,
         to_string(shape) + ": the input must have at least " + std::to_string(least) +
             (groups ? " axes, (samples, channels, ...)" : " axes, (samples, channels, length, ...)"),
         where);
  const std::size_t parts = groups.value_or(shape[1]);
  if (groups && (parts == 0 || shape[1] % parts != 0))
    fail(function,
         to_string(shape) + ": " + std::to_string(shape[1]) + " channels cannot be split into " +
             std::to_string(parts) + " groups",
         where);
  attempt recording(x.ledger(where));
  const std::size_t sets = shape[0] * parts;
  const set_layout layout{1, sets, sets == 0 ? 0 : count_of(shape) / sets};
  const auto z = normalised(function, x, layout, eps, true, where);
  return recording.keep(affine(function, z[0], w, b, shape_t{shape[1]}, channel_shape(shape), where));
}

template <class T>
var<T> record_batch_norm(const var<T>& x, parameter<T>* mean, parameter<T>* variance, const var<T>* w, const var<T>* b,
                         const batch_norm_options& o, const std::source_location& where) {
  const char* function = "batch_norm";
  const shape_view shape = shape_on_tape(x, function, where);
  if (shape.size() < 2)
    fail(function, to_string(shape) + ": the input must have at least 2 axes, (samples, channels, ...)", where);
  const shape_t own{shape[1]}, broadcast = channel_shape(shape);
  const set_layout layout{shape[0], shape[1], count_of({shape.data() + 2, shape.size() - 2})};
  ledger<T>& l = x.ledger(where);
  attempt recording(l);
  std::array<var<T>, 2> averages;
  if (mean) {
    averages = {borrow(l, memory_of(*mean), false, where), borrow(l, memory_of(*variance), false, where)};
    check_shape(function, "running mean", averages[0], own, shape, where);
    check_shape(function, "running variance", averages[1], own, shape, where);
  }
  const auto recorded_as = [&](const auto& e) { return recorded<simd_arch>(e, where); };
  if (!o.training) {
    if (!mean) throw value_error("batch_norm: without training, running averages are needed" + at_line(where));
    const var<T> root = recorded_as(xt::sqrt(averages[1] + T(o.eps)));
    const var<T> z =
        recorded_as((x - var<T>(reshape(averages[0], broadcast, where))) / var<T>(reshape(root, broadcast, where)));
    return recording.keep(affine(function, z, w, b, own, broadcast, where));
  }
  if (layout.length() == 1 && layout.sets != 0)
    fail(function, to_string(shape) + ": each channel has one value; training needs more", where);
  const auto z = normalised(function, x, layout, o.eps, true, where);
  if (mean) {
    const auto n = double(layout.length());
    const T share = T(o.momentum), of_variance = T(o.momentum * n / (n - 1));
    record_store(recorded_as((1 - share) * averages[0] + share * z[1]), memory_of(*mean), where);
    record_store(recorded_as((1 - share) * averages[1] + of_variance * z[2]), memory_of(*variance), where);
  }
  return recording.keep(affine(function, z[0], w, b, own, broadcast, where));
}

template var<float> record_layer_norm(norm_of, const var<float>&, const var<float>*, const var<float>*, double,
                                      std::size_t, const std::source_location&);
template var<double> record_layer_norm(norm_of, const var<double>&, const var<double>*, const var<double>*, double,
                                       std::size_t, const std::source_location&);
template var<float> record_group_norm(const var<float>&, std::optional<std::size_t>, const var<float>*,
                                      const var<float>*, double, const std::source_location&);
template var<double> record_group_norm(const var<double>&, std::optional<std::size_t>, const var<double>*,
                                       const var<double>*, double, const std::source_location&);
template var<float> record_batch_norm(const var<float>&, parameter<float>*, parameter<float>*, const var<float>*,
                                      const var<float>*, const batch_norm_options&, const std::source_location&);
template var<double> record_batch_norm(const var<double>&, parameter<double>*, parameter<double>*, const var<double>*,
                                       const var<double>*, const batch_norm_options&, const std::source_location&);

}  // namespace detail

}  // namespace xg
