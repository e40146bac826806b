// Scans, order along an axis, positions found in a replay, norms: their corners and what they refuse.
#include <doctest/doctest.h>

#include <limits>
#include <sstream>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::distance;
using test::identical;
using test::line_below;
using test::message_of;
using var = xg::var<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();
const double nan_value = std::numeric_limits<double>::quiet_NaN();

TEST_CASE("positions are found anew in a replay, and what is taken follows them") {
  xg::tape<double> t;
  const auto x = t.variable(array{{3., 1., 2.}, {4., 6., 5.}});
  const auto best = xg::argmax(x, 1, xg::keep_dims);
  const var y = xg::sum(xt::square(xg::take_along_axis(x, best, 1)));
  CHECK(identical(best.value(), test::shaped({2, 1}, {0., 1.})));
  CHECK(y.item() == 9 + 36);
  t.backward(y);
  CHECK(identical(x.grad(), array{{6., 0., 0.}, {0., 12., 0.}}));
  const var g = xg::gradient(y, x);
  CHECK(identical(g.value(), x.grad()));
  const auto order = xg::argsort(x);
  CHECK(identical(order.value(), xt::xarray<std::int64_t>{{1, 2, 0}, {0, 2, 1}}));

  t.set(x, array{{0., 1., 2.}, {7., 6., 5.}});
  CHECK(contains(message_of<xg::tape_error>([&] { best.value(); }), "was set"));
  t.replay();
  CHECK(identical(best.value(), test::shaped({2, 1}, {2., 0.})));
  CHECK(y.item() == 4 + 49);
  CHECK(identical(order.value(), xt::xarray<std::int64_t>{{0, 1, 2}, {2, 1, 0}}));
  CHECK(identical(g.value(), array{{0., 0., 4.}, {14., 0., 0.}}));
  t.backward(y);
  CHECK(identical(x.grad(), array{{0., 0., 4.}, {14., 0., 0.}}));

  CHECK_FALSE(best.leaf().requires_grad());
  CHECK(contains(message_of<xg::tape_error>([&] { t.set(best, best.value()); }), "argmax(v0)"));
  std::ostringstream printed;
  printed << best;
  CHECK(contains(printed.str(), "{{2},"));
  CHECK(xg::argmax(x).shape() == xg::shape_t{});
  CHECK(xg::argmax(x, 0).shape() == xg::shape_t{3});
  CHECK(xg::argmin(x).value()() == 0);
  const var tangent = xg::jvp(y, x, array{{1., 1., 1.}, {1., 1., 1.}});
  CHECK(tangent.item() == 18);
  CHECK(contains(xg::graph(y).text(), "argmax"));
}

TEST_CASE("positions of a tape that is rewound or recorded in a checkpoint") {
  xg::tape<double> t;
  const auto x = t.variable({1.0, 5.0, 2.0});
  const auto start = t.mark();
  for (int round = 0; round < 3; ++round) {
    t.rewind(start);
    const auto i = xg::argsort(x);
    const auto plain = t.indices({2, 1, 0});
    CHECK(identical(i.value(), xt::xarray<std::int64_t>{0, 2, 1}));
    CHECK(identical(xg::take(x, plain).value(), array{2., 5., 1.}));
  }
  const auto f = [](const var& v) { return xg::sum(xt::square(xg::sort(v)) * array{1., 10., 100.}); };
  const var y = xg::checkpoint(f, x);
  t.backward(y);
  CHECK(identical(x.grad(), array{2., 1000., 40.}));
  t.set(x, array{3., 2., 1.});
  t.replay();
  t.backward(y);
  CHECK(identical(x.grad(), array{600., 40., 2.}));
}

