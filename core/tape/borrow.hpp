// Borrowed leaves: variables whose value is a parameter's memory; their adjoint is on the tape.
#pragma once

#include <xgrad/core/tape/ledger.hpp>
#include <xgrad/core/tape/parameter.hpp>

namespace xg::detail {

/// The variable of a parameter; the same one where it is borrowed already. Frozen it is another variable, a constant.
/// Throws tape_error for an empty parameter.
template <class T>
var<T> borrow(ledger<T>& l, const std::shared_ptr<parameter_memory<T>>& memory, bool gradient,
              const std::source_location& where);

extern template var<float> borrow(ledger<float>&, const std::shared_ptr<parameter_memory<float>>&, bool,
                                  const std::source_location&);
extern template var<double> borrow(ledger<double>&, const std::shared_ptr<parameter_memory<double>>&, bool,
                                   const std::source_location&);

}  // namespace xg::detail
