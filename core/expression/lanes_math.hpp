// Elementary functions on lanes. Every one gives the same bits for a number whether it stands alone or in a row, and
// the special values of C99, Annex F. How accurate they are: docs/accuracy.md.
#pragma once

#include <xgrad/core/expression/lanes_erf.hpp>
#include <xgrad/core/expression/lanes_exp.hpp>
#include <xgrad/core/expression/lanes_libm.hpp>
#include <xgrad/core/expression/lanes_log.hpp>
#include <xgrad/core/expression/lanes_pow.hpp>
#include <xgrad/core/expression/lanes_trig.hpp>

namespace xg::detail {

/// The square root, correctly rounded.
template <numeric V>
V sqrt(V x) {
  using std::sqrt;
  return typename V::register_type(sqrt(x.get()));
}

}  // namespace xg::detail
