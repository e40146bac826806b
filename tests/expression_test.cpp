// Expressions before they are recorded: kept, copied and returned; and what they may be made of.
#include <doctest/doctest.h>

#include <optional>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;
using var = xg::var<double>;

namespace {

// Nothing may throw while an expression is built: xtensor's operators are noexcept, and would end the program.
static_assert(noexcept(std::declval<const var&>() + std::declval<const var&>()));
static_assert(noexcept(std::declval<const var&>() * 2.0));
static_assert(noexcept(std::declval<const var&>() - std::declval<const array&>()));
static_assert(noexcept(-std::declval<const var&>()));
static_assert(noexcept(std::declval<const var&>() < std::declval<const var&>()));
static_assert(noexcept(xt::tanh(std::declval<const var&>())));
static_assert(noexcept(xt::where(std::declval<const var&>() > 0, std::declval<const var&>(),
                                 std::declval<const array&>())));
static_assert(noexcept(xt::maximum(std::declval<const var&>(), std::declval<const array&>())));
static_assert(noexcept(xt::square(std::declval<const var&>())));
static_assert(noexcept(xg::relu(std::declval<const var&>())));
static_assert(noexcept(xg::squared_error(std::declval<const var&>(), std::declval<const array&>())));
// A plain lvalue is held by value.
static_assert(!std::is_reference_v<
              std::tuple_element_t<1, decltype((std::declval<const var&>() + std::declval<const array&>()).operands)>>);

auto with_local_array(const var& x) {
  const array local{10., 20., 30.};
  return xt::tanh(x) * local + local;
}
auto with_local_scalar(var x) {
  const double factor = 3;
  double offset = 1.5;
  return factor * x + offset;
}
auto with_temporaries(const var& x) { return x * array{1., 2., 3.} - array(array{4., 5., 6.}) * 2; }
auto with_local_view(const var& x) {
  const array local{{1., 2., 3.}, {4., 5., 6.}};
  return x + xt::strided_view(local, {1}) * 2 + xt::sum(local, {0});
}
auto with_local_expression(const var& x) {
  const auto inner = x * x;
  const auto outer = xt::exp(inner) - inner;
  return outer / 2;
}
auto with_local_handle(xg::tape<double>& t) {
  const var local = t.variable(array{7., 8., 9.});
  return local * local;
}

/// Overwrites the stack below the caller.
double clobber() {
  volatile double memory[512];
  for (auto& m : memory) m = -1e300;
  return memory[100];
}

}  // namespace

TEST_CASE("expressions returned from functions own what they are made of") {
  xg::tape<double> t;
  const array a{1., 2., 3.};
  const auto x = t.variable(a);
  const auto e1 = with_local_array(x);
  const auto e2 = with_local_scalar(x);
  const auto e3 = with_temporaries(x);
  const auto e4 = with_local_view(x);
  const auto e5 = with_local_expression(x);
  const auto e6 = with_local_handle(t);
  CHECK(clobber() == -1e300);
  CHECK(test::distance(var(e1).value(), xt::tanh(a) * array{10., 20., 30.} + array{10., 20., 30.}) < 1e-12);
  CHECK(test::identical(var(e2).value(), array{4.5, 7.5, 10.5}));
  CHECK(test::identical(var(e3).value(), array{-7., -6., -3.}));
  CHECK(test::identical(var(e4).value(), array{14., 19., 24.}));
  CHECK(test::distance(var(e5).value(), (xt::exp(a * a) - a * a) / 2) < 1e-12);
  CHECK(test::identical(var(e6).value(), array{49., 64., 81.}));
  t.backward(xg::sum(e5));
  CHECK(test::distance(x.grad(), a * xt::exp(a * a) - a) < 1e-12);
}

TEST_CASE("an expression can be kept, copied, assigned and recorded several times") {
  xg::tape<double> t;
  auto x = t.variable(array{1., 2.});
  std::optional<decltype(x * array{1., 1.} + 2.0)> kept;
  {
    array factor{5., 6.};
    double offset = 2;
    kept.emplace(x * factor + offset);
    factor.fill(-1), offset = -1;
  }
  const auto copy = *kept;
  x = t.variable(array{100., 100.});  // the expression keeps the variable it was made of
  CHECK(test::identical(var(*kept).value(), array{7., 14.}));
  kept.reset();
  CHECK(test::identical(var(copy).value(), array{7., 14.}));
  CHECK(test::identical(var(copy).value(), array{7., 14.}));
  CHECK(t.nodes() == 3);
}

