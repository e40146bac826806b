// Setting leaves: what is refused, what is out of date until the replay, and values computed from where they are put.
#include <doctest/doctest.h>

#include <limits>
#include <sstream>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;

TEST_CASE("what was recorded from a leaf has no gradient between set and replay") {
  xg::tape<double> t;
  const std::string made = line_below();
  const auto x = t.variable(3.0), other = t.variable(1.0);
  const std::string recorded = line_below();
  const xg::var y = x * x;
  const xg::var z = y + 1, w = other * 2;
  t.set(x, 5.0);
  const std::string where = line_below();
  const std::string m = message_of<xg::tape_error>([&] { t.backward(z); });
  CHECK(contains(m, "backward: the leaf v0 " + made + " was set, but v0 * v0 " + recorded +
                        " was computed before; call tape::replay"));
  CHECK(contains(m, where));
  CHECK_THROWS_AS(xg::gradient(z, x), xg::tape_error);
  CHECK_THROWS_AS(t.backward(z, 1.0), xg::tape_error);
  t.backward(w);  // does not depend on x
  CHECK(other.grad()() == 2);
  const xg::var v = x * 3;  // recorded after the set
  t.backward(v);
  CHECK(x.grad()() == 3);
  t.replay();
  t.backward(z);
  CHECK(x.grad()() == 10);
}

TEST_CASE("set before anything is recorded, or followed by a rewind, needs no replay") {
  xg::tape<double> t;
  const auto x = t.variable(3.0);
  t.set(x, 4.0);
  const auto start = t.mark();
  for (double value : {5.0, 6.0}) {
    t.rewind(start);
    const xg::var y = x * x;
    t.backward(y);
    CHECK(x.grad()() == 2 * x.item());
    t.set(x, value);
    CHECK_THROWS_AS(t.backward(y), xg::tape_error);
  }
  const auto later = t.mark();
  const auto leaf = t.variable(1.0);
  const xg::var twice = leaf * 2;
  t.set(leaf, 2.0);
  CHECK_THROWS_AS(t.backward(twice), xg::tape_error);
  t.rewind(later);  // forgets the leaf that was set
  t.replay();
  t.clear();
  CHECK(t.variables() == 0);
}

TEST_CASE("set reads all of the new value before it writes") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3., 4.}), m = t.variable(array{{1., 2.}, {3., 4.}});
  t.set(x, x.value() * 2);
  CHECK(test::identical(x.value(), array{2., 4., 6., 8.}));
  t.set(x, xt::flip(x.value(), 0));
  CHECK(test::identical(x.value(), array{8., 6., 4., 2.}));
  t.set(x, x.value() / xt::sum(x.value()));
  CHECK(test::distance(x.value(), array{.4, .3, .2, .1}) < 1e-15);
  t.set(m, xt::transpose(m.value()));
  CHECK(test::identical(m.value(), array{{1., 3.}, {2., 4.}}));
}

TEST_CASE("values computed before a set are not shown until they are replayed") {
  xg::tape<double> t;
  const std::string made = line_below();
  const auto x = t.variable(array{1., 2.});
  const auto other = t.variable(3.0);
  const std::string recorded = line_below();
  const xg::var square = x * x;
  const xg::var y = xg::sum(square), z = other * 2;
  const xg::var g = xg::gradient(y, x);
  t.set(x, array{3., 4.});
  const std::string outdated = "the leaf v0 " + made + " was set, but v0 * v0 " + recorded + " was computed before";

  std::string where = line_below();
  std::string m = message_of<xg::tape_error>([&] { square.value(); });
  CHECK(contains(m, "value: " + outdated));
  CHECK(contains(m, where));
  where = line_below();
  m = message_of<xg::tape_error>([&] { y.item(); });
  CHECK(contains(m, "item: "));
  CHECK(contains(m, where));
  std::ostringstream out;
  CHECK(contains(message_of<xg::tape_error>([&] { out << square; }), outdated));
  CHECK(out.str().empty());
  CHECK_THROWS_AS(g.value(), xg::tape_error);

  CHECK(test::identical(x.value(), array{3., 4.}));  // the leaf itself is up to date
  CHECK(z.item() == 6);                              // and what does not depend on it
  const xg::var late = x * 10;
  CHECK(test::identical(late.value(), array{30., 40.}));
  const xg::var mixed = xg::sum(square + late);  // recorded from what is out of date
  CHECK_THROWS_AS(mixed.item(), xg::tape_error);
  CHECK(xg::view(square, {0}).shape().empty());  // recording reads no values
  CHECK(square.shape() == xg::shape_t{2});

  t.replay();
  CHECK(test::identical(square.value(), array{9., 16.}));
  CHECK(y.item() == 25);
  CHECK(mixed.item() == 95);
  CHECK(test::identical(g.value(), array{6., 8.}));
  out << square;
  CHECK(contains(out.str(), "16"));
}

