#include <xgrad/ops/join.hpp>

#include <algorithm>
#include <string>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/ops/view.hpp>

namespace xg {

namespace {

/// Axis `axis` of `rank` ones, brought into 0..rank-1. Throws shape_error.
std::size_t checked_axis(std::ptrdiff_t axis, std::size_t rank, const std::string& of) {
  const auto n = std::ptrdiff_t(rank);
  if (axis < -n || axis >= n)
    throw shape_error(of + ": axis " + std::to_string(axis) + " is out of range for " + std::to_string(n) +
                      (n == 1 ? " axis" : " axes"));
  return std::size_t(axis < 0 ? axis + n : axis);
}

/// How the blocks of several arrays lie in one that is joined along an axis: `outer` times one after the other.
struct blocks {
  std::size_t outer = 1, all = 0;
  std::size_t count = 0;
  std::size_t* width = nullptr;  // [count] elements of each in a row

  blocks() = default;
  blocks(workspace& w, shape_view whole, std::size_t axis, std::size_t n, const auto& extent)
      : count(n), width(w.array<std::size_t>(n)) {
    std::size_t inner = 1;
    for (std::size_t d = 0; d < axis; ++d) outer *= whole[d];
    for (std::size_t d = axis + 1; d < whole.size(); ++d) inner *= whole[d];
    for (std::size_t k = 0; k < n; ++k) all += width[k] = extent(k) * inner;
  }
  /// The runs in C: calls f(k, position in the whole, position in array k), in loops.
  void each_in_c(c_writer& w, const auto& f) const {
    std::size_t at = 0;
    for (std::size_t k = 0; k < count; at += width[k++]) {
      w.loop(outer, [&](const std::string& i) {
        w.loop(width[k], [&](const std::string& j) {
          f(k, c_position(std::ptrdiff_t(at), {{i, std::ptrdiff_t(all)}, {j, 1}}),
            c_position(0, {{i, std::ptrdiff_t(width[k])}, {j, 1}}));
        });
      });
    }
  }
  /// Calls f(k, position in the whole, position in array k, length) for each run.
  void each(const auto& f) const {
    std::size_t at = 0;
    for (std::size_t k = 0; k < count; at += width[k++])
      for (std::size_t i = 0; i < outer; ++i) f(k, i * all + at, i * width[k], width[k]);
  }
};

/// A part of an array along an axis, as a view of it.
view_geometry part_of(shape_view whole, std::size_t axis, std::size_t start, shape_t shape, bool without_axis) {
  view_geometry g;
  const auto strides = detail::strides_of(whole);
  g.shape = std::move(shape);
  g.offset = std::ptrdiff_t(start) * strides[axis];
  for (std::size_t d = 0; d < whole.size(); ++d)
    if (d != axis || !without_axis) g.strides.push_back(strides[d]);
  return g;
}

template <class T>
struct join_op {
  static constexpr const char* name = "concatenate";
  using values = std::span<const array<const T>>;
  using variables = std::span<const var<T>>;
  detail::joint how;
  std::ptrdiff_t axis;
  blocks layout{};

  const char* label() const { return stacks() ? "stack" : name; }
  bool stacks() const { return how == detail::joint::new_axis; }

