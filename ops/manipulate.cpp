#include <xgrad/ops/manipulate.hpp>

#include <algorithm>
#include <string>

#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/ops/view.hpp>

namespace xg::detail {

namespace {

template <class T>
shape_view shape_for(const var<T>& x, const char* op, const std::source_location& where) {
  return x.ledger(where).slot_of(x, where, op)->shape();
}

std::string text_of(const axis_list& list) {
  std::string s = "{";
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) s += ", ";
    s += std::to_string(list[i]);
  }
  s += '}';
  return s;
}

/// Which of the result's `rank` axes are named. Throws shape_error.
xt::svector<char, 8> marked(const axes_t& axes, std::size_t rank, shape_view shape, const char* op,
                            const std::source_location& where) {
  xt::svector<char, 8> named(rank, axes.all ? 1 : 0);
  for (const std::ptrdiff_t axis : axes.list)
    if (named[checked_axis(axis, rank, shape, op, where)]++)
      throw shape_error(std::string(op) + ": axis " + std::to_string(axis) + " is named twice for shape " +
                        to_string(shape) + at_line(where));
  return named;
}

/// The source's elements in row-major order, in another shape of the same size.
template <class T>
var<T> reordered(const var<T>& x, shape_t shape, const char* op, const std::source_location& where) {
  view_geometry g;
  g.strides = strides_of(shape);
  g.shape = std::move(shape);
  return record_view(x, std::move(g), op, where);
}

template <class T>
var<T> permuted(const var<T>& x, const axis_list& order, const char* op, const std::source_location& where) {
  const shape_view shape = shape_for(x, op, where);
  const auto strides = strides_of(shape);
  view_geometry g;
  for (const std::ptrdiff_t axis : order) g.add_axis(shape[std::size_t(axis)], strides[std::size_t(axis)]);
  return record_view(x, std::move(g), op, where);
}

void require_natural(const axis_list& numbers, const char* op, shape_view shape, const std::source_location& where) {
  for (const std::ptrdiff_t n : numbers)
    if (n < 0)
      throw value_error(std::string(op) + ": " + text_of(numbers) + " for shape " + to_string(shape) +
                        ": nothing can be there " + std::to_string(n) + " times; numbers from 0 on are needed" +
                        at_line(where));
}

/// All axes of the shape as they are, but one, of which these positions are taken.
view_geometry with_positions(shape_view shape, std::size_t axis, const std::vector<std::ptrdiff_t>& positions) {
  const auto strides = strides_of(shape);
  view_geometry g;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (d != axis) {
      g.add_axis(shape[d], strides[d]);
    } else {
      std::vector<std::ptrdiff_t> offsets;
      offsets.reserve(positions.size());
      for (const std::ptrdiff_t i : positions) offsets.push_back(i * strides[d]);
      g.add_axis(offsets);
    }
  }
  return g;
}

}  // namespace

template <class T>
var<T> record_ravel(const var<T>& x, const std::source_location& where) {
  return reordered(x, {count_of(shape_for(x, "ravel", where))}, "ravel", where);
}

template <class T>
var<T> record_squeeze(const var<T>& x, const axes_t& axes, const std::source_location& where) {
  const shape_view shape = shape_for(x, "squeeze", where);
  const auto named = marked(axes, shape.size(), shape, "squeeze", where);
  shape_t rest;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (named[d] && shape[d] == 1) continue;
    if (named[d] && !axes.all)
      throw shape_error("squeeze: axis " + std::to_string(d) + " of shape " + to_string(shape) + " has extent " +
                        std::to_string(shape[d]) + "; only axes of extent 1 can be left out" + at_line(where));
    rest.push_back(shape[d]);
  }
  return reordered(x, std::move(rest), "squeeze", where);
}

template <class T>
var<T> record_expand_dims(const var<T>& x, const axes_t& axes, const std::source_location& where) {
  const shape_view shape = shape_for(x, "expand_dims", where);
  const std::size_t rank = shape.size() + axes.list.size();
  const auto added = marked(axes, rank, shape, "expand_dims", where);
  shape_t larger;
  for (std::size_t d = 0, from = 0; d < rank; ++d) larger.push_back(added[d] ? 1 : shape[from++]);
  return reordered(x, std::move(larger), "expand_dims", where);
}

