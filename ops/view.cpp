#include <xgrad/ops/view.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/ops/view_kernel.hpp>

namespace xg {

namespace {

using detail::add_scattered, detail::for_each_element, detail::for_each_run, detail::gather, detail::start_of_run;

/// Where an element of the view is in its source, in C.
std::string c_place(c_writer& w, const view_geometry& v, std::span<const std::string> indices) {
  std::vector<c_index> at;
  for (std::size_t d = 0; d < indices.size(); ++d) {
    if (v.listed(d))
      at.push_back({w.table("places", v.lists[d]) + "[" + indices[d] + "]", 1});
    else
      at.push_back({indices[d], v.strides[d]});
  }
  return c_position(v.offset, at);
}

template <class T>
struct scatter_op;

template <class T>
struct view_op {
  static constexpr const char* name = "view";
  static constexpr bool linear = true;
  view_geometry geometry;
  const char* function = name;

  const char* label() const { return function; }
  shape_t shape(shape_view) const { return geometry.shape; }
  // Elements in a row are not copied: the view's value is the source's memory. Its adjoint has memory of its own, for
  // it is dL/d(view) alone, as the user reads it; that of the source has what comes by other ways too.
  std::optional<std::size_t> alias() const { return start_of_run(geometry); }
  void forward(array<T> y, array<const T> x) const { gather(geometry, x.data, y.data); }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>& x) const {
    return record(scatter_op<T>{geometry, x.shape()}, g);
  }
  void backward(array<const T> g, array<const T>, array<const T>, adjoint<T> dx) const {
    if (!dx) return;
    if (dx.assign) std::fill_n(dx.data, dx.size, T(0));
    add_scattered(geometry, g.data, dx.data);
  }
  void write_c(c_writer& w) const {
    w.each(geometry.shape, [&](std::span<const std::string> i) {
      w.line(w.element(w.result(), i, geometry.shape) + " = " + w.operand(0) + "[" + c_place(w, geometry, i) + "];");
    });
  }
  void dependence(element_links& links, array<const T>) const {
    for_each_element(geometry, [&](std::size_t view, std::size_t of) { links.add(view, 0, of); });
  }
};

/// An array of a shape that is the same number everywhere, zero if nothing else is said, but where a view of that shape
/// would read the elements of the operand: there they are, added where the view reads one twice.
template <class T>
struct scatter_op {
  static constexpr const char* name = "scatter";
  view_geometry geometry;
  shape_t source;
  T elsewhere = 0;
  const char* function = name;

  const char* label() const { return function; }
  shape_t shape(shape_view) const { return source; }
  void forward(array<T> y, array<const T> x) const {
    std::fill_n(y.data, y.size, elsewhere);
    if (elsewhere != T(0)) {
      for_each_run(geometry, [&](std::size_t, std::ptrdiff_t offset, std::size_t n, auto at) {
        for (std::size_t i = 0; i < n; ++i) y.data[offset + at(i)] = 0;
      });
    }
    add_scattered(geometry, x.data, y.data);
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>&) const { return record(view_op<T>{geometry, function}, g); }
  var<T> jvp(const var<T>& u, const var<T>&, const var<T>&) const {
    return record(scatter_op{geometry, source, T(0), function}, u);
  }
  void backward(array<const T> g, array<const T>, array<const T>, adjoint<T> dx) const {
    if (!dx) return;
    for_each_run(geometry, [&](std::size_t position, std::ptrdiff_t offset, std::size_t n, auto at) {
      for (std::size_t i = 0; i < n; ++i) {
        T& d = dx.data[position + i];
        d = dx.assign ? g.data[offset + at(i)] : d + g.data[offset + at(i)];
      }
    });
  }
  void write_c(c_writer& w) const {
    const std::string& y = w.result();
    w.loop(count_of(source), [&](const std::string& i) { w.line(y + "[" + i + "] = " + w.number(elsewhere) + ";"); });
    const auto each_place = [&](const std::string& what, bool reads) {
      w.each(geometry.shape, [&](std::span<const std::string> i) {
        w.line(y + "[" + c_place(w, geometry, i) + "]" + what +
               (reads ? w.element(w.operand(0), i, geometry.shape) : "0") + ";");
      });
    };
    if (elsewhere != T(0)) each_place(" = ", false);
    each_place(" += ", true);
  }
  void dependence(element_links& links, array<const T>) const {
    for_each_element(geometry, [&](std::size_t view, std::size_t of) { links.add(of, 0, view); });
  }
};

std::string list(std::span<const std::ptrdiff_t> values) {
  std::string s = "{";
  for (std::size_t i = 0; i < values.size(); ++i) s += (i ? ", " : "") + std::to_string(values[i]);
  return s + "}";
}

}  // namespace

