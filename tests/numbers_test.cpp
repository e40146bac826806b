// Numbers through the user's face: accuracy of values and slopes, NaN, and rows of every length.
#include <cfenv>

#include <doctest/doctest.h>
#include <xtensor/xview.hpp>

#include "slopes.hpp"

namespace {

using array = xt::xarray<double>;
using test::at, test::check_rows, test::check_slope, test::point;
using xg::var;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <class T>
void check_rows_of_all() {
  check_rows<T>([](auto x) { return xt::exp(x) + xt::expm1(x); });
  check_rows<T>([](auto x) { return xt::log(x) * xt::log1p(x); });
  check_rows<T>([](auto x) { return xt::sqrt(x) - xt::abs(x) / (x + 1); });
  check_rows<T>([](auto x) { return xt::sin(x) * xt::cos(x); });
  check_rows<T>([](auto x) { return xt::tanh(x) + xg::sigmoid(x); });
  check_rows<T>([](auto x) { return xt::pow(x, 2.3); });
}

}  // namespace

TEST_CASE("rows of every length give the same bits, forward and backward") {
  check_rows_of_all<float>();
  check_rows_of_all<double>();
}

TEST_CASE("values that vector libraries miss") {
  const auto square = [](auto x) { return xt::pow(x, 2); };
  for (const std::size_t n : {4u, 5u}) {
    CHECK(at(square, 3, n).value == 9);
    CHECK(at(square, 3, n).slope == 6);
  }
  CHECK(test::ulp_error(at([](auto x) { return xt::exp(x); }, 709.5).value, std::exp(709.5L)) < 1);
  CHECK(test::ulp_error(at([](auto x) { return xt::log(x); }, 1e-310).value,
                        std::log(static_cast<long double>(1e-310))) < 1);
  CHECK(std::isnan(at([](auto x) { return xt::pow(0 * x, not_a_number + 0 * x); }, 1).value));
  CHECK(at([](auto x) { return xt::pow(x, not_a_number); }, 1).value == 1);
  xg::tape<float> t;
  const auto x = t.variable(xt::xarray<float>(xt::zeros<float>({5}) + 88.5f));
  CHECK(test::ulp_error(var<float>(xt::exp(x)).value()(4), std::exp(88.5L)) < 1);
}

TEST_CASE("slopes keep their digits where the value has none left") {
  const auto sigmoid_slope = [](long double x) { return 1 / ((1 + std::exp(x)) * (1 + std::exp(-x))); };
  const auto tanh_slope = [](long double x) { return 1 / (std::cosh(x) * std::cosh(x)); };
  for (const double x : {37., -37., 1., 0., 30.5, 700., -700., 1e-9}) {
    check_slope([](auto v) { return xg::sigmoid(v); }, x, sigmoid_slope(x));
    check_slope([](auto v) { return xt::tanh(v); }, x / 2, tanh_slope(x / 2));
  }
  for (const double x : {-40., -37., -1., 0., 2., -700.})
    check_slope([](auto v) { return xt::expm1(v); }, x, std::exp(static_cast<long double>(x)));
  for (const double x : {-1 + 1e-12, -0.5, 1e-18, 3.})
    check_slope([](auto v) { return xt::log1p(v); }, x, 1 / (1 + static_cast<long double>(x)));
  for (const double x : {1e-300, 2., 1e300})
    check_slope([](auto v) { return xt::sqrt(v); }, x, 1 / (2 * std::sqrt(static_cast<long double>(x))));
  CHECK(at([](auto v) { return xg::sigmoid(v); }, 37).slope == doctest::Approx(8.533047625744064e-17).epsilon(1e-15));
}

TEST_CASE("second derivatives keep their digits too") {
  xg::tape<double> t;
  const auto x = t.variable(array{37., -37., 0.3, 20.});
  const auto second = [&](const var<double>& y) {
    return test::copy(xg::gradient(xg::sum(xg::gradient(xg::sum(y), x)), x).value());
  };
  const array of_sigmoid = second(xg::sigmoid(x)), of_tanh = second(xt::tanh(x));
  for (std::size_t i = 0; i < 4; ++i) {
    const long double v = x.value()(i), s = 1 / (1 + std::exp(-v)), r = 1 / (1 + std::exp(v)), c = std::cosh(v);
    CHECK(of_sigmoid(i) == doctest::Approx(double(s * r * (r - s))).epsilon(1e-14));
    CHECK(of_tanh(i) == doctest::Approx(double(-2 * std::tanh(v) / (c * c))).epsilon(1e-14));
  }
}

