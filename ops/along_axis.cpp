#include <xgrad/ops/along_axis.hpp>

#include <algorithm>
#include <string>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/slice.hpp>

namespace xg {

namespace {

using numbers = array<const std::int64_t>;

/// Which element of the whole each index stands for.
struct places {
  std::size_t axis;
  shape_t whole;

  /// The shape of what is taken: the whole's, with the extent of the indices along the axis. Throws shape_error.
  shape_t taken(shape_view i) const {
    bool fits = i.size() == whole.size();
    for (std::size_t d = 0; fits && d < i.size(); ++d) fits = d == axis || i[d] == whole[d] || i[d] == 1;
    if (!fits)
      throw shape_error(to_string(whole) + " at indices " + to_string(i) + ": they must have " +
                        std::to_string(whole.size()) + (whole.size() == 1 ? " dimension" : " dimensions") +
                        ", and beside axis " + std::to_string(axis) + " the same extents, or 1");
    shape_t shape = whole;
    shape[axis] = i[axis];
    return shape;
  }

  /// Calls f(position in what is taken, position in the whole) for each index. Throws value_error.
  void each(const numbers& i, const auto& f) const {
    const shape_t shape = taken(i.shape);
    if (count_of(shape) == 0) return;
    const std::size_t rank = shape.size(), outer = rank - 1;
    auto in_whole = detail::strides_of(whole), in_numbers = detail::strides_of(i.shape);
    const std::ptrdiff_t apart = in_whole[axis];
    in_whole[axis] = 0;
    for (std::size_t d = 0; d < rank; ++d)
      if (i.shape[d] == 1) in_numbers[d] = 0;
    const auto extent = std::int64_t(whole[axis]);
    xt::svector<std::size_t, 8> index(rank, 0);
    std::ptrdiff_t base = 0, number = 0;
    for (std::size_t position = 0;;) {
      for (std::size_t j = 0; j < shape[outer]; ++j, ++position) {
        const std::ptrdiff_t k = number + std::ptrdiff_t(j) * in_numbers[outer];
        const std::int64_t at = i.data[k] < 0 ? i.data[k] + extent : i.data[k];
        if (at < 0 || at >= extent)
          throw value_error("the index " + std::to_string(i.data[k]) + " at flat position " + std::to_string(k) +
                            " is out of range for axis " + std::to_string(axis) + " of extent " +
                            std::to_string(extent));
        f(position, std::size_t(base + std::ptrdiff_t(j) * in_whole[outer] + std::ptrdiff_t(at) * apart));
      }
      std::size_t d = outer;
      while (true) {
        if (d-- == 0) return;
        base += in_whole[d], number += in_numbers[d];
        if (++index[d] < shape[d]) break;
        base -= in_whole[d] * std::ptrdiff_t(shape[d]), number -= in_numbers[d] * std::ptrdiff_t(shape[d]);
        index[d] = 0;
      }
    }
  }
  /// The positions in the whole, as a table in C: its name.
  std::string table(c_writer& w, const numbers& i) const {
    std::vector<std::ptrdiff_t> places;
    each(i, [&](std::size_t, std::size_t at_whole) { places.push_back(std::ptrdiff_t(at_whole)); });
    return w.table("places", places);
  }
};

numbers numbers_in_c(const c_writer& w) {
  return {w.whole_numbers(1).data(), w.operand_shape(1), w.whole_numbers(1).size()};
}

template <class T>
struct put_along_axis_op;

template <class T>
struct take_along_axis_op {
  static constexpr const char* name = "take_along_axis";
  places at;
  const char* function = name;

  const char* label() const { return function; }
  shape_t shape(shape_view, shape_view i) const { return at.taken(i); }
  void forward(array<T> y, array<const T> x, numbers i) const {
    at.each(i, [&](std::size_t to, std::size_t from) { y.data[to] = x.data[from]; });
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>&, const indices<T>& i) const {
    return record(put_along_axis_op<T>{at, function}, g, i);
  }
  void write_c(c_writer& w) const {
    const std::string places = at.table(w, numbers_in_c(w));
    w.loop(count_of(w.shape()), [&](const std::string& k) {
      w.line(w.result() + "[" + k + "] = " + w.operand(0) + "[" + places + "[" + k + "]];");
    });
  }
  void backward(array<const T> g, array<const T>, array<const T>, numbers i, adjoint<T> dx) const {
    if (!dx) return;
    if (dx.assign) std::fill_n(dx.data, dx.size, T(0));
    at.each(i, [&](std::size_t from, std::size_t to) { dx.data[to] += g.data[from]; });
  }
};

/// Zeros of the whole's shape, with the operand added where `take_along_axis` would read it.
template <class T>
struct put_along_axis_op {
  static constexpr const char* name = "put_along_axis";
  places at;
  const char* function = name;

