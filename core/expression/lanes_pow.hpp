// Powers on lanes: x^y = e^(y log x), with the logarithm and the product in two parts each, so that their errors, which
// the exponential makes up to a thousand times larger, stay below the result's last digit.
//
// Sums and products in two parts: Muller et al., Handbook of Floating-Point Arithmetic, 2nd ed., ch. 4.
#pragma once

#include <xgrad/core/expression/lanes_exp.hpp>

namespace xg::detail {

/// high + low, low beyond the last digit of high.
template <class V>
struct two_parts {
  V high, low;
};
/// a + b exactly, for |a| >= |b| or a = 0.
template <numeric V>
[[gnu::always_inline]] inline two_parts<V> exact_sum(V a, V b) {
  const V high = a + b;
  return {high, (a - high) + b};
}
/// a·b exactly.
template <numeric V>
[[gnu::always_inline]] inline two_parts<V> exact_product(V a, V b) {
  const V high = a * b;
  return {high, fma(a, b, -high)};
}

/// The natural logarithm of a positive finite number; relative error below 2^-63 (float: 2^-34).
template <numeric V>
[[gnu::always_inline]] inline two_parts<V> exact_logarithm(V x) {
  const auto denormal = x < V(std::numeric_limits<typename V::number_type>::min());
  const auto [m, exponent] = split(select(denormal, x * constant<V>(0x1p54, 0x1p25f), x));
  const V e = select(denormal, exponent - constant<V>(54, 25), exponent);
  // log m = 2s + s (2/3 s² + s⁴ q), s = f / (2 + f), as in lanes_log.hpp.
  const V f = m - V(1);
  const auto [d, d_low] = exact_sum(V(2), f);
  const V inverse = V(1) / d, s = f * inverse;
  const V s_low = fma(-s, d_low, fma(-s, d, f)) * inverse;
  const auto [z, z_error] = exact_product(s, s);
  const V z_low = fma(s + s, s_low, z_error);
  const V q = is_double<V>
                  ? polynomial(z, V(0.4000000000000003), 0.28571428571337604, 0.2222222227146101, 0.1818180819553223,
                               0.15385578205264067, 0.13285854475301528, 0.1291478377469135)
                  : polynomial(z, V(0.40000015248f), 0.28562183803f, 0.23050015904f);
  const V third = constant<V>(0x1.5555555555555p-1, 0.666666687f),
          third_low = constant<V>(3.700743415417188e-17, -1.98682151e-08f);
  const auto [t, t_error] = exact_product(third, z);
  const V t_low = fma(third, z_low, fma(third_low, z, t_error));
  const auto [w, w_error] = exact_sum(t, z * z * q);
  const auto [v, v_error] = exact_product(s, w);
  const V v_low = fma(s, w_error + t_low, fma(s_low, w, v_error));
  const auto [mantissa, mantissa_error] = exact_sum(s + s, v);
  // ln 2 in two parts, the first with so few digits that e times it is exact.
  const auto [high, error] = exact_sum(e * constant<V>(0x1.62e42feep-1, 0x1.62ep-1f), mantissa);
  const V low =
      fma(e, constant<V>(1.9082149292705877e-10, 3.1946184945309415e-05f), (s_low + s_low) + v_low + mantissa_error);
  return {high, error + low};
}

/// e^(x + x_low) for x within the bounds beyond which it is 0 or infinite, as exact as the result's last digit allows.
template <numeric V>
[[gnu::always_inline]] inline V exp_of_parts(V x, V x_low) {
  const auto [n, high, low] = reduce_exponent(x, x_low);
  const auto [r, r_low] = exact_sum(high, low);
  const auto [above, rest] = exact_sum(V(1), r);
  return scale(above + (rest + fma(r * r, exponential_series(r), fma(r, r_low, r_low))), n);
}

/// |x|^y for finite |x| > 0 and any y but a NaN.
template <numeric V>
[[gnu::always_inline]] inline V power_of_positive(V x, V y) {
  const auto [log_high, log_low] = exact_logarithm(x);
  // No other y has a finite result, as |log x| > 2^-54 (float: 2^-25) but for x = 1.
  const V safe = at_least(at_most(y, constant<V>(0x1p66, 0x1p36f)), constant<V>(-0x1p66, -0x1p36f));
  const auto [product, product_error] = exact_product(safe, log_high);
  const V bounded = at_least(at_most(product, constant<V>(710, 89)), constant<V>(-746, -104));
  const V low = select(bounded == product, fma(safe, log_low, product_error), V(0));
  return exp_of_parts(bounded, low);
}

/// A number >= 0 rounded to a whole one, ties to even.
template <numeric V>
[[gnu::always_inline]] inline V whole(V x) {
  const V end = constant<V>(0x1p52, 0x1p23f);  // beyond, all numbers are whole
  return select(x < end, (x + end) - end, x);
}

/// x^y. Error below 1 ulp; exact where the result is a number of this type. Special cases as C99, F.9.4.4.
template <numeric V>
[[gnu::noinline]] V pow(V x, std::type_identity_t<V> y) {  // long beside a call, and most statements have none
  if constexpr (!fuses) {
    return each_lane([](auto a, auto b) { return std::pow(a, b); }, x, y);
  } else {
    const V a = abs(x), size = abs(y), half = V(0.5) * size, inf = V(infinity<V>);
    const auto is_whole = whole(size) == size;
    const auto is_even = whole(half) == half;
    const V base = select(a == V(0), V(1), select(a == inf, V(1), a));
    const V at_zero = select(y < V(0), inf, V(0)), at_infinity = select(y < V(0), V(0), inf);
    V r = power_of_positive(base, select(a == V(1), V(1), y));
    r = select(a == V(0), at_zero, select(a == inf, at_infinity, r));
    r = copysign(r, select(is_even, V(1), select(is_whole, x, V(1))));
    // A fraction as exponent: a number only for x >= 0 and -infinity.
    r = select(is_whole, r, select(x < V(0), select(a == inf, r, V(not_a_number<V>)), r));
    r = select(is_equal(x, x), select(is_equal(y, y), r, y), x);
    return select(y == V(0), V(1), select(x == V(1), V(1), r));
  }
}

}  // namespace xg::detail