TEST_CASE("the gradients of the last sweep stay readable while leaves are set") {
  xg::tape<double> t;
  const auto a = t.variable(2.0), b = t.variable(3.0);
  const xg::var l = a * a * b;
  t.backward(l);
  t.set(a, a.value() - 0.1 * a.grad());
  t.set(b, b.value() - 0.1 * b.grad());
  t.replay();
  CHECK(a.item() == doctest::Approx(2 - 1.2));
  CHECK(b.item() == doctest::Approx(3 - 0.4));
}

TEST_CASE("a set that is refused leaves the old value, and everything up to date") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.}), s = t.variable(3.0);
  const xg::var y = xg::sum(x * s);
  t.detect_anomaly();
  CHECK_THROWS_AS(t.set(x, array{5., nan}), xg::value_error);
  CHECK_THROWS_AS(t.set(x, x.value() / 0.0), xg::value_error);
  CHECK_THROWS_AS(t.set(s, nan), xg::value_error);
  t.detect_anomaly(false);
  CHECK_THROWS_AS(t.set(x, array{1., 2., 3.}), xg::shape_error);
  CHECK_THROWS_AS(t.set(x, array{1., 2.} + array{1., 2., 3.}), xg::shape_error);
  int calls = 0;
  CHECK_THROWS_AS(t.set(x, xt::make_lambda_xfunction(
                               [&calls](double v) {
                                 if (++calls == 2) throw std::runtime_error("halfway");
                                 return v + 10;
                               },
                               x.value())),
                  xg::shape_error);
  CHECK(calls == 2);
  CHECK(test::identical(x.value(), array{1., 2.}));
  CHECK(s.item() == 3);
  CHECK(y.item() == 9);
  t.backward(y);
  CHECK(test::identical(x.grad(), array{3., 3.}));
}

TEST_CASE("values computed from where they are put, element by element or across") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3., 4.}), one = t.variable(array{5.});
  const auto put = [&](const auto& values, const array& expected) {
    t.set(x, values);
    CHECK(test::identical(x.value(), expected));
    t.set(x, array{1., 2., 3., 4.});
  };
  put(x.value() - 0.5 * x.value(), {.5, 1., 1.5, 2.});
  put(x.value() / x.value()(0) + x.value()(3), {5., 6., 7., 8.});
  put(x.value() * x.value()(1), {2., 4., 6., 8.});  // xtensor keeps the factor by reference
  put(x.value() + one.value(), {6., 7., 8., 9.});
  put(xt::flip(x.value(), 0) + x.value(), {5., 5., 5., 5.});
  put(xt::cumsum(x.value()), {1., 3., 6., 10.});
  put(xt::where(x.value() > 2, -x.value(), x.value()), {1., 2., -3., -4.});
  put(x.value() - xt::mean(x.value()), {-1.5, -.5, .5, 1.5});
  const double* data = x.value().data();
  const auto shifted = t.variable(array{0., 0., 0.});
  t.set(shifted, xt::adapt(data + 1, 3, xt::no_ownership(), std::vector<std::size_t>{3}) * 2);
  CHECK(test::identical(shifted.value(), array{4., 6., 8.}));

  xg::tape<float> f;  // of other number types
  const auto v = f.variable(xt::xarray<float>{1.f, 2.f});
  f.set(v, xt::xarray<int>{3, 4} * 2);
  CHECK(test::identical(v.value(), xt::xarray<float>{6.f, 8.f}));
  f.set(v, xt::xarray<double>{.5, .25} + v.value());
  CHECK(test::identical(v.value(), xt::xarray<float>{6.5f, 8.25f}));
}

TEST_CASE("a seed may be computed from the adjoint it replaces") {
  xg::tape<double> t;
  const auto a = t.variable(array{1., 2., 3.});
  const xg::var y = a * 2.0;
  t.backward(y, array{1., 2., 3.});
  t.backward(y, y.grad() * y.grad()(2));
  CHECK(test::identical(a.grad(), array{6., 12., 18.}));
}

TEST_CASE("anomaly mode replays a recorded gradient that was legal when recorded") {
  for (const bool during : {true, false}) {
    CAPTURE(during);
    xg::tape<double> t;
    t.detect_anomaly(during);
    const auto x = t.variable(array{0., 1., 4.});
    const xg::var y = xg::sum(xt::where(x > 0, xt::sqrt(x), 0));
    const xg::var g = xg::gradient(y, x), h = xg::gradient(xg::sum(g), x);
    t.detect_anomaly();
    t.set(x, array{4., 0., 1.});
    t.replay();
    CHECK(test::identical(g.value(), array{.25, 0., .5}));
    CHECK(test::identical(h.value(), array{-1. / 32, 0., -1. / 4}));
  }
}

TEST_CASE("anomaly mode names what a replayed gradient hands on") {
  xg::tape<double> t;
  t.detect_anomaly();
  const auto x = t.variable(array{1., 4.});
  const std::string where = line_below();
  const xg::var root = xt::sqrt(x);
  xg::gradient(xg::sum(root), x);
  t.set(x, array{1., 0.});
  const std::string m = message_of<xg::value_error>([&] { t.replay(); });
  CHECK(contains(m, "is infinite at flat index 1"));
  CHECK(contains(m, where));
}