  shape_t shape(std::span<const shape_view> x) const {
    const std::size_t rank = x.front().size() + stacks(), at = checked_axis(axis, rank, to_string(x.front()));
    shape_t result = x.front();
    if (stacks()) {
      result.push_back(0);
      std::copy_backward(result.begin() + std::ptrdiff_t(at), result.end() - 1, result.end());
    }
    result[at] = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      bool fits = x[k].size() == x.front().size();
      for (std::size_t d = 0; fits && d < x[k].size(); ++d) fits = x[k][d] == x.front()[d] || (d == at && !stacks());
      if (!fits)
        throw shape_error(
            to_string(x.front()) + " and " + to_string(x[k]) + " (operand " + std::to_string(k) +
            (stacks() ? ") differ; all shapes must be equal"
                      : ") do not fit; all extents but that of axis " + std::to_string(at) + " must be equal"));
      result[at] += stacks() ? 1 : x[k][at];
    }
    return result;
  }
  void plan(workspace& w, std::span<const shape_view> x) {
    const shape_t whole = shape(x);
    const std::size_t at = checked_axis(axis, whole.size(), "");
    layout = blocks(w, whole, at, x.size(), [&](std::size_t k) { return stacks() ? 1 : x[k][at]; });
  }
  void forward(array<T> y, values x) const {
    layout.each([&](std::size_t k, std::size_t whole, std::size_t own, std::size_t n) {
      std::copy_n(x[k].data + own, n, y.data + whole);
    });
  }
  void backward(array<const T> g, array<const T>, values, std::span<const adjoint<T>> dx) const {
    layout.each([&](std::size_t k, std::size_t whole, std::size_t own, std::size_t n) {
      if (!dx[k]) return;
      for (std::size_t i = 0; i < n; ++i) {
        T& d = dx[k].data[own + i];
        d = dx[k].assign ? g.data[whole + i] : d + g.data[whole + i];
      }
    });
  }
  std::vector<var<T>> vjps(std::span<const bool> wanted, const var<T>& g, const var<T>&, variables x) const {
    std::vector<var<T>> d(x.size());
    const std::size_t at = checked_axis(axis, g.dimension(), "");
    for (std::size_t k = 0, start = 0; k < x.size(); ++k) {
      if (wanted[k]) d[k] = detail::record_view(g, part_of(g.shape(), at, start, x[k].shape(), stacks()), "view", {});
      start += stacks() ? 1 : x[k].shape()[at];
    }
    return d;
  }
  void write_c(c_writer& w) const {
    layout.each_in_c(w, [&](std::size_t k, const std::string& whole, const std::string& own) {
      w.line(w.result() + "[" + whole + "] = " + w.operand(k) + "[" + own + "];");
    });
  }
  void dependence(element_links& links, values) const {
    layout.each([&](std::size_t k, std::size_t whole, std::size_t own, std::size_t n) {
      for (std::size_t i = 0; i < n; ++i) links.add(whole + i, k, own + i);
    });
  }
};

template <class T>
struct split_op {
  static constexpr const char* name = "split";
  std::size_t axis;
  std::vector<std::size_t> extents;
  blocks layout{};

  std::vector<shape_t> shapes(shape_view x) const {
    std::vector<shape_t> parts(extents.size(), x);
    for (std::size_t k = 0; k < parts.size(); ++k) parts[k][axis] = extents[k];
    return parts;
  }
  void plan(workspace& w, shape_view x) {
    layout = blocks(w, x, axis, extents.size(), [&](std::size_t k) { return extents[k]; });
  }
  void forward(std::span<const array<T>> y, array<const T> x) const {
    layout.each([&](std::size_t k, std::size_t whole, std::size_t own, std::size_t n) {
      std::copy_n(x.data + whole, n, y[k].data + own);
    });
  }
  void backward(std::span<const array<const T>> g, std::span<const array<const T>>, array<const T>,
                adjoint<T> dx) const {
    if (!dx) return;
    layout.each([&](std::size_t k, std::size_t whole, std::size_t own, std::size_t n) {
      for (std::size_t i = 0; i < n; ++i) {
        T& d = dx.data[whole + i];
        d = dx.assign ? g[k].data[own + i] : d + g[k].data[own + i];
      }
    });
  }
  var<T> vjp(std::span<const var<T>> g, std::span<const var<T>>, const var<T>&) const {
    return detail::record_join<T>(detail::joint::along_axis, g, std::ptrdiff_t(axis), {});
  }
  void write_c(c_writer& w) const {
    layout.each_in_c(w, [&](std::size_t k, const std::string& whole, const std::string& own) {
      w.line(w.result(k) + "[" + own + "] = " + w.operand(0) + "[" + whole + "];");
    });
  }
  void dependence(element_links& links, array<const T>) const {
    layout.each([&](std::size_t k, std::size_t whole, std::size_t own, std::size_t n) {
      for (std::size_t i = 0; i < n; ++i) links.add_to(k, own + i, 0, whole + i);
    });
  }
};

template <class T>
std::vector<var<T>> record_parts(const var<T>& x, std::size_t axis, std::vector<std::size_t> extents,
                                 const std::source_location& where) {
  const shape_view shape = x.shape();
  std::size_t outer = 1;
  for (std::size_t d = 0; d < axis; ++d) outer *= shape[d];
  if (outer != 1) return record(split_op<T>{axis, std::move(extents)}, x, where);
  detail::attempt recording(x.ledger(where));
  std::vector<var<T>> parts;
  std::size_t start = 0;
  for (const std::size_t extent : extents) {
    shape_t part = shape;
    part[axis] = extent;
    parts.push_back(detail::record_view(x, part_of(shape, axis, start, part, false), "split", where));
    start += extent;
  }
  return recording.keep(std::move(parts));
}

std::size_t axis_to_split(std::ptrdiff_t axis, shape_view shape, const std::source_location& where) {
  try {
    return checked_axis(axis, shape.size(), "split: " + to_string(shape));
  } catch (const shape_error& e) {
    throw shape_error(e.what() + at_line(where));
  }
}

}  // namespace

