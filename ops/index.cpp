#include <xgrad/ops/index.hpp>

#include <algorithm>
#include <string>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/view.hpp>

namespace xg {

namespace {

using numbers = array<const std::int64_t>;

/// Where the parts along an axis lie.
struct parts_along {
  std::size_t axis, outer = 1, extent = 1, inner = 1;
  bool from_end = true;  // do negative numbers count from the end?

  parts_along(std::size_t at, shape_view shape) : axis(at), extent(shape[at]) {
    for (std::size_t d = 0; d < at; ++d) outer *= shape[d];
    for (std::size_t d = at + 1; d < shape.size(); ++d) inner *= shape[d];
  }
  /// Calls f(offset in the array, offset in what is taken) for each part, of `inner` elements. Throws value_error.
  void each(const numbers& i, const auto& f) const {
    for (std::size_t k = 0; k < i.size; ++k) {
      const auto n = std::int64_t(extent), at = from_end && i.data[k] < 0 ? i.data[k] + n : i.data[k];
      if (at < 0 || at >= n)
        throw value_error("the index " + std::to_string(i.data[k]) + " at flat position " + std::to_string(k) +
                          " is out of range for axis " + std::to_string(axis) + " of extent " + std::to_string(n));
      for (std::size_t o = 0; o < outer; ++o) f((o * extent + std::size_t(at)) * inner, (o * i.size + k) * inner);
    }
  }
  /// The parts in C: calls f(position in the array, position in what is taken) for each element, in loops.
  void each_in_c(c_writer& w, std::span<const std::int64_t> numbers, const auto& f) const {
    std::vector<std::ptrdiff_t> places;
    each({numbers.data(), {}, numbers.size()}, [&](std::size_t from, std::size_t) {
      if (places.size() < numbers.size() * outer) places.push_back(std::ptrdiff_t(from));
    });
    std::vector<std::ptrdiff_t> starts;  // of the parts in the first of the outer blocks
    for (std::size_t k = 0; k < numbers.size() && outer != 0; ++k) starts.push_back(places[k * outer]);
    const std::string table = w.table("places", starts);
    const auto n = std::ptrdiff_t(inner), all = std::ptrdiff_t(numbers.size()) * n;
    w.loop(outer, [&](const std::string& o) {
      w.loop(numbers.size(), [&](const std::string& k) {
        w.loop(inner, [&](const std::string& e) {
          f(c_position(0, {{o, std::ptrdiff_t(extent) * n}, {table + "[" + k + "]", 1}, {e, 1}}),
            c_position(0, {{o, all}, {k, n}, {e, 1}}));
        });
      });
    });
  }
};

template <class T>
struct put_op;

template <class T>
struct take_op {
  static constexpr const char* name = "take";
  parts_along parts;

  const char* label() const { return parts.from_end ? name : "embedding"; }

  shape_t shape(shape_view x, shape_view i) const {
    shape_t y(x.begin(), x.begin() + std::ptrdiff_t(parts.axis));
    for (const std::size_t extent : i) y.push_back(extent);
    for (std::size_t d = parts.axis + 1; d < x.size(); ++d) y.push_back(x[d]);
    return y;
  }
  void forward(array<T> y, array<const T> x, numbers i) const {
    parts.each(i, [&](std::size_t from, std::size_t to) { std::copy_n(x.data + from, parts.inner, y.data + to); });
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>& x, const indices<T>& i) const {
    return record(put_op<T>{parts, x.shape()}, g, i);
  }
  void backward(array<const T> g, array<const T>, array<const T>, numbers i, adjoint<T> dx) const {
    if (!dx) return;
    if (dx.assign) std::fill_n(dx.data, dx.size, T(0));
    parts.each(i, [&](std::size_t to, std::size_t from) {
      for (std::size_t e = 0; e < parts.inner; ++e) dx.data[to + e] += g.data[from + e];
    });
  }
  void write_c(c_writer& w) const {
    parts.each_in_c(w, w.whole_numbers(1), [&](const std::string& from, const std::string& to) {
      w.line(w.result() + "[" + to + "] = " + w.operand(0) + "[" + from + "];");
    });
  }
  void dependence(element_links& links, array<const T>, numbers i) const {
    parts.each(i, [&](std::size_t from, std::size_t to) {
      for (std::size_t e = 0; e < parts.inner; ++e) links.add(to + e, 0, from + e);
    });
  }
};

/// Zeros of a shape, with the operand added where `take` would read it.
template <class T>
struct put_op {
  static constexpr const char* name = "put";
  parts_along parts;
  shape_t whole;
  const char* function = name;

  const char* label() const { return function; }
  shape_t shape(shape_view, shape_view) const { return whole; }
  void forward(array<T> y, array<const T> x, numbers i) const {
    std::fill_n(y.data, y.size, T(0));
    parts.each(i, [&](std::size_t to, std::size_t from) {
      for (std::size_t e = 0; e < parts.inner; ++e) y.data[to + e] += x.data[from + e];
    });
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>&, const indices<T>& i) const {
    return record(take_op<T>{parts}, g, i);
  }
  void write_c(c_writer& w) const {
    const std::string& y = w.result();
    w.loop(count_of(whole), [&](const std::string& i) { w.line(y + "[" + i + "] = 0;"); });
    parts.each_in_c(w, w.whole_numbers(1), [&](const std::string& to, const std::string& from) {
      w.line(y + "[" + to + "] += " + w.operand(0) + "[" + from + "];");
    });
  }
  void dependence(element_links& links, array<const T>, numbers i) const {
    parts.each(i, [&](std::size_t to, std::size_t from) {
      for (std::size_t e = 0; e < parts.inner; ++e) links.add(to + e, 0, from + e);
    });
  }
};

/// A row with a single 1 for each number. (The operand is the numbers' own leaf, a constant.)
template <class T>
struct one_hot_op {
  static constexpr const char* name = "one_hot";
  std::size_t classes;

