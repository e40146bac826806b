// How accurate the elementary functions on lanes are: every function with a reference in long double, and its largest
// error over samples of its whole range. Used by tests, and by the benchmark that prints the table of docs/accuracy.md.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <xgrad/ops/elementwise.hpp>

#include "special_reference.hpp"

namespace test {

template <class T>
using row_lanes = xg::detail::lanes<T, xg::detail::simd_arch, false>;
template <class T>
using one_lane = xg::detail::lanes<T, xg::detail::simd_arch, true>;

/// The distance of a result from the true value in units in the last place of the latter; zero if both are NaN, or both
/// infinite, a true value beyond the largest number being so.
template <class T>
double ulp_error(T got, long double exact) {
  using limits = std::numeric_limits<T>;
  const auto rounded = static_cast<T>(exact);
  if (std::isnan(got) || std::isnan(rounded)) return std::isnan(got) && std::isnan(rounded) ? 0 : limits::infinity();
  if (std::isinf(got) || std::isinf(rounded)) return got == rounded ? 0 : limits::infinity();
  int exponent = limits::min_exponent;
  if (exact != 0) exponent = std::max(std::ilogb(exact) + 1, exponent);
  return double(std::fabs(std::ldexp(static_cast<long double>(got) - exact, limits::digits - exponent)));
}

/// Numbers between two bounds: half of them spread evenly over the line, half over the numbers that the type has.
template <class T>
class sampler {
 public:
  sampler(double low, double high, std::uint64_t seed) : low_(T(low)), high_(T(high)), random_(seed) {}
  T operator()() {
    const std::uint64_t random = random_();
    if (random % 2) return T(low_ + (high_ - low_) * T(double(random >> 11) * 0x1p-53));
    const std::int64_t first = place(low_), last = place(high_);
    const std::uint64_t count = std::uint64_t(last) - std::uint64_t(first) + 1;
    return at_place(std::int64_t(std::uint64_t(first) + random / 2 % count));
  }

