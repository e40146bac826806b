// Elementary and special functions through the user's face: slopes with all their digits, operands of every kind, rows
// of every length, floating-point exceptions. Values by themselves: lanes_math_test.cpp.
#include <cfenv>

#include "slopes.hpp"

namespace {

using array = xt::xarray<double>;
using test::at, test::check_rows, test::check_slope;
using xg::var;
using real = long double;

constexpr double inf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("slopes keep their digits close to ends, poles and zeros") {
  const real ln2 = std::log(real(2)), ln10 = std::log(real(10)), pi = test::pi_l;
  for (const double x : {1 - 0x1p-53, 1 - 1e-9, -1 + 1e-12, 0.3, -0.7, 1e-9, 0.}) {
    const real square = (1 - real(x)) * (1 + real(x));
    check_slope([](auto v) { return xt::asin(v); }, x, 1 / std::sqrt(square));
    check_slope([](auto v) { return xt::acos(v); }, x, -1 / std::sqrt(square));
    check_slope([](auto v) { return xt::atanh(v); }, x, 1 / square);
  }
  for (const double x : {1 + 0x1p-52, 1 + 1e-9, 1.5, 1e9, 1e200, 1.7e308})
    check_slope([](auto v) { return xt::acosh(v); }, x, 1 / std::sqrt((real(x) - 1) * (real(x) + 1)));
  for (const double x : {0., 1e-9, -0.4, 3., 1e9, -1e200, 1.7e308}) {
    check_slope([](auto v) { return xt::asinh(v); }, x, 1 / std::sqrt(1 + real(x) * real(x)));
    if (std::abs(x) < 1e150) check_slope([](auto v) { return xt::atan(v); }, x, 1 / (1 + real(x) * real(x)));
    check_slope([=](auto v) { return xt::atan2(v, 2.0); }, x, 2 / (4 + real(x) * real(x)));
  }
  for (const double x : {1e-307, 0.5, 7., 1e300}) {
    check_slope([](auto v) { return xt::log2(v); }, x, 1 / (x * ln2));
    check_slope([](auto v) { return xt::log10(v); }, x, 1 / (x * ln10));
    check_slope([](auto v) { return xt::cbrt(v); }, x, 1 / (3 * std::pow(std::cbrt(real(x)), 2)));
    check_slope([](auto v) { return xt::hypot(v, 1e300); }, x, x / std::hypot(real(x), real(1e300)));
  }
  for (const double x : {-1000., -20., -0.3, 0., 1., 30., 700.}) {
    check_slope([](auto v) { return xt::exp2(v); }, x, std::exp2(real(x)) * ln2);
    check_slope([](auto v) { return xt::sinh(v); }, x / 2, std::cosh(real(x) / 2));
    check_slope([](auto v) { return xt::cosh(v); }, x / 2, std::sinh(real(x) / 2));
    check_slope([](auto v) { return xg::logaddexp(v, 1.0); }, x, 1 / (1 + std::exp(1 - real(x))));
  }
  for (const double x : {0., 1e-9, 1.57, 1.5707963267948966, -1.5, 10.})
    check_slope([](auto v) { return xt::tan(v); }, x, 1 + std::pow(std::tan(real(x)), 2));
  for (const double x : {0., 0.4, -3., 10., -20., 26.}) {
    const real slope = 2 / std::sqrt(pi) * std::exp(-real(x) * real(x));
    check_slope([](auto v) { return xt::erf(v); }, x, slope);
    check_slope([](auto v) { return xt::erfc(v); }, x, -slope);
  }
  for (const double x : {1e-9, 0.4, 1.4616321449683622, 1.4616, 1.47, 2.5, 40., 1e9, -0.4, -1.25})
    check_slope([](auto v) { return xt::lgamma(v); }, x, test::digamma(x));
  for (const double x : {1e-9, 0.4, 1.4616321449683622, 1.4616, 1.47, 2.5, 40., 170.5, -0.4, -1.25})
    check_slope([](auto v) { return xt::tgamma(v); }, x, std::tgamma(real(x)) * test::digamma(x));
  for (const double x : {1e-9, 0.4, 2.5, 40., 1e9, -0.4, -1.25})
    check_slope([](auto v) { return xg::digamma(v); }, x, test::trigamma(x));
  for (const double x : {1e-200, 1e-9, -0.01, 0.1})
    check_slope(
        [](auto v) { return xg::sinc(v); }, x,
        x * (-pi * pi / 3 + std::pow(pi, 4) / 30 * x * x - std::pow(pi, 6) / 840 * std::pow(real(x), 4) +
             std::pow(pi, 8) / 45360 * std::pow(real(x), 6) - std::pow(pi, 10) / 3991680 * std::pow(real(x), 8) +
             std::pow(pi, 12) / 518918400 * std::pow(real(x), 10)));
  for (const double x : {0.5, 0.7, 2., -3.25})
    check_slope([](auto v) { return xg::sinc(v); }, x, (std::cos(pi * real(x)) - test::sinc(x)) / real(x));
}

TEST_CASE("second derivatives keep their digits where the first are flat") {
  const auto second = [](const auto& f, double at) {
    xg::tape<double> t;
    const auto x = t.variable(at);
    return xg::gradient(xg::gradient(var<double>(f(x)), x), x).item();
  };
  using doctest::Approx;
  for (const double x : {1e-9, -1e-5, 0.5, 1 - 1e-9}) {
    CAPTURE(x);
    const real square = (1 - real(x)) * (1 + real(x));
    CHECK(test::ulp_error(second([](auto v) { return xt::asin(v); }, x), x / (square * std::sqrt(square))) < 12);
    CHECK(test::ulp_error(second([](auto v) { return xt::atanh(v); }, x), 2 * real(x) / (square * square)) < 12);
    const real h = 1 + real(x) * x;
    CHECK(test::ulp_error(second([](auto v) { return xt::atan(v); }, x), -2 * real(x) / (h * h)) < 12);
    CHECK(test::ulp_error(second([](auto v) { return xt::asinh(v); }, x), -x / (h * std::sqrt(h))) < 12);
  }
  for (const double x : {0.3, 12., -25.})
    CHECK(test::ulp_error(second([](auto v) { return xt::erf(v); }, x),
                          -4 * x / std::sqrt(test::pi_l) * std::exp(-real(x) * x)) < 12);
  CHECK(second([](auto v) { return xt::erf(v); }, 1e200) == 0);
  CHECK(second([](auto v) { return xt::erf(v); }, inf) == 0);
  CHECK(second([](auto v) { return xg::logaddexp(v, 3.0); }, 3) == Approx(0.25).epsilon(1e-15));
  CHECK(second([](auto v) { return xg::sinc(v); }, 0) == Approx(double(-test::pi_l * test::pi_l / 3)).epsilon(1e-15));
}

TEST_CASE("whole numbers, arrays of them and sizes are operands like others") {
  xg::tape<float> t;
  const auto x = t.variable(xt::xarray<float>{1.f, 2.f, 3.f});
  const xt::xarray<int> two{2, 2, 2};
  const xt::xarray<std::size_t> four{4, 4, 4};
  const std::size_t three = 3;
  for (const var<float>& y :
       {var<float>(xt::hypot(x, three)), var<float>(xt::fma(x, two, 1)), var<float>(xt::fma(three, x, four)),
        var<float>(xt::atan2(1, x)), var<float>(xt::clip(x, 0u, three)), var<float>(xt::fmod(x, two)),
        var<float>(xg::logaddexp(x, two)), var<float>(xg::xlogy(three, x)), var<float>(xt::fdim(x, 1L))}) {
    CHECK(y.size() == 3);
    t.backward(xg::sum(y));
    CHECK(std::isfinite(x.grad()(1)));
  }
  CHECK(var<float>(xt::hypot(x, 4 * xt::ones<int>({3}))).value()(2) == 5);
  CHECK(var<float>(xt::fma(three, x, four)).value()(2) == 13);
}

TEST_CASE("xtensor's names and this library's are the same functions") {
  xg::tape<double> t;
  const auto x = t.variable(0.7);
  CHECK(var<double>(xg::tan(x)).item() == var<double>(xt::tan(x)).item());
  CHECK(var<double>(xg::atan2(x, 2)).item() == std::atan2(0.7, 2));
  CHECK(var<double>(xg::fabs(-x)).item() == 0.7);
  CHECK(var<double>(xt::degrees(x)).item() == doctest::Approx(0.7 * 180 / std::acos(-1)));
  CHECK(var<double>(xt::radians(x)).item() == doctest::Approx(0.7 * std::acos(-1) / 180));
  const var<double> y = xg::reciprocal(x);
  t.backward(y);
  CHECK(y.item() == 1 / 0.7);
  CHECK(x.grad()() == doctest::Approx(-1 / 0.49));
}

TEST_CASE("fma rounds once") {
  const double a = 1 + 0x1p-30;
  CHECK(at([=](auto v) { return xt::fma(v, a, -(a * a)); }, a).value == std::fma(a, a, -(a * a)));
  CHECK(std::fma(a, a, -(a * a)) != 0);
}

namespace {

template <class T>
void check_rows_of_all() {
  check_rows<T>([](auto x) { return xt::tan(x) + xt::atan(x) * xt::sinh(x); });
  check_rows<T>([](auto x) { return xt::asin(x / 4) - xt::acos(x / 4) * xt::atanh(x / 4); });
  check_rows<T>([](auto x) { return xt::cosh(x) + xt::asinh(x) / xt::acosh(x + 1); });
  check_rows<T>([](auto x) { return xt::exp2(x) + xt::log2(x) * xt::log10(x) - xt::cbrt(x); });
  check_rows<T>([](auto x) { return xt::hypot(x, 2) * xt::atan2(x, 3) + xt::fma(x, x, 1); });
  check_rows<T>([](auto x) { return xt::erf(x) * xt::erfc(x) + xg::sinc(x); });
  check_rows<T>([](auto x) { return xt::tgamma(x) + xt::lgamma(x) * xg::digamma(x); });
  check_rows<T>([](auto x) { return xg::polygamma(1, x) + xg::logaddexp(x, 1) * xg::xlogy(x, x); });
  check_rows<T>([](auto x) { return xt::fmod(x, 0.7) + xt::remainder(x, 0.6) * xt::clip(x, 0.5, 2); });
}

}  // namespace

TEST_CASE("rows of every length give the same bits, forward and backward, of every function") {
  check_rows_of_all<float>();
  check_rows_of_all<double>();
}

TEST_CASE("good rows raise no floating-point exception that programs trap, at corners too") {
  for (const std::size_t n : {1u, 3u, 4u, 5u, 9u, 17u}) {
    CAPTURE(n);
    xg::tape<double> t;
    const auto x = t.variable(array(xt::arange<double>(1, double(n) + 1))),
               zero = t.variable(array(xt::zeros<double>({n})));
    const auto infinite = t.variable(array(xt::full_like(array(xt::zeros<double>({n})), inf)));
    std::feclearexcept(FE_ALL_EXCEPT);
    const var<double> y = xt::tan(x) + xt::asin(x / 20) + xt::acos(x / 20) + xt::atanh(x / 20) + xt::acosh(x + 1) +
                          xt::asinh(x) + xt::cosh(x / 9) + xt::atan(x) + xt::exp2(x) + xt::log2(x) + xt::log10(x);
    const var<double> z = xt::lgamma(x) + xt::tgamma(x) + xg::digamma(x) + xg::polygamma(2, x) + xt::erf(x) +
                          xt::erfc(x) + xg::sinc(x) + xt::fmod(x, 3) + xt::remainder(x, 3) + xt::cbrt(x);
    const var<double> corners = xt::hypot(zero, zero) + xt::atan2(zero, zero) + xg::xlogy(zero, zero) + xg::sinc(zero) +
                                xt::sign(zero) + xt::clip(zero, 0, 0);
    const var<double> far = xg::logaddexp(infinite, infinite) + xt::fdim(infinite, infinite) + xt::fmod(x, infinite);
    t.backward(xg::sum(y) + xg::sum(z) + xg::sum(corners));
    t.backward(far, array(xt::ones<double>({n})));
    CHECK_FALSE(std::fetestexcept(FE_INVALID | FE_DIVBYZERO));
  }
}
