// Numbers and xtensor expressions, read into plain memory.
#pragma once

#include <algorithm>
#include <type_traits>

#include <xgrad/core/shape.hpp>
#include <xgrad/core/xtensor.hpp>

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

/// Writes the values, in row-major order, to memory that does not overlap what they are read from.
template <class E, class T>
void copy_values(const E& values, T* to) {
  const auto convert = [](const auto& x) { return static_cast<T>(x); };
  if constexpr (std::is_arithmetic_v<E>)
    *to = convert(values);
  else if constexpr (is_row_major_container<E>)
    std::transform(values.data(), values.data() + values.size(), to, convert);
  else
    std::transform(values.template begin<xt::layout_type::row_major>(),
                   values.template end<xt::layout_type::row_major>(), to, convert);
}

}  // namespace xg
