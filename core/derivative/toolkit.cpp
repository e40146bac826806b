#include <xgrad/core/derivative/toolkit.hpp>

#include <algorithm>

namespace xg::detail {

template <class T>
recorded_function<T>::recorded_function(const function_of_vars<T>& f, const arrays<T>& at, const char* op,
                                        const std::source_location& where)
    : op_(op), where_(where) {
  for (const xt::xarray<T>& a : at) x.push_back(on.variable(a, where));
  const var<T> result = f(x);
  y = result.is_number() ? on.constant(result.item(), where) : result;
  on.ledger().get(y, op, where);
}

template <class T>
void recorded_function<T>::require_scalar() const {
  if (y.size() != 1)
    throw shape_error(std::string(op_) + ": the function returned shape " + to_string(y.shape()) +
                      ", and it is to return one element: reduce it (xg::sum, xg::mean), or ask for its jacobian" +
                      at_line(where_));
}

template <class T>
std::vector<var<T>> recorded_function<T>::gradient() {
  require_scalar();
  return detail::gradient<T>(y, nullptr, x, where_);
}

template <class T>
std::vector<T> recorded_function<T>::flat_like_x(const arrays<T>& v, const char* what) const {
  std::vector<T> flat;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const shape_t shape(v[k].shape().begin(), v[k].shape().end());
    if (!(x[k].shape() == shape))
      throw shape_error(std::string(op_) + ": the " + what + (x.size() > 1 ? " number " + std::to_string(k) : "") +
                        " has shape " + to_string(shape) + ", x has " + to_string(x[k].shape()) + at_line(where_));
    flat.insert(flat.end(), v[k].begin(), v[k].end());
  }
  return flat;
}

template <class T>
arrays<T> recorded_function<T>::shaped_like_x(const std::vector<T>& flat) const {
  arrays<T> list;
  auto from = flat.begin();
  for (const var<T>& v : x) {
    list.push_back(xt::xarray<T>::from_shape(v.value().shape()));
    std::copy_n(from, v.size(), list.back().begin());
    from += std::ptrdiff_t(v.size());
  }
  return list;
}

template <class T>
std::pair<T, arrays<T>> toolkit<T>::value_and_gradient(const function& f, const arrays<T>& at, const char* op,
                                                       line where) {
  recorded_function<T> r(f, at, op, where);
  r.require_scalar();
  arrays<T> g;
  if (r.y.requires_grad()) r.on.backward(r.y, std::span<const var<T>>(r.x), where);
  for (const var<T>& x : r.x)
    g.push_back(r.y.requires_grad() ? xt::xarray<T>(x.grad()) : xt::xarray<T>(xt::zeros_like(x.value())));
  return {r.y.item(), std::move(g)};
}

template <class T>
arrays<T> toolkit<T>::pull_back(recorded_function<T>& f, const xt::xarray<T>& g, line where) {
  const shape_t shape(g.shape().begin(), g.shape().end());
  if (!(f.y.shape() == shape))
    throw shape_error("vjp: g has shape " + to_string(shape) + ", what the function returned " +
                      to_string(f.y.shape()) + at_line(where));
  jacobian_products<T> j(f.on, f.y, f.x, where);
  return f.shaped_like_x(j.transposed_times(std::span<const T>(g.data(), g.size())));
}

template <class T>
xt::xarray<T> toolkit<T>::push_forward(const function& f, const arrays<T>& at, const arrays<T>& u, line where) {
  recorded_function<T> r(f, at, "jvp", where);
  const std::vector<T> dy = jacobian_products<T>(r.on, r.y, r.x, where).times(r.flat_like_x(u, "tangent"));
  xt::xarray<T> result = r.value();
  std::ranges::copy(dy, result.begin());
  return result;
}

template <class T>
arrays<T> toolkit<T>::hessian_product(const function& f, const arrays<T>& at, const arrays<T>& v, line where) {
  recorded_function<T> r(f, at, "hvp", where);
  const std::vector<T> flat = r.flat_like_x(v, "vector");
  const std::vector<var<T>> gradient = r.gradient();
  std::vector<tangent<T>> tangents;
  for (const xt::xarray<T>& u : v) tangents.emplace_back(u, where);
  arrays<T> result;
  for (const var<T>& h : jvp<T>(gradient, r.x, tangents, where)) result.push_back(h.value());
  return result;
}

template <class T>
arrays<T> toolkit<T>::jacobians(const function& f, const arrays<T>& at, direction d, line where) {
  recorded_function<T> r(f, at, "jacobian", where);
  return dense_jacobian(r.on, r.y, r.x, d, where);
}

template <class T>
std::vector<arrays<T>> toolkit<T>::hessians(const function& f, const arrays<T>& at, line where) {
  recorded_function<T> r(f, at, "hessian", where);
  std::vector<arrays<T>> blocks;
  for (const var<T>& g : r.gradient()) blocks.push_back(dense_jacobian(r.on, g, r.x, direction::reverse, where));
  return blocks;
}

template class recorded_function<float>;
template class recorded_function<double>;
template struct toolkit<float>;
template struct toolkit<double>;

}  // namespace xg::detail
