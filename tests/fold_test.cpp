// Reductions as folds: digits kept over millions of values, NaN and infinities, ties, empty axes, every order.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using xg::var;

namespace {

xt::xarray<float> filled(const std::vector<std::size_t>& shape, float value) {
  xt::xarray<float> a = xt::xarray<float>::from_shape(shape);
  a.fill(value);
  return a;
}

/// Values, first and second derivatives of a reduction f, held against plain loops over the elements.
struct second_order {
  xg::tape<double> t;
  var<double> x, first, second;
  second_order(const xt::xarray<double>& at, const xt::xarray<double>& direction, auto f) : x(t.variable(at)) {
    const var y = f(x);
    first = xg::gradient(y, x);
    second = xg::gradient(xg::sum(first * direction), x);
  }
};

}  // namespace

TEST_CASE("float sums keep their digits, over whole rows and along axes") {
  // From 2²⁴ on a plain float sum of ones stands still.
  constexpr std::size_t many = test::sanitized ? 17000 : 17000000;
  xg::tape<float> t;
  const auto x = t.variable(filled({many, 2}, 1));
  const var<float> along = xg::sum(x, {0}), all = xg::sum(x), average = xg::mean(x, {0});
  CHECK(along.value()(0) == float(many));
  CHECK(along.value()(1) == float(many));
  CHECK(all.item() == float(2 * many));
  CHECK(average.value()(1) == 1);
}

TEST_CASE("adjoints of operands that many positions share keep their digits") {
  constexpr std::size_t positions = test::sanitized ? 1000 : 1000000;
  const double wanted = double(0.1f) * double(positions);
  SUBCASE("a scalar over one row") {
    xg::tape<float> t;
    const auto b = t.variable(2.0f);
    t.backward(xg::sum(b * filled({positions}, 0.1f)));
    CHECK(test::distance(double(b.grad()()), wanted) <= 4e-7);
  }
  SUBCASE("a row over many rows, long and short, and a column") {
    for (const std::size_t width : {1, 2, 3, 16, 37}) {
      CAPTURE(width);
      xg::tape<float> t;
      const auto row = t.variable(filled({width}, 1)), column = t.variable(filled({positions / width, 1}, 1));
      t.backward(xg::sum(row * column * filled({positions / width, width}, 0.1f)));
      const double rows = double(positions / width);
      CHECK(test::distance(double(row.grad()(width - 1)), double(0.1f) * rows) <= 4e-7);
      CHECK(test::distance(double(column.grad()(0, 0)), double(0.1f) * double(width)) <= 4e-7);
    }
  }
  SUBCASE("as variables") {
    xg::tape<float> t;
    const auto row = t.variable(filled({2}, 1));
    const var g = xg::gradient(xg::sum(row * filled({positions, 2}, 0.1f)), row);
    CHECK(test::distance(double(g.value()(0)), wanted) <= 4e-7);
  }
}

TEST_CASE("infinities and NaN in reductions") {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t n : {1, 2, 5, 9, 64, 65}) {
    CAPTURE(n);
    xt::xarray<double> v = xt::ones<double>({n});
    xg::tape<double> t;
    v(n - 1) = inf;
    const auto up = t.variable(v);
    CHECK(var(xg::sum(up)).item() == inf);
    CHECK(var(xg::mean(up)).item() == inf);
    CHECK(var(xg::amax(up)).item() == inf);
    CHECK(var(xg::logsumexp(up)).item() == inf);
    v(n - 1) = -inf;
    const auto down = t.variable(v);
    CHECK(var(xg::amin(down)).item() == -inf);
    if (n == 1)
      CHECK(var(xg::logsumexp(down)).item() == -inf);
    else
      CHECK(var(xg::logsumexp(down)).item() == doctest::Approx(1 + std::log(double(n - 1))));
    v(n - 1) = nan;
    const auto bad = t.variable(v);
    for (const var<double>& y : {var(xg::sum(bad)), var(xg::mean(bad)), var(xg::amax(bad)), var(xg::amin(bad)),
                                 var(xg::prod(bad)), var(xg::logsumexp(bad)), var(xg::norm_l2(bad))}) {
      CHECK(std::isnan(y.item()));
      t.backward(y);
      CHECK((std::isnan(bad.grad()(n - 1)) || y.id() == bad.id() + 1 || y.id() == bad.id() + 2));  // sum and mean: 1
    }
  }
}

