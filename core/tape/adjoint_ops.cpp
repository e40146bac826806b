#include <xgrad/core/tape/adjoint_ops.hpp>

namespace xg::detail {

namespace {

template <class T>
expr<xt::detail::identity, var<T>> identity(const var<T>& x) {
  return expr<xt::detail::identity, var<T>>(xt::detail::identity{}, x);
}

}  // namespace

template <class T>
var<T> add(const var<T>& a, const var<T>& b) {
  ledger<T>& l = a.ledger();
  return record_statement<no_fold, simd_arch>(l, expr<xt::detail::plus, var<T>, var<T>>(xt::detail::plus{}, a, b), {},
                                              l.line);
}

template <class T>
var<T> sum_to(const var<T>& x, shape_view kept, shape_view shape) {
  if (x.shape() == shape) return x;
  ledger<T>& l = x.ledger();
  return record_statement<sum_fold, simd_arch>(l, identity(x), {target::collapse, shape, kept}, l.line);
}

template <class T>
var<T> broadcast_to(const var<T>& x, shape_view kept, shape_view shape) {
  if (x.shape() == shape) return x;
  ledger<T>& l = x.ledger();
  return record_statement<no_fold, simd_arch>(l, identity(x), {target::expand, shape, kept}, l.line);
}

template <class T>
var<T> reshaped(const var<T>& x, shape_view shape) {
  return broadcast_to(x, shape, shape);
}

template <class T>
var<T> filled(ledger<T>& l, T number, shape_view shape, const std::source_location& where) {
  return broadcast_to(l.number(number, where), shape_t(shape.size(), 1), shape);
}

template var<float> add(const var<float>&, const var<float>&);
template var<float> sum_to(const var<float>&, shape_view, shape_view);
template var<float> broadcast_to(const var<float>&, shape_view, shape_view);
template var<float> reshaped(const var<float>&, shape_view);
template var<float> filled(ledger<float>&, float, shape_view, const std::source_location&);
template var<double> add(const var<double>&, const var<double>&);
template var<double> sum_to(const var<double>&, shape_view, shape_view);
template var<double> broadcast_to(const var<double>&, shape_view, shape_view);
template var<double> reshaped(const var<double>&, shape_view);
template var<double> filled(ledger<double>&, double, shape_view, const std::source_location&);

}  // namespace xg::detail
