// The bits of lanes: signs, powers of two, and functions applied lane by lane. What elementary functions are made of.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <xgrad/core/expression/lanes.hpp>

namespace xg::detail {

/// What is particular to a number type: the layout of its bits.
template <class T>
struct layout_of;
template <>
struct layout_of<double> {
  using bits = std::uint64_t;
  static constexpr int mantissa = 52, sign = 63, bias = 1023;
};
template <>
struct layout_of<float> {
  using bits = std::uint32_t;
  static constexpr int mantissa = 23, sign = 31, bias = 127;
};

template <class V>
struct bits_of;
template <class T, class Arch>
struct bits_of<lanes<T, Arch, true>> : std::type_identity<typename layout_of<T>::bits> {};
template <class T, class Arch>
struct bits_of<lanes<T, Arch, false>> : std::type_identity<xsimd::batch<typename layout_of<T>::bits, Arch>> {};

/// The bits of each lane, as whole numbers with & | ^ + - << >>.
template <numeric V>
auto to_bits(V x) {
  return std::bit_cast<typename bits_of<V>::type>(x.get());
}
template <numeric V>
V from_bits(typename bits_of<V>::type bits) {
  return std::bit_cast<typename V::register_type>(bits);
}
/// The bits of a number, in all lanes.
template <numeric V>
auto bits_of_number(typename V::number_type x) {
  using bits = typename layout_of<typename V::number_type>::bits;
  return typename bits_of<V>::type(std::bit_cast<bits>(x));
}

template <class V>
inline constexpr bool is_double = std::same_as<typename V::number_type, double>;
/// A constant that differs between double and float.
template <numeric V>
V constant(double if_double, float if_float) {
  return is_double<V> ? V(if_double) : V(if_float);
}
template <class V>
inline constexpr auto infinity = std::numeric_limits<typename V::number_type>::infinity();
template <class V>
inline constexpr auto not_a_number = std::numeric_limits<typename V::number_type>::quiet_NaN();

/// |x|, without its sign bit.
template <numeric V>
[[gnu::always_inline]] inline V abs(V x) {
  using T = typename V::number_type;
  return from_bits<V>(to_bits(x) & ~bits_of_number<V>(T(-0.0)));
}
/// |x| with the sign of s.
template <numeric V>
[[gnu::always_inline]] inline V copysign(V x, V s) {
  using T = typename V::number_type;
  const auto sign = bits_of_number<V>(T(-0.0));
  return from_bits<V>((to_bits(x) & ~sign) | (to_bits(s) & sign));
}

/// Which operand of max and min is handed on where one is NaN: the second, as by x86's instructions; from xsimd 14 on
/// the first, as by std::max.
inline constexpr bool first_nan_stays = XSIMD_VERSION_MAJOR >= 14;

/// The larger of x and a bound, or the smaller; a NaN stays.
template <numeric V>
[[gnu::always_inline]] inline V at_least(V x, V low) {
  if constexpr (V::size == 1)
    return low > x ? low : x;
  else
    return first_nan_stays ? xsimd::max(x.get(), low.get()) : xsimd::max(low.get(), x.get());
}
template <numeric V>
[[gnu::always_inline]] inline V at_most(V x, V high) {
  if constexpr (V::size == 1)
    return high < x ? high : x;
  else
    return first_nan_stays ? xsimd::min(x.get(), high.get()) : xsimd::min(high.get(), x.get());
}

/// Adding it rounds to a whole number, which then stands in the low bits: for |x| < 2^50 (2^21 for float).
template <class V>
inline constexpr auto shifter = typename V::number_type(is_double<V> ? 0x1.8p52 : 0x1.8p23);

/// a·b rounded to a whole number, ties to even.
template <numeric V>
[[gnu::always_inline]] inline V nearest(V a, V b = V(1)) {
  return fma(a, b, V(shifter<V>)) - V(shifter<V>);
}
/// 2^n for whole n from -1022 (float: -126) to 1023 (127); zero one below that, infinite one above.
template <numeric V>
[[gnu::always_inline]] inline V power_of_two(V n) {
  using layout = layout_of<typename V::number_type>;
  return from_bits<V>(to_bits(n + V(shifter<V> + layout::bias)) << layout::mantissa);
}
/// x·2^n with a single rounding for |x| in [1/2, 2) and whole |n| < 2·1022 (2·126), denormal results included.
template <numeric V>
[[gnu::always_inline]] inline V scale(V x, V n) {
#if defined(__AVX512F__) && defined(__OPTIMIZE__)
  constexpr bool one_instruction = sizeof(V) == 64;
  if constexpr (one_instruction && is_double<V>)
    return typename V::register_type(_mm512_scalef_pd(x.get(), n.get()));
  else if constexpr (one_instruction)
    return typename V::register_type(_mm512_scalef_ps(x.get(), n.get()));
  else
#endif
  {
    const V half = nearest(n, V(0.5));
    return x * power_of_two(half) * power_of_two(n - half);
  }
}

/// x = m·2^e with m in [sqrt(1/2), sqrt(2)); for positive normal x.
template <class V>
struct split_number {
  V m, e;
};
template <numeric V>
[[gnu::always_inline]] inline split_number<V> split(V x) {
  using T = typename V::number_type;
  using layout = layout_of<T>;
  using bits = typename layout::bits;
  constexpr T low = T(0.70710678118654752);
  constexpr auto mantissa = (bits(1) << layout::mantissa) - 1;
  const auto shifted = to_bits(x) + (bits_of_number<V>(T(1)) - bits_of_number<V>(low));
  // The exponent's bits below those of 2^52 make the number 2^52 + exponent.
  constexpr T above = T(bits(1) << layout::mantissa);
  const V e = from_bits<V>((shifted >> layout::mantissa) | bits_of_number<V>(above)) - V(above + T(layout::bias));
  return {from_bits<V>((shifted & typename bits_of<V>::type(mantissa)) + bits_of_number<V>(low)), e};
}

/// c0 + c1·x + c2·x² + ...
template <numeric V>
[[gnu::always_inline]] inline V polynomial(V, V c0) {
  return c0;
}
template <numeric V>
[[gnu::always_inline]] inline V polynomial(V x, V c0, std::convertible_to<V> auto... rest) {
  return fma(x, polynomial(x, V(rest)...), c0);
}

/// Does the condition hold in some lane?
inline bool any_lane(bool condition) { return condition; }
template <class T, class Arch>
bool any_lane(const xsimd::batch_bool<T, Arch>& condition) {
  return xsimd::any(condition);
}

/// f of each lane.
template <numeric V>
V each_lane(auto f, V x) {
  alignas(64) typename V::number_type numbers[V::size];
  x.store(numbers);
  for (auto& number : numbers) number = f(number);
  return V::load(numbers);
}
template <numeric V>
V each_lane(auto f, V x, V y) {
  alignas(64) typename V::number_type a[V::size], b[V::size];
  x.store(a);
  y.store(b);
  for (std::size_t i = 0; i < V::size; ++i) a[i] = f(a[i], b[i]);
  return V::load(a);
}

}  // namespace xg::detail