TEST_CASE("equal elements: the first is found first, and gets the adjoint") {
  xg::tape<double> t;
  const auto x = t.variable({2.0, 1.0, 2.0, 1.0});
  CHECK(identical(xg::argsort(x).value(), xt::xarray<std::int64_t>{1, 3, 0, 2}));
  CHECK(xg::argmax(x).value()() == 0);
  CHECK(xg::argmin(x).value()() == 1);
  const auto [values, indices] = xg::topk(x, 1);
  CHECK(indices.value()(0) == 0);
  CHECK(identical(xg::topk(x, 4).indices.value(), xt::xarray<std::int64_t>{0, 2, 1, 3}));
  CHECK(identical(xg::topk(x, 3, -1, false).indices.value(), xt::xarray<std::int64_t>{1, 3, 0}));
  t.backward(values(0));
  CHECK(identical(x.grad(), array{1., 0., 0., 0.}));
  t.backward(xg::sum(xg::sort(x) * array{1., 2., 3., 4.}));
  CHECK(identical(x.grad(), array{3., 1., 4., 2.}));
  t.backward(xg::median(x));  // 1.5: the second 1 and the first 2
  CHECK(identical(x.grad(), array{.5, 0., 0., .5}));
  t.backward(xg::amax(x));  // a reduction shares
  CHECK(identical(x.grad(), array{.5, 0., .5, 0.}));
}

TEST_CASE("NaN and infinities have a place in the order") {
  xg::tape<double> t;
  const auto x = t.variable(array{nan_value, 1., -infinity, nan_value, infinity});
  CHECK(identical(xg::argsort(x).value(), xt::xarray<std::int64_t>{2, 1, 4, 0, 3}));
  CHECK(xg::argmax(x).value()() == 0);
  CHECK(xg::argmin(x).value()() == 0);
  CHECK(std::isnan(xg::median(x).item()));
  CHECK(std::isnan(xg::quantile(x, 0).item()));
  const auto y = t.variable(array{infinity, 1., -infinity});
  CHECK(xg::median(y).item() == 1);
  CHECK(xg::quantile(y, 0).item() == -infinity);
  CHECK(xg::quantile(y, 0.75).item() == infinity);
  CHECK(xg::quantile(t.variable(3.0), 0.2).item() == 3);
}

TEST_CASE("cumprod is right at zeros, to second order") {
  xg::tape<double> t;
  const auto x = t.variable({2.0, 0.0, 3.0, 0.0, 5.0});
  const var y = xg::sum(xg::cumprod(x) * array{1., 10., 100., 1000., 10000.});
  t.backward(y);
  CHECK(identical(x.grad(), array{1., 2 * (10 + 100 * 3.), 0., 0., 0.}));
  const var g = xg::gradient(y, x);
  CHECK(identical(g.value(), x.grad()));
  const var h = xg::gradient(g(1), x);  // d²y / dx_1 dx
  CHECK(distance(h.value(), array{10 + 300., 0., 200., 2 * 3 * (1000 + 50000.), 0.}) < 1e-15);
}

TEST_CASE("logcumsumexp neither overflows nor loses what is far below") {
  xg::tape<double> t;
  const auto x = t.variable(array{-infinity, -infinity, -1000., 1000., 1000., -5000., infinity});
  const var y = xg::logcumsumexp(x);
  const double two = 1000 + std::log(2.);
  CHECK(identical(y.value(), array{-infinity, -infinity, -1000., 1000., two, two, infinity}));
  t.backward(xg::view(y, {xt::range(2, 6)}), array{1., 1., 1., 1.});
  CHECK(distance(x.grad(), array{0., 0., 1., 2., 1., 0., 0.}) < 1e-12);
  CHECK(distance(xg::gradient(y, x, xg::seed(array{0., 0., 1., 1., 1., 1., 0.})).value(), x.grad()) < 1e-15);
  const auto z = t.variable({0.0, nan_value, 1.0});
  const array after = xg::logcumsumexp(z).value();
  CHECK(after(0) == 0);
  CHECK(std::isnan(after(1)));
  CHECK(std::isnan(after(2)));
}

