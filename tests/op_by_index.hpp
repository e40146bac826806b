// References for ops that move elements: what stands at each index of the result.
#pragma once

#include <functional>

#include "op_table.hpp"

namespace test {

using index_list = std::vector<std::size_t>;

/// The shape of x as a list.
inline index_list extents(const array& x) { return {x.shape().begin(), x.shape().end()}; }

/// The array of a shape with f(index) at each index.
inline array by_index(const index_list& shape, const std::function<double(const index_list&)>& f) {
  array y = array::from_shape(shape);
  index_list index(shape.size(), 0);
  for (std::size_t i = 0; i < y.size(); ++i) {
    y.flat(i) = f(index);
    for (std::size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
  return y;
}

/// The element of x at an index.
inline double at(const array& x, const index_list& index) {
  std::size_t flat = 0;
  for (std::size_t d = 0; d < index.size(); ++d) flat = flat * x.shape(d) + index[d];
  return x.flat(flat);
}

/// A row along an axis is replaced by f of it.
inline array by_row(const array& x, std::size_t axis,
                    const std::function<std::vector<double>(const std::vector<double>&)>& f) {
  index_list shape = extents(x), one = shape;
  one[axis] = 1;
  std::vector<std::pair<index_list, std::vector<double>>> rows;
  std::size_t length = f(std::vector<double>(shape[axis])).size();
  by_index(one, [&](index_list i) {
    std::vector<double> row;
    for (i[axis] = 0; i[axis] < shape[axis]; ++i[axis]) row.push_back(at(x, i));
    i[axis] = 0;
    rows.emplace_back(i, f(row));
    return 0;
  });
  shape[axis] = length;
  array y = xt::zeros<double>(shape);
  for (auto& [start, row] : rows)
    for (std::size_t k = 0; k < length; ++k) {
      std::size_t flat = 0;
      for (std::size_t d = 0; d < shape.size(); ++d) flat = flat * shape[d] + (d == axis ? k : start[d]);
      y.flat(flat) = row[k];
    }
  return y;
}

}  // namespace test