template <class T>
var<T> record_swapaxes(const var<T>& x, std::ptrdiff_t first, std::ptrdiff_t second,
                       const std::source_location& where) {
  const shape_view shape = shape_for(x, "swapaxes", where);
  axis_list order;
  for (std::size_t d = 0; d < shape.size(); ++d) order.push_back(std::ptrdiff_t(d));
  const std::size_t a = checked_axis(first, shape.size(), shape, "swapaxes", where),
                    b = checked_axis(second, shape.size(), shape, "swapaxes", where);
  std::swap(order[a], order[b]);
  return permuted(x, order, "swapaxes", where);
}

template <class T>
var<T> record_moveaxis(const var<T>& x, const axis_list& from, const axis_list& to, const std::source_location& where) {
  const shape_view shape = shape_for(x, "moveaxis", where);
  if (from.size() != to.size())
    throw shape_error("moveaxis: from " + text_of(from) + " to " + text_of(to) + ": as many places as axes are needed" +
                      at_line(where));
  axes_t sources, places;
  sources.all = places.all = false;
  sources.list = from, places.list = to;
  const auto moves = marked(sources, shape.size(), shape, "moveaxis", where),
             taken = marked(places, shape.size(), shape, "moveaxis", where);
  axis_list order(shape.size(), 0);
  for (std::size_t k = 0; k < from.size(); ++k)
    order[checked_axis(to[k], shape.size(), shape, "moveaxis", where)] =
        std::ptrdiff_t(checked_axis(from[k], shape.size(), shape, "moveaxis", where));
  for (std::size_t d = 0, next = 0; d < shape.size(); ++d) {
    if (taken[d]) continue;
    while (moves[next]) ++next;
    order[d] = std::ptrdiff_t(next++);
  }
  return permuted(x, order, "moveaxis", where);
}

template <class T>
var<T> record_flip(const var<T>& x, const axes_t& axes, const std::source_location& where) {
  const shape_view shape = shape_for(x, "flip", where);
  const auto flipped = marked(axes, shape.size(), shape, "flip", where);
  const auto strides = strides_of(shape);
  view_geometry g;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (flipped[d] && shape[d] > 0) g.offset += std::ptrdiff_t(shape[d] - 1) * strides[d];
    g.add_axis(shape[d], flipped[d] ? -strides[d] : strides[d]);
  }
  return record_view(x, std::move(g), "flip", where);
}

template <class T>
var<T> record_roll(const var<T>& x, std::ptrdiff_t shift, const std::ptrdiff_t* axis,
                   const std::source_location& where) {
  const shape_view shape = shape_for(x, "roll", where);
  const std::size_t at = axis ? checked_axis(*axis, shape.size(), shape, "roll", where) : 0;
  const shape_t flat{count_of(shape)};
  const auto n = std::ptrdiff_t(axis ? shape[at] : flat[0]);
  std::vector<std::ptrdiff_t> positions(std::size_t(n), 0);
  for (std::ptrdiff_t i = 0; i < n; ++i) positions[std::size_t((i + shift % n + n) % n)] = i;
  if (axis) return record_view(x, with_positions(shape, at, positions), "roll", where);
  attempt recording(x.ledger(where));
  const var<T> y = record_view(x, with_positions(flat, 0, positions), "roll", where);
  return recording.keep(reordered(y, shape, "roll", where));
}

template <class T>
var<T> record_repeat(const var<T>& x, const axis_list& repeats, const std::ptrdiff_t* axis,
                     const std::source_location& where) {
  const shape_view own = shape_for(x, "repeat", where);
  const std::size_t at = axis ? checked_axis(*axis, own.size(), own, "repeat", where) : 0;
  require_natural(repeats, "repeat", own, where);
  const shape_t flat{count_of(own)};
  const shape_view shape = axis ? own : shape_view(flat);
  if (repeats.size() != 1 && repeats.size() != shape[at])
    throw shape_error("repeat: " + text_of(repeats) + " for axis " + std::to_string(at) + " of shape " +
                      to_string(shape) + ": one number for all, or " + std::to_string(shape[at]) + " are needed" +
                      at_line(where));
  std::vector<std::ptrdiff_t> positions;
  for (std::size_t i = 0; i < shape[at]; ++i)
    positions.insert(positions.end(), std::size_t(repeats[repeats.size() == 1 ? 0 : i]), std::ptrdiff_t(i));
  return record_view(x, with_positions(shape, at, positions), "repeat", where);
}

