// Numbers and xtensor expressions, read into plain memory.
#pragma once

#include <algorithm>
#include <concepts>
#include <functional>
#include <tuple>
#include <type_traits>

#include <xgrad/core/memory/shape.hpp>
#include <xgrad/core/memory/xtensor.hpp>

namespace xg {

/// Containers and adaptors whose elements lie in memory in row-major order.
template <class E>
inline constexpr bool is_row_major_container = false;
template <class EC, class SC, class Tag>
inline constexpr bool is_row_major_container<xt::xarray_container<EC, xt::layout_type::row_major, SC, Tag>> = true;
template <class EC, std::size_t N, class Tag>
inline constexpr bool is_row_major_container<xt::xtensor_container<EC, N, xt::layout_type::row_major, Tag>> = true;
template <class EC, class SC, class Tag>
inline constexpr bool is_row_major_container<xt::xarray_adaptor<EC, xt::layout_type::row_major, SC, Tag>> = true;
template <class EC, std::size_t N, class Tag>
inline constexpr bool is_row_major_container<xt::xtensor_adaptor<EC, N, xt::layout_type::row_major, Tag>> = true;

/// The shape of a number or an xtensor expression.
template <class E>
shape_t shape_of(const E& values) {
  if constexpr (std::is_arithmetic_v<E>)
    return {};
  else
    return shape_t(values.shape().begin(), values.shape().end());
}

namespace detail {

template <class E>
inline constexpr bool is_scalar_expression = false;
template <class CT>
inline constexpr bool is_scalar_expression<xt::xscalar<CT>> = true;

// xtensor's own functors; those that hold a user's function may throw halfway.
template <class E>
inline constexpr bool is_plain_function = false;
template <class F, class... E>
inline constexpr bool is_plain_function<xt::xfunction<F, E...>> = std::is_default_constructible_v<F>;

// Do the `count` elements at `from` lie apart from the `size` at `to`, or are they the very same?
template <class U, class T>
bool apart_or_same(const U* from, std::size_t count, const T* to, std::size_t size) {
  if constexpr (std::same_as<U, T>)
    if (from == to && count == size) return true;
  const std::less_equal<const void*> before;
  return before(from + count, to) || before(to + size, from);
}

}  // namespace detail

/// Can the values be written, one after the other, to the `size` elements at `to`, although they may be computed from
/// what is there? True for arithmetic on containers of which none lies across the place: then each element depends on
/// its own position only.
template <class E, class T>
bool can_write_in_place(const E& values, const T* to, std::size_t size) {
  if constexpr (std::is_arithmetic_v<E>)
    return true;
  else if constexpr (is_row_major_container<E>)
    return detail::apart_or_same(values.data(), values.size(), to, size);
  else if constexpr (detail::is_scalar_expression<E>)  // xtensor keeps a number that has a place by reference
    return detail::apart_or_same(&values(), 1, to, size);
  else if constexpr (detail::is_plain_function<E>)
    return std::apply([&](const auto&... operands) { return (can_write_in_place(operands, to, size) && ...); },
                      values.arguments());
  else
    return false;
}

/// Writes the values, in row-major order, to the `size` elements at `to`; see can_write_in_place. Arch: see
/// simd_arch.
template <class Arch, class E, class T>
void copy_values(const E& values, std::size_t size, T* to) {
  const auto convert = [](const auto& x) { return static_cast<T>(x); };
  if constexpr (std::is_arithmetic_v<E>) {
    *to = convert(values);
  } else if constexpr (is_row_major_container<E>) {
    std::transform(values.data(), values.data() + size, to, convert);
  } else {  // xtensor's assignment loops over memory where all operands lie alike; its iterators would step
    auto target = xt::adapt<xt::layout_type::row_major>(to, size, xt::no_ownership(), shape_of(values));
    xt::noalias(target) = values;
  }
}

}  // namespace xg