TEST_CASE("NaN is seen in value and slope by relu, abs, maximum and minimum") {
  const auto seen = [](auto f) {
    for (const std::size_t n : {1u, 5u}) {
      const point p = at(f, not_a_number, n);
      CHECK(std::isnan(p.value));
      CHECK(std::isnan(p.slope));
      CHECK(std::isnan(p.recorded));
    }
  };
  seen([](auto x) { return xg::relu(x); });
  seen([](auto x) { return xt::abs(x); });
  seen([](auto x) { return xt::maximum(x, 1.0); });
  seen([](auto x) { return xt::maximum(1.0, x); });
  seen([](auto x) { return xt::minimum(x, 1.0); });
  seen([](auto x) { return xt::minimum(1.0, x); });

  xg::tape<double> t;  // the operand that is a number sees it as well
  const auto a = t.variable(array{not_a_number, 1., 2.}), b = t.variable(array{1., not_a_number, 3.});
  for (const var<double>& y : {var<double>(xt::maximum(a, b)), var<double>(xt::minimum(a, b))}) {
    t.backward(xg::sum(y));
    for (const std::size_t i : {0u, 1u}) {
      CHECK(std::isnan(y.value()(i)));
      CHECK(std::isnan(a.grad()(i)));
      CHECK(std::isnan(b.grad()(i)));
    }
    CHECK(a.grad()(2) + b.grad()(2) == 1);
  }
}

TEST_CASE("a NaN in a branch not taken stays there") {
  xg::tape<double> t;
  const auto x = t.variable(array{not_a_number, 2., -3.});
  const var<double> clean = xt::where(xt::equal(x, x), xg::relu(x) + xt::abs(x) + xt::maximum(x, 1.0), 0);
  t.backward(xg::sum(clean));
  CHECK(test::identical(clean.value(), array{0., 6., 4.}));
  CHECK(test::identical(x.grad(), array{0., 3., -1.}));
  CHECK(test::identical(xg::gradient(xg::sum(clean), x).value(), array{0., 3., -1.}));
}

TEST_CASE("fmax and fmin take the number, and give it the adjoint") {
  xg::tape<double> t;
  const auto a = t.variable(array{not_a_number, 1., 2., 3.}), b = t.variable(array{1., not_a_number, 3., 3.});
  const var<double> most = xt::fmax(a, b), least = xt::fmin(a, b);
  CHECK(test::identical(most.value(), array{1., 1., 3., 3.}));
  CHECK(test::identical(least.value(), array{1., 1., 2., 3.}));
  t.backward(xg::sum(most));
  CHECK(test::identical(a.grad(), array{0., 1., 0., 0.5}));
  CHECK(test::identical(b.grad(), array{1., 0., 1., 0.5}));
  t.backward(xg::sum(least));
  CHECK(test::identical(a.grad(), array{0., 1., 1., 0.5}));
  CHECK(test::identical(b.grad(), array{1., 0., 0., 0.5}));
}

TEST_CASE("good rows raise no floating-point exception that programs trap") {
  for (const std::size_t n : {1u, 3u, 4u, 5u, 9u, 17u}) {
    CAPTURE(n);
    xg::tape<double> t;
    const auto x = t.variable(array(xt::arange<double>(1, double(n) + 1)));
    std::feclearexcept(FE_ALL_EXCEPT);
    const var<double> y = xt::log(x) + xt::sqrt(x) + 1 / x + xt::pow(x, -1.5) + xt::exp(-x) + xg::sigmoid(x);
    t.backward(xg::sum(y));
    CHECK_FALSE(std::fetestexcept(FE_INVALID | FE_DIVBYZERO));
  }
}

TEST_CASE("a NaN is unequal to itself, and true, in rows of every length") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t n : {1, 4, 5, 9, 33}) {
    xg::tape<double> t;
    const auto x = t.variable(array(xt::full_like(array(xt::zeros<double>({n})), nan)));
    const array one = xt::ones<double>({n});
    const xg::var unequal = xt::not_equal(x, x), chosen = xt::where(x, 1, 2), both = x && x, either = x || x;
    for (const auto& v : {unequal, chosen, both, either}) CHECK(test::identical(v.value(), one));
  }
}

TEST_CASE("activations stay finite at the ends of the number range (pytorch #49724)") {
  xg::tape<double> t;
  const auto x = t.variable(array{-1e308, -1000., 0., 1000., 1e308});
  for (const var<double>& y : {var<double>(xg::sigmoid(x)), var(xt::tanh(x)), var(xg::relu(x))}) {
    t.backward(xg::sum(y * 1e-10));
    for (std::size_t i = 0; i < 5; ++i) {
      CHECK(std::isfinite(y.value()(i)));
      CHECK(std::isfinite(x.grad()(i)));
    }
  }
  CHECK(test::identical(var(xg::sigmoid(x)).value(), array{0., 0., .5, 1., 1.}));
}

TEST_CASE("the same program gives the same bits (llama.cpp #22956)") {
  test::generator random(31);
  const array a = random.array({64, 96}), b = random.array({96, 80});
  array first;
  for (int round = 0; round < 5; ++round) {
    xg::tape<double> t;
    const auto A = t.variable(a), B = t.variable(b);
    t.backward(xg::mean(xt::tanh(xg::matmul(A, B))));
    if (round == 0) first = A.grad();
    CHECK(test::identical(A.grad(), first));
  }
}
