// Products with a Jacobian: what was recorded once is run again with other vectors.
#pragma once

#include <span>
#include <vector>

#include <xgrad/core/derivative/rerun.hpp>
#include <xgrad/core/tape/tape.hpp>

namespace xg::detail {

/// The Jacobian dy/dx of a recorded y by several xs, taken for one long vector.
template <class T>
class jacobian_products {
 public:
  /// Throws tape_error where y and the xs are not on this tape. The products record on it.
  jacobian_products(tape<T>& t, const var<T>& y, std::vector<var<T>> xs, const std::source_location& where);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  /// J u, by a forward tangent.
  std::vector<T> times(std::span<const T> u);
  /// Jᵀ w, by a backward sweep.
  std::vector<T> transposed_times(std::span<const T> w);

 private:
  tape<T>& tape_;
  var<T> y_;
  std::vector<var<T>> xs_;
  std::source_location where_;
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<slot<T>*> u_;  // the tangents, empty until one is asked for
  const slot<T>* dy_ = nullptr;
  rerun<T> run_;
};

/// The columns of J are asked for where there are fewer of them than rows, else the rows.
enum class direction { shorter, forward, reverse };
/// dy/dx for each x: arrays of the shape of y followed by that of x.
template <class T>
std::vector<xt::xarray<T>> dense_jacobian(tape<T>& t, const var<T>& y, const std::vector<var<T>>& xs, direction d,
                                          const std::source_location& where);

extern template class jacobian_products<float>;
extern template class jacobian_products<double>;

}  // namespace xg::detail
