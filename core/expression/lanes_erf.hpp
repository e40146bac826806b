// The error function on lanes, and what belongs to the normal distribution.
//
// With E(t) = e^(t²) erfc(t), (1 + 9/8 t) E(t) is a smooth function of s = (t - K) / (t + K) over all t >= 0, flat
// at 0, here a polynomial (Shepherd and Laframboise, Math. Comp. 36, 1981; coefficients by interpolation at Chebyshev
// nodes). So the small values at the far end are products of two numbers that have all their digits.
#pragma once

#include <xgrad/core/expression/lanes_pow.hpp>

namespace xg::detail {

/// e^(-c t²) for t >= 0 and c = 1 or 1/2, within the bounds of exp; the square in two parts, as its rounding error
/// would become hundreds of units in the last place.
template <numeric V>
[[gnu::always_inline]] inline V exp_of_minus_square(V t, V c) {
  // The leading half of the digits, whose square is exact.
  constexpr auto low_digits = (typename layout_of<typename V::number_type>::bits(1) << (is_double<V> ? 27 : 12)) - 1;
  const V high = from_bits<V>(to_bits(t) & ~typename bits_of<V>::type(low_digits));
  const auto [square, low] = exact_sum(-(c * (high * high)), -(c * ((t - high) * (t + high))));
  return exp_of_parts(square, low);
}

/// e^(t²) erfc(t) for t >= 0.
template <numeric V>
[[gnu::always_inline]] inline V scaled_erfc(V t) {
  const V k = constant<V>(3.5, 2.5f), s = (t - k) / (t + k);
  const V p =
      is_double<V>
          ? polynomial(s, V(0.76676242456891559), -0.20530862094174667, 0.096057062763237699, -0.01573111356076427,
                       -0.023425733442384463, 0.029611941008674922, -0.0200357878695519, 0.0088873942650498343,
                       -0.002253967734656146, -4.3782772165802959e-5, 0.0002701792314444055, -7.0395482090470788e-5,
                       -1.8226523896349163e-5, 1.2934330259848638e-5, 6.4656424250815089e-7, -1.9840152287546553e-6,
                       5.602611220978821e-8, 3.1161361851889614e-7, -1.2915984084644548e-8, -4.9841971128480691e-8,
                       -5.4775761441219589e-10, 6.4384379548525268e-9, 6.3293656685801153e-10, -2.8941556025546816e-10)
          : polynomial(s, V(0.80369926268f), -0.23146050148f, 0.05442325409f, 0.033964909323f, -0.040453537439f,
                       0.016680196218f, -0.00062714539685f, -0.0020777303908f, 0.00036230825703f, 0.00028541910388f,
                       -4.6287152757e-5f, -3.4438151154e-5f);
  return p / fma(t, V(1.125), V(1));
}

/// 1 - erf(x), with all digits where it is small. Error below 4 ulp.
template <numeric V>
[[gnu::always_inline]] inline V erfc(V x) {
  const V t = at_most(abs(x), constant<V>(27.3, 10.2f));  // it is 0 there
  const V y = exp_of_minus_square(t, V(1)) * scaled_erfc(t);
  return select(x < V(0), V(2) - y, y);
}

/// The error function. Error below 3 ulp.
template <numeric V>
[[gnu::always_inline]] inline V erf(V x) {
  const V t = at_most(abs(x), constant<V>(6, 4)), z = t * t;  // it is 1 there
  const auto [n, p] = exponential(-z);
  const V far = V(1) - scale(V(1) + p, n) * scaled_erfc(t);
  const V near = x * (is_double<V> ? polynomial(z, V(1.1283791670955126), -0.37612638903183717, 0.11283791670952596,
                                                -0.026866170644428484, 0.0052239776154205387, -0.00085483261887597527,
                                                0.00012055289567541707, -1.4924196305569617e-5, 1.6430684179741549e-6,
                                                -1.5940066854661717e-7, 1.1472499701094692e-8)
                                   : polynomial(z, V(1.1283791656f), -0.37612619469f, 0.11283386538f, -0.026835114569f,
                                                0.0051153321125f, -0.00067564795687f));
  return select(t < V(0.75), near, copysign(far, x));
}

/// The normal distribution function, erfc(-x/√2) / 2, with all digits at its lower end. Error below 4 ulp.
template <numeric V>
[[gnu::always_inline]] inline V normal_cdf(V x) {
  const V t = at_most(abs(x), constant<V>(38.6, 14.42f));
  const V y = V(0.5) * exp_of_minus_square(t, V(0.5)) * scaled_erfc(t * V(0.70710678118654752));
  return select(x > V(0), V(1) - y, y);
}
/// e^(-x²/2) / √(2π), its derivative. Error below 2.5 ulp.
template <numeric V>
[[gnu::always_inline]] inline V normal_density(V x) {
  const V t = at_most(abs(x), constant<V>(38.6, 14.42f));
  return exp_of_minus_square(t, V(0.5)) * V(0.39894228040143268);
}

}  // namespace xg::detail
