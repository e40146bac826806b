// Functions of the C library, lane by lane: they are rarely the slow part of a statement, and the library's are
// accurate.
#pragma once

#include <cmath>

#include <xgrad/core/expression/lanes_bits.hpp>

namespace xg::detail {

inline double wider(float x) { return x; }
inline long double wider(double x) { return x; }

/// log |gamma(x)|. Not by std::lgamma, which leaves the sign of gamma in a global that other threads write as well.
template <std::floating_point R>
R log_of_gamma(R x) {
  [[maybe_unused]] int sign = 0;
#if defined(__GLIBC__)
  if constexpr (std::same_as<R, double>)
    return ::lgamma_r(x, &sign);
  else
    return ::lgammal_r(x, &sign);
#elif defined(__APPLE__)
  return ::lgamma_r(double(x), &sign);
#else
  return std::lgamma(x);
#endif
}

template <numeric V>
V exp2(V x) {
  return each_lane([](auto a) { return std::exp2(a); }, x);
}
template <numeric V>
V log2(V x) {
  return each_lane([](auto a) { return std::log2(a); }, x);
}
template <numeric V>
V log10(V x) {
  return each_lane([](auto a) { return std::log10(a); }, x);
}
template <numeric V>
V tan(V x) {
  return each_lane([](auto a) { return std::tan(a); }, x);
}
template <numeric V>
V asin(V x) {
  return each_lane([](auto a) { return std::asin(a); }, x);
}
template <numeric V>
V acos(V x) {
  return each_lane([](auto a) { return std::acos(a); }, x);
}
template <numeric V>
V atan(V x) {
  return each_lane([](auto a) { return std::atan(a); }, x);
}
template <numeric V>
V sinh(V x) {
  return each_lane([](auto a) { return std::sinh(a); }, x);
}
template <numeric V>
V cosh(V x) {
  return each_lane([](auto a) { return std::cosh(a); }, x);
}
template <numeric V>
V asinh(V x) {
  return each_lane([](auto a) { return std::asinh(a); }, x);
}
template <numeric V>
V acosh(V x) {
  return each_lane([](auto a) { return std::acosh(a); }, x);
}
template <numeric V>
V atanh(V x) {
  return each_lane([](auto a) { return std::atanh(a); }, x);
}
template <numeric V>
V floor(V x) {
  return each_lane([](auto a) { return std::floor(a); }, x);
}
template <numeric V>
V ceil(V x) {
  return each_lane([](auto a) { return std::ceil(a); }, x);
}
template <numeric V>
V trunc(V x) {
  return each_lane([](auto a) { return std::trunc(a); }, x);
}
template <numeric V>
V round(V x) {
  return each_lane([](auto a) { return std::round(a); }, x);
}
template <numeric V>
V rint(V x) {
  return each_lane([](auto a) { return std::rint(a); }, x);
}
template <numeric V>
V nearbyint(V x) {
  return each_lane([](auto a) { return std::nearbyint(a); }, x);
}
// By the next wider type: the C library's own of the type are up to 6 ulp off (cbrt 3, and twice that in its slope).
template <numeric V>
V cbrt(V x) {
  return each_lane([](auto a) { return decltype(a)(std::cbrt(wider(a))); }, x);
}
template <numeric V>
V tgamma(V x) {
  return each_lane([](auto a) { return decltype(a)(std::tgamma(wider(a))); }, x);
}
/// log |gamma(x)|.
template <numeric V>
V lgamma(V x) {
  return each_lane([](auto a) { return decltype(a)(log_of_gamma(wider(a))); }, x);
}
template <numeric V>
V atan2(V x, std::type_identity_t<V> y) {
  return each_lane([](auto a, auto b) { return std::atan2(a, b); }, x, y);
}
template <numeric V>
V fmod(V x, std::type_identity_t<V> y) {
  return each_lane([](auto a, auto b) { return std::fmod(a, b); }, x, y);
}
template <numeric V>
V remainder(V x, std::type_identity_t<V> y) {
  return each_lane([](auto a, auto b) { return std::remainder(a, b); }, x, y);
}
template <numeric V>
V hypot(V x, std::type_identity_t<V> y) {
  return each_lane([](auto a, auto b) { return std::hypot(a, b); }, x, y);
}
/// a·b + c with one rounding, whatever the instruction set has. (`fma` has two where it has none.)
template <numeric V>
V multiply_add(V a, V b, V c) {
  if constexpr (fuses) {
    return fma(a, b, c);
  } else {
    alignas(64) typename V::number_type x[V::size], y[V::size], z[V::size];
    a.store(x);
    b.store(y);
    c.store(z);
    for (std::size_t i = 0; i < V::size; ++i) x[i] = std::fma(x[i], y[i], z[i]);
    return V::load(x);
  }
}

}  // namespace xg::detail
