// value() and grad() in the hands of xtensor: evaluated, copied, reduced, viewed, printed, assigned, combined.
#include <doctest/doctest.h>

#include <sstream>

#include <xtensor/xio.hpp>
#include <xtensor/xview.hpp>

#include "support.hpp"

using array = xt::xarray<double>;

namespace {

const array a{{1., 2., 3.}, {4., 5., 6.}}, b{{2., 2., 2.}, {1., 0., -1.}};

struct two_variables {
  xg::tape<double> t;
  xg::var<double> v = t.variable(a), w = t.variable(b);
};

}  // namespace

TEST_CASE("eval of an expression of values has its rank and numbers") {
  two_variables x;
  const auto half = xt::eval(x.w.value() / 2), sum = xt::eval(x.v.value() + x.w.value());
  static_assert(std::same_as<decltype(half), const array>);
  CHECK(half.dimension() == 2);
  CHECK(test::identical(half, array(b / 2)));
  CHECK(test::identical(sum, array(a + b)));
  CHECK(test::identical(xt::eval(x.v.value()), a));
  CHECK(test::identical(xt::eval(a / 2), array(a / 2)));  // plain arrays have the same shape type
  CHECK(xt::eval(x.v.owner().constant(3.0).value() * 2).dimension() == 0);
}

TEST_CASE("eval of reductions of values") {
  two_variables x;
  const auto kept = xt::eval(xt::amax(x.v.value(), {1}, xt::keep_dims));
  CHECK(test::identical(kept, test::shaped({2, 1}, {3., 6.})));
  CHECK(test::identical(xt::eval(xt::amax(x.v.value(), {1})), array{3., 6.}));
  CHECK(test::identical(xt::eval(xt::sum(x.v.value(), {0}, xt::keep_dims)), test::shaped({1, 3}, {5., 7., 9.})));
  CHECK(test::identical(xt::eval(xt::sum(x.v.value(), {0})), array{5., 7., 9.}));
  CHECK(xt::sum(x.v.value())() == 21);
  CHECK(xt::mean(x.v.value() * x.w.value())() == doctest::Approx((2 + 4 + 6 + 4 + 0 - 6) / 6.));
  CHECK(test::identical(xt::eval(x.v.value() - kept), array{{-2., -1., 0.}, {-2., -1., 0.}}));
}

TEST_CASE("copies of values and gradients stay when the tape goes on") {
  two_variables x;
  x.t.backward(xg::sum(x.v * x.w));
  const array value = x.v.value(), gradient = x.v.grad(), evaluated = xt::eval(x.w.grad() * 1);
  xt::xtensor<double, 2> fixed_rank = x.v.value();
  array assigned;
  assigned = x.w.value();
  x.t.set(x.v, xt::zeros<double>({2, 3}));
  x.t.set(x.w, xt::zeros<double>({2, 3}));
  x.t.replay();
  CHECK(test::identical(value, a));
  CHECK(test::identical(fixed_rank, a));
  CHECK(test::identical(assigned, b));
  CHECK(test::identical(gradient, b));
  CHECK(test::identical(evaluated, a));
  CHECK(x.v.value()(1, 2) == 0);  // the view itself shows what is there now
}

TEST_CASE("views, sections and printing of values") {
  two_variables x;
  CHECK(test::identical(array(xt::view(x.v.value(), 1, xt::range(0, 2))), array{4., 5.}));
  CHECK(test::identical(array(xt::strided_view(x.v.value(), {xt::all(), 0})), array{1., 4.}));
  CHECK(test::identical(array(xt::transpose(x.v.value())), array{{1., 4.}, {2., 5.}, {3., 6.}}));
  CHECK(test::identical(xt::eval(xt::view(x.v.value(), xt::all(), 1) * 2), array{4., 10.}));
  std::ostringstream out;
  out << x.v.value() << xt::eval(x.w.value() / 2);
  CHECK(out.str() == "{{ 1.,  2.,  3.},\n { 4.,  5.,  6.}}{{ 1. ,  1. ,  1. },\n { 0.5,  0. , -0.5}}");
  double total = 0;
  for (double e : x.v.value()) total += e;
  CHECK(total == 21);
}

TEST_CASE("values of different variables combine, and compare") {
  two_variables x;
  x.t.backward(xg::sum(x.v * x.v));
  const array step = x.v.value() - 0.5 * x.v.grad() + x.w.value();
  CHECK(test::identical(step, b));
  CHECK(x.v.value() == a);
  CHECK(x.v.value() != x.w.value());
  x.t.set(x.v, x.v.value() - 0.25 * x.v.grad());
  CHECK(test::identical(x.v.value(), array(a / 2)));
}

TEST_CASE("values on the tape are read-only (pytorch #96265)") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  static_assert(!std::is_assignable_v<decltype(x.value()(0)), double>);
  static_assert(!std::is_assignable_v<decltype(*x.value().begin()), double>);
  static_assert(!std::is_assignable_v<decltype(x.grad()(0)), double>);
  const xg::var y = x * x;
  CHECK_THROWS_AS(t.set(y, array{1., 2.}), xg::tape_error);
  xg::var z = x;
  z = z * z;  // names another variable, changes none
  CHECK(test::identical(x.value(), array{1., 2.}));
  t.backward(xg::sum(z));
  CHECK(test::identical(x.grad(), array{2., 4.}));
}
