#include <xgrad/ops/pool.hpp>

#include <string>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/ops/pool_kernel.hpp>

namespace xg {

namespace {

using detail::pool_settings, detail::window_axes, detail::window_axis;

/// Settings that were looked at.
struct pool_form {
  const char* function;
  bool adaptive, ceil_mode, count_padding;
  std::size_t rank;
  window_axes axes;  // extents of windows (adaptive: of the result), stride, padding, dilation

  explicit pool_form(const pool_settings& s)
      : function(s.function),
        adaptive(s.adaptive),
        ceil_mode(s.ceil_mode),
        count_padding(s.count_padding),
        rank(s.rank) {
    const auto extents =
        detail::checked_setting(rank, adaptive ? "the result's extent" : "the window", s.extents, 1, 1);
    if (s.extents.given() == 0) throw value_error("no extents are given; a number for each axis is needed");
    axes = detail::checked_windows(rank, s.stride.given() == 0 ? adaptive ? 1 : s.extents : s.stride, s.padding,
                                   s.dilation);
    for (std::size_t d = 0; d < 2; ++d) {
      (adaptive ? axes[d].output : axes[d].window) = extents[d];
      if (2 * axes[d].padding > extents[d])
        throw value_error("the padding " + std::to_string(axes[d].padding) + " is more than half the window " +
                          std::to_string(extents[d]));
    }
  }

  /// The axes on an input of this shape. Throws shape_error.
  window_axes on(shape_view x) const {
    if (x.size() < rank)
      throw shape_error(to_string(x) + ": the input must have at least " + std::to_string(rank) +
                        (rank == 1 ? " axis, (..., length)" : " axes, (..., height, width)"));
    window_axes a = axes;
    for (std::size_t d = 2 - rank; d < 2; ++d) {
      a[d].input = x[x.size() - 2 + d];
      const std::size_t padded = a[d].input + 2 * a[d].padding;
      if (adaptive ? a[d].input == 0 : a[d].reach() > padded)
        throw shape_error(to_string(x) + ": a window reaches over " + std::to_string(adaptive ? 1 : a[d].reach()) +
                          " elements of the " +
                          (rank == 1 ? "length"
                           : d == 0  ? "height"
                                     : "width") +
                          ", but the padded input has only " + std::to_string(padded));
      if (adaptive) continue;
      const std::size_t rest = padded - a[d].reach(), stride = a[d].stride;
      a[d].output = (rest + (ceil_mode ? stride - 1 : 0)) / stride + 1;
      if ((a[d].output - 1) * stride >= a[d].input + a[d].padding) --a[d].output;
    }
    return a;
  }
  shape_t shape(shape_view x) const {
    const window_axes a = on(x);
    shape_t y = x;
    for (std::size_t d = 2 - rank; d < 2; ++d) y[x.size() - 2 + d] = a[d].output;
    return y;
  }
  detail::pool_range range(const window_axis& a, std::size_t i) const {
    if (adaptive) {
      const std::size_t begin = i * a.input / a.output, end = ((i + 1) * a.input + a.output - 1) / a.output;
      return {begin, end - begin, end - begin};
    }
    const std::size_t at = i * a.stride;  // of the padded input, whose element `padding` is the first
    const std::size_t skipped = at >= a.padding ? 0 : (a.padding - at + a.dilation - 1) / a.dilation;
    const std::size_t end = a.padding + a.input, padded_end = std::min(at + a.window, end + a.padding);
    const std::size_t first = at + skipped * a.dilation;
    const std::size_t fitting = first >= end ? 0 : (end - first + a.dilation - 1) / a.dilation;
    const std::size_t count = std::min(a.window - std::min(skipped, a.window), fitting);
    return {count == 0 ? 0 : first - a.padding, count, count_padding ? padded_end - at : count};
  }
  template <class T>
  detail::pool_windows<T> plan(workspace& w, shape_view x) const {
    const window_axes a = on(x);
    return {w, count_of({x.data(), x.size() - rank}), a, [&](std::size_t d, std::size_t i) { return range(a[d], i); }};
  }
  /// The windows on an input of this shape, in C: calls f(position in the result, element(k, l) of the input, the
  /// loops over k and l, how much it counts in a mean) for each.
  void each_in_c(c_writer& w, shape_view x, const auto& f) const {
    const window_axes a = on(x);
    const auto n_of = [](std::size_t n) { return std::ptrdiff_t(n); };
    std::array<std::string, 2> begins, counts, divisors;
    for (std::size_t d = 0; d < 2; ++d) {
      std::vector<std::ptrdiff_t> begin, count, divisor;
      for (std::size_t i = 0; i < a[d].output; ++i) {
        const detail::pool_range r = range(a[d], i);
        begin.push_back(n_of(r.begin)), count.push_back(n_of(r.count)), divisor.push_back(n_of(r.divisor));
      }
      begins[d] = w.table("begin", begin), counts[d] = w.table("count", count);
      divisors[d] = w.table("divisor", divisor);
    }
    const std::ptrdiff_t width = n_of(a[1].input), area = n_of(a[0].input) * width;
    w.loop(count_of({x.data(), x.size() - rank}), [&](const std::string& image) {
      w.loop(a[0].output, [&](const std::string& i) {
        w.loop(a[1].output, [&](const std::string& j) {
          const auto at = [](const std::string& table, const std::string& n) { return table + "[" + n + "]"; };
          const auto each = [&](const auto& body) {
            w.loop("0", at(counts[0], i), [&](const std::string& k) {
              w.loop("0", at(counts[1], j), [&](const std::string& l) {
                body(c_position(0, {{image, area},
                                    {at(begins[0], i), width},
                                    {k, n_of(a[0].dilation) * width},
                                    {at(begins[1], j), 1},
                                    {l, n_of(a[1].dilation)}}));
              });
            });
          };
          f(c_position(0, {{image, n_of(a[0].output * a[1].output)}, {i, n_of(a[1].output)}, {j, 1}}), each,
            "(" + at(divisors[0], i) + " * " + at(divisors[1], j) + ")");
        });
      });
    });
  }
  /// The largest element of a window in C: its name.
  static std::string write_most(c_writer& w, const std::string& x, const auto& each) {
    const std::string most = w.fresh("most");
    w.line("double " + most + " = -INFINITY;");
    each([&](const std::string& at) {
      const std::string e = x + "[" + at + "]";
      w.line("if (" + e + " > " + most + " || " + e + " != " + e + ") " + most + " = " + e + ";");
    });
    return most;
  }
  void describe(node_writer& w) const {
    const auto pair = [&](std::size_t a, std::size_t b) {
      return rank == 1 || a == b ? std::to_string(b) : std::to_string(a) + ", " + std::to_string(b);
    };
    if (adaptive) return w.attribute("extents", pair(axes[0].output, axes[1].output));
    w.attribute("window", pair(axes[0].window, axes[1].window));
    w.attribute("stride", pair(axes[0].stride, axes[1].stride));
    w.attribute("padding", pair(axes[0].padding, axes[1].padding));
  }
};

/// Means of windows (Spread: the transpose).
template <class T, bool Spread>
struct mean_pool_op {
  static constexpr const char* name = "avg_pool2d";
  static constexpr bool linear = true;
  pool_form form;
  shape_t input{};
  detail::pool_windows<T> windows{};