TEST_CASE("an array changed after the expression was made does not change the expression") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  array a{1., 1.};
  const auto e = x + a;
  a(0) = 50;
  CHECK(test::identical(var(e).value(), array{2., 3.}));
  const auto plain_first = a * x;
  a.resize({5});
  CHECK(test::identical(var(plain_first).value(), array{50., 2.}));
}

TEST_CASE("plain operands that do not fit throw when recorded, not before") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.});
  const array a{1., 2., 3.}, b{1., 2.};
  const auto built = x * (a + b);  // must not throw, nor end the program
  const auto elsewhere = xt::tanh((a + b) * x) + 1;
  std::string where = line_below();
  std::string m = message_of<xg::shape_error>([&] { return var(built); });
  CHECK(contains(m, where));
  where = line_below();
  m = message_of<xg::shape_error>([&] { xg::sum(elsewhere); });
  CHECK(contains(m, where));
  const auto mismatch = x * b;
  where = line_below();
  m = message_of<xg::shape_error>([&] { return var(mismatch); });
  CHECK(contains(m, "*: (3) and (2) do not broadcast"));
  CHECK(contains(m, where));
  CHECK(t.nodes() == 0);
  CHECK(t.variables() == 1);
}

TEST_CASE("plain arrays of whole numbers and conditions are operands") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.});
  const xt::xarray<int> whole{3, -2, 0};
  const xt::xarray<bool> mask{true, false, true};
  const xt::xarray<std::size_t> sizes{1, 2, 3};
  CHECK(test::identical(var(x * whole).value(), array{3., -4., 0.}));
  CHECK(test::identical(var(whole - x).value(), array{2., -4., -3.}));
  CHECK(test::identical(var(x / sizes).value(), array{1., 1., 1.}));
  const var masked = xt::where(mask, x * x, -x);
  CHECK(test::identical(masked.value(), array{1., -2., 9.}));
  t.backward(xg::sum(masked));
  CHECK(test::identical(x.grad(), array{2., -1., 6.}));
  t.backward(xg::sum(xt::where(whole > 0, x, 0)));  // a plain condition
  CHECK(test::identical(x.grad(), array{1., 0., 0.}));
  const xt::xtensor<double, 1> fixed_rank{1., 1., 1.};
  CHECK(test::identical(var(x + fixed_rank).value(), array{2., 3., 4.}));
  CHECK(test::identical(var(x + xt::arange<double>(3)).value(), array{1., 3., 5.}));
  CHECK(test::identical(var(2 * x + 1u - 1l).value(), array{2., 4., 6.}));
}

TEST_CASE("double numbers with float variables") {
  xg::tape<float> t;
  const auto x = t.variable(xt::xarray<float>{1.f, 2.f});
  const xg::var y = x * 0.1 + 2.0 - 1;
  static_assert(std::same_as<decltype(y), const xg::var<float>>);
  CHECK(test::identical(y.value(), xt::xarray<float>{1.f * .1f + 2.f - 1.f, 2.f * .1f + 2.f - 1.f}));
  t.backward(xg::sum(y));
  CHECK(test::identical(x.grad(), xt::xarray<float>{.1f, .1f}));
}

TEST_CASE("const variables keep their gradient") {
  xg::tape<double> t;
  const var x = t.variable(array{1., 2.});
  const auto by_reference = [](const var& v) { return v * v; };
  const var y = by_reference(x), z = xg::sum(y);
  t.backward(z);
  CHECK(test::identical(x.grad(), array{2., 4.}));
  const std::vector<var> list{x, y};
  CHECK(test::identical(list[0].grad(), array{2., 4.}));
}

TEST_CASE("an expression kept with auto does not dangle (Adept-2 #11, autodiff #62, #306)") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  const auto f = [](const var& v) {
    const auto twice = v * 2.0;
    const auto shifted = twice + array{1., 1.};
    return xt::exp(-shifted);
  };
  const auto e = f(x);
  CHECK(test::distance(var(e).value(), xt::exp(array{-3., -5.})) < 1e-12);
}
