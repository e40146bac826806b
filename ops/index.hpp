// Taking by position: elements, rows, embeddings, whose places are whole numbers on the tape.
#pragma once

#include <xgrad/core/tape/op.hpp>

namespace xg {

namespace detail {

template <class T>
var<T> record_take(const var<T>& x, const indices<T>& i, std::ptrdiff_t axis, const std::source_location& where);
template <class T>
var<T> record_embedding(const var<T>& table, const indices<T>& i, const std::source_location& where);

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

}  // namespace xg
