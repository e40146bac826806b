// Sparse Jacobians and Hessians: where they are zero is read from what was recorded, rows or columns that do not meet
// are computed together, and a random product holds the result against the function. f and x as in toolkit.hpp; one x.
#pragma once

#include <xgrad/core/derivative/toolkit.hpp>

namespace xg {

/// A matrix of which only some elements are stored, row by row (CSR). Of an array as an operand rows or columns are its
/// flat indices, row-major.
template <class T>
struct sparse_matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<std::size_t> row_start;  // [rows + 1] where each row begins in the two below
  std::vector<std::uint32_t> column;   // [stored], in order within a row
  std::vector<T> value;                // [stored]; some may be zero
  std::size_t products = 0;            // how many products with the Jacobian or Hessian it took

  std::size_t stored() const { return value.size(); }
  /// An element; zero where none is stored. Throws value_error for an index out of range.
  T operator()(std::size_t row, std::size_t column) const;
  /// All elements, (rows, columns).
  xt::xarray<T> dense() const;
};

namespace detail {

template <class T>
struct sparse_toolkit {
  using function = function_of_vars<T>;
  using line = std::source_location;
  static sparse_matrix<T> jacobian(const function& f, const arrays<T>& at, line where);
  static sparse_matrix<T> hessian(const function& f, const arrays<T>& at, line where);
  static arrays<T> hessian_diagonal(const function& f, const arrays<T>& at, line where);
};
extern template struct sparse_toolkit<float>;
extern template struct sparse_toolkit<double>;

}  // namespace detail

extern template struct sparse_matrix<float>;
extern template struct sparse_matrix<double>;

/// sparse_jacobian(f, x): dy/dx as a sparse_matrix, of y.size() rows and x.size() columns. It costs as many products as
/// colours are needed: three for a tridiagonal one of any size. Statements, reductions, slices, joins, takes and matrix
/// products say which elements depend on which; what goes through another op is taken for dense, which costs time and
/// is right. Throws value_error where a random product shows that an op has said too little.
template <class F, detail::plain_value X, class Arch = detail::simd_arch>
auto sparse_jacobian(const F& f, const X& x, const std::source_location& where = std::source_location::current()) {
  using T = detail::scalar_of_point<X>;
  return detail::sparse_toolkit<T>::jacobian(detail::of_list<T, Arch, 1>(f), {detail::as_array<T>(x)}, where);
}

/// sparse_hessian(f, x): d²y/dx² as a symmetric sparse_matrix, of x.size() rows and columns, its diagonal stored. Where
/// it is zero is read from the recorded gradient. f returns one element. Throws shape_error, value_error as above.
template <class F, detail::plain_value X, class Arch = detail::simd_arch>
auto sparse_hessian(const F& f, const X& x, const std::source_location& where = std::source_location::current()) {
  using T = detail::scalar_of_point<X>;
  return detail::sparse_toolkit<T>::hessian(detail::of_list<T, Arch, 1>(f), {detail::as_array<T>(x)}, where);
}

/// hessian_diagonal(f, x): d²y/dx_i², in the form of x. Exact; it takes as many products as sparse_hessian.
template <class F, detail::plain_value X, class Arch = detail::simd_arch>
auto hessian_diagonal(const F& f, const X& x, const std::source_location& where = std::source_location::current()) {
  using T = detail::scalar_of_point<X>;
  return detail::in_form_of<X>(
      detail::sparse_toolkit<T>::hessian_diagonal(detail::of_list<T, Arch, 1>(f), {detail::as_array<T>(x)}, where));
}

}  // namespace xg
