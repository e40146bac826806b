// Shapes, padding, diagonals: what is not copied, what is refused and in which words, names beside xtensor's.
#include <doctest/doctest.h>

#include <limits>

#include <xtensor/xbuilder.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xnorm.hpp>
#include <xtensor/xpad.hpp>
#include <xtensor/xsort.hpp>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::identical;
using test::line_below;
using test::message_of;
using var = xg::var<double>;

TEST_CASE("ravel, squeeze and expand_dims are the operand's memory") {
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({1, 3, 1, 2}));
  for (const var& y : {xg::ravel(x), xg::squeeze(x), xg::squeeze(x, 0), xg::squeeze(x, {2, 0}), xg::expand_dims(x, -1),
                       xg::expand_dims(x, {0, 5})}) {
    CHECK(y.size() == 6);
    CHECK(y.value().data() == x.value().data());
  }
  CHECK(xg::squeeze(x).shape() == xg::shape_t{3, 2});
  CHECK(xg::squeeze(x, -2).shape() == xg::shape_t{1, 3, 2});
  CHECK(xg::expand_dims(x, {0, -1}).shape() == xg::shape_t{1, 1, 3, 1, 2, 1});
  CHECK(xg::ravel(t.variable(2.0)).shape() == xg::shape_t{1});
  CHECK(xg::squeeze(t.variable(xt::ones<double>({1, 1}))).shape() == xg::shape_t{});
}

TEST_CASE("what is there several times gets the sum of the adjoints") {
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0, 3.0});
  const auto gradient = [&](const var& y) {
    t.backward(xg::sum(y * xt::arange<double>(1, 1 + double(y.size()))));
    return test::copy(x.grad());
  };
  CHECK(identical(gradient(xg::tile(x, 2)), array{5., 7., 9.}));
  CHECK(identical(gradient(xg::repeat(x, 2, 0)), array{3., 7., 11.}));
  CHECK(identical(gradient(xg::repeat(x, {0, 3, 1}, 0)), array{0., 6., 4.}));
  CHECK(identical(gradient(xg::pad(x, {{2, 1}}, xg::pad_mode::edge)), array{6., 4., 11.}));
  CHECK(identical(gradient(xg::pad(x, 2)), array{3., 4., 5.}));
  CHECK(identical(gradient(xg::roll(x, 1)), array{2., 3., 1.}));
  CHECK(identical(gradient(xg::flip(x)), array{3., 2., 1.}));
  t.backward(xg::sum(xg::broadcast_to(x, {4, 3})));
  CHECK(identical(x.grad(), array{4., 4., 4.}));
}

TEST_CASE("triangles and padding shut out what is not a number") {
  xg::tape<double> t;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto x = t.variable(array{{1., nan}, {2., 3.}});
  const var y = xg::tril(x);
  CHECK(identical(y.value(), array{{1., 0.}, {2., 3.}}));
  t.backward(xg::sum(y * y));
  CHECK(identical(x.grad(), array{{2., 0.}, {4., 6.}}));
  const var low = xg::pad(t.variable({1.0}), 1, xg::pad_mode::constant, -std::numeric_limits<double>::infinity());
  CHECK(low.value()(0) == -std::numeric_limits<double>::infinity());
  CHECK(low.value()(1) == 1);
}

