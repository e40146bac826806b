#include <xgrad/ops/vector_norm.hpp>

#include <cmath>
#include <limits>
#include <string>

#include <xgrad/ops/view.hpp>

namespace xg::detail {

template <class T>
var<T> record_norm_lp(const var<T>& x, double p, const axes_t& axes, bool keep, const std::source_location& where) {
  if (!(p > 0)) throw value_error("norm_lp: p = " + std::to_string(p) + "; it must be greater than 0" + at_line(where));
  ledger<T>& l = x.ledger(where);
  const auto reduced_by = [&]<class Fold>(const auto& e, Fold, auto how) {
    return reduced<Fold, simd_arch>(e, axes, how, where);
  };
  attempt recording(l);
  const auto known = [&](auto how) -> var<T> {
    if (p == 1) return reduced_by(xt::abs(x), sum_fold(), how);
    if (p == 2) return reduced_by(x, norm_l2_fold(), how);
    return reduced_by(xt::abs(x), extreme_fold<true>(), how);
  };
  if (p == 1 || p == 2 || std::isinf(p)) return recording.keep(keep ? known(keep_dims_t()) : known(drop_dims_t()));
  const shape_t shape = axes.reduced_shape(l.slot_of(x, where, "norm_lp")->shape(), "norm_lp", where);
  // The result does not depend on what the values are divided by, which is a constant.
  const auto scale = [&] {
    const detail::gradient_scope constant(l, false);
    const var<T> largest = reduced_by(xt::abs(x), extreme_fold<true>(), keep_dims_t());
    return var<T>(xt::where(largest > 0 && largest < std::numeric_limits<T>::infinity(), largest, 1), where);
  }();
  const var<T> powers = reduced_by(xt::pow(xt::abs(x) / scale, p), sum_fold(), keep_dims_t());
  const var<T> norm(
      xt::where(xt::equal(powers, 0), 0, scale * xt::pow(xt::where(xt::equal(powers, 0), 1, powers), 1 / p)), where);
  if (keep) return recording.keep(norm);
  const xt::svector<std::ptrdiff_t, 4> extents(shape.begin(), shape.end());
  return recording.keep(record_reshape(norm, {extents.data(), extents.size()}, where));
}

template var<float> record_norm_lp(const var<float>&, double, const axes_t&, bool, const std::source_location&);
template var<double> record_norm_lp(const var<double>&, double, const axes_t&, bool, const std::source_location&);

}  // namespace xg::detail
