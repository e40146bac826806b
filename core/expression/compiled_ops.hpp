// For the library's own sources: instantiates the op_info of a family of elementwise functions for float and double.
#pragma once

#include <xgrad/core/expression/rule.hpp>
#include <xgrad/core/tape/tape.hpp>

namespace xg {

template <class F, class T, std::size_t N>
const op_info<T>& library_op() {
  return detail::own_op<F, T, N, detail::simd_arch>;
}

/// A functor and its number of operands.
template <class F, std::size_t N>
struct op_of {
  template <class T>
  static constexpr auto get = &library_op<F, T, N>;
};

/// Explicitly instantiate this with every op of a family: it takes the address of, and so emits, their library_op.
template <class T, class... Ops>
auto compiled_ops() {
  return std::array{Ops::template get<T>...};
}

}  // namespace xg