TEST_CASE("what does not fit is told with the shapes and the line") {
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({2, 3})), s = t.variable(1.0);
  const auto refused = [&](auto f) {
    const std::string m = message_of<xg::shape_error>(f);
    CHECK(contains(m, "(manipulate_test.cpp:"));
    return m;
  };
  const std::string where = line_below();
  const std::string m = message_of<xg::shape_error>([&] { xg::squeeze(x, 1); });
  CHECK(m == "squeeze: axis 1 of shape (2, 3) has extent 3; only axes of extent 1 can be left out " + where);
  CHECK(contains(refused([&] { xg::squeeze(x, {0, -2}); }), "axis -2 is named twice"));
  CHECK(contains(refused([&] { xg::expand_dims(x, 3); }),
                 "expand_dims: axis 3 is out of range for shape (2, 3), whose result has 3 dimensions"));
  CHECK(contains(refused([&] { xg::swapaxes(x, 0, 2); }), "swapaxes: axis 2 is out of range for shape (2, 3)"));
  CHECK(contains(refused([&] { xg::moveaxis(x, {0, 1}, {0}); }), "from {0, 1} to {0}: as many places as axes"));
  CHECK(contains(refused([&] { xg::moveaxis(x, {0, 1}, {0, -2}); }), "axis -2 is named twice"));
  CHECK(contains(refused([&] { xg::flip(x, 2); }), "flip: axis 2"));
  CHECK(contains(refused([&] { xg::roll(x, 1, -3); }), "roll: axis -3"));
  CHECK(contains(refused([&] {
                   xg::repeat(x, {1, 2}, 1);
                 }),
                 "{1, 2} for axis 1 of shape (2, 3): one number for all, or 3"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::repeat(x, -1, 0); }), "there -1 times"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::tile(x, {2, -3}); }), "tile: {2, -3} for shape (2, 3)"));
  CHECK(contains(refused([&] { xg::broadcast_to(x, {3, 2}); }), "broadcast_to: (2, 3) to {3, 2}"));
  CHECK(contains(refused([&] { xg::broadcast_to(x, {3}); }), "broadcast_to: (2, 3) to {3}"));
  CHECK(contains(refused([&] { xg::broadcast_to(x, {-1, 3}); }), "to {-1, 3}"));
  CHECK(contains(refused([&] { xg::meshgrid({x, s}); }), "meshgrid: operand 0 has shape (2, 3)"));
  CHECK(contains(refused([&] { xg::pad(x, {{1, 1}}); }), "pad: 1 pairs of widths for shape (2, 3)"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::pad(x, -1); }), "widths {-1, -1} for axis 0"));
  CHECK(contains(refused([&] { xg::pad(t.variable(xt::ones<double>({0})), 1, xg::pad_mode::wrap); }),
                 "no element to repeat"));
  CHECK(contains(refused([&] { xg::diag(s); }), "diag: (): a vector or a matrix is needed"));
  CHECK(contains(refused([&] { xg::diagonal(s); }), "two dimensions or more"));
  CHECK(contains(refused([&] { xg::diagonal(x, 0, 1, -1); }), "both axes are axis 1"));
  CHECK(contains(refused([&] { xg::trace(xg::ravel(x)); }), "trace: (6): two dimensions"));
  CHECK(contains(refused([&] { xg::tril(s); }), "tril: ()"));
}

namespace manipulation_side_by_side {

using namespace xt;
using namespace xg;

/// Everything by its name alone: this library's for a variable.
xg::var<double> of_variables(const xg::var<double>& x) {
  const int k = 1;
  return sum(ravel(x)) + sum(squeeze(x)) + sum(squeeze(expand_dims(x, 0), 0)) + sum(squeeze(expand_dims(x, 0), {0})) +
         sum(flip(x)) + sum(flip(x, 1)) + sum(roll(x, 1)) + sum(roll(x, 1, 0)) + sum(repeat(x, 2, 0)) +
         sum(repeat(x, std::vector<std::size_t>{1, 1}, 0)) + sum(tile(x, 2)) + sum(tile(x, {2, 1})) + sum(diag(x)) +
         sum(diag(x, k)) + sum(diagonal(x, k)) + sum(diagonal(x)) + trace(x) + sum(tril(x)) + sum(triu(x, k)) +
         sum(pad(x, 1)) + sum(cumsum(x)) + sum(cumsum(x, 0)) + sum(cumprod(x, 1)) + sum(sort(x)) + sum(sort(x, 0)) +
         median(x) + sum(median(x, 0)) + count_nonzero(x) + sum(count_nonzero(x, {0})) + norm_l1(x) +
         sum(norm_linf(x, 0)) + norm_lp(x, 3.) + sum(filter(x, x.value() > 0)) + take(ravel(x), argmax(x)) +
         take(ravel(x), argmin(x)) + sum(take_along_axis(x, argsort(x), 1)) + sum(meshgrid({ravel(x)})[0]);
}
double of_arrays(const xarray<double>& x) { return sum(cumsum(x, 0))() + double(argmax(x)()); }

}  // namespace manipulation_side_by_side

TEST_CASE("names stand beside xtensor's: what a variable is given to is this library's") {
  xg::tape<double> t;
  const array a{{1., 2.}, {3., 4.}};
  const auto x = t.variable(a);
  const var y = manipulation_side_by_side::of_variables(x);
  CHECK(y.requires_grad());
  const double lp = std::cbrt(1. + 8 + 27 + 64);
  CHECK(y.item() == doctest::Approx(8 * 10 + 20 + 10 + 20 + 20 + 5 + 2 + 2 + 5 + 5 + 8 + 2 + 10 + 20 + 13 + 18 + 10 +
                                    10 + 2.5 + 5 + 4 + 4 + 10 + 7 + lp + 10 + 4 + 1 + 10 + 10));
  CHECK(manipulation_side_by_side::of_arrays(a) == 13 + 3);
}