namespace detail {

template <class T>
var<T> record_join(joint how, std::span<const var<T>> xs, std::ptrdiff_t axis, const std::source_location& where) {
  if (xs.empty())
    throw shape_error(std::string(how == joint::new_axis ? "stack" : "concatenate") +
                      ": the list is empty; there must be at least one operand" + at_line(where));
  return record(join_op<T>{how, axis}, xs, where);
}

template <class T>
std::vector<var<T>> record_split(const var<T>& x, std::size_t sections, std::ptrdiff_t axis,
                                 const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "split")->shape();
  const std::size_t at = axis_to_split(axis, shape, where);
  if (sections == 0 || shape[at] % sections != 0)
    throw shape_error("split: axis " + std::to_string(at) + " of shape " + to_string(shape) + " has no " +
                      std::to_string(sections) + " equal parts; give the positions to split before: {2, 5}" +
                      at_line(where));
  return record_parts(x, at, std::vector<std::size_t>(sections, shape[at] / sections), where);
}

template <class T>
std::vector<var<T>> record_split_at(const var<T>& x, std::span<const std::ptrdiff_t> positions, std::ptrdiff_t axis,
                                    const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "split")->shape();
  const std::size_t at = axis_to_split(axis, shape, where);
  const auto extent = std::ptrdiff_t(shape[at]);
  std::vector<std::size_t> extents;
  std::ptrdiff_t start = 0;
  for (const std::ptrdiff_t position : positions) {
    const std::ptrdiff_t end = position < 0 ? position + extent : position;
    if (end < start || end > extent)
      throw value_error("split: position " + std::to_string(position) + " for axis " + std::to_string(at) +
                        " of shape " + to_string(shape) + " is out of range, or before the one it follows" +
                        at_line(where));
    extents.push_back(std::size_t(end - start));
    start = end;
  }
  extents.push_back(std::size_t(extent - start));
  return record_parts(x, at, std::move(extents), where);
}

template var<float> record_join(joint, std::span<const var<float>>, std::ptrdiff_t, const std::source_location&);
template var<double> record_join(joint, std::span<const var<double>>, std::ptrdiff_t, const std::source_location&);
template std::vector<var<float>> record_split(const var<float>&, std::size_t, std::ptrdiff_t,
                                              const std::source_location&);
template std::vector<var<double>> record_split(const var<double>&, std::size_t, std::ptrdiff_t,
                                               const std::source_location&);
template std::vector<var<float>> record_split_at(const var<float>&, std::span<const std::ptrdiff_t>, std::ptrdiff_t,
                                                 const std::source_location&);
template std::vector<var<double>> record_split_at(const var<double>&, std::span<const std::ptrdiff_t>, std::ptrdiff_t,
                                                  const std::source_location&);

}  // namespace detail

}  // namespace xg
