// Joining and splitting: several arrays become one, one becomes several.
#pragma once

#include <initializer_list>
#include <tuple>
#include <vector>

#include <xgrad/core/tape/op.hpp>

namespace xg {

namespace detail {

enum class joint { along_axis, new_axis };

template <class T>
var<T> record_join(joint how, std::span<const var<T>> xs, std::ptrdiff_t axis, const std::source_location& where);
template <class T>
std::vector<var<T>> record_split(const var<T>& x, std::size_t sections, std::ptrdiff_t axis,
                                 const std::source_location& where);
template <class T>
std::vector<var<T>> record_split_at(const var<T>& x, std::span<const std::ptrdiff_t> positions, std::ptrdiff_t axis,
                                    const std::source_location& where);

template <class Arch, class... X>
auto join_operands(joint how, const std::tuple<X...>& xs, std::ptrdiff_t axis, const std::source_location& where) {
  return std::apply(
      [&](const auto&... x) {
        auto& l = ledger_of_any(where, x...);
        using T = decltype(scalar_of_ledger(l));
        attempt recording(l);
        const std::array<var<T>, sizeof...(X)> list{as_var<Arch>(l, x, where)...};
        return recording.keep(record_join<T>(how, list, axis, where));
      },
      xs);
}

}  // namespace detail

/// concatenate({a, b, c}, axis): joined along an axis they have, the first if none is given; a negative one counts from
/// the end. The list is in braces, a std::vector<xg::var<T>>, or, with expressions, arrays and numbers among the
/// variables, xt::xtuple(a, 2 * b, m), as xtensor has it. Throws shape_error where the other extents differ.
template <class T>
var<T> concatenate(std::initializer_list<var<T>> xs, std::ptrdiff_t axis = 0,
                   const std::source_location& where = std::source_location::current()) {
  return detail::record_join<T>(detail::joint::along_axis, {xs.begin(), xs.size()}, axis, where);
}
template <class T>
var<T> concatenate(const std::vector<var<T>>& xs, std::ptrdiff_t axis = 0,
                   const std::source_location& where = std::source_location::current()) {
  return detail::record_join<T>(detail::joint::along_axis, xs, axis, where);
}
template <class... X, std::integral I, class Arch = detail::simd_arch>
requires(differentiable<X> ||
         ...) auto concatenate(std::tuple<X...>&& xs, I axis,
                               const std::source_location& where = std::source_location::current()) {
  return detail::join_operands<Arch>(detail::joint::along_axis, xs, std::ptrdiff_t(axis), where);
}

/// stack({a, b, c}, axis): joined along a new axis, which becomes this one of the result; so a matrix is made from rows
/// or columns, a vector from scalars. Lists as for concatenate. Throws shape_error where shapes differ.
template <class T>
var<T> stack(std::initializer_list<var<T>> xs, std::ptrdiff_t axis = 0,
             const std::source_location& where = std::source_location::current()) {
  return detail::record_join<T>(detail::joint::new_axis, {xs.begin(), xs.size()}, axis, where);
}
template <class T>
var<T> stack(const std::vector<var<T>>& xs, std::ptrdiff_t axis = 0,
             const std::source_location& where = std::source_location::current()) {
  return detail::record_join<T>(detail::joint::new_axis, xs, axis, where);
}
template <class... X, std::integral I, class Arch = detail::simd_arch>
requires(differentiable<X> || ...) auto stack(std::tuple<X...>&& xs, I axis,
                                              const std::source_location& where = std::source_location::current()) {
  return detail::join_operands<Arch>(detail::joint::new_axis, xs, std::ptrdiff_t(axis), where);
}

/// split(x, 3, axis): a std::vector of that many equal parts; split(x, {2, 5}, axis): what lies before, between and
/// after these positions, as in NumPy. Parts in a row in memory (of the first axis) are not copied, as slices are not.
/// Throws shape_error where x has no such axis, or cannot be split evenly; value_error for a position out of order.
template <template <class...> class V, class... P, std::integral I, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto split(V<P...> x, I sections, std::ptrdiff_t axis = 0,
           const std::source_location& where = std::source_location::current()) {
  return detail::record_split(recorded<Arch>(x, where), sections > 0 ? std::size_t(sections) : 0, axis, where);
}
template <template <class...> class V, class... P, std::integral I, std::size_t N, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto split(V<P...> x, const I (&positions)[N], std::ptrdiff_t axis = 0,
           const std::source_location& where = std::source_location::current()) {
  const std::vector<std::ptrdiff_t> list(positions, positions + N);
  return detail::record_split_at(recorded<Arch>(x, where), std::span<const std::ptrdiff_t>(list), axis, where);
}
template <template <class...> class V, class... P, std::ranges::input_range R, class Arch = detail::simd_arch>
requires(differentiable<V<P...>>&& std::integral<std::ranges::range_value_t<R>>) auto split(
    V<P...> x, const R& positions, std::ptrdiff_t axis = 0,
    const std::source_location& where = std::source_location::current()) {
  const std::vector<std::ptrdiff_t> list(std::ranges::begin(positions), std::ranges::end(positions));
  return detail::record_split_at(recorded<Arch>(x, where), std::span<const std::ptrdiff_t>(list), axis, where);
}

}  // namespace xg