TEST_CASE("a long cumsum keeps its digits") {
  xg::tape<float> t;
  const auto x = t.variable(xt::xarray<float>(xt::ones<float>({1'000'000}) * .1f));
  const xg::var<float> y = xg::cumsum(x);
  CHECK(distance(double(y.value()(999'999)), 1e6 * double(.1f)) < 1e-7);
  xg::tape<double> d;
  CHECK(xg::cumsum(d.variable(array{1., infinity, 2.})).value()(2) == infinity);
}

TEST_CASE("norms have the derivative 0 at 0, and neither overflow nor vanish") {
  xg::tape<double> t;
  const auto x = t.variable({0.0, 0.0});
  for (const var& y : {xg::norm_l1(x), xg::norm_linf(x), xg::norm_lp(x, 3), xg::norm_lp(x, 1.5), xg::norm_lp(x, 2),
                       xg::norm_lp(x, 0.5), xg::norm_lp(x, infinity)}) {
    CHECK(y.item() == 0);
    t.backward(y);
    CHECK(identical(x.grad(), array{0., 0.}));
    CHECK(identical(xg::gradient(y, x).value(), array{0., 0.}));
  }
  for (const double size : {1e-200, 1.0, 1e200}) {
    t.set(x, array{size, -size});
    t.replay();
    const var y = xg::norm_lp(x, 4);
    CHECK(distance(y.item(), size * std::pow(2, .25)) < 1e-14);
    t.backward(y);
    CHECK(distance(x.grad(), array{std::pow(2, -.75), -std::pow(2, -.75)}) < 1e-14);
  }
  t.set(x, array{infinity, 1.});
  t.replay();
  CHECK(xg::norm_lp(x, 3).item() == infinity);
  CHECK(contains(message_of<xg::value_error>([&] { xg::norm_lp(x, -1); }), "norm_lp: p = -1"));
  CHECK(xg::norm_lp(t.variable(xt::ones<double>({2, 3})), 3, 1, xg::keep_dims).shape() == xg::shape_t{2, 1});
}

TEST_CASE("indices that change between replays, and those out of range") {
  xg::tape<double> t;
  const auto x = t.variable(array{{1., 2., 3.}, {4., 5., 6.}});
  const auto i = t.indices({{0, 0}, {2, -1}});
  const var y = xg::take_along_axis(x, i);
  CHECK(identical(y.value(), array{{1., 1.}, {6., 6.}}));
  t.backward(xg::sum(y));
  CHECK(identical(x.grad(), array{{2., 0., 0.}, {0., 0., 2.}}));
  const auto labels = t.indices({1, 0});
  const var hot = xg::one_hot(labels, 3), z = xg::sum(xg::index_add(x, labels, hot * x) * x);
  CHECK(identical(hot.value(), array{{0., 1., 0.}, {1., 0., 0.}}));
  CHECK_FALSE(hot.requires_grad());
  t.set(i, xt::xarray<int>{{1, 2}, {0, 1}});
  t.set(labels, {2, 2});
  CHECK_THROWS_AS(t.replay(), xg::value_error);  // index_add to row 2
  t.set(labels, {0, 1});
  t.replay();
  CHECK(identical(y.value(), array{{2., 3.}, {4., 5.}}));
  CHECK(identical(hot.value(), array{{1., 0., 0.}, {0., 1., 0.}}));
  CHECK(z.item() == 2 * 1 + 4 + 9 + 16 + 2 * 25 + 36);

  t.set(i, xt::xarray<int>{{1, 3}, {0, 1}});
  std::string m = message_of<xg::value_error>([&] { t.replay(); });
  CHECK(contains(m, "take_along_axis: the index 3 at flat position 1 is out of range for axis 1 of extent 3"));
  CHECK(contains(m, "(order_test.cpp:"));
  t.set(i, xt::xarray<int>{{1, 2}, {0, 1}});
  t.replay();
  const std::string where = line_below();
  m = message_of<xg::shape_error>([&] { xg::take_along_axis(x, t.indices({1, 2})); });
  CHECK(contains(m, "take_along_axis: (2, 3) at indices (2): they must have 2 dimensions"));
  CHECK(contains(m, where));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::take_along_axis(x, i, 2); }), "axis 2 is out of range"));
  CHECK(contains(message_of<xg::shape_error>([&] {
                   xg::scatter_add(x, i, array{1., 2., 3.}, 1);
                 }),
                 "scatter_add: values of shape (3) for (2, 3) at indices (2, 2); their shape must be (2, 2)"));
  CHECK(contains(message_of<xg::shape_error>([&] {
                   xg::index_add(x, labels, array{1., 2.});
                 }),
                 "index_add: values of shape (2) to add to (2, 3) at indices (2); their shape must be (2, 3)"));
  CHECK(identical(xg::scatter_add(x, i, 10.0, 1).value(), array{{1., 12., 13.}, {14., 15., 6.}}));
  CHECK(contains(message_of<xg::value_error>([&] {
                   xg::one_hot(t.indices({0, 3}), 3);
                 }),
                 "one_hot: the number 3 at flat position 1 is none of the classes 0..2"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::one_hot(labels, -1); }), "one_hot: -1 classes"));
}

