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

/// x (..., m, n) divided so by values w (..., n). Column j is what is asked of vector j, nothing if it is all zeros.
/// Where something is asked of a vector whose value has no gap to another, to rounding, that is a value_error: the
/// vector is not determined. It is one too if the numbers would happen to cancel, which depends on the vector that was
/// chosen.
template <class T>
var<T> record_over_gaps(gap_of kind, const var<T>& x, const var<T>& w, const std::source_location& where);

}  // namespace xg::detail
