#include <xgrad/core/derivative/products.hpp>

#include <algorithm>

#include <xgrad/core/derivative/forward.hpp>

namespace xg::detail {

template <class T>
jacobian_products<T>::jacobian_products(tape<T>& t, const var<T>& y, std::vector<var<T>> xs,
                                        const std::source_location& where)
    : tape_(t), y_(y), xs_(std::move(xs)), where_(where) {
  rows_ = t.ledger().get(y, "jacobian", where).size;
  for (const var<T>& x : xs_) columns_ += t.ledger().get(x, "jacobian", where).size;
}

template <class T>
std::vector<T> jacobian_products<T>::times(std::span<const T> u) {
  ledger<T>& l = tape_.ledger();
  const bool is_new = u_.empty();
  std::vector<var<T>> us;
  std::size_t at = 0;
  for (std::size_t k = 0; k < xs_.size(); ++k) {
    if (is_new) {
      us.push_back(tape_.constant(xt::xarray<T>(xt::zeros<T>(shape_t(xs_[k].shape()))), where_));
      u_.push_back(l.find(us.back()));
    }
    std::copy_n(u.data() + at, u_[k]->size, u_[k]->value);
    at += u_[k]->size;
  }
  if (is_new) {
    const std::size_t first = l.nodes.size();
    const std::vector<tangent<T>> tangents(us.begin(), us.end());
    dy_ = l.find(jvp<T>({&y_, 1}, xs_, tangents, where_).front());
    run_ = rerun<T>(l, u_, first);
  } else {
    run_(l);
  }
  return std::vector<T>(dy_->value, dy_->value + rows_);
}

template <class T>
std::vector<T> jacobian_products<T>::transposed_times(std::span<const T> w) {
  std::vector<T> result(columns_, T(0));
  if (!y_.requires_grad()) return result;  // y is made from constants alone
  const auto seed =
      xt::adapt<xt::layout_type::row_major>(w.data(), w.size(), xt::no_ownership(), shape_t(y_.shape(where_)));
  tape_.backward(y_, seed, std::span<const var<T>>(xs_), where_);
  std::size_t at = 0;
  for (const var<T>& x : xs_) {
    const auto g = x.grad();
    std::copy(g.begin(), g.end(), result.begin() + std::ptrdiff_t(at));
    at += g.size();
  }
  return result;
}

template <class T>
std::vector<xt::xarray<T>> dense_jacobian(tape<T>& t, const var<T>& y, const std::vector<var<T>>& xs, direction d,
                                          const std::source_location& where) {
  jacobian_products<T> j(t, y, xs, where);
  const std::size_t rows = j.rows(), columns = j.columns();
  if (d == direction::shorter) d = columns < rows ? direction::forward : direction::reverse;
  std::vector<T> whole(rows * columns);
  std::vector<T> unit(d == direction::forward ? columns : rows, T(0));
  for (std::size_t k = 0; k < unit.size(); ++k) {
    unit[k] = T(1);
    if (d == direction::forward) {
      const std::vector<T> column = j.times(unit);
      for (std::size_t i = 0; i < rows; ++i) whole[i * columns + k] = column[i];
    } else {
      std::ranges::copy(j.transposed_times(unit), whole.begin() + std::ptrdiff_t(k * columns));
    }
    unit[k] = T(0);
  }
  std::vector<xt::xarray<T>> blocks;
  std::size_t first = 0;
  for (const var<T>& x : xs) {
    std::vector<std::size_t> shape(y.shape().begin(), y.shape().end());
    for (const std::size_t extent : x.shape()) shape.push_back(extent);
    blocks.push_back(xt::xarray<T>::from_shape(shape));
    T* to = blocks.back().data();
    for (std::size_t i = 0; i < rows; ++i) {
      std::copy_n(whole.data() + i * columns + first, x.size(), to);
      to += x.size();
    }
    first += x.size();
  }
  return blocks;
}

template class jacobian_products<float>;
template class jacobian_products<double>;
template std::vector<xt::xarray<float>> dense_jacobian(tape<float>&, const var<float>&, const std::vector<var<float>>&,
                                                       direction, const std::source_location&);
template std::vector<xt::xarray<double>> dense_jacobian(tape<double>&, const var<double>&,
                                                        const std::vector<var<double>>&, direction,
                                                        const std::source_location&);

}  // namespace xg::detail