  const char* label() const { return Spread ? "avg_pool_gradient" : form.function; }
  shape_t shape(shape_view x) const { return Spread ? input : form.shape(x); }
  void plan(workspace& w, shape_view x) { windows = form.plan<T>(w, Spread ? shape_view(input) : x); }
  void forward(array<T> y, array<const T> x) const { compute(Spread, x.data, y.data, true); }
  void backward(array<const T> g, array<const T>, array<const T>, adjoint<T> dx) const {
    if (dx) compute(!Spread, g.data, dx.data, dx.assign);
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>& x) const {
    return record(mean_pool_op<T, !Spread>{form, Spread ? input : shape_t(x.shape())}, g);
  }
  void write_c(c_writer& w) const {
    const std::string &y = w.result(), &x = w.operand(0);
    if (Spread) w.loop(count_of(w.shape()), [&](const std::string& i) { w.line(y + "[" + i + "] = 0;"); });
    form.each_in_c(w, Spread ? w.shape() : w.operand_shape(0),
                   [&](const std::string& window, const auto& each, const std::string& divisor) {
                     if (Spread)
                       return each([&](const std::string& at) {
                         w.line(y + "[" + at + "] += " + x + "[" + window + "] / " + divisor + ";");
                       });
                     const std::string sum = w.fresh("sum");
                     w.line("double " + sum + " = 0;");
                     each([&](const std::string& at) { w.line(sum + " += " + x + "[" + at + "];"); });
                     w.line(y + "[" + window + "] = " + sum + " / " + divisor + ";");
                   });
  }
  void describe(node_writer& w) const { form.describe(w); }

 private:
  void compute(bool spread, const T* from, T* to, bool assign) const {
    if (spread)
      windows.spread(from, to, assign);
    else
      windows.mean(from, to, assign);
  }
};

/// Of each window, the mean of those elements of u that are where x has its largest (Share: the transpose by u, which
/// shares a number for each window among these). Linear in u; by x the derivative is 0.
template <class T, bool Share>
struct choice_pool_op {
  static constexpr const char* name = "max_pool_gradient";
  pool_form form;
  detail::pool_windows<T> windows{};
  T* most = nullptr;

