#include <xgrad/ops/scan.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/softmax_rows.hpp>
#include <xgrad/ops/special.hpp>
#include <xgrad/ops/view.hpp>

namespace xg {

namespace {

/// The rows along the axis of a scan, and the walk along each.
struct scan_axis {
  std::size_t axis;
  detail::rows_along rows{};

  shape_t shape(shape_view x) const { return x; }
  void plan(workspace&, shape_view x) { rows = {x, axis}; }
  void plan(workspace& w, shape_view x, shape_view) { plan(w, x); }
  void describe(node_writer& w) const { w.attribute("axis", std::to_string(axis)); }

  /// Along each row, from its end if `reversed`: carry = first(position), then step(position, the position before it,
  /// carry). Neighbouring rows are walked side by side, so that every line of the cache is read once.
  template <class Carry>
  void each(bool reversed, const auto& first, const auto& step) const {
    constexpr std::size_t most = 16;
    if (rows.length == 0) return;
    const auto apart = reversed ? -std::ptrdiff_t(rows.inner) : std::ptrdiff_t(rows.inner);
    const std::size_t start = reversed ? (rows.length - 1) * rows.inner : 0;
    for (std::size_t o = 0; o < rows.outer; ++o) {
      for (std::size_t i = 0; i < rows.inner; i += most) {
        const std::size_t width = std::min(most, rows.inner - i);
        std::size_t at = o * rows.length * rows.inner + i + start;
        std::array<Carry, most> carry{};
        for (std::size_t k = 0; k < width; ++k) carry[k] = first(at + k);
        for (std::size_t n = 1; n < rows.length; ++n) {
          const std::size_t before = at;
          at = std::size_t(std::ptrdiff_t(at) + apart);
          for (std::size_t k = 0; k < width; ++k) step(at + k, before + k, carry[k]);
        }
      }
    }
  }
  /// Along each row in C: first(position), then step(position, the position before it) in a loop.
  void each_in_c(c_writer& w, bool reversed, const auto& first, const auto& step) const {
    if (rows.length == 0) return;
    const auto inner = std::ptrdiff_t(rows.inner), block = std::ptrdiff_t(rows.length) * inner;
    const std::ptrdiff_t apart = reversed ? -inner : inner, start = reversed ? block - inner : 0;
    w.loop(rows.outer, [&](const std::string& o) {
      w.loop(rows.inner, [&](const std::string& i) {
        const auto at = [&](std::ptrdiff_t offset, const std::string& n) {
          return "[" + c_position(start + offset, {{o, block}, {i, 1}, {n, apart}}) + "]";
        };
        first(at(0, "0"));
        w.loop("1", std::to_string(rows.length), [&](const std::string& n) { step(at(0, n), at(-apart, n)); });
      });
    });
  }
  /// The first element, then what next(the result before, the element) says.
  void write_steps(c_writer& w, const auto& next) const {
    const std::string &y = w.result(), &x = w.operand(0);
    each_in_c(
        w, false, [&](const std::string& at) { w.line(y + at + " = " + x + at + ";"); },
        [&](const std::string& at, const std::string& before) {
          w.line(y + at + " = " + next(y + before, x + at) + ";");
        });
  }
  bool is_first(std::size_t at) const { return at / rows.inner % rows.length == 0; }
};

/// The elements one place before along an axis; `at_start` in the first place.
template <class T>
var<T> shifted(const var<T>& x, std::size_t axis, T at_start) {
  const shape_view shape = x.shape();
  if (shape[axis] == 0) return x;
  const auto strides = detail::strides_of(shape);
  view_geometry g;
  for (std::size_t d = 0; d < shape.size(); ++d) g.add_axis(shape[d] - (d == axis), strides[d]);
  const var<T> all_but_last = detail::record_view(x, g, "view", {});
  g.offset = strides[axis];
  return detail::record_scatter(all_but_last, std::move(g), shape, at_start, "scatter", {});
}

template <class T>
struct cumsum_op : scan_axis {
  static constexpr const char* name = "cumsum";
  static constexpr bool linear = true;
  bool reversed = false;

