// Special functions through the user's face: against fixtures of 60 digits (oracle/special.py), at poles and corners.
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

#include "slopes.hpp"

namespace {

using array = xt::xarray<double>;
using test::at;
using xg::var;
using real = long double;

constexpr double inf = std::numeric_limits<double>::infinity(), not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("special functions have the values of a computation with 60 digits, at any order") {
  std::ifstream file(std::filesystem::path(__FILE__).parent_path() / "oracle" / "special.txt");
  REQUIRE(file);
  using function = std::function<var<double>(const var<double>&, int)>;
  const std::map<std::string, function> functions{
      {"digamma", [](const auto& x, int) { return var<double>(xg::digamma(x)); }},
      {"polygamma", [](const auto& x, int n) { return var<double>(xg::polygamma(n, x)); }},
      {"tgamma", [](const auto& x, int n) { return n ? xg::gradient(xt::tgamma(x), x) : var<double>(xt::tgamma(x)); }},
      {"lgamma", [](const auto& x, int) { return var<double>(xt::lgamma(x)); }},
      {"erfc", [](const auto& x, int) { return var<double>(xt::erfc(x)); }},
      {"erf_slope", [](const auto& x, int) { return xg::gradient(xt::erf(x), x); }},
      {"sinc", [](const auto& x, int n) {
         var<double> y = xg::sinc(x);
         for (; n > 0; --n) y = xg::gradient(y, x);
         return y;
       }}};
  int lines = 0;
  for (std::string name; file >> name; ++lines) {
    int order = 0;
    double x = 0;
    real exact = 0;
    file >> order >> x >> exact;
    REQUIRE(file);
    CAPTURE(name);
    CAPTURE(order);
    CAPTURE(x);
    xg::tape<double> t;
    const auto v = t.variable(x);
    const double got = functions.at(name)(v, order).item();
    CAPTURE(got);
    // What is a difference has an ulp of the numbers it is the difference of: below 0 digamma, and its derivatives of
    // even order, have those of π cot(πx); the slopes of sinc those of cos(πx).
    real parts = 0;
    if (x < 0 && (name == "digamma" || (name == "polygamma" && order % 2 == 0) || (name == "tgamma" && order == 1)))
      parts = std::tgamma(real(order + 1)) / std::pow(std::abs(test::off_whole(x)), order + 1);
    if (name == "sinc" && order > 0) parts = std::pow(test::pi_l, order);
    if (parts > 0)
      CHECK(std::abs(got - exact) <= 2e-15 * std::max(parts, std::abs(exact)));
    else
      CHECK(test::ulp_error(got, exact) <= (order > 1 ? 10 : 4));
  }
  CHECK(lines > 300);
}

TEST_CASE("derivatives of lgamma go on by themselves") {
  xg::tape<double> t;
  const auto x = t.variable(2.5);
  var<double> y = xt::lgamma(x);
  for (int n = 0; n <= 5; ++n) {
    y = xg::gradient(y, x);
    const var<double> same = xg::polygamma(n, x);
    CHECK(y.item() == same.item());
  }
}

#ifdef __GLIBC__
TEST_CASE("lgamma writes no global, which other threads would write too") {
  signgam = 42;
  CHECK(at([](auto v) { return xt::lgamma(v); }, -0.5).value ==
        doctest::Approx(std::log(2 * std::sqrt(std::acos(-1)))));
  CHECK(signgam == 42);
}
#endif

TEST_CASE("an order that polygamma does not have is an error") {
  xg::tape<double> t;
  const auto x = t.variable(2.5);
  const std::string where = test::line_below();
  const std::string m = test::message_of<xg::value_error>([&] { xg::polygamma(-1, x); });
  CHECK(m == "polygamma: the order -1 is not from 0 to 100 " + where);
  CHECK(test::contains(test::message_of<xg::value_error>([&] { xg::polygamma(101, x); }), "the order 101"));
}

TEST_CASE("poles and infinities of the gamma functions") {
  const auto digamma = [](auto v) { return xg::digamma(v); };
  const auto trigamma = [](auto v) { return xg::polygamma(1, v); };
  const auto third = [](auto v) { return xg::polygamma(2, v); };
  CHECK(at(digamma, 0.).value == -inf);
  CHECK(at(digamma, -0.).value == inf);
  CHECK(std::isnan(at(digamma, -3).value));
  CHECK(at(digamma, inf).value == inf);
  CHECK(std::isnan(at(digamma, -inf).value));
  CHECK(at(trigamma, 0).value == inf);
  CHECK(at(trigamma, -7).value == inf);
  CHECK(at(trigamma, inf).value == 0);
  CHECK(at(third, 0.).value == -inf);
  CHECK(at(third, -0.).value == inf);
  CHECK(std::isnan(at(third, -2).value));
  CHECK(at([](auto v) { return xt::lgamma(v); }, 0).value == inf);
  CHECK(at([](auto v) { return xt::lgamma(v); }, 0).slope == -inf);
  CHECK(at([](auto v) { return xt::tgamma(v); }, 0).slope == -inf);
  for (const auto& f :
       {at(digamma, not_a_number), at(trigamma, not_a_number), at([](auto v) { return xg::sinc(v); }, not_a_number)}) {
    CHECK(std::isnan(f.value));
    CHECK(std::isnan(f.slope));
  }
}

TEST_CASE("logaddexp neither overflows nor loses equal infinities") {
  xg::tape<double> t;
  const auto a = t.variable(array{1000., inf, -inf, -inf, 0., 3.}),
             b = t.variable(array{1000., inf, -inf, 1., -800., not_a_number});
  const var<double> y = xg::logaddexp(a, b);
  CHECK(y.value()(0) == 1000 + std::log(2.0));
  CHECK(y.value()(1) == inf);
  CHECK(y.value()(2) == -inf);
  CHECK(y.value()(3) == 1);
  CHECK(y.value()(4) == 0);
  CHECK(std::isnan(y.value()(5)));
  t.backward(xg::sum(y));
  for (std::size_t i = 0; i < 3; ++i) CHECK(a.grad()(i) == 0.5);
  CHECK(a.grad()(3) == 0);
  CHECK(b.grad()(3) == 1);
  CHECK(std::isnan(b.grad()(5)));
}
