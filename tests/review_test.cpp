// Defects that reviews have found, each by the smallest program that showed it.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::message_of;

TEST_CASE("a range that steps away from its end is empty, and a step of 0 is refused") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3., 4., 5.});
  const xg::var none = xg::view(x, {xt::range(1, 3, -1)});
  CHECK(none.shape() == xg::shape_t{0});
  t.backward(none, array(xt::zeros<double>({0})));
  CHECK(test::identical(x.grad(), array(xt::zeros<double>({5}))));
  const std::string where = test::line_below();
  const std::string m = message_of<xg::value_error>([&] { xg::view(x, {xt::range(1, 3, 0)}); });
  CHECK(contains(m, "view: a range with step 0"));
  CHECK(contains(m, where));
  CHECK_THROWS_AS(xg::view(x, {xt::ellipsis(), xt::ellipsis()}), xg::shape_error);
}

TEST_CASE("rewind refuses the mark of another tape") {
  xg::tape<double> a, b;
  const auto y = b.variable(1.0);
  CHECK(contains(message_of<xg::tape_error>([&] { b.rewind(a.mark()); }), "taken on another tape"));
  CHECK(y.item() == 1);
}

TEST_CASE("the second derivatives of pow by both operands agree where the exponent is 0") {
  xg::tape<double> t;
  const auto a = t.variable(2.0), b = t.variable(0.0), zero = t.variable(0.0);
  const xg::var y = xt::pow(a, b);
  CHECK(xg::gradient(xg::gradient(y, a), b).item() == doctest::Approx(0.5));
  CHECK(xg::gradient(xg::gradient(y, b), a).item() == doctest::Approx(0.5));
  CHECK(xg::gradient(xt::pow(zero, b), zero).item() == 0);
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

TEST_CASE("pow at 0 and 1 is the same in rows of every length") {
  const double infinity = std::numeric_limits<double>::infinity(), largest = std::numeric_limits<double>::max();
  for (std::size_t n : {1, 4, 5, 9, 33}) {
    xg::tape<double> t;
    const auto zero = t.variable(array(xt::zeros<double>({n}))),
               large = t.variable(array(largest * xt::ones<double>({n})));
    const xg::var inverse = xt::pow(zero, -1), same = xt::pow(large, 1), root = xg::sum(xt::pow(zero, 0.5));
    t.backward(root);
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(inverse.value()(i) == infinity);
      CHECK(same.value()(i) == largest);
      CHECK(zero.grad()(i) == infinity);
    }
  }
}

namespace {

/// A product whose kernel serves its second operand first.
struct second_first_op {
  static constexpr const char* name = "second_first";
  xg::shape_t shape(xg::shape_view a, xg::shape_view) const { return a; }
  void forward(xg::array<double> y, xg::array<const double> a, xg::array<const double> b) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = a.data[i] * b.data[i];
  }
  xg::var<double> vjp(std::size_t k, const xg::var<double>& g, const xg::var<double>&, const xg::var<double>& a,
                      const xg::var<double>& b) const {
    return g * (k == 0 ? b : a);
  }
  void backward(xg::array<const double> g, xg::array<const double>, xg::array<const double> a,
                xg::array<const double> b, xg::adjoint<double> da, xg::adjoint<double> db) const {
    if (db) db.add_each([&](std::size_t i) { return g.data[i] * a.data[i]; });
    if (da) da.add_each([&](std::size_t i) { return g.data[i] * b.data[i]; });
  }
};

}  // namespace

TEST_CASE("a kernel may serve one variable given twice in any order") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.});
  t.backward(xg::sum(xg::record(second_first_op{}, x, x)));
  CHECK(test::identical(x.grad(), array{2., 4., 6.}));
}

TEST_CASE("backward and gradient agree on what was recorded without gradient") {
  xg::tape<double> t;
  const auto x = t.variable(array{2., 3.});
  xg::var<double> h;
  {
    const xg::tape<double>::no_gradient_scope none(t);
    h = x * x;
  }
  const xg::var y = xg::sum(h * x);
  t.backward(y);
  CHECK(test::identical(x.grad(), array{4., 9.}));
  CHECK(test::identical(xg::gradient(y, x).value(), array{4., 9.}));
  const auto c = t.constant(array{5., 7.});  // asked for by name, a constant has its gradient
  CHECK(test::identical(xg::gradient(xg::sum(c * c), c).value(), array{10., 14.}));
}

