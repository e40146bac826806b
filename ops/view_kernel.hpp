// Views on plain memory: gathering and scattering. For the library's own sources.
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>

#include <xgrad/ops/slice.hpp>

namespace xg::detail {

// Where the elements of a run lie, seen from its offset.
struct contiguous {
  std::ptrdiff_t operator()(std::size_t i) const { return std::ptrdiff_t(i); }
};
struct spaced {
  std::ptrdiff_t stride;
  std::ptrdiff_t operator()(std::size_t i) const { return std::ptrdiff_t(i) * stride; }
};
struct listed_positions {
  const std::ptrdiff_t* offsets;
  std::ptrdiff_t operator()(std::size_t i) const { return offsets[i]; }
};

/// Calls row(position in the view, offset in the source, length, where each element lies) for runs of elements that
/// cover the view in order.
template <class Row>
void for_each_run(const view_geometry& v, Row row) {
  if (count_of(v.shape) == 0) return;
  // The longest tail of dimensions that one stride steps through; or the last alone, if it is listed.
  std::size_t outer = v.shape.size(), length = 1;
  std::ptrdiff_t stride = 1;
  const bool last_is_listed = outer > 0 && v.listed(outer - 1);
  if (last_is_listed) length = v.shape[--outer];
  while (!last_is_listed && outer > 0 && !v.listed(outer - 1)) {
    const std::size_t d = outer - 1;
    if (v.shape[d] != 1) {
      if (length == 1)
        stride = v.strides[d];
      else if (v.strides[d] != stride * std::ptrdiff_t(length))
        break;
      length *= v.shape[d];
    }
    --outer;
  }
  xt::svector<std::size_t, 8> index(outer, 0);
  std::ptrdiff_t offset = v.offset;
  for (std::size_t d = 0; d < outer; ++d) offset += v.at(d, 0);
  for (std::size_t position = 0;; position += length) {
    if (last_is_listed)
      row(position, offset, length, listed_positions{v.lists[outer].data()});
    else if (stride == 1)
      row(position, offset, length, contiguous{});
    else
      row(position, offset, length, spaced{stride});
    std::size_t d = outer;
    while (true) {
      if (d-- == 0) return;
      offset -= v.at(d, index[d]);
      if (++index[d] == v.shape[d]) index[d] = 0;
      offset += v.at(d, index[d]);
      if (index[d] != 0) break;
    }
  }
}

template <class T>
void gather(const view_geometry& v, const T* source, T* to) {
  for_each_run(v, [&](std::size_t position, std::ptrdiff_t offset, std::size_t n, auto at) {
    if constexpr (std::same_as<decltype(at), contiguous>)
      std::copy_n(source + offset, n, to + position);
    else
      for (std::size_t i = 0; i < n; ++i) to[position + i] = source[offset + at(i)];
  });
}

template <class T>
void add_scattered(const view_geometry& v, const T* from, T* to) {
  for_each_run(v, [&](std::size_t position, std::ptrdiff_t offset, std::size_t n, auto at) {
    for (std::size_t i = 0; i < n; ++i) to[offset + at(i)] += from[position + i];
  });
}

/// Where the elements of the view lie in a row in its source: the position of the first.
inline std::optional<std::size_t> start_of_run(const view_geometry& v) {
  const std::size_t size = count_of(v.shape);
  if (size == 0) return {};
  std::size_t length = 1;
  for (std::size_t d = v.shape.size(); d-- > 0;) {
    if (v.listed(d)) return {};
    if (v.shape[d] != 1 && v.strides[d] != std::ptrdiff_t(length)) return {};
    length *= v.shape[d];
  }
  return std::size_t(v.offset);
}

/// Calls f(position in the view, position in the source) for each element.
void for_each_element(const view_geometry& v, const auto& f) {
  for_each_run(v, [&](std::size_t position, std::ptrdiff_t offset, std::size_t n, auto at) {
    for (std::size_t i = 0; i < n; ++i) f(position + i, std::size_t(offset + at(i)));
  });
}

}  // namespace xg::detail
