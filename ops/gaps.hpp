// Division by the gaps between eigenvalues or singular values, of which derivatives of their vectors are made. For the
// library's own sources.
#pragma once

#include <xgrad/core/tape/op.hpp>

namespace xg::detail {

enum class gap_of {
  eigenvalues,      // x(i, j) / (w(j) - w(i)), and 0 on the diagonal
  singular_values,  // x(i, j) / (w(j)² - w(i)²), and 0 on the diagonal
  zero              // x(i, j) / w(j), w being singular values
};

/// x (..., m, n) divided so by values w (..., n). What is 0 stays 0; anything else divided by a gap that is none to
/// rounding is a value_error, because it asks for the derivative of vectors that are not determined.
template <class T>
var<T> record_over_gaps(gap_of kind, const var<T>& x, const var<T>& w, const std::source_location& where);

}  // namespace xg::detail
