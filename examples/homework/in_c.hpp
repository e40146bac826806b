// The network of part 1 in C: for where no C++ library can go.
#pragma once

#include <xgrad/core/export/c_code.hpp>

#include "problem.hpp"

namespace homework {

/// A function in C99 of the weights, a sample x and its target y: the network's output, the loss, and its derivatives
/// by all weights, in T.
template <class T>
xg::c_code in_c(const problem& given, const std::string& name);

}  // namespace homework
