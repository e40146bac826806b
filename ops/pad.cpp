#include <xgrad/ops/pad.hpp>

#include <algorithm>
#include <string>

#include <xgrad/ops/view.hpp>

namespace xg::detail {

namespace {

std::ptrdiff_t modulo(std::ptrdiff_t i, std::ptrdiff_t n) { return (i % n + n) % n; }

/// Which of n elements stands at place i, which may lie before the first or behind the last.
std::ptrdiff_t element_at(std::ptrdiff_t i, std::ptrdiff_t n, pad_mode mode) {
  switch (mode) {
    case pad_mode::edge:
      return std::clamp(i, std::ptrdiff_t(0), n - 1);
    case pad_mode::reflect: {
      if (n == 1) return 0;
      const std::ptrdiff_t j = modulo(i, 2 * n - 2);
      return std::min(j, 2 * n - 2 - j);
    }
    case pad_mode::symmetric: {
      const std::ptrdiff_t j = modulo(i, 2 * n);
      return std::min(j, 2 * n - 1 - j);
    }
    default:
      return modulo(i, n);
  }
}

void check(std::span<const pad_width> widths, shape_view shape, pad_mode mode, const std::source_location& where) {
  if (widths.size() != shape.size())
    throw shape_error("pad: " + std::to_string(widths.size()) + " pairs of widths for shape " + to_string(shape) +
                      "; a pair {before, after} for each axis is needed" + at_line(where));
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const auto [before, after] = widths[d];
    if (before < 0 || after < 0)
      throw value_error("pad: widths {" + std::to_string(before) + ", " + std::to_string(after) + "} for axis " +
                        std::to_string(d) + " of shape " + to_string(shape) +
                        "; they must not be negative (xg::view takes a part)" + at_line(where));
    if (mode != pad_mode::constant && shape[d] == 0 && before + after > 0)
      throw shape_error("pad: axis " + std::to_string(d) + " of shape " + to_string(shape) +
                        " has no element to repeat; pad with a constant" + at_line(where));
  }
}

}  // namespace

template <class T>
var<T> record_pad(const var<T>& x, std::span<const pad_width> widths, pad_mode mode, double value,
                  const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "pad")->shape();
  check(widths, shape, mode, where);
  view_geometry g;
  if (mode == pad_mode::constant) {
    shape_t whole;
    for (std::size_t d = 0; d < shape.size(); ++d)
      whole.push_back(shape[d] + std::size_t(widths[d].before) + std::size_t(widths[d].after));
    const auto strides = strides_of(whole);
    for (std::size_t d = 0; d < shape.size(); ++d) {
      g.offset += widths[d].before * strides[d];
      g.add_axis(shape[d], strides[d]);
    }
    return record_scatter(x, std::move(g), std::move(whole), T(value), "pad", where);
  }
  const auto strides = strides_of(shape);
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const auto extent = std::ptrdiff_t(shape[d]);
    if (widths[d].before == 0 && widths[d].after == 0) {
      g.add_axis(shape[d], strides[d]);
      continue;
    }
    std::vector<std::ptrdiff_t> offsets;
    for (std::ptrdiff_t i = -widths[d].before; i < extent + widths[d].after; ++i)
      offsets.push_back(element_at(i, extent, mode) * strides[d]);
    g.add_axis(offsets);
  }
  return record_view(x, std::move(g), "pad", where);
}

template var<float> record_pad(const var<float>&, std::span<const pad_width>, pad_mode, double,
                               const std::source_location&);
template var<double> record_pad(const var<double>&, std::span<const pad_width>, pad_mode, double,
                                const std::source_location&);

}  // namespace xg::detail
