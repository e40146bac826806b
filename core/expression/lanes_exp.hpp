// Exponentials on lanes: e^x, e^x - 1, and what is made of them.
//
// With x = n ln 2 + r, |r| <= ln 2 / 2, e^x = 2^n (1 + p), where p = e^r - 1 is a polynomial (Muller, Elementary
// Functions, 3rd ed., ch. 11; minimax coefficients by the Remez algorithm).
#pragma once

#include <xgrad/core/expression/lanes_bits.hpp>

namespace xg::detail {

/// q with e^r = 1 + r + r² q.
template <numeric V>
[[gnu::always_inline]] inline V exponential_series(V r) {
  if constexpr (is_double<V>)
    return polynomial(r, V(0.5), 0.16666666666666669, 0.04166666666666667, 0.008333333333330062, 0.0013888888888880942,
                      0.00019841269863054848, 2.480158733395431e-05, 2.7557268458375267e-06, 2.755726431316365e-07,
                      2.510038616532315e-08, 2.0918138551567184e-09);
  else
    return polynomial(r, V(0.5f), 0.16666666697f, 0.041666554597f, 0.0083333009545f, 0.0013926185818f,
                      0.00019899290370f);
}

/// x = n ln 2 + high + low: ln 2 in two parts, the first with so few digits that n times it is exact.
template <class V>
struct reduced_exponent {
  V n, high, low;
};
template <numeric V>
[[gnu::always_inline]] inline reduced_exponent<V> reduce_exponent(V x, V x_low) {
  const V n = nearest(x, V(1.4426950408889634));
  return {n, fma(n, constant<V>(-0x1.62e42feep-1, -0x1.62ep-1f), x),
          fma(n, constant<V>(-1.9082149292705877e-10, -3.1946184945309415e-05f), x_low)};
}

/// e^x = 2^n (1 + p).
template <class V>
struct exponential_parts {
  V n, p;
};
template <numeric V>
[[gnu::always_inline]] inline exponential_parts<V> exponential(V x) {
  const auto [n, high, low] = reduce_exponent(x, V(0));
  const V r = high + low;
  return {n, fma(r * r, exponential_series(r), r)};
}

/// The same for any x: e^x is 0 below the bounds, infinite above; a NaN stays.
template <numeric V>
[[gnu::always_inline]] inline exponential_parts<V> bounded_exponential(V x) {
  return exponential(at_least(at_most(x, constant<V>(710, 89)), constant<V>(-746, -104)));
}
template <numeric V>
[[gnu::always_inline]] inline exponential_parts<V> exponential_of_minus_abs(V x) {
  return exponential(at_least(-abs(x), constant<V>(-746, -104)));
}

/// e^x. Error below 1 ulp.
template <numeric V>
[[gnu::always_inline]] inline V exp(V x) {
  const auto [n, p] = bounded_exponential(x);
  return scale(V(1) + p, n);
}

/// e^x - 1, also where x is so small that e^x rounds to 1. Error below 2 ulp.
template <numeric V>
[[gnu::always_inline]] inline V expm1(V x) {
  const auto [n, p] = bounded_exponential(x);
  const V half = power_of_two(at_least(n, V(-100)) - V(1));  // 2^n itself may be beyond the largest number
  const V y = fma(half, p, half - V(0.5)) * V(2);
  return select(abs(x) < constant<V>(0x1p-54, 0x1p-25f), x, y);
}

/// 1 / (1 + e^-x). Error below 2.5 ulp, also where the result is close to 0.
template <numeric V>
[[gnu::always_inline]] inline V sigmoid(V x) {
  const auto [n, p] = exponential_of_minus_abs(x);
  const V e = scale(V(1) + p, n);
  return select(x < V(0), e, V(1)) / (V(1) + e);
}
/// e^-|x| / (1 + e^-|x|)², which is sigmoid(x) sigmoid(-x), the derivative of sigmoid. Error below 4 ulp.
template <numeric V>
[[gnu::always_inline]] inline V logistic_density(V x) {
  const auto [n, p] = exponential_of_minus_abs(x);
  const V e = scale(V(1) + p, n);
  return e / fma(e, e + V(2), V(1));  // (1 + e)²
}

/// tanh x = -t / (t + 2), t = e^(-2|x|) - 1, with the sign of x. Error below 2.5 ulp.
template <numeric V>
[[gnu::always_inline]] inline V tanh(V x) {
  const auto [n, p] = exponential_of_minus_abs(x + x);
  const V s = power_of_two(at_least(n, V(-100))), t = fma(s, p, s - V(1));
  return copysign(t / (t + V(2)), x);
}

}  // namespace xg::detail
