// Taking by position, and adding by position: elements, rows, embeddings, whose places are whole numbers on the tape.
#pragma once

#include <vector>

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

namespace detail {

template <class T>
var<T> record_take(const var<T>& x, const indices<T>& i, std::ptrdiff_t axis, const std::source_location& where);
template <class T>
var<T> record_embedding(const var<T>& table, const indices<T>& i, const std::source_location& where);
template <class T>
var<T> record_index_add(const var<T>& x, const indices<T>& i, const var<T>& values, std::ptrdiff_t axis,
                        const std::source_location& where);
template <class T>
var<T> record_one_hot(const indices<T>& i, std::ptrdiff_t classes, const std::source_location& where);
template <class T>
var<T> record_filter(const var<T>& x, const xt::xarray<bool>& mask, const std::source_location& where);

}  // namespace detail

/// take(x, i, axis): the parts of x along an axis (the first, if none is given) that i names, in the shape of i; so
/// take(embeddings, words) is a row for each word. Negative numbers count from the end; what is named twice gets the
/// sum of both adjoints. Throws shape_error where x has no such axis, value_error for a number out of range, at
/// recording and at a replay.
struct take_t {
  template <differentiable X, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const X& x, const std::type_identity_t<indices<T>>& i, std::ptrdiff_t axis = 0,
                    const std::source_location& where = std::source_location::current()) const {
    return detail::record_take(recorded<Arch>(x, where), i, axis, where);
  }
};
inline constexpr take_t take;

/// embedding(table, i): for each number its row of the table (rows, width), in the shape of i with the width as last
/// axis. As take, but a negative number is an error, as it would be one of padding that was forgotten. Throws
/// shape_error where the table is no matrix, value_error for a number out of range.
struct embedding_t {
  template <differentiable X, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const X& table, const std::type_identity_t<indices<T>>& i,
                    const std::source_location& where = std::source_location::current()) const {
    return detail::record_embedding(recorded<Arch>(table, where), i, where);
  }
};
inline constexpr embedding_t embedding;

/// index_add(x, i, values, axis): x, with the part k of `values` (variables, arrays or a number) along an axis (the
/// first, if none is given) added to the part i[k] of x, as often as it is named: sums over segments. The transpose of
/// take. Throws shape_error where values have not the shape of take(x, i, axis), value_error for a number out of range.
struct index_add_t {
  template <differentiable X, class U, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const X& x, const std::type_identity_t<indices<T>>& i, const U& values, std::ptrdiff_t axis = 0,
                    const std::source_location& where = std::source_location::current()) const {
    const var<T> v = recorded<Arch>(x, where);
    return detail::record_index_add(v, i, detail::as_var<Arch>(v.ledger(where), values, where), axis, where);
  }
};
inline constexpr index_add_t index_add;

/// one_hot(i, classes): for each number a row with 1 in its place and zeros else, in the shape of i with the classes as
/// last axis; a constant, which follows i in a replay. Throws value_error for a number outside 0..classes-1.
struct one_hot_t {
  template <class T>
  var<T> operator()(const indices<T>& i, std::integral auto classes,
                    const std::source_location& where = std::source_location::current()) const {
    return detail::record_one_hot(i, std::ptrdiff_t(classes), where);
  }
};
inline constexpr one_hot_t one_hot;

/// filter(x, mask): the elements where the mask, of the shape of x, is true, in row-major order, as a vector; of a mask
/// of the shape of the first axes alone, the parts of x there. (x[mask] in NumPy, masked_select in torch.) How many
/// there are is settled when it is recorded, so the mask is an array of plain numbers: filter(x, x.value() > 0). Where
/// a replay is to choose anew, xg::where(x > 0, x, 0) does. Throws shape_error for a mask of another shape.
template <template <class...> class V, class... P, class M, class Arch = detail::simd_arch>
requires differentiable<V<P...>>
auto filter(V<P...> x, const M& mask, const std::source_location& where = std::source_location::current()) {
  static_assert(!differentiable<M>,
                "xgrad: the mask of filter is settled when it is recorded, and a comparison of variables would change "
                "in a replay; write filter(x, x.value() > 0), or where(x > 0, x, 0)");
  const auto v = recorded<Arch>(x, where);
  const xt::xarray<bool> plain = detail::evaluated<M, Arch>(
      [&] { return xt::xarray<bool>(xt::not_equal(mask, typename M::value_type(0))); }, "filter", where);
  return detail::record_filter(v, plain, where);
}

}  // namespace xg