 private:
  using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  // The place of a number among all numbers of the type, zero at 0.
  static std::int64_t place(T x) {
    const std::int64_t size = std::bit_cast<bits>(std::abs(x));
    return std::signbit(x) ? -size : size;
  }
  static T at_place(std::int64_t place) {
    const T size = std::bit_cast<T>(bits(std::abs(place)));
    return place < 0 ? -size : size;
  }
  T low_, high_;
  std::mt19937_64 random_;
};

/// Calls see(name, f, reference, low, high) for each function of one argument: f on lanes, the reference in long
/// double, and the range where the result is finite.
template <class T>
void each_function(const auto& see) {
  using real = long double;
  constexpr bool is_double = sizeof(T) == 8;
  const double huge = double(std::numeric_limits<T>::max()), exp_low = is_double ? -745 : -103.9,
               exp_high = is_double ? 709.78 : 88.72;
  const auto logistic = [](real x) { return 1 / (1 + std::exp(-x)); };
  see(
      "exp", [](auto x) { return exp(x); }, [](real x) { return std::exp(x); }, exp_low, exp_high);
  see(
      "expm1", [](auto x) { return expm1(x); }, [](real x) { return std::expm1(x); }, exp_low, exp_high);
  see(
      "log", [](auto x) { return log(x); }, [](real x) { return std::log(x); }, 0, huge);
  see(
      "log1p", [](auto x) { return log1p(x); }, [](real x) { return std::log1p(x); }, -0.99999, huge);
  see(
      "sqrt", [](auto x) { return sqrt(x); }, [](real x) { return std::sqrt(x); }, 0, huge);
  see(
      "sin", [](auto x) { return sin(x); }, [](real x) { return std::sin(x); }, -huge, huge);
  see(
      "cos", [](auto x) { return cos(x); }, [](real x) { return std::cos(x); }, -huge, huge);
  see(
      "tanh", [](auto x) { return tanh(x); }, [](real x) { return std::tanh(x); }, -20, 20);
  see(
      "sigmoid", [](auto x) { return sigmoid(x); }, logistic, exp_low, exp_high);
  see(
      "logistic_density", [](auto x) { return logistic_density(x); },
      [=](real x) { return logistic(x) * logistic(-x); }, exp_low, exp_high);
  see(
      "abs", [](auto x) { return abs(x); }, [](real x) { return std::abs(x); }, -huge, huge);
  see(
      "exp2", [](auto x) { return exp2(x); }, [](real x) { return std::exp2(x); }, exp_low, exp_high);
  see(
      "log2", [](auto x) { return log2(x); }, [](real x) { return std::log2(x); }, 0, huge);
  see(
      "log10", [](auto x) { return log10(x); }, [](real x) { return std::log10(x); }, 0, huge);
  see(
      "cbrt", [](auto x) { return cbrt(x); }, [](real x) { return std::cbrt(x); }, -huge, huge);
  see(
      "tan", [](auto x) { return tan(x); }, [](real x) { return std::tan(x); }, -huge, huge);
  see(
      "asin", [](auto x) { return asin(x); }, [](real x) { return std::asin(x); }, -1, 1);
  see(
      "acos", [](auto x) { return acos(x); }, [](real x) { return std::acos(x); }, -1, 1);
  see(
      "atan", [](auto x) { return atan(x); }, [](real x) { return std::atan(x); }, -huge, huge);
  see(
      "sinh", [](auto x) { return sinh(x); }, [](real x) { return std::sinh(x); }, -exp_high, exp_high);
  see(
      "cosh", [](auto x) { return cosh(x); }, [](real x) { return std::cosh(x); }, -exp_high, exp_high);
  see(
      "asinh", [](auto x) { return asinh(x); }, [](real x) { return std::asinh(x); }, -huge, huge);
  see(
      "acosh", [](auto x) { return acosh(x); }, [](real x) { return std::acosh(x); }, 1, huge);
  see(
      "atanh", [](auto x) { return atanh(x); }, [](real x) { return std::atanh(x); }, -0.99999, 0.99999);
  see(
      "erf", [](auto x) { return erf(x); }, [](real x) { return std::erf(x); }, -6, 6);
  see(
      "erfc", [](auto x) { return erfc(x); }, [](real x) { return std::erfc(x); }, -6, is_double ? 27 : 10);
  see(
      "normal_cdf", [](auto x) { return normal_cdf(x); }, [](real x) { return std::erfc(-x / std::sqrt(real(2))) / 2; },
      is_double ? -38 : -14, 9);
  see(
      "normal_density", [](auto x) { return normal_density(x); },
      [](real x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(real(-1))); }, is_double ? -38 : -14, 9);
  see(
      "erf_slope", [](auto x) { return xg::detail::erf_slope(x); },
      [](real x) { return std::exp(-x * x) * 2 / std::sqrt(pi_l); }, is_double ? -26.5 : -9.3, is_double ? 26.5 : 9.3);
  see(
      "tgamma", [](auto x) { return tgamma(x); }, [](real x) { return std::tgamma(x); }, is_double ? -100 : -20,
      is_double ? 171.6 : 35);
  see(
      "lgamma", [](auto x) { return lgamma(x); }, [](real x) { return std::lgamma(x); }, -100,
      is_double ? 1e305 : 1e36);
  see(
      "digamma", [](auto x) { return xg::detail::digamma(x); }, [](real x) { return digamma(x); }, 0, huge);
  see(
      "trigamma", [](auto x) { return xg::detail::trigamma(x); }, [](real x) { return trigamma(x); }, 0, huge);
  see(
      "sinc", [](auto x) { return xg::detail::sinc_derivative(decltype(x)(0), x); }, [](real x) { return sinc(x); },
      is_double ? -1e15 : -1e6, is_double ? 1e15 : 1e6);
  see(
      "floor", [](auto x) { return floor(x); }, [](real x) { return std::floor(x); }, -huge, huge);
  see(
      "ceil", [](auto x) { return ceil(x); }, [](real x) { return std::ceil(x); }, -huge, huge);
  see(
      "trunc", [](auto x) { return trunc(x); }, [](real x) { return std::trunc(x); }, -huge, huge);
  see(
      "round", [](auto x) { return round(x); }, [](real x) { return std::round(x); }, -huge, huge);
  see(
      "rint", [](auto x) { return rint(x); }, [](real x) { return std::rint(x); }, -huge, huge);
  see(
      "nearbyint", [](auto x) { return nearbyint(x); }, [](real x) { return std::nearbyint(x); }, -huge, huge);
}
/// The same for each function of two arguments; the ranges are those of the first and of the second.
template <class T>
void each_function_of_two(const auto& see) {
  using real = long double;
  const double huge = double(std::numeric_limits<T>::max());
  see(
      "pow", [](auto x, auto y) { return pow(x, y); }, [](real x, real y) { return std::pow(x, y); },
      std::array{0., huge}, std::array{-3., 3.});
  see(
      "pow near 1", [](auto x, auto y) { return pow(x, y); }, [](real x, real y) { return std::pow(x, y); },
      std::array{0.9, 1.1}, std::array{-800., 800.});
  see(
      "atan2", [](auto x, auto y) { return atan2(x, y); }, [](real x, real y) { return std::atan2(x, y); },
      std::array{-huge, huge}, std::array{-huge, huge});
  see(
      "fmod", [](auto x, auto y) { return fmod(x, y); }, [](real x, real y) { return std::fmod(x, y); },
      std::array{-1e15, 1e15}, std::array{-100., 100.});
  see(
      "remainder", [](auto x, auto y) { return remainder(x, y); }, [](real x, real y) { return std::remainder(x, y); },
      std::array{-1e15, 1e15}, std::array{-100., 100.});
  see(
      "xlogy", [](auto x, auto y) { return xg::xlogy_fun()(x, y); },
      [](real x, real y) { return x == 0 && !std::isnan(y) ? x : x * std::log(y); }, std::array{-1e15, 1e15},
      std::array{0., 1e15});
  see(
      "hypot", [](auto x, auto y) { return hypot(x, y); }, [](real x, real y) { return std::hypot(x, y); },
      std::array{-1e15, 1e15}, std::array{-1e15, 1e15});
}

