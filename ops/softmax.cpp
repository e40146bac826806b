#include <xgrad/ops/softmax.hpp>

#include <string>

#include <xgrad/ops/reduce.hpp>
#include <xgrad/ops/softmax_rows.hpp>

namespace xg {

namespace detail {

std::size_t checked_axis_of(std::ptrdiff_t axis, shape_view shape) {
  const auto rank = std::ptrdiff_t(shape.size()), at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at >= rank)
    throw shape_error("axis " + std::to_string(axis) + " is out of range for shape " + to_string(shape));
  return std::size_t(at);
}

}  // namespace detail

namespace {

using detail::softmax_form;

/// What both have in common: where the rows lie, threads for parts of them, and memory for copies of two of them.
template <class T>
struct along_axis {
  using row = detail::softmax_row<T>;
  using V = typename row::V;
  std::ptrdiff_t axis;
  detail::rows_along rows{};
  threads on{};
  std::span<T> copies{};

  explicit along_axis(std::ptrdiff_t a) : axis(a) {}
  shape_t shape(shape_view x) const {
    detail::checked_axis_of(axis, x);
    return x;
  }
  void plan(workspace& w, shape_view x) {
    rows = {x, detail::checked_axis_of(axis, x)};
    on = w.threads();
    if (rows.inner != 1) copies = {w.array<T>(2 * rows.length), 2 * rows.length};
  }
  /// Calls f(r, first, second) for each row, with memory for two.
  void each_row(const auto& f) const {
    on.parallel_for(rows.count(), rows_in_part(rows.length), copies,
                    [&](std::size_t begin, std::size_t end, T* memory) {
                      for (std::size_t r = begin; r < end; ++r)
                        f(r, memory, memory + (rows.inner == 1 ? 0 : rows.length));
                    });
  }
  /// Calls f(x, y) for each row of x, y being its place in the result, or memory that is copied there.
  void each_result(array<T> y, array<const T> x, const auto& f) const {
    each_row([&](std::size_t r, T* first, T* second) {
      T* to = y.data + rows.start(r);
      f(rows.read(x.data, r, first), rows.inner == 1 ? to : second);
      if (rows.inner == 1) return;
      for (std::size_t i = 0; i < rows.length; ++i) to[i * rows.inner] = second[i];
    });
  }
  /// Calls f(g, y) for each row, which gives the factors of a function of position and lanes: its contribution.
  void each_gradient(array<const T> g, array<const T> y, adjoint<T> dx, const auto& f) const {
    if (!dx) return;
    each_row([&](std::size_t r, T* first, T* second) {
      const T *of_g = rows.read(g.data, r, first), *of_y = rows.read(y.data, r, second);
      const auto slope = f(of_g, of_y);
      T* to = dx.data + rows.start(r);
      if (rows.inner == 1) {
        row::write(to, rows.length, dx.assign, slope);
      } else {
        row::write(first, rows.length, true, slope);
        for (std::size_t i = 0; i < rows.length; ++i)
          to[i * rows.inner] = dx.assign ? first[i] : to[i * rows.inner] + first[i];
      }
    });
  }
  V lanes_of(const T* x, std::size_t i) const { return row::load(x, i, rows.length, T(0)); }
  void describe(node_writer& w) const { w.attribute("axis", std::to_string(axis)); }
};

template <class T>
struct softmax_op : along_axis<T> {
  static constexpr const char* name = "softmax";
  using typename along_axis<T>::row, typename along_axis<T>::V;
  bool masked;

  softmax_op(std::ptrdiff_t axis, bool zeros) : along_axis<T>(axis), masked(zeros) {}