  const char* label() const { return function; }
  shape_t shape(shape_view x, shape_view i) const {
    const shape_t fitting = at.taken(i);
    if (!(x == fitting))
      throw shape_error("values of shape " + to_string(x) + " for " + to_string(at.whole) + " at indices " +
                        to_string(i) + "; their shape must be " + to_string(fitting));
    return at.whole;
  }
  void forward(array<T> y, array<const T> x, numbers i) const {
    std::fill_n(y.data, y.size, T(0));
    at.each(i, [&](std::size_t from, std::size_t to) { y.data[to] += x.data[from]; });
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>&, const indices<T>& i) const {
    return record(take_along_axis_op<T>{at, function}, g, i);
  }
  void write_c(c_writer& w) const {
    const std::string places = at.table(w, numbers_in_c(w)), &y = w.result();
    w.loop(count_of(at.whole), [&](const std::string& k) { w.line(y + "[" + k + "] = 0;"); });
    w.loop(count_of(w.operand_shape(0)), [&](const std::string& k) {
      w.line(y + "[" + places + "[" + k + "]] += " + w.operand(0) + "[" + k + "];");
    });
  }
  void backward(array<const T> g, array<const T>, array<const T>, numbers i, adjoint<T> dx) const {
    if (!dx) return;
    at.each(i, [&](std::size_t to, std::size_t from) {
      dx.data[to] = dx.assign ? g.data[from] : dx.data[to] + g.data[from];
    });
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_take_along_axis(const var<T>& x, const indices<T>& i, std::ptrdiff_t axis, const char* op,
                              const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, op)->shape();
  const std::size_t at = checked_axis(axis, shape.size(), shape, op, where);
  return record(take_along_axis_op<T>{{at, shape}, op}, x, i, where);
}

template <class T>
var<T> record_scatter_add(const var<T>& x, const indices<T>& i, const var<T>& values, std::ptrdiff_t axis,
                          const std::source_location& where) {
  ledger<T>& l = x.ledger(where);
  const shape_view shape = l.slot_of(x, where, "scatter_add")->shape(), own = l.slot_of(values, where)->shape();
  const places at{checked_axis(axis, shape.size(), shape, "scatter_add", where), shape};
  attempt recording(l);
  const line_scope line(l, where);
  var<T> all = l.handle(*l.slot_of(values, where));
  const shape_view of_numbers = i.shape(where);
  if (of_numbers.size() == shape.size() && own.size() <= shape.size()) {  // else the op says what is wrong
    shape_t fitting = shape, wide;
    fitting[at.axis] = of_numbers[at.axis];
    wide = fitting;
    shape_t kept(fitting.size() - own.size(), 1);
    for (const std::size_t extent : own) kept.push_back(extent);
    if (broadcast_into(wide, own) && wide == fitting) all = broadcast_to(all, kept, fitting);
  }
  return recording.keep(var<T>(x + record(put_along_axis_op<T>{at, "scatter_add"}, all, i, where), where));
}

template var<float> record_take_along_axis(const var<float>&, const indices<float>&, std::ptrdiff_t, const char*,
                                           const std::source_location&);
template var<double> record_take_along_axis(const var<double>&, const indices<double>&, std::ptrdiff_t, const char*,
                                            const std::source_location&);
template var<float> record_scatter_add(const var<float>&, const indices<float>&, const var<float>&, std::ptrdiff_t,
                                       const std::source_location&);
template var<double> record_scatter_add(const var<double>&, const indices<double>&, const var<double>&, std::ptrdiff_t,
                                        const std::source_location&);

}  // namespace detail

}  // namespace xg
