// Parts and rearrangements: slices, elements, transposition, reshaping. All are views of the operand, copied to a
// variable of their own: one op to gather, one to scatter, each the other's derivative.
#pragma once

#include <initializer_list>

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>
#include <xgrad/ops/slice.hpp>

namespace xg {

namespace detail {

template <class T>
var<T> record_view(const var<T>& x, view_geometry geometry, const char* name, const std::source_location& where);
/// Zeros (or another number) of shape `whole`, but x where the view would read.
template <class T>
var<T> record_scatter(const var<T>& x, view_geometry geometry, shape_t whole, T elsewhere, const char* name,
                      const std::source_location& where);
template <class T>
var<T> record_element(const var<T>& x, std::span<const std::ptrdiff_t> index, const std::source_location& where);
template <class T>
var<T> record_reshape(const var<T>& x, std::span<const std::ptrdiff_t> shape, const std::source_location& where);
template <class T>
var<T> record_transpose(const var<T>& x, std::span<const std::ptrdiff_t> axes, const std::source_location& where);
template <class T>
var<T> record_slices(const var<T>& x, std::span<const slice> slices, const std::source_location& where);

}  // namespace detail

/// A matrix (or any array) with its axes reversed, not copied yet: a product reads it in place, everything else records
/// the transposition as a node of its own.
template <class T>
class transposed : public detail::bare<transposed<T>> {
 public:
  using scalar_type = T;

  transposed(const var<T>& of, const std::source_location& where) : of_(of), where_(where) { of.ledger(where); }
  transposed(const transposed&) = default;
  transposed& operator=(const transposed&) & = default;
  template <class X>
  void operator=(const X&) && {
    transposed::template refuse_assignment<X>();
  }
  operator var<T>() const { return detail::record_transpose(of_, {}, where_); }
  /// What is transposed.
  const var<T>& of() const { return of_; }
  tape<T>& owner(const std::source_location& where = std::source_location::current()) const { return of_.owner(where); }
  detail::ledger<T>& ledger(const std::source_location& where = std::source_location::current()) const {
    return of_.ledger(where);
  }
  auto value() const { return var<T>(*this).value(); }
  shape_t shape() const {
    const shape_view s = of_.shape();
    return shape_t(s.rbegin(), s.rend());
  }

 private:
  var<T> of_;
  std::source_location where_;
};
template <class T>
var(const transposed<T>&) -> var<T>;

/// transpose(x): the axes reversed. transpose(x, {1, 0, 2}): result axis i is axis axes[i] of x; negative ones count
/// from the end. Throws shape_error if axes is not a permutation of 0..dimension-1.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto transpose(V<P...> x, const std::source_location& where = std::source_location::current()) {
  return transposed<typename V<P...>::scalar_type>(recorded<Arch>(x, where), where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto transpose(V<P...> x, const I (&axes)[N], const std::source_location& where = std::source_location::current()) {
  const xt::svector<std::ptrdiff_t, 4> list(axes, axes + N);
  return detail::record_transpose(recorded<Arch>(x, where), {list.data(), list.size()}, where);
}
template <template <class...> class V, class... P, std::ranges::input_range R, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto transpose(V<P...> x, R axes, const std::source_location& where = std::source_location::current()) {
  const xt::svector<std::ptrdiff_t, 4> list(std::ranges::begin(axes), std::ranges::end(axes));
  return detail::record_transpose(recorded<Arch>(x, where), {list.data(), list.size()}, where);
}

/// reshape(x, {2, 3}): the same elements in row-major order in another shape; one extent may be -1 and is worked out.
/// Throws shape_error if the sizes differ.
struct reshape_t {
  template <differentiable E, class Arch = detail::simd_arch>
  auto operator()(const E& e, std::initializer_list<std::ptrdiff_t> shape,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::record_reshape(recorded<Arch>(e, where), {shape.begin(), shape.size()}, where);
  }
  template <differentiable E, std::ranges::input_range R, class Arch = detail::simd_arch>
  auto operator()(const E& e, const R& shape,
                  const std::source_location& where = std::source_location::current()) const {
    const xt::svector<std::ptrdiff_t, 4> list(std::ranges::begin(shape), std::ranges::end(shape));
    return detail::record_reshape(recorded<Arch>(e, where), {list.data(), list.size()}, where);
  }
};
inline constexpr reshape_t reshape;

/// view(x, {xt::range(0, 2), xt::all(), 1}): a slice, in xtensor's terms (xt::range, xt::all, xt::newaxis,
/// xt::ellipsis, xt::keep, xt::drop, whole numbers; negative ones count from the end), as a variable of its own. What
/// xt::keep names twice is there twice, and its adjoints add up. Throws shape_error for too many slices, value_error
/// for a number out of range.
template <template <class...> class V, class... P, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto view(V<P...> x, std::initializer_list<slice> slices,
          const std::source_location& where = std::source_location::current()) {
  return detail::record_slices(recorded<Arch>(x, where), {slices.begin(), slices.size()}, where);
}
/// The same with a list of slices that is made at run time: std::vector<xg::slice>, xt::xstrided_slice_vector, ...
template <template <class...> class V, class... P, std::ranges::input_range R, class Arch = detail::simd_arch>
requires(differentiable<V<P...>>&& std::convertible_to<std::ranges::range_reference_t<const R&>, slice>) auto view(
    V<P...> x, const R& slices, const std::source_location& where = std::source_location::current()) {
  const std::vector<slice> list(std::ranges::begin(slices), std::ranges::end(slices));
  return detail::record_slices(recorded<Arch>(x, where), list, where);
}

template <class T>
template <std::integral... I>
var<T> var<T>::operator()(index_at first, I... rest) const {
  const std::ptrdiff_t index[] = {first.index, std::ptrdiff_t(rest)...};
  return detail::record_element(*this, index, first.where);
}

}  // namespace xg
