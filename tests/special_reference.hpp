// Special functions in long double, by other ways than the library's: what its own are held against.
#pragma once

#include <cmath>
#include <limits>

namespace test {

/// x without the nearest whole number, for sines and tangents of πx.
inline long double off_whole(long double x) { return x - std::rint(x); }
inline constexpr long double pi_l = 3.14159265358979323846264338327950288L;

/// c1 z + c2 z² + ..., and what it changes by from z to z0, divided by z - z0.
struct bernoulli_series {
  long double value, slope;
  explicit bernoulli_series(long double z, long double z0) : value(0), slope(0) {
    constexpr long double c[]{1.L / 12,       -1.L / 120, 1.L / 252,      -1.L / 240,     1.L / 132,
                              -691.L / 32760, 1.L / 12,   -3617.L / 8160, 43867.L / 14364};
    for (std::size_t k = std::size(c); k-- > 0;) {
      slope = slope * z + value;
      value = value * z0 + c[k];
    }
    slope = slope * z + value;
    value *= z0;
  }
};

/// The slope of lgamma, by its difference to that at its zero x0: every term is a multiple of x - x0.
inline long double digamma(long double x) {
  if (x <= 0) {
    const long double r = off_whole(x);
    if (x == 0) return std::copysign(std::numeric_limits<long double>::infinity(), -x);
    if (r == 0 || std::isinf(x)) return std::numeric_limits<long double>::quiet_NaN();
    return digamma(1 - x) - pi_l / std::tan(pi_l * r);
  }
  if (std::isinf(x)) return x;
  constexpr long double high = 1.461632144968362341280917L, low = -1.82570963159634842146e-20L;
  const long double d = (x - high) - low;
  long double sum = 0;
  constexpr int terms = 30;
  for (int k = 0; k < terms; ++k) sum += d / ((high + k) * (x + k));
  const long double end = x + terms, end0 = high + terms;
  const long double z = 1 / (end * end), z0 = 1 / (end0 * end0);
  return sum + std::log1p(d / end0) + d / (2 * end * end0) + d * (end + end0) * z * z0 * bernoulli_series(z, z0).slope;
}

/// The derivative of digamma: A&S 6.4.12 beyond 40.
inline long double trigamma(long double x) {
  if (std::isnan(x) || x == -std::numeric_limits<long double>::infinity())
    return std::numeric_limits<long double>::quiet_NaN();
  if (x <= 0) {
    const long double r = off_whole(x), s = std::sin(pi_l * r);
    return r == 0 ? std::numeric_limits<long double>::infinity() : pi_l * pi_l / (s * s) - trigamma(1 - x);
  }
  long double sum = 0;
  for (; x < 40; x += 1) sum += 1 / (x * x);
  const long double z = 1 / x;
  constexpr long double b[]{1.L / 6, -1.L / 30, 1.L / 42, -1.L / 30, 5.L / 66, -691.L / 2730, 7.L / 6, -3617.L / 510};
  long double rest = 0, power = z;
  for (const long double c : b) rest += c * (power *= z * z);
  return sum + (z + z * z / 2 + rest);
}

/// sin(πx) / (πx).
inline long double sinc(long double x) {
  if (std::isnan(x)) return x;
  if (x == 0) return 1;
  if (std::isinf(x)) return 0;
  const long double r = off_whole(x);
  return (std::fmod(x - r, 2) == 0 ? 1 : -1) * std::sin(pi_l * r) / (pi_l * x);
}

}  // namespace test
