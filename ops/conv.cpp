#include <xgrad/ops/conv.hpp>

#include <limits>
#include <string>

#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/ops/conv_c.hpp>
#include <xgrad/ops/conv_kernel.hpp>
#include <xgrad/ops/reduce.hpp>
#include <xgrad/ops/rows.hpp>

namespace xg {

namespace {

using detail::window_axes;

/// Which of the three arrays of a convolution an op computes from the two others, which are its operands in this order.
enum class conv_makes { output, input, filters };

/// A convolution, and its derivatives: whatever one of the three arrays is computed from, the derivative by that is
/// again a convolution that computes another one.
template <class T>
struct convolution_op {
  static constexpr const char* name = "conv2d";
  conv_makes makes;
  std::size_t rank;  // spatial axes
  window_axes axes;  // stride, padding, dilation; plan adds the extents
  std::size_t groups;
  std::array<std::size_t, 2> output_padding{};  // of an input that is asked for by its user
  shape_t result{};                             // of a derivative: the operand's shape
  detail::convolution<T> kernel{};

  const char* label() const {
    const bool flat = rank == 1;
    if (makes == conv_makes::output) return flat ? "conv1d" : "conv2d";
    if (makes == conv_makes::input) return flat ? "conv_transpose1d" : "conv_transpose2d";
    return flat ? "conv1d_filters" : "conv2d_filters";
  }

  shape_t shape(shape_view a, shape_view b) const {
    if (!result.empty()) return result;
    const bool transposed = makes == conv_makes::input;
    const std::string what = to_string(a) + " with filters " + to_string(b) + ": ";
    if (a.size() != rank + 2)
      throw shape_error(what + "the input must have " + std::to_string(rank + 2) + " dimensions, " +
                        detail::axes_in_words(rank));
    if (b.size() != rank + 2)
      throw shape_error(what + "the filters must have " + std::to_string(rank + 2) + " dimensions, " +
                        (transposed ? "(channels, filters / groups" : "(filters, channels / groups") +
                        (rank == 2 ? ", height, width)" : ", length)"));
    if (groups == 0) throw value_error(what + "groups is 0; it must be at least 1");
    const std::size_t fits = transposed ? b[0] : b[1] * groups;
    if (a[1] != fits)
      throw shape_error(what + "the input has " + std::to_string(a[1]) + " channels, the filters are for " +
                        std::to_string(fits) + (groups > 1 ? " in " + std::to_string(groups) + " groups" : ""));
    if (b[0] % groups != 0)
      throw shape_error(what + std::to_string(b[0]) + (transposed ? " channels" : " filters") +
                        " cannot be split into " + std::to_string(groups) + " groups");
    window_axes w = axes;
    for (std::size_t d = 0; d < 2; ++d) {
      w[d].input = detail::spatial(a, rank)[d];
      w[d].window = detail::spatial(b, rank)[d];
      w[d].output = transposed ? transposed_extent(what, d, w[d]) : output_extent(what, d, w[d]);
    }
    for (const std::size_t extent :
         {a[1], b[0], b[1] * w[0].window * w[1].window, w[0].input * w[1].input, w[0].output * w[1].output})
      if (extent > std::size_t(std::numeric_limits<std::int32_t>::max()))
        throw shape_error(what + "BLAS has no products with extents of 2³¹ or more");
    return detail::with_spatial(a, rank, transposed ? b[1] * groups : b[0], w);
  }

  void plan(workspace& w, shape_view a, shape_view b) { kernel = detail::convolution<T>(w, sizes(a, b)); }
  detail::conv_sizes sizes(shape_view a, shape_view b) const {
    const shape_t c = shape(a, b);
    shape_view x = a, y = b, filters = b;
    (makes == conv_makes::output ? y : makes == conv_makes::input ? x : filters) = c;
    if (makes == conv_makes::input) y = a;
    detail::conv_sizes sizes{x[0], groups, x[1] / groups, filters[0] / groups, axes};
    for (std::size_t d = 0; d < 2; ++d) {
      sizes.axes[d].input = detail::spatial(x, rank)[d];
      sizes.axes[d].window = detail::spatial(filters, rank)[d];
      sizes.axes[d].output = detail::spatial(y, rank)[d];
    }
    return sizes;
  }

  void forward(array<T> y, array<const T> a, array<const T> b) const { compute(makes, y.data, a.data, b.data, true); }
  /// The same, added to what is there.
  void add_forward(T* y, const T* a, const T* b) const { compute(makes, y, a, b, false); }

