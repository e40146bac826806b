// Slices of variables: what xt::keep and xt::drop take, ranges beyond the ends, lists of slices made at run time.
#include <doctest/doctest.h>

#include <xtensor/xdynamic_view.hpp>
#include <xtensor/xview.hpp>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;
using var = xg::var<double>;
using xt::placeholders::_;

TEST_CASE("keep and drop: elements, and adjoints that add up") {
  xg::tape<double> t;
  const auto x = t.variable(array{10., 11., 12., 13.});
  CHECK(test::identical(xg::view(x, {xt::keep(1, 0, 1)}).value(), array{11., 10., 11.}));
  CHECK(test::identical(xg::view(x, {xt::keep(-1, 0)}).value(), array{13., 10.}));
  CHECK(test::identical(xg::view(x, {xt::keep(2)}).value(), array{12.}));
  CHECK(test::identical(xg::view(x, {xt::drop(1)}).value(), array{10., 12., 13.}));
  CHECK(test::identical(xg::view(x, {xt::drop(-1, 0, 0)}).value(), array{11., 12.}));
  CHECK(xg::view(x, {xt::drop(0, 1, 2, 3)}).size() == 0);
  CHECK(xg::view(x, {xt::keep(std::vector<int>{})}).size() == 0);
  const std::vector<int> rows{3, 3, 0, 3};
  const var y = xg::view(x, {xt::keep(rows)});
  t.backward(y, array{1., 10., 100., 1000.});
  CHECK(test::identical(x.grad(), array{100., 0., 0., 1011.}));
  const var g = xg::gradient(xg::sum(y * y * y), x);  // 3 n x² for an element that is there n times
  CHECK(test::identical(g.value(), array{300., 0., 0., 3 * 3 * 169.}));
  CHECK(test::identical(xg::gradient(xg::sum(g), x).value(), array{60., 0., 0., 6 * 3 * 13.}));
  t.set(x, array{1., 2., 3., 4.});
  t.replay();
  CHECK(test::identical(y.value(), array{4., 4., 1., 4.}));
}

TEST_CASE("an index out of range is named, with its axis, the shape and the line") {
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({2, 3}));
  std::string where = line_below();
  std::string m = message_of<xg::value_error>([&] { xg::view(x, {xt::all(), xt::keep(0, 3, 1)}); });
  CHECK(m == "view: index 3 is out of range for axis 1 of shape (2, 3) " + where);
  where = line_below();
  m = message_of<xg::value_error>([&] { xg::view(x, {xt::newaxis(), xt::drop(-3)}); });
  CHECK(m == "view: index -3 is out of range for axis 0 of shape (2, 3) " + where);
  CHECK(contains(message_of<xg::value_error>([&] { xg::view(x, {xt::keep(0, 2)}); }), "index 2"));
  CHECK_THROWS_AS(xg::view(x, {xt::keep(0), xt::keep(0), xt::keep(0)}), xg::shape_error);
}

TEST_CASE("ranges are xtensor's, also beyond the ends") {
  xg::tape<double> t;
  for (const std::size_t n : {0, 1, 2, 5}) {
    const array a = xt::arange<double>(double(n));
    const auto x = t.variable(a);
    for (std::ptrdiff_t from = -7; from <= 7; ++from) {
      for (std::ptrdiff_t to = -7; to <= 7; ++to) {
        for (const std::ptrdiff_t step : {1, 2, 3, -1, -2, -3}) {
          CAPTURE(n);
          CAPTURE(from);
          CAPTURE(to);
          CAPTURE(step);
          std::vector<double> expected;
          const auto end = std::ptrdiff_t(n), low = std::ptrdiff_t(step < 0 ? -1 : 0), high = step < 0 ? end - 1 : end;
          const auto at = [&](std::ptrdiff_t i) { return std::min(std::max(i < 0 ? i + end : i, low), high); };
          for (std::ptrdiff_t i = at(from); step > 0 ? i < at(to) : i > at(to); i += step)
            expected.push_back(double(i));
          const var y = xg::view(x, {xt::range(from, to, step)});
          REQUIRE(y.size() == expected.size());
          CHECK(std::equal(expected.begin(), expected.end(), y.value().begin()));
        }
      }
    }
    std::vector<double> reversed(a.begin(), a.end());  // (xtensor's flip forms pointers before an empty array)
    std::reverse(reversed.begin(), reversed.end());
    const var back = xg::view(x, {xt::range(_, _, -1)});
    REQUIRE(back.size() == n);
    CHECK(std::equal(reversed.begin(), reversed.end(), back.value().begin()));
    CHECK(xg::view(x, {xt::range(1, _)}).size() == (n < 1 ? 0 : n - 1));
    CHECK(xg::view(x, {xt::range(_, -1)}).size() == (n < 1 ? 0 : n - 1));
    CHECK(xg::view(x, {xt::range(_, 2, 1)}).size() == std::min<std::size_t>(n, 2));
  }
}

TEST_CASE("a list of slices made at run time") {
  xg::tape<double> t;
  const array a = xt::arange<double>(24).reshape({2, 3, 4});
  const auto x = t.variable(a);
  const array expected = xt::view(a, 1, xt::range(0, 2));
  const xt::xstrided_slice_vector strided{1, xt::range(0, 2)};
  CHECK(test::identical(xg::view(x, strided).value(), expected));
  const xt::xdynamic_slice_vector dynamic{1, xt::keep(0, 1), xt::all()};
  CHECK(test::identical(xg::view(x, dynamic).value(), expected));
  const std::vector<xg::slice> own{1, xt::range(0, 2), xt::ellipsis()};
  CHECK(test::identical(xg::view(x, own).value(), expected));
  CHECK(test::identical(xg::view(x, std::vector<int>{1, 2}).value(), array(xt::view(a, 1, 2))));
  CHECK(test::identical(xg::view(x, {}).value(), a));
}

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

TEST_CASE("indices are checked on axes of extent 1 too (xtensor #2452)") {
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({3, 1}));
  CHECK_THROWS_AS(x(0, 1), xg::value_error);
  CHECK_THROWS_AS(x(0, -2), xg::value_error);
  CHECK_THROWS_AS(xg::view(x, {0, 1}), xg::value_error);
  CHECK(x(2, 0).item() == 1);
}
