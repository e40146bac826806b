// Sine and cosine on lanes.
//
// x = n pi/2 + r + low with pi/2 in parts so short that n times each is exact (Cody and Waite); beyond where n is, the
// C library's, lane by lane. Minimax coefficients by the Remez algorithm.
#pragma once

#include <xgrad/core/expression/lanes_bits.hpp>

namespace xg::detail {

/// x = n pi/2 + r + low.
template <class V>
struct reduced_angle {
  V n, r, low;
};
template <numeric V>
reduced_angle<V> reduce_angle(V x) {
  const V n = nearest(x, V(0.63661977236758134));
  // The first differences are exact; the last one is not, and what it rounds off is kept.
  V above, part, rest;
  if constexpr (is_double<V>) {
    above = fma(n, V(-1.5707963267341256), x);
    part = n * V(6.077100506303966e-11);
    rest = n * V(2.0222662487959506e-21);
  } else {
    above = fma(n, V(-0.0004837512969970703f), fma(n, V(-1.5703125f), x));
    part = n * V(7.549533620476723e-08f);
    rest = n * V(2.563344151594519e-12f);
  }
  const V r = above - part;
  return {n, r, ((above - r) - part) - rest};
}

/// The sine (quarter = 0) or cosine (quarter = 1) of |x| < 2^20 (float: 2^13).
template <numeric V>
V sine_of_near(V x, int quarter) {
  using layout = layout_of<typename V::number_type>;
  const auto [n, r, low] = reduce_angle(x);
  const V z = r * r, half = V(0.5) * z;
  const V s = is_double<V> ? polynomial(z, V(-0.16666666666666666), 0.008333333333330948, -0.00019841269836757408,
                                        2.7557316101789114e-06, -2.5051131660292486e-08, 1.5918114511572486e-10)
                           : polynomial(z, V(-0.16666666664f), 0.0083333318755f, -0.00019840086965f, 2.7249940397e-06f);
  const V c = is_double<V> ? polynomial(z, V(0.041666666666666664), -0.0013888888888887398, 2.4801587298764788e-05,
                                        -2.7557317271175256e-07, 2.087614613858506e-09, -1.1382622252384218e-11)
                           : polynomial(z, V(0.041666664663f), -0.0013888303410f, 2.4547990110e-05f);
  const V sine = r + fma(z * r, s, fma(-half, low, low));
  const V w = V(1) - half;
  const V cosine = w + (((V(1) - w) - half) + fma(z * z, c, -(r * low)));
  // The number of quarter turns in the low bits: the lowest swaps sine and cosine, the next one is the sign.
  const auto turns = to_bits(n + V(shifter<V> + typename V::number_type(quarter)));
  const auto lowest = turns << layout::sign;
  const V y = select(from_bits<V>(lowest >> 1) > V(1), cosine, sine);
  return from_bits<V>(to_bits(y) ^ ((turns >> 1) << layout::sign));
}

template <class V>
inline constexpr auto near_end = typename V::number_type(is_double<V> ? 0x1p20 : 0x1p13);

/// y where x is near enough for it, else the C library's.
template <int Quarter, numeric V>
[[gnu::noinline]] V sine_with_far_lanes(V x, V y) {
  return each_lane(
      [](auto a, auto near) {
        if (std::abs(a) < near_end<V>) return near;
        return Quarter == 0 ? std::sin(a) : std::cos(a);
      },
      x, y);
}

/// The same for every x. Error below 1 ulp (where it is the C library's, what that promises).
template <int Quarter, numeric V>
V sine_of(V x) {
  const auto near = abs(x) < V(near_end<V>);
  const V y = sine_of_near(select(near, x, V(0)), Quarter);
  if (any_lane(!near)) [[unlikely]]
    return sine_with_far_lanes<Quarter>(x, y);
  return y;
}
template <numeric V>
V sin(V x) {
  return select(abs(x) < constant<V>(0x1p-27, 0x1p-13f), x, sine_of<0>(x));
}
template <numeric V>
V cos(V x) {
  return sine_of<1>(x);
}

}  // namespace xg::detail