  void forward(array<T> y, array<const T> x) const {
    const std::size_t n = this->rows.length;
    this->each_result(y, x, [&](const T* from, T* to) {
      const auto e = row::exponentials(from, n, to);
      if (masked && e.largest == row::lowest) return std::fill_n(to, n, T(0)), void();
      const V factor(1 / e.total());
      row::write(to, n, true, [&](std::size_t i) { return this->lanes_of(to, i) * factor; });
    });
  }
  void write_c(c_writer& w) const {
    detail::each_row_in_c(w, this->rows, [&](const auto& at) {
      const std::size_t n = this->rows.length;
      const auto x = [&](const std::string& j) { return w.operand(0) + "[" + at(j) + "]"; };
      const auto y = [&](const std::string& j) { return w.result() + "[" + at(j) + "]"; };
      const std::string most = w.fresh("most"), sum = w.fresh("sum");
      w.line("double " + most + " = -INFINITY, " + sum + " = 0;");
      w.loop(n, [&](const std::string& j) { w.line("if (" + x(j) + " > " + most + ") " + most + " = " + x(j) + ";"); });
      if (masked) w.line("if (" + most + " == -INFINITY) " + most + " = 0; /* where nothing is seen, all are 0 */");
      w.loop(n, [&](const std::string& j) {
        w.line(y(j) + " = exp(" + x(j) + " - " + most + ");");
        w.line(sum + " += " + y(j) + ";");
      });
      if (masked) w.line("if (" + sum + " == 0) " + sum + " = 1;");
      w.loop(n, [&](const std::string& j) { w.line(y(j) + " /= " + sum + ";"); });
    });
  }
  // dL/dx = y (g - Σ g y). The matrix of derivatives is symmetric: tangents are formed alike.
  void backward(array<const T> g, array<const T> y, array<const T>, adjoint<T> dx) const {
    this->each_gradient(g, y, dx, [&](const T* of_g, const T* of_y) {
      const V mean(row::dot(of_g, of_y, this->rows.length));
      return [=, this](std::size_t i) { return this->lanes_of(of_y, i) * (this->lanes_of(of_g, i) - mean); };
    });
  }
  var<T> vjp(const var<T>& g, const var<T>& y, const var<T>&) const {
    return y * (g - sum(g * y, this->axis, keep_dims));
  }
  var<T> jvp(const var<T>& u, const var<T>& y, const var<T>& x) const { return vjp(u, y, x); }
};

template <class T>
struct log_softmax_op : along_axis<T> {
  static constexpr const char* name = "log_softmax";
  using typename along_axis<T>::row, typename along_axis<T>::V;
  using along_axis<T>::along_axis;

  void forward(array<T> y, array<const T> x) const {
    const std::size_t n = this->rows.length;
    this->each_result(y, x, [&](const T* from, T* to) {
      const auto e = row::exponentials(from, n, nullptr);
      const V top(e.largest), log_total(e.log_total());
      row::write(to, n, true, [&](std::size_t i) { return (this->lanes_of(from, i) - top) - log_total; });
    });
  }
  void write_c(c_writer& w) const {
    detail::each_row_in_c(w, this->rows, [&](const auto& at) {
      const auto x = [&](const std::string& j) { return w.operand(0) + "[" + at(j) + "]"; };
      const auto [most, others] = detail::write_exponentials(w, this->rows.length, x);
      const std::string log_sum = w.fresh("log_sum");
      w.line("const double " + log_sum + " = log1p(" + others + ");");
      w.loop(this->rows.length, [&, top = most](const std::string& j) {
        w.line(w.result() + "[" + at(j) + "] = (" + x(j) + " - " + top + ") - " + log_sum + ";");
      });
    });
  }
  // dL/dx = g - e^y Σ g.
  void backward(array<const T> g, array<const T> y, array<const T>, adjoint<T> dx) const {
    this->each_gradient(g, y, dx, [&](const T* of_g, const T* of_y) {
      const V all(row::total(this->rows.length, [&](std::size_t i) { return this->lanes_of(of_g, i); }));
      return [=, this](std::size_t i) { return this->lanes_of(of_g, i) - exp(this->lanes_of(of_y, i)) * all; };
    });
  }
  var<T> vjp(const var<T>& g, const var<T>& y, const var<T>&) const {
    return g - xt::exp(y) * sum(g, this->axis, keep_dims);
  }
  var<T> jvp(const var<T>& u, const var<T>& y, const var<T>&) const {
    return u - sum(xt::exp(y) * u, this->axis, keep_dims);
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_softmax(softmax_form form, const var<T>& x, std::ptrdiff_t axis, const std::source_location& where) {
  if (form == softmax_form::logarithm) return record(log_softmax_op<T>(axis), x, where);
  return record(softmax_op<T>(axis, form == softmax_form::masked), x, where);
}
template var<float> record_softmax(softmax_form, const var<float>&, std::ptrdiff_t, const std::source_location&);
template var<double> record_softmax(softmax_form, const var<double>&, std::ptrdiff_t, const std::source_location&);

}  // namespace detail

}  // namespace xg
