// Functions of the C library, lane by lane: they are rarely the slow part of a statement, and the library's are
// accurate.
#pragma once

#include <cmath>

#include <xgrad/core/expression/lanes_bits.hpp>

namespace xg::detail {

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
V cbrt(V x) {
  return each_lane([](auto a) { return std::cbrt(a); }, x);
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
V atan2(V x, std::type_identity_t<V> y) {
  return each_lane([](auto a, auto b) { return std::atan2(a, b); }, x, y);
}
template <numeric V>
V fmod(V x, std::type_identity_t<V> y) {
  return each_lane([](auto a, auto b) { return std::fmod(a, b); }, x, y);
}
template <numeric V>
V hypot(V x, std::type_identity_t<V> y) {
  return each_lane([](auto a, auto b) { return std::hypot(a, b); }, x, y);
}

}  // namespace xg::detail