TEST_CASE("filter takes what the mask holds when it is recorded") {
  xg::tape<double> t;
  const auto x = t.variable(array{{1., -2.}, {-3., 4.}});
  const var y = xg::filter(x, x.value() > 0);
  CHECK(identical(y.value(), array{1., 4.}));
  t.backward(xg::sum(y * y));
  CHECK(identical(x.grad(), array{{2., 0.}, {0., 8.}}));
  t.set(x, array{{-1., 2.}, {3., 5.}});
  t.replay();
  CHECK(identical(y.value(), array{-1., 5.}));
  const auto z = t.variable({nan_value, 2.0});
  const var square = xg::sum(xt::square(xg::filter(z, !xt::isnan(z.value()))));
  CHECK(square.item() == 4);
  t.backward(square);
  CHECK(identical(z.grad(), array{0., 4.}));
  CHECK(xg::filter(x, xt::xarray<bool>{false, false}).shape() == xg::shape_t{0, 2});
  CHECK(identical(xg::filter(x, xt::xarray<int>{0, 1}).value(), array{{3., 5.}}));
  const std::string where = line_below();
  const std::string m = message_of<xg::shape_error>([&] { xg::filter(x, xt::xarray<bool>{true, false, true}); });
  CHECK(contains(m, "filter: a mask of shape (3) for (2, 2)"));
  CHECK(contains(m, where));
}

TEST_CASE("axes and numbers out of range are told") {
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({2, 3})), none = t.variable(xt::ones<double>({0, 3}));
  const std::string where = line_below();
  const std::string m = message_of<xg::shape_error>([&] { xg::cumsum(x, 2); });
  CHECK(m == "cumsum: axis 2 is out of range for shape (2, 3) " + where);
  for (const auto& [got, wanted] :
       {std::pair{message_of<xg::shape_error>([&] { xg::cumprod(x, -3); }), "cumprod: axis -3"},
        std::pair{message_of<xg::shape_error>([&] { xg::logcumsumexp(x, 2); }), "logcumsumexp: axis 2"},
        std::pair{message_of<xg::shape_error>([&] { xg::sort(x, 2); }), "sort: axis 2"},
        std::pair{message_of<xg::shape_error>([&] { xg::argsort(x, 2); }), "argsort: axis 2"},
        std::pair{message_of<xg::shape_error>([&] { xg::argmax(none, 0); }), "argmax: axis 0 of shape (0, 3) has no"},
        std::pair{message_of<xg::shape_error>([&] { xg::argmin(none); }), "argmin: axis 0 of shape (0) has no"},
        std::pair{message_of<xg::shape_error>([&] { xg::median(none); }), "median: axis 0 of shape (0) has no"},
        std::pair{message_of<xg::value_error>([&] { xg::topk(x, 4); }), "topk: 4 elements of axis 1 of shape (2, 3)"},
        std::pair{message_of<xg::value_error>([&] { xg::quantile(x, 1.5); }), "quantile: q = 1.5"}}) {
    CHECK(contains(got, wanted));
    CHECK(contains(got, "(order_test.cpp:"));
  }
  CHECK(xg::argmax(none, 1).shape() == xg::shape_t{0});
  CHECK(xg::sort(none, 0).shape() == xg::shape_t{0, 3});
  CHECK(xg::topk(x, 0).values.shape() == xg::shape_t{2, 0});
}