  void forward(array<T> y, array<const T> x) const {
    sums(
        x.data, [&](std::size_t i, T sum) { y.data[i] = sum; }, reversed);
  }
  void backward(array<const T> g, array<const T>, array<const T>, adjoint<T> dx) const {
    if (!dx) return;
    sums(
        g.data, [&](std::size_t i, T sum) { dx.data[i] = dx.assign ? sum : dx.data[i] + sum; }, !reversed);
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>&) const { return record(cumsum_op{{axis}, !reversed}, g); }
  void write_c(c_writer& w) const {
    const std::string &y = w.result(), &x = w.operand(0), sum = w.fresh("sum"), error = w.fresh("error");
    w.line("double " + sum + " = 0, " + error + " = 0;");
    const auto add = [&](const std::string& at, const auto&...) {
      w.add_with_care(sum, error, x + at);
      w.line(y + at + " = " + sum + ";");
    };
    const auto start = [&](const std::string& at) { w.line(sum + " = " + error + " = 0;"), add(at); };
    each_in_c(w, reversed, start, add);
  }

 private:
  void sums(const T* x, const auto& put, bool from_end) const {
    struct state {
      T sum, error;  // how much too large it is: Kahan (1965)
    };
    each<state>(
        from_end,
        [&](std::size_t at) {
          put(at, x[at]);
          return state{x[at], 0};
        },
        [&](std::size_t at, std::size_t, state& s) {
          const T value = x[at] - s.error, sum = s.sum + value, error = (sum - s.sum) - value;
          s = {sum, std::isfinite(error) ? error : T(0)};
          put(at, sum);
        });
  }
};

template <class T>
struct recurrence_op : scan_axis {
  static constexpr const char* name = "recurrence";
  bool reversed = false;

  shape_t shape(shape_view a, shape_view b) const {
    if (!(a == b)) throw shape_error(to_string(a) + " and " + to_string(b) + " differ; all shapes must be equal");
    return a;
  }
  void forward(array<T> s, array<const T> a, array<const T> b) const { run(a.data, b.data, s.data, reversed); }
  std::array<var<T>, 2> vjps(std::span<const bool> wanted, const var<T>& g, const var<T>& s, const var<T>& a,
                             const var<T>&) const {
    std::array<var<T>, 2> d;
    d[1] = detail::record_recurrence(a, g, std::ptrdiff_t(axis), !reversed, {});
    if (wanted[0]) d[0] = reversed ? s * shifted(d[1], axis, T(0)) : d[1] * shifted(s, axis, T(0));
    return d;
  }
  void write_c(c_writer& w) const {
    const std::string &s = w.result(), &a = w.operand(0), &b = w.operand(1);
    each_in_c(
        w, reversed, [&](const std::string& at) { w.line(s + at + " = " + b + at + ";"); },
        [&](const std::string& at, const std::string& before) {
          w.line(s + at + " = " + b + at + " + " + a + (reversed ? before : at) + " * " + s + before + ";");
        });
  }
  void run(const T* a, const T* b, T* s, bool from_end) const {
    each<T>(
        from_end, [&](std::size_t at) { return s[at] = b[at]; },
        [&](std::size_t at, std::size_t before, T& last) {
          last = b[at] + (from_end ? a[before] : a[at]) * last;
          s[at] = last;
        });
  }
};

// With s_k = Σ over i ≥ k of g_i x_(k+1) ... x_i, which is a recurrence from the end, dL/dx_k = y_(k-1) s_k.
template <class T>
struct cumprod_op : scan_axis {
  static constexpr const char* name = "cumprod";

  void forward(array<T> y, array<const T> x) const {
    each<T>(
        false, [&](std::size_t at) { return y.data[at] = x.data[at]; },
        [&](std::size_t at, std::size_t, T& product) { y.data[at] = product *= x.data[at]; });
  }
  var<T> vjp(const var<T>& g, const var<T>& y, const var<T>& x) const {
    return shifted(y, axis, T(1)) * detail::record_recurrence(x, g, std::ptrdiff_t(axis), true, {});
  }
  void write_c(c_writer& w) const {
    write_steps(w, [&](const std::string& y, const std::string& x) { return y + " * " + x; });
  }
  void backward(array<const T> g, array<const T> y, array<const T> x, adjoint<T> dx) const {
    if (!dx) return;
    const auto put = [&](std::size_t at, T s) {
      const T d = is_first(at) ? s : y.data[at - rows.inner] * s;
      dx.data[at] = dx.assign ? d : dx.data[at] + d;
    };
    each<T>(
        true,
        [&](std::size_t at) {
          put(at, g.data[at]);
          return g.data[at];
        },
        [&](std::size_t at, std::size_t before, T& s) {
          s = g.data[at] + x.data[before] * s;
          put(at, s);
        });
  }
};

/// e^(a - b), and 1 where they are equal, infinities too.
template <class T>
T exp_of_difference(T a, T b) {
  return a == b ? T(1) : std::exp(a - b);
}

// With r_k = Σ over i ≥ k of g_i e^(y_k - y_i), a recurrence from the end, dL/dx_k = e^(x_k - y_k) r_k. No exponent is
// positive.
template <class T>
struct logcumsumexp_op : scan_axis {
  static constexpr const char* name = "logcumsumexp";