template <class T>
var<T> record_tile(const var<T>& x, const axis_list& reps, const std::source_location& where) {
  const shape_view shape = shape_for(x, "tile", where);
  require_natural(reps, "tile", shape, where);
  const auto strides = strides_of(shape);
  const std::size_t rank = std::max(shape.size(), reps.size()), new_axes = rank - shape.size(),
                    ones = rank - reps.size();
  view_geometry g;
  for (std::size_t d = 0; d < rank; ++d) {
    const std::size_t times = d < ones ? 1 : std::size_t(reps[d - ones]);
    if (d < new_axes) {
      g.add_axis(times, 0);
    } else {
      const std::size_t extent = shape[d - new_axes];
      const std::ptrdiff_t stride = strides[d - new_axes];
      if (times == 1) {
        g.add_axis(extent, stride);
      } else {
        std::vector<std::ptrdiff_t> offsets;
        for (std::size_t i = 0; i < times * extent; ++i) offsets.push_back(std::ptrdiff_t(i % extent) * stride);
        g.add_axis(offsets);
      }
    }
  }
  return record_view(x, std::move(g), "tile", where);
}

template <class T>
var<T> record_broadcast(const var<T>& x, const axis_list& shape, const std::source_location& where) {
  const shape_view own = shape_for(x, "broadcast_to", where);
  shape_t to, kept;
  bool fits = shape.size() >= own.size();
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const std::size_t before = fits ? shape.size() - own.size() : shape.size();
    fits = fits && shape[d] >= 0 && (d < before || own[d - before] == 1 || own[d - before] == std::size_t(shape[d]));
    to.push_back(std::size_t(shape[d]));
    kept.push_back(d < before ? 1 : own[d - before]);
  }
  if (!fits)
    throw shape_error("broadcast_to: " + to_string(own) + " to " + text_of(shape) +
                      ": aligned at the last axis, extents must be equal, or 1 in what is broadcast" + at_line(where));
  ledger<T>& l = x.ledger(where);
  const line_scope line(l, where);
  return broadcast_to(l.handle(*l.slot_of(x, where)), kept, to);
}

template <class T>
std::vector<var<T>> record_meshgrid(std::span<const var<T>> xs, const std::source_location& where) {
  if (xs.empty()) throw shape_error("meshgrid: the list is empty; give a vector for each axis" + at_line(where));
  shape_t grid;
  for (const var<T>& x : xs) {
    const shape_view shape = shape_for(x, "meshgrid", where);
    if (shape.size() > 1)
      throw shape_error("meshgrid: operand " + std::to_string(grid.size()) + " has shape " + to_string(shape) +
                        "; a vector for each axis is needed" + at_line(where));
    grid.push_back(count_of(shape));
  }
  attempt recording(xs.front().ledger(where));
  std::vector<var<T>> coordinates;
  for (std::size_t k = 0; k < xs.size(); ++k) {
    view_geometry g;
    for (std::size_t d = 0; d < grid.size(); ++d) g.add_axis(grid[d], d == k ? 1 : 0);
    coordinates.push_back(record_view(xs[k], std::move(g), "meshgrid", where));
  }
  return recording.keep(std::move(coordinates));
}

template <class T>
struct manipulations {
  static constexpr auto all = std::tuple(&record_ravel<T>, &record_squeeze<T>, &record_expand_dims<T>,
                                         &record_swapaxes<T>, &record_moveaxis<T>, &record_flip<T>, &record_roll<T>,
                                         &record_repeat<T>, &record_tile<T>, &record_broadcast<T>, &record_meshgrid<T>);
};
template struct manipulations<float>;
template struct manipulations<double>;

}  // namespace xg::detail