  const char* label() const { return Share ? name : "max_pool_tangent"; }
  shape_t shape(shape_view, shape_view x) const { return Share ? shape_t(x) : form.shape(x); }
  void plan(workspace& w, shape_view, shape_view x) {
    windows = form.plan<T>(w, x);
    most = w.array<T>(count_of(form.shape(x)));
  }
  void forward(array<T> y, array<const T> u, array<const T> x) const { compute(Share, u.data, x.data, y.data, true); }
  void backward(array<const T> g, array<const T>, array<const T>, array<const T> x, adjoint<T> du,
                adjoint<T> dx) const {
    if (du) compute(!Share, g.data, x.data, du.data, du.assign);
    if (dx && dx.assign) std::fill_n(dx.data, dx.size, T(0));
  }
  var<T> vjp(std::size_t k, const var<T>& g, const var<T>&, const var<T>&, const var<T>& x) const {
    if (k == 0) return record(choice_pool_op<T, !Share>{form}, g, x);
    return detail::filled(x.ledger(), T(0), x.shape(), {});
  }
  var<T> jvp(std::size_t k, const var<T>& u, const var<T>& y, const var<T>&, const var<T>& x) const {
    if (k == 0) return record(choice_pool_op{form}, u, x);
    return detail::filled(x.ledger(), T(0), y.shape(), {});
  }
  void write_c(c_writer& w) const {
    const std::string &y = w.result(), &u = w.operand(0), &x = w.operand(1);
    if (Share) w.loop(count_of(w.shape()), [&](const std::string& i) { w.line(y + "[" + i + "] = 0;"); });
    form.each_in_c(w, w.operand_shape(1), [&](const std::string& window, const auto& each, const auto&) {
      const std::string most = pool_form::write_most(w, x, each), n = w.fresh("n"), sum = w.fresh("sum");
      const auto of = [&](const std::string& at) { return "if (" + x + "[" + at + "] == " + most + ") "; };
      w.line("double " + n + " = 0, " + sum + " = " + (Share ? u + "[" + window + "]" : "0") + ";");
      each([&](const std::string& at) { w.line(of(at) + "++" + n + ";"); });
      if (!Share) each([&](const std::string& at) { w.line(of(at) + sum + " += " + u + "[" + at + "];"); });
      w.line(sum + " = " + most + " != " + most + " ? " + most + " : " + n + " == 0 ? 0 : " + sum + " / " + n + ";");
      if (!Share) return w.line(y + "[" + window + "] = " + sum + ";");
      each([&](const std::string& at) {
        w.line("if (" + x + "[" + at + "] == " + most + " || " + most + " != " + most + ") " + y + "[" + at +
               "] += " + sum + ";");
      });
    });
  }
  void describe(node_writer& w) const { form.describe(w); }

 private:
  void compute(bool share, const T* u, const T* x, T* to, bool assign) const {
    windows.largest(x, most);
    if (share)
      windows.share(u, x, most, to, assign);
    else
      windows.chosen(u, x, most, to, assign);
  }
};

template <class T>
struct max_pool_op {
  static constexpr const char* name = "max_pool2d";
  pool_form form;
  detail::pool_windows<T> windows{};

  const char* label() const { return form.function; }
  shape_t shape(shape_view x) const { return form.shape(x); }
  void plan(workspace& w, shape_view x) { windows = form.plan<T>(w, x); }
  void forward(array<T> y, array<const T> x) const { windows.largest(x.data, y.data); }
  void backward(array<const T> g, array<const T> y, array<const T> x, adjoint<T> dx) const {
    if (dx) windows.share(g.data, x.data, y.data, dx.data, dx.assign);
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>& x) const {
    return record(choice_pool_op<T, true>{form}, g, x);
  }
  var<T> jvp(const var<T>& u, const var<T>&, const var<T>& x) const {
    return record(choice_pool_op<T, false>{form}, u, x);
  }
  void write_c(c_writer& w) const {
    form.each_in_c(w, w.operand_shape(0), [&](const std::string& window, const auto& each, const auto&) {
      w.line(w.result() + "[" + window + "] = " + pool_form::write_most(w, w.operand(0), each) + ";");
    });
  }
  void describe(node_writer& w) const { form.describe(w); }
};

pool_form checked_form(const pool_settings& s, const std::source_location& where) {
  try {
    return pool_form(s);
  } catch (...) {
    rethrow_named(s.function, where);
  }
}

}  // namespace

namespace detail {

template <class T>
var<T> record_pool(const var<T>& x, const pool_settings& s, const std::source_location& where) {
  const pool_form form = checked_form(s, where);
  if (s.largest) return record(max_pool_op<T>{form}, x, where);
  return record(mean_pool_op<T, false>{form}, x, where);
}
template var<float> record_pool(const var<float>&, const pool_settings&, const std::source_location&);
template var<double> record_pool(const var<double>&, const pool_settings&, const std::source_location&);

}  // namespace detail

}  // namespace xg