  void backward(array<const T> g, array<const T>, array<const T> a, array<const T> b, adjoint<T> da,
                adjoint<T> db) const {
    if (da) gradient(0, g.data, a.data, b.data, da);
    if (db) gradient(1, g.data, a.data, b.data, db);
  }
  var<T> vjp(std::size_t k, const var<T>& g, const var<T>&, const var<T>& a, const var<T>& b) const {
    const auto [other, first, second] = derivative(k, g, a, b);
    return record(convolution_op{other, rank, axes, groups, {}, (k == 0 ? a : b).shape()}, first, second);
  }
  var<T> jvp(std::size_t k, const var<T>& u, const var<T>& y, const var<T>& a, const var<T>& b) const {
    return record(convolution_op{makes, rank, axes, groups, {}, y.shape()}, k == 0 ? u : a, k == 1 ? u : b);
  }
  void describe(node_writer& w) const {
    const auto pair = [&](auto a, auto b) {
      return rank == 1 || a == b ? std::to_string(b) : std::to_string(a) + ", " + std::to_string(b);
    };
    w.attribute("stride", pair(axes[0].stride, axes[1].stride));
    w.attribute("padding", pair(axes[0].padding, axes[1].padding));
    w.attribute("dilation", pair(axes[0].dilation, axes[1].dilation));
    w.attribute("groups", std::to_string(groups));
  }
  void write_c(c_writer& w) const {
    const std::string& y = w.result();
    w.loop(count_of(w.shape()), [&](const std::string& i) { w.line(y + "[" + i + "] = 0;"); });
    add_in_c(w);
  }
  /// The loops that add to the result.
  void add_in_c(c_writer& w) const {
    const detail::conv_sizes s = sizes(w.operand_shape(0), w.operand_shape(1));
    const std::string &r = w.result(), &a = w.operand(0), &b = w.operand(1);
    if (makes == conv_makes::output) return detail::write_convolution(w, s, {a, b, r}, 2);
    if (makes == conv_makes::input) return detail::write_convolution(w, s, {r, b, a}, 0);
    detail::write_convolution(w, s, {a, r, b}, 1);
  }

 private:
  static std::string axis_of(std::size_t rank, std::size_t d) {
    return rank == 1 ? "length" : d == 0 ? "height" : "width";
  }
  std::size_t output_extent(const std::string& what, std::size_t d, const detail::window_axis& a) const {
    const std::size_t padded = a.input + 2 * a.padding;
    if (a.window == 0) throw shape_error(what + "the filters have no elements");
    if (a.reach() > padded)
      throw shape_error(what + "a filter reaches over " + std::to_string(a.reach()) + " elements of the " +
                        axis_of(rank, d) + ", but the padded input has only " + std::to_string(padded));
    return (padded - a.reach()) / a.stride + 1;
  }
  std::size_t transposed_extent(const std::string& what, std::size_t d, const detail::window_axis& a) const {
    if (a.window == 0) throw shape_error(what + "the filters have no elements");
    if (a.input == 0) throw shape_error(what + "the input has no elements along the " + axis_of(rank, d));
    if (output_padding[d] >= std::max(a.stride, a.dilation))
      throw value_error(what + "output_padding " + std::to_string(output_padding[d]) +
                        " must be less than the stride or the dilation");
    const std::size_t whole = (a.input - 1) * a.stride + a.reach() + output_padding[d];
    if (whole <= 2 * a.padding)
      throw shape_error(what + "the padding " + std::to_string(a.padding) + " cuts off all " + std::to_string(whole) +
                        " elements of the " + axis_of(rank, d));
    return whole - 2 * a.padding;
  }

  void compute(conv_makes what, T* to, const T* a, const T* b, bool assign) const {
    if (what == conv_makes::output) return kernel.to_output(a, b, to, assign);
    if (what == conv_makes::input) return kernel.to_input(a, b, to, assign);
    return kernel.to_filters(a, b, to, assign);
  }
  /// What the derivative by operand k computes, and from which two of g, a and b.
  template <class X>
  std::tuple<conv_makes, X, X> derivative(std::size_t k, const X& g, const X& a, const X& b) const {
    if (makes == conv_makes::output)
      return k == 0 ? std::tuple(conv_makes::input, g, b) : std::tuple(conv_makes::filters, a, g);
    if (makes == conv_makes::input)
      return k == 0 ? std::tuple(conv_makes::output, g, b) : std::tuple(conv_makes::filters, g, a);
    return k == 0 ? std::tuple(conv_makes::input, b, g) : std::tuple(conv_makes::output, a, g);
  }
  void gradient(std::size_t k, const T* g, const T* a, const T* b, const adjoint<T>& d) const {
    const auto [what, first, second] = derivative(k, g, a, b);
    compute(what, d.data, first, second, d.assign);
  }
};

/// The same with a number added to each channel of the result.
template <class T>
struct convolution_bias_op {
  static constexpr const char* name = "conv2d";
  convolution_op<T> product;
  std::size_t samples = 0, channels = 0, positions = 0;  // of the result
  threads on{};

