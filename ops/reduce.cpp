#include <xgrad/ops/reduce.hpp>

#include <xgrad/core/expression/compiled_folds.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template <class T>
var<T> mean_fold::vjp(const var<T>& g, const var<T>&, const var<T>&, shape_view, double n) {
  return g / n;
}

template <class T>
var<T> norm_l2_fold::vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view, double) {
  const auto is_zero = xt::equal(y, 0);
  return xt::where(is_zero, 0, g * (x / xt::where(is_zero, 1, y)));
}

template <bool Root>
template <class T>
var<T> spread_fold<Root>::vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double n) {
  const var<T> away = x - detail::sum_to(x, kept, kept) / n;
  if constexpr (!Root) return 2 * g * away / n;
  const auto is_zero = xt::equal(y, 0);
  return xt::where(is_zero, 0, g * (away / (n * xt::where(is_zero, 1, y))));
}

template <bool Largest>
template <class T>
var<T> extreme_fold<Largest>::vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double) {
  const var<T> is_one = xt::equal(x, y), number = detail::sum_to(is_one, kept, kept);
  return xt::where(xt::not_equal(y, y), y, xt::where(is_one, g / xt::maximum(number, 1), 0));
}

// dy/dx is the product of the other values. Where x is zero: of those that are not, times the other zeros, which are
// one if there are two (their sum less x), and none or too many else.
template <class T>
var<T> prod_fold::vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double) {
  detail::ledger<T>& l = x.ledger();
  const auto fold = [&](const auto& e, auto f) {
    return detail::record_statement<decltype(f), detail::simd_arch>(l, e, {target::collapse, kept, kept}, l.line);
  };
  const var<T> is_zero = xt::equal(x, 0);
  const var<T> zeros = fold(+is_zero, sum_fold()), sum = fold(xt::where(is_zero, x, 0), sum_fold());
  const var<T> others = fold(xt::where(is_zero, 1, x), prod_fold());
  const var<T> of_zero = others * xt::where(xt::equal(zeros, 1), 1, xt::where(xt::equal(zeros, 2), sum - x, 0));
  return g * xt::where(is_zero, of_zero, y / xt::where(is_zero, 1, x));
}

template <class T>
var<T> logsumexp_fold::vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view, double) {
  return g * xt::exp(xt::where(xt::equal(x, y), 0, x - y));
}

template auto compiled_folds<mean_fold, norm_l2_fold, spread_fold<false>, spread_fold<true>, extreme_fold<true>,
                             extreme_fold<false>, any_fold, all_fold, prod_fold, logsumexp_fold>();

}  // namespace xg