/// What a function is worth: its largest error, where, and whether single numbers gave the bits of the lanes.
template <class T>
struct accuracy {
  double worst = 0;
  std::array<T, 2> at{};
  bool same_bits = true;
};

template <class T>
bool same_bits(T a, T b) {
  return std::bit_cast<std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>>(a) ==
         std::bit_cast<std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>>(b);
}

/// Adds the error of f at each of the arguments x (as many as there are lanes), f(x...) as lanes and alone.
template <class T>
void measure(accuracy<T>& so_far, const auto& f, const auto& reference, const std::vector<std::array<T, 2>>& arguments,
             auto... operand) {
  constexpr std::size_t lanes = row_lanes<T>::size;
  for (std::size_t i = 0; i + lanes <= arguments.size(); i += lanes) {
    alignas(64) T in[2][lanes], out[lanes];
    for (std::size_t j = 0; j < lanes; ++j)
      for (std::size_t k = 0; k < 2; ++k) in[k][j] = arguments[i + j][k];
    f(row_lanes<T>::load(in[operand])...).store(out);
    for (std::size_t j = 0; j < lanes; ++j) {
      const T alone = f(one_lane<T>(in[operand][j])...).get();
      so_far.same_bits = so_far.same_bits && same_bits(alone, out[j]);
      const double error = ulp_error(out[j], reference(static_cast<long double>(in[operand][j])...));
      if (error > so_far.worst) {
        so_far.worst = error;
        so_far.at = arguments[i + j];
      }
    }
  }
}

/// The accuracy over `count` samples between the bounds.
template <class T>
accuracy<T> accuracy_of(const auto& f, const auto& reference, double low, double high, std::size_t count) {
  sampler<T> sample(low, high, 1), usual(std::max(low, -10.), std::min(high, 10.), 2);
  std::vector<std::array<T, 2>> arguments(count);
  for (std::size_t i = 0; i < count; ++i) arguments[i][0] = i % 2 ? sample() : usual();
  accuracy<T> result;
  measure(result, f, reference, arguments, 0);
  return result;
}
template <class T>
accuracy<T> accuracy_of(const auto& f, const auto& reference, std::array<double, 2> x, std::array<double, 2> y,
                        std::size_t count) {
  sampler<T> sample_x(x[0], x[1], 1), sample_y(y[0], y[1], 2);
  std::vector<std::array<T, 2>> arguments(count);
  for (auto& argument : arguments) argument = {sample_x(), sample_y()};
  accuracy<T> result;
  measure(result, f, reference, arguments, 0, 1);
  return result;
}

/// Arguments at which functions are special.
template <class T>
std::vector<T> special_arguments() {
  using limits = std::numeric_limits<T>;
  std::vector<T> all;
  for (const T x :
       {T(0), T(0.5), T(1), T(2), T(3), limits::epsilon(), 1 - limits::epsilon(), 1 + limits::epsilon(),
        limits::denorm_min(), limits::min(), limits::max(), T(88.5), T(709.5), T(1e9), limits::infinity()}) {
    all.push_back(x);
    all.push_back(-x);
  }
  all.push_back(limits::quiet_NaN());
  return all;
}

/// Is the result that of the reference: the same special value, the same sign of a zero, or within 4 ulp?
template <class T>
bool is_right(T got, long double exact) {
  return ulp_error(got, exact) <= 4 && (std::isnan(got) || std::signbit(got) == std::signbit(exact));
}

}  // namespace test
