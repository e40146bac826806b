// Storing: a value is written to a parameter whenever it is computed, for running averages.
#pragma once

#include <xgrad/core/tape/parameter.hpp>
#include <xgrad/core/tape/record.hpp>

namespace xg {

namespace detail {

template <class T>
void record_store(const var<T>& x, const std::shared_ptr<parameter_memory<T>>& to, const std::source_location& where);

}  // namespace detail

/// store(x, p): writes the value of x to the parameter p, now and in each replay; but not where a value that was thrown
/// away is only computed again. No gradient flows through it. Throws shape_error where the shapes differ, tape_error
/// for an empty parameter.
template <differentiable X, class T = typename X::scalar_type, class Arch = detail::simd_arch>
void store(const X& x, parameter<T>& to, const std::source_location& where = std::source_location::current()) {
  detail::record_store(recorded<Arch>(x, where), detail::memory_of(to), where);
}

}  // namespace xg
