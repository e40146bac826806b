// Logarithms on lanes.
//
// log(1 + f) = f - f²/2 + s (f²/2 + R), s = f / (2 + f), where s R is what the odd series 2 (s + s³/3 + ...) has beyond
// its first term (Muller, Elementary Functions, 3rd ed., ch. 11; minimax coefficients by the Remez algorithm).
#pragma once

#include <xgrad/core/expression/lanes_bits.hpp>

namespace xg::detail {

/// e ln 2 + log(1 + f) + c, for f in [sqrt(1/2) - 1, sqrt(2) - 1], whole e, and small c.
template <numeric V>
[[gnu::always_inline]] inline V logarithm(V e, V f, V c) {
  const V s = f / (V(2) + f), z = s * s, half = V(0.5) * f * f;
  const V q = is_double<V>
                  ? polynomial(z, V(0.666666666666667), 0.39999999999898445, 0.28571428626399253, 0.22222211072836892,
                               0.18182893219063329, 0.1533159694877952, 0.1461787281792654)
                  : polynomial(z, V(0.66666685272f), 0.39988716574f, 0.29582150840f);
  // ln 2 in two parts, the first with so few digits that e times it is exact.
  const V small = fma(e, constant<V>(1.9082149292705877e-10, 3.1946184945309415e-05f), c);
  const V large = e * constant<V>(0x1.62e42feep-1, 0x1.62ep-1f);
  return large - ((half - fma(s, fma(z, q, half), small)) - f);
}

/// The natural logarithm. Error below 1 ulp; denormals as other numbers.
template <numeric V>
[[gnu::always_inline]] inline V log(V x) {
  const V up = constant<V>(0x1p54, 0x1p25f), tiny = V(std::numeric_limits<typename V::number_type>::min());
  const auto denormal = x < tiny;
  const auto [m, e] = split(select(denormal, x * up, x));
  const V y = logarithm(select(denormal, e - constant<V>(54, 25), e), m - V(1), V(0));
  const V at_end = select(x == V(0), V(-infinity<V>), V(not_a_number<V>));
  return select(x > V(0), select(x == V(infinity<V>), x, y), at_end);
}

/// log(1 + x), also where x is so small that 1 + x rounds to 1. Error below 1 ulp.
template <numeric V>
[[gnu::always_inline]] inline V log1p(V x) {
  const V safe = select(x > V(-1), select(x < V(infinity<V>), x, V(0)), V(0));
  const V u = V(1) + safe;
  const V lost = select(safe < V(1), safe - (u - V(1)), V(1) - (u - safe));  // 1 + x = u + lost
  const auto [m, e] = split(u);
  const V f = m - V(1);
  // lost / u; a few digits of it are enough, but where f = 0 it is the whole result. It is nothing where e is large.
  const V c = lost * power_of_two(-at_most(e, V(64))) * polynomial(f, V(1), -1, 0.83);
  const V y = select(abs(x) < constant<V>(0x1p-54, 0x1p-25f), x, logarithm(e, f, c));
  const V at_end = select(x == V(-1), V(-infinity<V>), V(not_a_number<V>));
  return select(x > V(-1), select(x == V(infinity<V>), x, y), at_end);
}

}  // namespace xg::detail