  void forward(array<T> y, array<const T> x) const {
    struct state {
      double largest, sum;  // Σ e^(x - largest), in double for float as well
    };
    const auto logarithm = [](const state& s) { return T(s.largest + std::log(s.sum)); };
    each<state>(
        false,
        [&](std::size_t at) {
          y.data[at] = x.data[at];
          return state{double(x.data[at]), 1};
        },
        [&](std::size_t at, std::size_t, state& s) {
          const double value = x.data[at];
          if (!(value <= s.largest)) {
            s.sum = 1 + s.sum * exp_of_difference(s.largest, value);
            s.largest = std::isnan(s.largest) ? s.largest : value;
          } else {
            s.sum += exp_of_difference(value, s.largest);
          }
          y.data[at] = logarithm(s);
        });
  }
  var<T> vjp(const var<T>& g, const var<T>& y, const var<T>& x) const {
    const auto exponential = [](const auto& a, const auto& b) { return xt::exp(xt::where(xt::equal(a, b), 0, a - b)); };
    const var<T> before = shifted(y, axis, -std::numeric_limits<T>::infinity());
    return exponential(x, y) *
           detail::record_recurrence(var<T>(exponential(before, y)), g, std::ptrdiff_t(axis), true, {});
  }
  void write_c(c_writer& w) const {
    const std::string add = w.function(rule<logaddexp_fun>::c_code);
    write_steps(w, [&](const std::string& y, const std::string& x) { return add + "(" + y + ", " + x + ")"; });
  }
  void backward(array<const T> g, array<const T> y, array<const T> x, adjoint<T> dx) const {
    if (!dx) return;
    const auto put = [&](std::size_t at, T r) {
      const T d = r == 0 ? T(0) : exp_of_difference(x.data[at], y.data[at]) * r;
      dx.data[at] = dx.assign ? d : dx.data[at] + d;
    };
    each<T>(
        true,
        [&](std::size_t at) {
          put(at, g.data[at]);
          return g.data[at];
        },
        [&](std::size_t at, std::size_t before, T& r) {
          r = g.data[at] + exp_of_difference(y.data[at], y.data[before]) * r;
          put(at, r);
        });
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_scan(scan what, const var<T>& x, std::ptrdiff_t axis, const std::source_location& where) {
  const char* op = what == scan::sum ? "cumsum" : what == scan::product ? "cumprod" : "logcumsumexp";
  const shape_view shape = x.ledger(where).slot_of(x, where, op)->shape();
  const std::size_t at = checked_axis(axis, shape.size(), shape, op, where);
  if (what == scan::sum) return record(cumsum_op<T>{{at}}, x, where);
  if (what == scan::product) return record(cumprod_op<T>{{at}}, x, where);
  return record(logcumsumexp_op<T>{{at}}, x, where);
}

template <class T>
var<T> record_recurrence(const var<T>& a, const var<T>& b, std::ptrdiff_t axis, bool reversed,
                         const std::source_location& where) {
  const shape_view shape = a.ledger(where).slot_of(a, where, "recurrence")->shape();
  return record(recurrence_op<T>{{checked_axis(axis, shape.size(), shape, "recurrence", where)}, reversed}, a, b,
                where);
}

template var<float> record_scan(scan, const var<float>&, std::ptrdiff_t, const std::source_location&);
template var<double> record_scan(scan, const var<double>&, std::ptrdiff_t, const std::source_location&);
template var<float> record_recurrence(const var<float>&, const var<float>&, std::ptrdiff_t, bool,
                                      const std::source_location&);
template var<double> record_recurrence(const var<double>&, const var<double>&, std::ptrdiff_t, bool,
                                       const std::source_location&);

}  // namespace detail

}  // namespace xg