  shape_t shape(shape_view, shape_view i) const {
    shape_t y = i;
    y.push_back(classes);
    return y;
  }
  void forward(array<T> y, array<const T>, numbers i) const {
    std::fill_n(y.data, y.size, T(0));
    for (std::size_t k = 0; k < i.size; ++k) {
      if (i.data[k] < 0 || std::size_t(i.data[k]) >= classes)
        throw value_error("the number " + std::to_string(i.data[k]) + " at flat position " + std::to_string(k) +
                          " is none of the classes 0.." + std::to_string(std::ptrdiff_t(classes) - 1));
      y.data[k * classes + std::size_t(i.data[k])] = 1;
    }
  }
  var<T> vjp(const var<T>&, const var<T>&, const var<T>& x, const indices<T>&) const { return 0 * x; }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_take(const var<T>& x, const indices<T>& i, std::ptrdiff_t axis, const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "take")->shape();
  const auto rank = std::ptrdiff_t(shape.size()), at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at >= rank)
    throw shape_error("take: axis " + std::to_string(axis) + " is out of range for shape " + to_string(shape) +
                      at_line(where));
  return record(take_op<T>{parts_along(std::size_t(at), shape)}, x, i, where);
}

template <class T>
var<T> record_embedding(const var<T>& table, const indices<T>& i, const std::source_location& where) {
  const shape_view shape = table.ledger(where).slot_of(table, where, "embedding")->shape();
  if (shape.size() != 2)
    throw shape_error("embedding: a table of shape " + to_string(shape) + "; it has two dimensions, (rows, width)" +
                      at_line(where));
  parts_along rows(0, shape);
  rows.from_end = false;
  return record(take_op<T>{rows}, table, i, where);
}

template <class T>
var<T> record_index_add(const var<T>& x, const indices<T>& i, const var<T>& values, std::ptrdiff_t axis,
                        const std::source_location& where) {
  ledger<T>& l = x.ledger(where);
  const shape_view shape = l.slot_of(x, where, "index_add")->shape(), own = l.slot_of(values, where)->shape();
  const parts_along parts(checked_axis(axis, shape.size(), shape, "index_add", where), shape);
  const shape_t fitting = take_op<T>{parts}.shape(shape, i.shape(where));
  shape_t wide = fitting;
  if (!broadcast_into(wide, own) || wide != fitting)
    throw shape_error("index_add: values of shape " + to_string(own) + " to add to " + to_string(shape) +
                      " at indices " + to_string(i.shape(where)) + "; their shape must be " + to_string(fitting) +
                      at_line(where));
  attempt recording(l);
  const line_scope line(l, where);
  shape_t kept(fitting.size() - own.size(), 1);
  for (const std::size_t extent : own) kept.push_back(extent);
  const var<T> parts_of_all = broadcast_to(l.handle(*l.slot_of(values, where)), kept, fitting);
  return recording.keep(var<T>(x + record(put_op<T>{parts, shape, "index_add"}, parts_of_all, i, where), where));
}

template <class T>
var<T> record_one_hot(const indices<T>& i, std::ptrdiff_t classes, const std::source_location& where) {
  if (classes < 0)
    throw value_error("one_hot: " + std::to_string(classes) + " classes; their number must not be negative" +
                      at_line(where));
  return record(one_hot_op<T>{std::size_t(classes)}, i.leaf(), i, where);
}

template <class T>
var<T> record_filter(const var<T>& x, const xt::xarray<bool>& mask, const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "filter")->shape();
  const shape_t masked(mask.shape().begin(), mask.shape().end());
  if (masked.size() > shape.size() || !std::equal(masked.begin(), masked.end(), shape.begin()))
    throw shape_error("filter: a mask of shape " + to_string(masked) + " for " + to_string(shape) +
                      "; its shape must be that, or that of the first axes" + at_line(where));
  const auto strides = strides_of(shape);
  const std::ptrdiff_t apart = masked.empty() ? 0 : strides[masked.size() - 1];
  std::vector<std::ptrdiff_t> offsets;
  std::ptrdiff_t at = 0;
  for (const bool here : mask) {
    if (here) offsets.push_back(at);
    at += apart;
  }
  view_geometry g;
  g.add_axis(offsets);
  for (std::size_t d = masked.size(); d < shape.size(); ++d) g.add_axis(shape[d], strides[d]);
  return record_view(x, std::move(g), "filter", where);
}

template var<float> record_index_add(const var<float>&, const indices<float>&, const var<float>&, std::ptrdiff_t,
                                     const std::source_location&);
template var<double> record_index_add(const var<double>&, const indices<double>&, const var<double>&, std::ptrdiff_t,
                                      const std::source_location&);
template var<float> record_one_hot(const indices<float>&, std::ptrdiff_t, const std::source_location&);
template var<double> record_one_hot(const indices<double>&, std::ptrdiff_t, const std::source_location&);
template var<float> record_filter(const var<float>&, const xt::xarray<bool>&, const std::source_location&);
template var<double> record_filter(const var<double>&, const xt::xarray<bool>&, const std::source_location&);
template var<float> record_take(const var<float>&, const indices<float>&, std::ptrdiff_t, const std::source_location&);
template var<double> record_take(const var<double>&, const indices<double>&, std::ptrdiff_t,
                                 const std::source_location&);
template var<float> record_embedding(const var<float>&, const indices<float>&, const std::source_location&);
template var<double> record_embedding(const var<double>&, const indices<double>&, const std::source_location&);

}  // namespace detail

}  // namespace xg
