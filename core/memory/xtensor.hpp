// The only header, beside xtensor_io.hpp, that includes xtensor headers; here stands all that differs between its
// versions. 0.26 moved the headers into folders.
#pragma once

#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/views/xslice.hpp>
#include <xtensor/views/xstrided_view.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xslice.hpp>
#include <xtensor/xstrided_view.hpp>
#endif

/// The container of an evaluated expression whose shape is a dynamic one. xtensor 0.24 has this rule for C++17 alone;
/// in C++20 the size of the shape's own small buffer is taken for the number of dimensions.
template <>
struct xt::detail::xtype_for_shape<xt::dynamic_shape<std::size_t>> {
  template <class T, xt::layout_type L>
  using type = xt::xarray<T, L>;
};

namespace xg::detail {
struct own_slice {};
}  // namespace xg::detail

/// xtensor shows the indices of a keep or a drop, as they were given, to its other keeps and drops alone. This is one.
template <>
class xt::xkeep_slice<xg::detail::own_slice> {
 public:
  template <class T>
  static const auto& given(const xkeep_slice<T>& s) {
    return s.m_raw_indices;
  }
};
template <>
class xt::xdrop_slice<xg::detail::own_slice> {
 public:
  template <class T>
  static const auto& given(const xdrop_slice<T>& s) {
    return s.m_raw_indices;
  }
};

namespace xg::detail {

/// The indices of xt::keep(...) or xt::drop(...), negative ones as they are.
template <template <class> class S, class T>
xt::svector<std::ptrdiff_t, 4> indices_of(const S<T>& s) {
  const auto& given = S<own_slice>::given(s);
  return {given.begin(), given.end()};
}

}  // namespace xg::detail