namespace detail {

template <class T>
var<T> record_view(const var<T>& x, view_geometry geometry, const char* name, const std::source_location& where) {
  return record(view_op<T>{std::move(geometry), name}, x, where);
}

template <class T>
var<T> record_scatter(const var<T>& x, view_geometry geometry, shape_t whole, T elsewhere, const char* name,
                      const std::source_location& where) {
  return record(scatter_op<T>{std::move(geometry), std::move(whole), elsewhere, name}, x, where);
}

template <class T>
var<T> record_element(const var<T>& x, std::span<const std::ptrdiff_t> index, const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "element")->shape();
  if (index.size() != shape.size())
    throw shape_error("element: " + std::to_string(index.size()) + " indices for shape " + to_string(shape) +
                      "; give one per dimension, or take a slice with xg::view" + at_line(where));
  const auto strides = strides_of(shape);
  view_geometry element;
  for (std::size_t d = 0; d < index.size(); ++d)
    element.offset += std::ptrdiff_t(checked_index(index[d], d, shape, "element", where)) * strides[d];
  return record_view(x, element, "element", where);
}

template <class T>
var<T> record_reshape(const var<T>& x, std::span<const std::ptrdiff_t> shape, const std::source_location& where) {
  const slot<T>& source = *x.ledger(where).slot_of(x, where, "reshape");
  const auto fail = [&](const std::string& why) {
    throw shape_error("reshape: " + to_string(source.shape()) + " to " + list(shape) + ": " + why + at_line(where));
  };
  view_geometry g;
  std::size_t unknown = shape.size();
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] < -1) fail("extents must not be negative (-1: worked out from the rest)");
    if (shape[d] == -1) {
      if (unknown != shape.size()) fail("only one extent can be -1");
      unknown = d;
      g.shape.push_back(1);
    } else {
      g.shape.push_back(std::size_t(shape[d]));
    }
  }
  const std::size_t size = source.size, known = count_of(g.shape);
  if (unknown != shape.size()) {
    if (known == 0 || size % known != 0)
      fail(std::to_string(size) + " elements are not a multiple of " + std::to_string(known));
    g.shape[unknown] = size / known;
  } else if (known != size) {
    fail("there are " + std::to_string(size) + " elements, the new shape has " + std::to_string(known));
  }
  g.strides = strides_of(g.shape);
  return record_view(x, std::move(g), "reshape", where);
}

template <class T>
var<T> record_transpose(const var<T>& x, std::span<const std::ptrdiff_t> axes, const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "transpose")->shape();
  const auto rank = std::ptrdiff_t(shape.size());
  const auto strides = strides_of(shape);
  view_geometry g;
  xt::svector<char, 8> seen(shape.size(), 0);
  for (std::ptrdiff_t i = 0; i < rank; ++i) {
    std::ptrdiff_t axis = rank - 1 - i;
    if (!axes.empty()) axis = std::ptrdiff_t(axes.size()) == rank ? axes[std::size_t(i)] : rank;
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank || seen[std::size_t(axis)]++)
      throw shape_error("transpose: the axes " + list(axes) + " are not a permutation of the " + std::to_string(rank) +
                        " axes of shape " + to_string(shape) + at_line(where));
    g.shape.push_back(shape[std::size_t(axis)]);
    g.strides.push_back(strides[std::size_t(axis)]);
  }
  return record_view(x, std::move(g), "transpose", where);
}

template <class T>
var<T> record_slices(const var<T>& x, std::span<const slice> slices, const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "view")->shape();
  return record_view(x, sliced(shape, slices, where), "view", where);
}

template var<float> record_view(const var<float>&, view_geometry, const char*, const std::source_location&);
template var<double> record_view(const var<double>&, view_geometry, const char*, const std::source_location&);
template var<float> record_scatter(const var<float>&, view_geometry, shape_t, float, const char*,
                                   const std::source_location&);
template var<double> record_scatter(const var<double>&, view_geometry, shape_t, double, const char*,
                                    const std::source_location&);
template var<float> record_element(const var<float>&, std::span<const std::ptrdiff_t>, const std::source_location&);
template var<double> record_element(const var<double>&, std::span<const std::ptrdiff_t>, const std::source_location&);
template var<float> record_reshape(const var<float>&, std::span<const std::ptrdiff_t>, const std::source_location&);
template var<double> record_reshape(const var<double>&, std::span<const std::ptrdiff_t>, const std::source_location&);
template var<float> record_transpose(const var<float>&, std::span<const std::ptrdiff_t>, const std::source_location&);
template var<double> record_transpose(const var<double>&, std::span<const std::ptrdiff_t>, const std::source_location&);
template var<float> record_slices(const var<float>&, std::span<const slice>, const std::source_location&);
template var<double> record_slices(const var<double>&, std::span<const slice>, const std::source_location&);

}  // namespace detail

}  // namespace xg