TEST_CASE("equal extremes share the gradient, in kernels and in programs, however they lie") {
  const xt::xarray<double> v{{3, 1, 3}, {2, 3, -4}};
  xg::tape<double> t;
  const auto x = t.variable(v);
  const var<double> all = xg::amax(x), rows = xg::amax(x, {1}), columns = xg::amin(x, {0});
  t.backward(all);
  CHECK(test::distance(x.grad(), xt::xarray<double>{{1. / 3, 0, 1. / 3}, {0, 1. / 3, 0}}) < 1e-15);
  CHECK(test::identical(xg::gradient(all, x).value(), x.grad()));
  t.backward(rows, xt::xarray<double>{1, 1});
  CHECK(test::identical(x.grad(), xt::xarray<double>{{0.5, 0, 0.5}, {0, 1, 0}}));
  t.backward(columns, xt::xarray<double>{1, 1, 1});
  CHECK(test::identical(x.grad(), xt::xarray<double>{{0, 1, 0}, {1, 0, 1}}));
}

TEST_CASE("prod: with none, one, two and three zeros, to the second order") {
  for (int zeros = 0; zeros <= 3; ++zeros) {
    CAPTURE(zeros);
    xt::xarray<double> v{1.5, -2, 0.5, 3, -1.25};
    for (int z = 0; z < zeros; ++z) v(std::size_t(2 * z % 5)) = 0;
    const xt::xarray<double> direction{1, -0.5, 2, 0.25, 3};
    const second_order p(v, direction, [](const auto& x) { return xg::prod(x); });
    for (std::size_t i = 0; i < 5; ++i) {
      double first = 1, second = 0;
      for (std::size_t k = 0; k < 5; ++k)
        if (k != i) first *= v(k);
      for (std::size_t j = 0; j < 5; ++j) {
        if (j == i) continue;
        double others = 1;
        for (std::size_t k = 0; k < 5; ++k)
          if (k != i && k != j) others *= v(k);
        second += direction(j) * others;
      }
      CHECK(p.first.value()(i) == doctest::Approx(first));
      CHECK(p.second.value()(i) == doctest::Approx(second));
    }
  }
}

TEST_CASE("logsumexp neither overflows nor underflows") {
  xg::tape<double> t;
  const auto x = t.variable(xt::xarray<double>{{1000, 1000.5, 999}, {-1000, -1001, -1000}});
  const var<double> y = xg::logsumexp(x, {1});
  CHECK(y.value()(0) == doctest::Approx(1000 + std::log(1 + std::exp(0.5) + std::exp(-1.0))));
  CHECK(y.value()(1) == doctest::Approx(-1000 + std::log(2 + std::exp(-1.0))));
  t.backward(xg::sum(y));
  double sum = 0;
  for (std::size_t j = 0; j < 3; ++j) sum += x.grad()(0, j);
  CHECK(sum == doctest::Approx(1));
}

