#include <xgrad/ops/diagonal.hpp>

#include <algorithm>
#include <string>

#include <xgrad/ops/compare.hpp>
#include <xgrad/ops/reduce.hpp>
#include <xgrad/ops/view.hpp>

namespace xg::detail {

template <class T>
var<T> record_diag(const var<T>& x, std::ptrdiff_t k, const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "diag")->shape();
  if (shape.size() == 2) return record_diagonal(x, k, 0, 1, "diag", where);
  if (shape.size() != 1)
    throw shape_error("diag: " + to_string(shape) + ": a vector or a matrix is needed; xg::diagonal takes two axes" +
                      at_line(where));
  const std::size_t n = shape[0] + std::size_t(std::abs(k));
  view_geometry g;
  g.offset = k > 0 ? k : -k * std::ptrdiff_t(n);
  g.add_axis(shape[0], std::ptrdiff_t(n) + 1);
  return record_scatter(x, std::move(g), {n, n}, T(0), "diag", where);
}

template <class T>
var<T> record_diagonal(const var<T>& x, std::ptrdiff_t offset, std::ptrdiff_t axis1, std::ptrdiff_t axis2,
                       const char* op, const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, op)->shape();
  const std::size_t rank = shape.size();
  if (rank < 2)
    throw shape_error(std::string(op) + ": " + to_string(shape) + ": two dimensions or more are needed" +
                      at_line(where));
  const std::size_t row = checked_axis(axis1, rank, shape, op, where),
                    column = checked_axis(axis2, rank, shape, op, where);
  if (row == column)
    throw shape_error(std::string(op) + ": both axes are axis " + std::to_string(row) + " of shape " +
                      to_string(shape) + "; two are needed" + at_line(where));
  const auto strides = strides_of(shape);
  const auto rows = std::ptrdiff_t(shape[row]), columns = std::ptrdiff_t(shape[column]);
  const std::ptrdiff_t length = offset >= 0 ? std::min(rows, columns - offset) : std::min(rows + offset, columns);
  view_geometry g;
  for (std::size_t d = 0; d < rank; ++d)
    if (d != row && d != column) g.add_axis(shape[d], strides[d]);
  if (length > 0) g.offset = offset >= 0 ? offset * strides[column] : -offset * strides[row];
  g.add_axis(std::size_t(std::max(length, std::ptrdiff_t(0))), strides[row] + strides[column]);
  return record_view(x, std::move(g), op, where);
}

template <class T>
var<T> record_trace(const var<T>& x, std::ptrdiff_t offset, std::ptrdiff_t axis1, std::ptrdiff_t axis2,
                    const std::source_location& where) {
  attempt recording(x.ledger(where));
  return recording.keep(sum(record_diagonal(x, offset, axis1, axis2, "trace", where), -1, drop_dims_t(), where));
}

template <class T>
var<T> record_triangle(const var<T>& x, std::ptrdiff_t k, bool upper, const std::source_location& where) {
  ledger<T>& l = x.ledger(where);
  const shape_view shape = l.slot_of(x, where, upper ? "triu" : "tril")->shape();
  if (shape.size() < 2)
    throw shape_error(std::string(upper ? "triu" : "tril") + ": " + to_string(shape) +
                      ": two dimensions or more are needed" + at_line(where));
  const std::size_t rows = shape[shape.size() - 2], columns = shape.back();
  xt::xarray<T> kept = xt::xarray<T>::from_shape({rows, columns});
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      const std::ptrdiff_t right = std::ptrdiff_t(j) - std::ptrdiff_t(i);
      kept(i, j) = upper ? right >= k : right <= k;
    }
  attempt recording(l);
  const var<T> mask = make_leaf<simd_arch>(l, kept, false, where);
  return recording.keep(var<T>(xt::where(mask, x, 0), where));
}

template var<float> record_diag(const var<float>&, std::ptrdiff_t, const std::source_location&);
template var<float> record_diagonal(const var<float>&, std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t, const char*,
                                    const std::source_location&);
template var<float> record_trace(const var<float>&, std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t,
                                 const std::source_location&);
template var<float> record_triangle(const var<float>&, std::ptrdiff_t, bool, const std::source_location&);
template var<double> record_diag(const var<double>&, std::ptrdiff_t, const std::source_location&);
template var<double> record_diagonal(const var<double>&, std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t, const char*,
                                     const std::source_location&);
template var<double> record_trace(const var<double>&, std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t,
                                  const std::source_location&);
template var<double> record_triangle(const var<double>&, std::ptrdiff_t, bool, const std::source_location&);

}  // namespace xg::detail