  const char* label() const { return product.label(); }
  shape_t shape(shape_view a, shape_view b, shape_view bias) const {
    const shape_t y = product.shape(a, b);
    if (bias.size() != 1 || bias[0] != y[1])
      throw shape_error(to_string(a) + " with filters " + to_string(b) + ": the bias has shape " + to_string(bias) +
                        "; it must be (" + std::to_string(y[1]) + "), a number for each channel of the result");
    return y;
  }
  void plan(workspace& w, shape_view a, shape_view b, shape_view) {
    product.plan(w, a, b);
    const shape_t y = product.shape(a, b);
    samples = y[0], channels = y[1];
    positions = detail::spatial(y, product.rank)[0] * detail::spatial(y, product.rank)[1];
    on = w.threads();
  }
  void forward(array<T> y, array<const T> a, array<const T> b, array<const T> bias) const {
    on.parallel_for(samples * channels, rows_in_part(positions), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) std::fill_n(y.data + i * positions, positions, bias.data[i % channels]);
    });
    product.add_forward(y.data, a.data, b.data);
  }
  void backward(array<const T> g, array<const T> y, array<const T> a, array<const T> b, array<const T>, adjoint<T> da,
                adjoint<T> db, adjoint<T> dbias) const {
    product.backward(g, y, a, b, da, db);
    if (!dbias) return;
    on.parallel_for(channels, rows_in_part(samples * positions), [&](std::size_t begin, std::size_t end) {
      for (std::size_t c = begin; c < end; ++c) {
        auto total = sum_fold::start<one>();
        for (std::size_t n = 0; n < samples; ++n)
          sum_fold::add(total, one(detail::row_loops<T>::total(g.data + (n * channels + c) * positions, positions)));
        dbias.data[c] = total[0].get() + (dbias.assign ? T(0) : dbias.data[c]);
      }
    });
  }
  var<T> vjp(std::size_t k, const var<T>& g, const var<T>& y, const var<T>& a, const var<T>& b, const var<T>&) const {
    if (k < 2) return product.vjp(k, g, y, a, b);
    axes_t all_but_channels({0, 2});
    if (product.rank == 2) all_but_channels.list.push_back(3);
    return sum(g, all_but_channels);
  }
  var<T> jvp(std::size_t k, const var<T>& u, const var<T>& y, const var<T>& a, const var<T>& b, const var<T>&) const {
    if (k < 2) return product.jvp(k, u, y, a, b);
    shape_t kept(y.dimension(), 1);
    kept[1] = channels;
    return detail::broadcast_to(u, shape_view(kept), y.shape());
  }
  void describe(node_writer& w) const { product.describe(w); }
  void write_c(c_writer& w) const {
    const auto block = std::ptrdiff_t(positions);
    w.loop(samples, [&](const std::string& n) {
      w.loop(channels, [&](const std::string& c) {
        w.loop(positions, [&](const std::string& p) {
          w.line(w.result() + "[" + c_position(0, {{n, block * std::ptrdiff_t(channels)}, {c, block}, {p, 1}}) +
                 "] = " + w.operand(2) + "[" + c + "];");
        });
      });
    });
    product.add_in_c(w);
  }

 private:
  using one = detail::lanes<T, detail::simd_arch, true>;
};

template <class T>
var<T> record_any(const convolution_op<T>& op, const var<T>& x, const var<T>& w, const var<T>* b,
                  const std::source_location& where) {
  if (b) return record(convolution_bias_op<T>{op}, x, w, *b, where);
  return record(op, x, w, where);
}

/// The op that `make()` gives; its errors are told with the op and the user's line.
auto checked(const char* name, const std::source_location& where, const auto& make) {
  try {
    return make();
  } catch (...) {
    rethrow_named(name, where);
  }
}

}  // namespace

namespace detail {

template <class T>
var<T> record_conv(std::size_t rank, const var<T>& x, const var<T>& w, const var<T>* b, const conv_options& o,
                   const std::source_location& where) {
  const auto op = checked(rank == 1 ? "conv1d" : "conv2d", where, [&] {
    return convolution_op<T>{conv_makes::output, rank, checked_windows(rank, o.stride, o.padding, o.dilation),
                             o.groups};
  });
  return record_any(op, x, w, b, where);
}

template <class T>
var<T> record_conv(std::size_t rank, const var<T>& x, const var<T>& w, const var<T>* b, const conv_transpose_options& o,
                   const std::source_location& where) {
  const auto op = checked(rank == 1 ? "conv_transpose1d" : "conv_transpose2d", where, [&] {
    return convolution_op<T>{conv_makes::input, rank, checked_windows(rank, o.stride, o.padding, o.dilation), o.groups,
                             checked_setting(rank, "output_padding", o.output_padding, 0, 0)};
  });
  return record_any(op, x, w, b, where);
}

template var<float> record_conv(std::size_t, const var<float>&, const var<float>&, const var<float>*,
                                const conv_options&, const std::source_location&);
template var<double> record_conv(std::size_t, const var<double>&, const var<double>&, const var<double>*,
                                 const conv_options&, const std::source_location&);
template var<float> record_conv(std::size_t, const var<float>&, const var<float>&, const var<float>*,
                                const conv_transpose_options&, const std::source_location&);
template var<double> record_conv(std::size_t, const var<double>&, const var<double>&, const var<double>*,
                                 const conv_transpose_options&, const std::source_location&);

}  // namespace detail

}  // namespace xg
