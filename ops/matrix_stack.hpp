// Stacks of matrices: arrays whose last two axes are matrices, one for each place in the axes before. For the library's
// own sources.
#pragma once

#include <cmath>
#include <string>

#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/core/tape/contract.hpp>
#include <xgrad/ops/view.hpp>

namespace xg::detail {

/// The leading axes of an operand, without those of its matrix.
inline shape_view leading(shape_view s) { return {s.data(), s.size() < 2 ? 0 : s.size() - 2}; }
inline std::size_t rows_of(shape_view s) { return s[s.size() - 2]; }
inline std::size_t columns_of(shape_view s) { return s[s.size() - 1]; }

/// The leading axes, followed by others.
inline shape_t stack_shape(shape_view before, std::initializer_list<std::size_t> last) {
  shape_t s;
  for (const std::size_t extent : before) s.push_back(extent);
  for (const std::size_t extent : last) s.push_back(extent);
  return s;
}

/// Throws shape_error.
void require_matrix(shape_view a);
void require_square(shape_view a);
/// Throws shape_error where the leading axes of two operands do not broadcast.
shape_t common_stack(shape_view a, shape_view b);
/// The shape of X with A X = B. Throws shape_error where A is not square or B has another number of rows.
shape_t solution_shape(shape_view a, shape_view b);

/// Zeros of the shape of x, on its tape.
template <class T>
var<T> zeros_like(const var<T>& x) {
  return filled(x.ledger(), T(0), shape_t(x.shape()), x.ledger().line);
}

/// x summed over the leading axes in which an operand of this shape was broadcast.
template <class T>
var<T> summed_to(const var<T>& x, shape_view shape) {
  shape_t kept(x.dimension() - shape.size(), 1);
  for (const std::size_t extent : shape) kept.push_back(extent);
  return sum_to(x, kept, shape);
}

/// The matrices of a stack transposed.
template <class T>
var<T> swap_last(const var<T>& x) {
  xt::svector<std::ptrdiff_t, 4> axes;
  for (std::size_t d = 0; d < x.dimension(); ++d) axes.push_back(std::ptrdiff_t(d));
  std::swap(axes[axes.size() - 1], axes[axes.size() - 2]);
  return record_transpose(x, {axes.data(), axes.size()}, x.ledger().line);
}

/// Vectors (..., n) as rows (..., 1, n), and as columns (..., n, 1).
template <class T>
var<T> as_row(const var<T>& x) {
  const shape_view s = x.shape();
  return reshaped(x, stack_shape({s.data(), s.size() - 1}, {1, s.back()}));
}
template <class T>
var<T> as_column(const var<T>& x) {
  return reshaped(x, stack_shape(x.shape(), {1}));
}

/// The unit matrix of the size of vectors (..., n).
template <class T>
var<T> unit_matrix(const var<T>& x) {
  return x.owner().constant(xt::xarray<T>(xt::eye<T>(x.shape().back())));
}

/// Which matrix of a stack it is, for messages: nothing for a single one, else " (matrix (1, 0) of the stack)".
std::string which_matrix(std::size_t i, shape_view leading);

/// Throws value_error for a matrix with elements that are infinite or NaN, which LAPACK is not made for.
template <class T>
void require_finite(array<const T> a) {
  for (std::size_t i = 0; i < a.size; ++i) {
    if (std::isfinite(a.data[i])) continue;
    const std::size_t columns = columns_of(a.shape), matrix = rows_of(a.shape) * columns;
    std::string s = "element (" + std::to_string(i % matrix / columns);
    s += ", " + std::to_string(i % columns) + ") of the matrix is ";
    s += std::isnan(a.data[i]) ? "not a number" : "infinite";
    throw value_error(s + which_matrix(i / matrix, leading(a.shape)));
  }
}

/// Where the matrices of an operand lie, one for each of the result, into whose leading axes its own broadcast.
struct matrix_list {
  std::size_t* offset = nullptr;
  bool repeats = false;  // some matrix is used more than once, or never

  matrix_list() = default;
  matrix_list(workspace& w, shape_view batch, shape_view own, std::size_t matrix);
};

}  // namespace xg::detail