TEST_CASE("variance keeps its digits beside a large mean, in one pass over many numbers") {
  const std::size_t n = 1'000'000;
  xt::xarray<float> v = xt::xarray<float>::from_shape({n});
  long double mean = 0, square = 0;
  for (std::size_t i = 0; i < n; ++i) mean += v(i) = 4096 + float(i % 1000) / 512;
  mean /= n;
  for (std::size_t i = 0; i < n; ++i) square += (v(i) - mean) * (v(i) - mean);
  const double right = double(square / n);
  xg::tape<float> t;
  const auto x = t.variable(v);
  const xg::var<float> y = xg::variance(x), d = xg::stddev(x);
  CHECK(t.nodes() == 2);
  CHECK(y.item() == doctest::Approx(right).epsilon(4e-7));
  CHECK(d.item() == doctest::Approx(std::sqrt(right)).epsilon(4e-7));
  t.backward(d);
  for (std::size_t i : {std::size_t(0), std::size_t(499), n - 1})
    CHECK(x.grad()(i) * float(n) == doctest::Approx(double((v(i) - mean) / std::sqrt(square / n))).epsilon(1e-3));
}

TEST_CASE("variance and stddev of equal values, of one, of none, and of what is not finite") {
  xg::tape<double> t;
  const auto same = t.variable(xt::xarray<double>{3, 3, 3});
  for (const var<double>& y : {var(xg::variance(same)), var(xg::stddev(same))}) {
    CHECK(y.item() == 0);
    t.backward(y);
    CHECK(xt::xarray<double>(same.grad()) == xt::zeros<double>({3}));
    CHECK(xt::xarray<double>(xg::gradient(y, same).value()) == xt::zeros<double>({3}));
  }
  CHECK(var<double>(xg::stddev(t.variable(2.5))).item() == 0);
  CHECK(std::isnan(var<double>(xg::variance(t.variable(xt::zeros<double>({0})))).item()));
  CHECK(std::isnan(var<double>(xg::variance(t.variable(xt::xarray<double>{1, std::nan(""), 2}))).item()));
}

TEST_CASE("norm_l2 has a zero gradient at zero, at any order") {
  const second_order n(xt::zeros<double>({3}), xt::ones<double>({3}), [](const auto& x) { return xg::norm_l2(x); });
  CHECK(test::identical(n.first.value(), xt::xarray<double>(xt::zeros<double>({3}))));
  CHECK(test::identical(n.second.value(), xt::xarray<double>(xt::zeros<double>({3}))));
}

TEST_CASE("reductions of no values") {
  xg::tape<double> t;
  const auto none = t.variable(xt::xarray<double>::from_shape({3, 0}));
  CHECK(var(xg::sum(none)).item() == 0);
  CHECK(var(xg::prod(none)).item() == 1);
  CHECK(std::isnan(var(xg::mean(none)).item()));
  CHECK(var(xg::logsumexp(none)).item() == -std::numeric_limits<double>::infinity());
  CHECK(var(xg::any(none)).item() == 0);
  CHECK(var(xg::all(none)).item() == 1);
  CHECK(var(xg::amax(none, {0})).size() == 0);  // no result, so none is missing
  const auto message = test::message_of<xg::shape_error>([&] { (void)var(xg::amax(none, {1})); });
  CHECK(test::contains(message, "amax: of no values (shape (3, 0)) is not defined"));
  CHECK(test::contains(message, "fold_test.cpp:"));
  CHECK(test::contains(test::message_of<xg::shape_error>([&] { (void)var(xg::amin(none * 2)); }), "amin"));
}

TEST_CASE("any and all are constants") {
  xg::tape<double> t;
  const auto x = t.variable(xt::xarray<double>{{0, 2}, {0, 0}});
  const var<double> any = xg::any(x, {1}), all = xg::all(x > -1);
  CHECK(test::identical(any.value(), xt::xarray<double>{1, 0}));
  CHECK(all.item() == 1);
  CHECK_FALSE(any.requires_grad());
  CHECK_FALSE(all.requires_grad());
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

TEST_CASE("an axis may be a number") {
  xg::tape<double> t;
  const auto x = t.variable(array{{1., 2.}, {3., 4.}});
  CHECK(test::identical(xg::sum(x, 0).value(), array{4., 6.}));
  const xg::var means = xg::mean(x, -1, xg::keep_dims);
  CHECK(means.shape() == xg::shape_t{2, 1});
  CHECK(means.value()(1, 0) == 3.5);
}
