#include <xgrad/ops/slice.hpp>

#include <algorithm>
#include <string>

#include <xgrad/core/memory/error.hpp>

namespace xg {

void view_geometry::add_axis(std::size_t extent, std::ptrdiff_t stride) {
  shape.push_back(extent);
  strides.push_back(stride);
  if (!lists.empty()) lists.emplace_back();
}

void view_geometry::add_axis(std::span<const std::ptrdiff_t> offsets) {
  const std::size_t n = offsets.size();
  const std::ptrdiff_t first = n == 0 ? 0 : offsets[0], stride = n < 2 ? 0 : offsets[1] - first;
  bool even = true;
  for (std::size_t i = 2; i < n; ++i) even &= offsets[i] - offsets[i - 1] == stride;
  if (even) {
    offset += first;
    add_axis(n, stride);
  } else {
    add_axis(n, 0);
    lists.resize(shape.size());
    lists.back().assign(offsets.begin(), offsets.end());
  }
}

namespace detail {

xt::svector<std::ptrdiff_t, 4> strides_of(shape_view shape) {
  xt::svector<std::ptrdiff_t, 4> strides(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;) strides[d - 1] = strides[d] * std::ptrdiff_t(shape[d]);
  return strides;
}

std::size_t checked_index(std::ptrdiff_t index, std::size_t axis, shape_view shape, const char* op,
                          const std::source_location& where) {
  const auto extent = std::ptrdiff_t(shape[axis]);
  if (index < -extent || index >= extent)
    throw value_error(std::string(op) + ": index " + std::to_string(index) + " is out of range for axis " +
                      std::to_string(axis) + " of shape " + to_string(shape) + at_line(where));
  return std::size_t(index < 0 ? index + extent : index);
}

std::size_t checked_axis(std::ptrdiff_t axis, std::size_t rank, shape_view shape, const char* op,
                         const std::source_location& where) {
  const auto n = std::ptrdiff_t(rank);
  if (axis >= -n && axis < n) return std::size_t(axis < 0 ? axis + n : axis);
  std::string message = op;
  message += ": axis " + std::to_string(axis) + " is out of range for shape " + to_string(shape);
  if (rank != shape.size()) message += ", whose result has " + std::to_string(rank) + " dimensions";
  throw shape_error(message + at_line(where));
}

namespace {

// As in NumPy: what is left out is the end the step comes from or goes to; a bound beyond an end is that end.
void add_range(view_geometry& g, const slice& s, std::ptrdiff_t extent, std::ptrdiff_t stride,
               const std::source_location& where) {
  const std::ptrdiff_t step = s.step.value_or(1), low = step < 0 ? -1 : 0, high = step < 0 ? extent - 1 : extent;
  if (step == 0) throw value_error("view: a range with step 0; expected another step" + at_line(where));
  const auto bound = [&](std::optional<std::ptrdiff_t> b, std::ptrdiff_t otherwise) {
    return b ? std::clamp(*b < 0 ? *b + extent : *b, low, high) : otherwise;
  };
  const std::ptrdiff_t start = bound(s.start, step < 0 ? high : low), stop = bound(s.stop, step < 0 ? low : high);
  const std::ptrdiff_t way = step < 0 ? start - stop : stop - start, size = step < 0 ? -step : step;
  if (way > 0) g.offset += start * stride;
  g.add_axis(way > 0 ? std::size_t((way - 1) / size + 1) : 0, step * stride);
}

void add_list(view_geometry& g, const slice& s, std::size_t axis, shape_view shape, std::ptrdiff_t stride,
              const std::source_location& where) {
  const bool keeps = s.what == slice::kind::keep;
  std::vector<std::ptrdiff_t> offsets;
  std::vector<char> dropped(keeps ? 0 : shape[axis], 0);
  for (const std::ptrdiff_t index : s.list) {
    const std::size_t i = checked_index(index, axis, shape, "view", where);
    if (keeps)
      offsets.push_back(std::ptrdiff_t(i) * stride);
    else
      dropped[i] = 1;
  }
  for (std::size_t i = 0; i < dropped.size(); ++i)
    if (!dropped[i]) offsets.push_back(std::ptrdiff_t(i) * stride);
  g.add_axis(offsets);
}

}  // namespace

view_geometry sliced(shape_view shape, std::span<const slice> slices, const std::source_location& where) {
  const auto strides = strides_of(shape);
  const auto count = [&](slice::kind k) { return std::size_t(std::ranges::count(slices, k, &slice::what)); };
  const std::size_t ellipses = count(slice::kind::ellipsis),
                    axes = slices.size() - ellipses - count(slice::kind::new_axis);
  if (ellipses > 1) throw shape_error("view: more than one ellipsis" + at_line(where));
  if (axes > shape.size())
    throw shape_error("view: more slices than the dimensions of shape " + to_string(shape) + at_line(where));

  view_geometry g;
  std::size_t axis = 0;
  const auto add_all = [&](std::size_t n) {
    for (; n > 0; --n, ++axis) g.add_axis(shape[axis], strides[axis]);
  };
  for (const slice& s : slices) {
    switch (s.what) {
      case slice::kind::ellipsis:
        add_all(shape.size() - axes);
        break;
      case slice::kind::new_axis:
        g.add_axis(1, 0);
        break;
      case slice::kind::index:
        g.offset += std::ptrdiff_t(checked_index(*s.start, axis, shape, "view", where)) * strides[axis];
        ++axis;
        break;
      case slice::kind::range:
        add_range(g, s, std::ptrdiff_t(shape[axis]), strides[axis], where);
        ++axis;
        break;
      case slice::kind::keep:
      case slice::kind::drop:
        add_list(g, s, axis, shape, strides[axis], where);
        ++axis;
        break;
    }
  }
  add_all(shape.size() - axis);
  return g;
}

}  // namespace detail

}  // namespace xg