TEST_CASE("gradient takes any contiguous range of variables, with a seed and without") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.}), y = t.variable(array{3., 4.}), seed = t.constant(array{1., 10.});
  const std::vector<xg::var<double>> list{x, y};
  const std::array<xg::var<double>, 2> few{x, y};
  const auto check = [&](const std::vector<xg::var<double>>& d, const array& by_x, const array& by_y) {
    REQUIRE(d.size() == 2);
    CHECK(test::identical(d[0].value(), by_x));
    CHECK(test::identical(d[1].value(), by_y));
  };
  check(xg::gradient(xg::sum(x * y), {x, y}), {3., 4.}, {1., 2.});
  check(xg::gradient(xg::sum(x * y), list), {3., 4.}, {1., 2.});
  check(xg::gradient(xg::sum(x * y), few), {3., 4.}, {1., 2.});
  check(xg::gradient(x * y, {x, y}, xg::seed(seed)), {3., 40.}, {1., 20.});
  check(xg::gradient(x * y, list, xg::seed(seed)), {3., 40.}, {1., 20.});
  check(xg::gradient(x * y, few, xg::seed(seed)), {3., 40.}, {1., 20.});
  CHECK(xg::gradient(xg::sum(x * y), {}).empty());
}

TEST_CASE("long float sums are exact however their operands broadcast") {
  xg::tape<float> t;
  for (std::size_t columns : {3, 40}) {
    const std::size_t rows = 1200000 / columns;
    const auto x = t.variable(xt::xarray<float>(0.1f * xt::ones<float>({rows, columns})));
    const auto b = t.variable(xt::xarray<float>(xt::zeros<float>({columns})));
    CHECK(xg::sum(x + b).item() == doctest::Approx(double(0.1f) * 1200000).epsilon(1e-6));
    CHECK(xg::mean(x + b).item() == doctest::Approx(0.1).epsilon(1e-6));
  }
}

TEST_CASE("the mean of ones is one") {
  xg::tape<double> t;
  for (std::size_t n : {3, 49, 93, 161}) {
    CHECK(xg::mean(t.variable(array(xt::ones<double>({n})))).item() == 1);
    CHECK(test::identical(xg::mean(t.variable(array(xt::ones<double>({n, n}))), 0).value(),
                          array(xt::ones<double>({n}))));
  }
}

TEST_CASE("anomaly mode lets a gradient pass by a branch that was not taken") {
  xg::tape<double> t;
  const auto x = t.variable(array{0., 1., 2.});
  const xg::var y = xg::sum(xt::where(x > 0, xt::sqrt(x), 0));
  t.detect_anomaly();
  const xg::var g = xg::gradient(y, x);
  CHECK(g.value()(0) == 0);
  CHECK(g.value()(1) == 0.5);
  t.detect_anomaly(false);
  const std::string where = test::line_below();
  const xg::var bad = xg::sum(xt::sqrt(x));
  t.detect_anomaly();
  const std::string m = message_of<xg::value_error>([&] { xg::gradient(bad, x); });
  CHECK(contains(m, "anomaly: the gradient by v0 through sum(sqrt(v0)) is infinite at flat index 0"));
  CHECK(contains(m, where));
}

TEST_CASE("shapes with more elements than any memory holds are refused") {
  xg::tape<double> t;
  const auto column = [&](std::size_t rank) {
    std::vector<std::size_t> shape(rank, 1);
    shape[0] = 65536;
    return t.variable(array(xt::ones<double>(shape)));
  };
  const auto a = column(4), b = column(3), c = column(2), d = column(1),
             none = t.variable(array(xt::ones<double>({0, 3})));
  CHECK(
      contains(message_of<xg::shape_error>([&] { xg::var<double>(a + b + c + d); }), "more elements than any memory"));
  CHECK_THROWS_AS(xg::reshape(none, {4294967296, 4294967296}), xg::shape_error);
  CHECK(xg::reshape(none, {0, 4294967296}).size() == 0);
}

TEST_CASE("what fails leaves the tape as it was, and no gradients that look like zeros") {
  xg::tape<double> t;
  const auto x = t.variable(array(xt::ones<double>({1, 2}))), y = t.variable(array{0., 1.});
  const std::size_t nodes = t.nodes(), variables = t.variables();
  CHECK_THROWS_AS(xg::matmul(x * 2, array(xt::ones<double>({1, 2}))), xg::shape_error);
  CHECK_THROWS_AS(t.variable(array{1., 2.} + array{1., 2., 3.}), xg::shape_error);
  CHECK_THROWS_AS(t.set(y, array{1., 2.} + array{1., 2., 3.}), xg::shape_error);
  CHECK(t.nodes() == nodes);
  CHECK(t.variables() == variables);
  const xg::var l = xg::sum(xt::sqrt(y));
  t.detect_anomaly();
  CHECK_THROWS_AS(t.backward(l), xg::value_error);
  CHECK(contains(message_of<xg::tape_error>([&] { (void)x.grad(); }), "the last backward ended in an error"));
  const std::size_t before = t.nodes();
  CHECK_THROWS_AS(xg::gradient(l, y), xg::value_error);
  CHECK(t.nodes() == before);
}

TEST_CASE("an axis may be a number") {
  xg::tape<double> t;
  const auto x = t.variable(array{{1., 2.}, {3., 4.}});
  CHECK(test::identical(xg::sum(x, 0).value(), array{4., 6.}));
  const xg::var means = xg::mean(x, -1, xg::keep_dims);
  CHECK(means.shape() == xg::shape_t{2, 1});
  CHECK(means.value()(1, 0) == 3.5);
}
