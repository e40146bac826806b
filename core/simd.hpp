// The only file that includes xsimd: SIMD lanes, and the few functions that rules need on numbers and on lanes alike.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

// GCC 12 takes the deliberately undefined registers of its own AVX-512 headers for mistakes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

namespace xg {

/// The instruction set this translation unit is compiled for. Kernels carry it in their type, so that files built with
/// different flags can be linked together.
#if defined(__AVX512F__) && !defined(__OPTIMIZE__)
using simd_arch = xsimd::fma3<xsimd::avx2>;  // xsimd 8's AVX-512 code needs an optimising compiler
#else
using simd_arch = xsimd::default_arch;
#endif

template <class T, class Arch>
using lanes = xsimd::batch<T, Arch>;

template <class V>
inline constexpr std::size_t lane_count = 1;
template <class T, class Arch>
inline constexpr std::size_t lane_count<xsimd::batch<T, Arch>> = xsimd::batch<T, Arch>::size;

/// The number type of a V.
template <class V>
struct number_of : std::type_identity<V> {};
template <class T, class Arch>
struct number_of<xsimd::batch<T, Arch>> : std::type_identity<T> {};

template <class V>
inline constexpr bool is_lanes = false;
template <class T, class Arch>
inline constexpr bool is_lanes<xsimd::batch<T, Arch>> = true;

/// What a kernel computes with: a number or SIMD lanes of it.
template <class V>
concept numeric = std::floating_point<V> || is_lanes<V>;

template <numeric V, class T>
V load(const T* p) {
  if constexpr (is_lanes<V>)
    return V::load_unaligned(p);
  else
    return *p;
}

template <numeric V, class T>
void store(T* p, V v) {
  if constexpr (is_lanes<V>)
    v.store_unaligned(p);
  else
    *p = v;
}

template <numeric V>
auto sum_of_lanes(V v) {
  if constexpr (is_lanes<V>)
    return xsimd::hadd(v);
  else
    return v;
}

// What derivative rules say, besides arithmetic. The overloads for variables are in expression.hpp.

/// a where the condition holds, else zero.
template <numeric V>
V keep_where(auto condition, V a) {
  if constexpr (is_lanes<V>)
    return xsimd::select(condition, a, V(0));
  else
    return condition ? a : V(0);
}

/// Zero where the condition holds, else a.
template <numeric V>
V zero_where(auto condition, V a) {
  if constexpr (is_lanes<V>)
    return xsimd::select(condition, V(0), a);
  else
    return condition ? V(0) : a;
}

/// a where the condition holds, else b.
template <numeric V>
V choose(auto condition, V a, V b) {
  if constexpr (is_lanes<V>)
    return xsimd::select(condition, a, b);
  else
    return condition ? a : b;
}

template <numeric V>
auto is_equal(V a, std::type_identity_t<V> b) {
  return a == b;
}

/// A condition as a number: 1 where it holds, else 0. Numbers pass through.
template <numeric V>
V as_number(auto x) {
  if constexpr (std::is_convertible_v<decltype(x), V> && !std::same_as<decltype(x), bool>)
    return x;
  else
    return keep_where(x, V(1));
}

}  // namespace xg
