// One pass over numbers in memory, in SIMD lanes and the rest one by one; for the library's own files, not for users'.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>

#include <xgrad/core/expression/lanes_math.hpp>

namespace xg::nn::detail {

/// Calls f.template operator()<V>(i) for lanes V that start at i.
template <class T, class F>
void pass_over(std::size_t n, const F& f) {
  using row = xg::detail::lanes<T, xg::detail::simd_arch, false>;
  using single = xg::detail::lanes<T, xg::detail::simd_arch, true>;
  std::size_t i = 0;
  for (; i + row::size <= n; i += row::size) f.template operator()<row>(i);
  for (; i < n; ++i) f.template operator()<single>(i);
}

/// A gradient as it is used: its elements clipped, then scaled.
template <class V, class T>
V clipped(const T* g, std::size_t i, T limit, T scale) {
  const V x = V::load(g + i);
  return select(x > V(limit), V(limit), select(x < V(-limit), V(-limit), x)) * V(scale);
}

template <class T>
double sum_of_squares(const T* x, std::size_t n, double limit) {
  double total = 0;  // of blocks, so that float keeps its digits
  constexpr std::size_t block = 1024;
  for (std::size_t start = 0; start < n; start += block) {
    using row = xg::detail::lanes<T, xg::detail::simd_arch, false>;
    row in_lanes = T(0);
    T rest = 0;
    pass_over<T>(std::min(block, n - start), [&]<class V>(std::size_t i) {
      const V v = clipped<V>(x + start, i, T(limit), T(1));
      if constexpr (std::same_as<V, row>)
        in_lanes += v * v;
      else
        rest += (v * v).get();
    });
    total += double(sum(in_lanes)) + double(rest);
  }
  return total;
}

}  // namespace xg::nn::detail
