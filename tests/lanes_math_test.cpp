// The elementary functions on lanes by themselves: their errors, special values, flags, and that a lane and a single
// number agree.
#include <cfenv>

#include <doctest/doctest.h>

#include "accuracy.hpp"

namespace {

using namespace test;

constexpr std::size_t samples = 20000;

template <class T>
void check_accuracy() {
  each_function<T>([](const char* name, auto f, auto reference, double low, double high) {
    const accuracy<T> found = accuracy_of<T>(f, reference, low, high, samples);
    CAPTURE(name);
    CAPTURE(found.at[0]);
    CHECK(found.worst <= 4);
    CHECK(found.same_bits);
  });
  each_function_of_two<T>([](const char* name, auto f, auto reference, auto x, auto y) {
    const accuracy<T> found = accuracy_of<T>(f, reference, x, y, samples);
    CAPTURE(name);
    CAPTURE(found.at[0]);
    CAPTURE(found.at[1]);
    CHECK(found.worst <= 4);
    CHECK(found.same_bits);
  });
}

template <class T>
void check_special_values() {
  const std::vector<T> special = special_arguments<T>();
  each_function<T>([&](const char* name, auto f, auto reference, double, double) {
    CAPTURE(name);
    for (const T x : special) {
      CAPTURE(x);
      T row[row_lanes<T>::size];
      f(row_lanes<T>(x)).store(row);
      for (const T y : row) CHECK(is_right(y, reference(x)));
      CHECK(is_right(f(one_lane<T>(x)).get(), reference(x)));
    }
  });
  each_function_of_two<T>([&](const char* name, auto f, auto reference, auto, auto) {
    CAPTURE(name);
    for (const T a : special) {
      for (const T b : special) {
        CAPTURE(a);
        CAPTURE(b);
        T row[row_lanes<T>::size];
        f(row_lanes<T>(a), row_lanes<T>(b)).store(row);
        for (const T y : row) CHECK(is_right(y, reference(a, b)));
        CHECK(is_right(f(one_lane<T>(a), one_lane<T>(b)).get(), reference(a, b)));
      }
    }
  });
}

/// Does computing f raise the flags that programs trap?
bool raises(const auto& f) {
  std::feclearexcept(FE_ALL_EXCEPT);
  volatile auto y = f();
  static_cast<void>(y);
  return std::fetestexcept(FE_INVALID | FE_DIVBYZERO) != 0;
}

template <class T>
void check_flags() {
  sampler<T> sample(-30, 30, 3);
  for (int i = 0; i < 2000; ++i) {
    volatile T x = sample(), y = sample();
    const row_lanes<T> a(T{x}), b(T{y}), positive = abs(a);
    const auto first = [](row_lanes<T> v) {
      T row[row_lanes<T>::size];
      v.store(row);
      return row[0];
    };
    CAPTURE(T{x});
    CAPTURE(T{y});
    CHECK_FALSE(raises([&] {
      return first(exp(a) + expm1(a) + sin(a) + cos(a) + tanh(a) + sigmoid(a) + logistic_density(a) + log1p(positive) +
                   sqrt(positive));
    }));
    if (x != 0) {
      CHECK_FALSE(raises([&] { return first(log(positive) + pow(positive, b)); }));
      CHECK_FALSE(raises([&] { return first(pow(a, row_lanes<T>(std::floor(T{y})))); }));
    }
  }
  CHECK_FALSE(raises([] { return pow(one_lane<T>(0), one_lane<T>(0)).get(); }));
  CHECK_FALSE(raises([] { return pow(one_lane<T>(0), one_lane<T>(2)).get(); }));
  const T infinity = std::numeric_limits<T>::infinity();
  CHECK_FALSE(raises([=] { return exp(one_lane<T>(infinity)).get() + log(one_lane<T>(infinity)).get(); }));
}

}  // namespace

TEST_CASE("elementary functions are within 4 ulp, and a lane gives the bits of a single number") {
  check_accuracy<float>();
  check_accuracy<double>();
}

TEST_CASE("special values are those of C99, Annex F") {
  check_special_values<float>();
  check_special_values<double>();
}

TEST_CASE("good arguments raise neither FE_INVALID nor FE_DIVBYZERO") {
  check_flags<float>();
  check_flags<double>();
}

TEST_CASE("exp reaches to the largest and smallest numbers, and overflows only beyond") {
  const auto exp_of = [](auto x) { return exp(one_lane<decltype(x)>(x)).get(); };
  CHECK(ulp_error(exp_of(709.5), std::exp(709.5L)) < 1);
  CHECK(ulp_error(exp_of(88.5f), std::exp(88.5L)) < 1);
  CHECK(ulp_error(exp_of(709.78271289338397), std::exp(static_cast<long double>(709.78271289338397))) < 1);
  CHECK(exp_of(709.78271289338409) == std::numeric_limits<double>::infinity());
  CHECK(std::isfinite(exp_of(88.72283f)));
  CHECK(exp_of(88.72284f) == std::numeric_limits<float>::infinity());
  CHECK(exp_of(-745.13) == std::numeric_limits<double>::denorm_min());
  CHECK(exp_of(-745.14) == 0);
}

TEST_CASE("a power that is a number of its type is exact") {
  for (double x = 1; x <= 40; ++x) {
    double power = 1;
    for (double n = 0; n <= 9; ++n, power *= x) {
      CHECK(pow(one_lane<double>(x), one_lane<double>(n)).get() == power);
      CHECK(pow(one_lane<double>(-x), one_lane<double>(n)).get() == (std::fmod(n, 2) == 1 ? -power : power));
      if (power <= 0x1p24) CHECK(pow(one_lane<float>(x), one_lane<float>(n)).get() == float(power));
    }
  }
  for (double x : {0.25, 2.25, 144., 0x1p-40})
    CHECK(pow(one_lane<double>(x), one_lane<double>(0.5)).get() == std::sqrt(x));
}
