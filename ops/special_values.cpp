// The values of special functions that the C library lacks, for one number each. They are compiled here, once: so a
// number has the same bits wherever it stands.
#include <cmath>
#include <limits>

#include <xgrad/ops/special.hpp>

namespace xg::detail {

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double pi = 3.14159265358979323846;

/// c0 + c1 x + c2 x² + ...
template <std::size_t N>
double series(double x, const double (&c)[N]) {
  double y = 0;
  for (std::size_t k = N; k-- > 0;) y = y * x + c[k];
  return y;
}

/// The slope of log gamma for x in [1, 2]: (x - x0) p(2x - 3), x0 being its zero, in two parts, so that the result has
/// its digits close to it. (p by interpolation at Chebyshev nodes.)
double digamma_near_zero(double x) {
  static constexpr double p[]{
      0.9510558760318328,     -0.2118137106407303,     0.06013562106019684,    -0.018550615381735008,
      0.005936795278301761,   -0.0019350666648613071,  0.0006368880303865817,  -0.00021074841138175561,
      6.995018825112794e-05,  -2.3258242519113285e-05, 7.741234508636364e-06,  -2.578093954045772e-06,
      8.589060721930695e-07,  -2.863161166883193e-07,  9.543298288278275e-08,  -3.162911147408454e-08,
      1.0527692435026686e-08, -3.7083753242807277e-09, 1.2469984616707403e-09, -2.7580994814377e-10,
      8.734528429142953e-11,  -8.50550766013261e-11,   2.918622732168261e-11};
  return ((x - 1.4616321449683622) - 9.549995429965697e-17) * series(2 * x - 3, p);
}

/// For x > 0.
double digamma_of_positive(double x) {
  if (x >= 10) {  // Abramowitz and Stegun 6.3.18
    static constexpr double c[]{1. / 12, -1. / 120, 1. / 252, -1. / 240, 1. / 132, -691. / 32760, 1. / 12};
    const double r = 1 / x, z = r * r;
    return std::log(x) - (r / 2 + z * series(z, c));
  }
  // gamma(x + 1) = x gamma(x)
  if (x < 1) return digamma_near_zero(x + 1) - 1 / x;
  double above = 0;
  for (; x > 2; x -= 1) above += 1 / (x - 1);
  return digamma_near_zero(x) + above;
}

/// The Hurwitz zeta function Σ 1 / (x + k)^s over k = 0, 1, ..., for x > 0 and s >= 2, by Euler and Maclaurin's
/// formula: all terms that count are positive.
double hurwitz_zeta(double s, double x) {
  // B(2k) / (2k)!
  static constexpr double c[]{1. / 12,
                              -1. / 720,
                              1. / 30240,
                              -1. / 1209600,
                              1. / 47900160,
                              -691. / 1307674368000,
                              1. / 74724249600,
                              -3617. / 10670622842880000,
                              43867. / 5109094217170944000,
                              -174611. / 802857662698291200000.};
  const auto power = [](double at, double exponent) {
    return exponent == -1 ? 1 / at : exponent == -2 ? 1 / (at * at) : std::pow(at, exponent);
  };
  const double end = s + 12;
  const int terms = x < end ? int(std::ceil(end - x)) : 0;
  const double last = x + terms;
  double rest = 0, factor = s / last;
  for (std::size_t k = 0; k < std::size(c); ++k) {
    rest += c[k] * factor;
    const double t = s + 2 * double(k);
    factor *= (t + 1) / last * ((t + 2) / last);
  }
  double sum = power(last, 1 - s) * (1 / (s - 1) + (0.5 + rest) / last);
  for (int k = terms; k-- > 0;) sum += power(x + k, -s);
  return sum;
}

/// What is left of x when the nearest whole number is taken off.
double off_whole(double x) { return x - std::rint(x); }

/// cot(πr) for 0 < |r| <= 1/2, with its digits also where it is close to 0.
double cotangent_of_pi_times(double r) {
  return std::abs(r) < 0.25 ? 1 / std::tan(pi * r) : std::copysign(std::tan(pi * (0.5 - std::abs(r))), r);
}

}  // namespace

double digamma(double x) {
  if (x > 0) return x < inf ? digamma_of_positive(x) : x;
  if (x == 0) return std::copysign(inf, -x);
  const double r = off_whole(x);  // not a number for -∞
  if (r == 0 || std::isnan(r)) return std::numeric_limits<double>::quiet_NaN();
  return digamma_of_positive(1 - x) - pi * cotangent_of_pi_times(r);
}

double polygamma(double order, double x) {
  if (order == 0) return digamma(x);
  if (!(order > 0) || order > 170 || order != std::floor(order)) return std::numeric_limits<double>::quiet_NaN();
  const bool odd = std::fmod(order, 2) == 1;  // then no sign changes
  double factor = odd ? 1 : -1;
  for (double k = 2; k <= order; ++k) factor *= k;
  const double s = order + 1;
  if (x > 0) return x < inf ? factor * hurwitz_zeta(s, x) : 0 * factor;
  if (x == 0) return odd ? inf : std::copysign(inf, -x);
  // Σ 1 / (x + k)^s: the terms below zero, which are (±1)^s times a difference of such sums, and those above.
  const double r = off_whole(x);
  if (std::isnan(r)) return r;
  if (r == 0) return odd ? inf : std::numeric_limits<double>::quiet_NaN();
  const double above = hurwitz_zeta(s, r > 0 ? r : 1 + r), below = hurwitz_zeta(s, r > 0 ? 1 - r : -r);
  const double beyond = hurwitz_zeta(s, 1 - x);
  return factor * (odd ? above + below - beyond : above - below + beyond);
}

double sinc_derivative(double order, double x) {
  if (std::isnan(x)) return x;
  double factor = 1;  // π^order, from the inner derivative
  for (double k = 0; k < order; ++k) factor *= pi;
  const double u = pi * x;
  if (std::isinf(x)) return 0;
  if (std::abs(u) < std::fmax(1, order)) {
    // Σ (-1)^k u^(2k - n) / ((2k + 1) (2k - n)!) over 2k >= n, for the n-th derivative of sin u / u
    double k = std::ceil(order / 2), power = 2 * k > order ? u : 1, sum = 0;
    if (std::fmod(k, 2) == 1) power = -power;
    for (;; ++k) {
      const double term = power / (2 * k + 1), before = sum;
      sum += term;
      if (sum == before && 2 * k - order > std::abs(u)) return factor * sum;
      power *= -(u / (2 * k - order + 1)) * (u / (2 * k - order + 2));
    }
  }
  // u f(n) + n f(n-1) = sin(u + n π/2), with sin and cos of πx from what x has beside a whole number
  const double r = off_whole(x), sign = std::fmod(x - r, 2) == 0 ? 1 : -1;
  const double sine = sign * std::sin(pi * r), cosine = sign * std::cos(pi * r);
  double f = sine / u;
  for (double n = 1; n <= order; ++n) {
    const double quarter = std::fmod(n, 4);
    const double top = quarter == 0 ? sine : quarter == 1 ? cosine : quarter == 2 ? -sine : -cosine;
    f = (top - n * f) / u;
  }
  return factor * f;
}

}  // namespace xg::detail
