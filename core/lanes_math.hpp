// Elementary functions on lanes.
#pragma once

#include <cmath>

#include <xgrad/core/lanes.hpp>

namespace xg::detail {

/// f of each lane.
template <numeric V>
V each_lane(auto f, V x, std::same_as<V> auto... rest) {
  using T = typename V::number_type;
  alignas(64) T in[1 + sizeof...(rest)][V::size], out[V::size];
  std::size_t k = 0;
  x.store(in[k++]);
  (rest.store(in[k++]), ...);
  for (std::size_t i = 0; i < V::size; ++i) {
    if constexpr (sizeof...(rest) == 0)
      out[i] = f(in[0][i]);
    else
      out[i] = f(in[0][i], in[1][i]);
  }
  return V::load(out);
}

template <numeric V>
V exp(V x) {
  return each_lane([](auto a) { return std::exp(a); }, x);
}
template <numeric V>
V expm1(V x) {
  return each_lane([](auto a) { return std::expm1(a); }, x);
}
template <numeric V>
V log(V x) {
  return each_lane([](auto a) { return std::log(a); }, x);
}
template <numeric V>
V log1p(V x) {
  return each_lane([](auto a) { return std::log1p(a); }, x);
}
template <numeric V>
V sqrt(V x) {
  return each_lane([](auto a) { return std::sqrt(a); }, x);
}
template <numeric V>
V sin(V x) {
  return each_lane([](auto a) { return std::sin(a); }, x);
}
template <numeric V>
V cos(V x) {
  return each_lane([](auto a) { return std::cos(a); }, x);
}
template <numeric V>
V tanh(V x) {
  return each_lane([](auto a) { return std::tanh(a); }, x);
}
template <numeric V>
V abs(V x) {
  return each_lane([](auto a) { return std::abs(a); }, x);
}
template <numeric V>
V pow(V x, V y) {
  return each_lane([](auto a, auto b) { return std::pow(a, b); }, x, y);
}

}  // namespace xg::detail
