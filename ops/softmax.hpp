// Softmax and its logarithm, along an axis. Both are shifted by the largest value, so that nothing overflows
// (Goodfellow et al., Deep Learning, 4.1).
#pragma once

#include <xgrad/core/tape/op.hpp>

namespace xg {

namespace detail {

enum class softmax_form {
  plain,
  logarithm,
  masked,  // zeros, where all values of a row are -∞
};
template <class T>
var<T> record_softmax(softmax_form form, const var<T>& x, std::ptrdiff_t axis, const std::source_location& where);

}  // namespace detail

/// softmax(x, axis): eˣ / Σ eˣ, the sum along an axis, the last if none is given; negative ones count from the end. A
/// value of -∞ has the share 0; a row of nothing else has none, and is NaN. Throws shape_error where x has no such
/// axis.
struct softmax_t {
  template <differentiable X, class Arch = detail::simd_arch>
  auto operator()(const X& x, std::ptrdiff_t axis = -1,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::record_softmax(detail::softmax_form::plain, recorded<Arch>(x, where), axis, where);
  }
};
inline constexpr softmax_t softmax;

/// log_softmax(x, axis): x - log Σ eˣ, with all its digits also where a share is close to 1. As softmax.
struct log_softmax_t {
  template <differentiable X, class Arch = detail::simd_arch>
  auto operator()(const X& x, std::ptrdiff_t axis = -1,
                  const std::source_location& where = std::source_location::current()) const {
    return detail::record_softmax(detail::softmax_form::logarithm, recorded<Arch>(x, where), axis, where);
  }
};
inline constexpr log_softmax_t log_softmax;

}  // namespace xg
