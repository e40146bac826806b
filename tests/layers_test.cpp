// Convolutions, pools and norms at their corners: ties, NaN, padding, large means, constants, running averages,
// messages.
#include <doctest/doctest.h>

#include <cmath>

#include "support.hpp"

namespace {

using test::contains;
using test::distance;
using test::line_below;
using test::message_of;
using xg::var;
using array = xt::xarray<double>;

constexpr double infinity = std::numeric_limits<double>::infinity(),
                 no_number = std::numeric_limits<double>::quiet_NaN();

array zeros(std::vector<std::size_t> shape) { return xt::zeros<double>(shape); }

/// The gradient of Σ y by x, from the kernel; the recorded one must be the same but for rounding.
array slope(xg::tape<double>& t, const var<double>& y, const var<double>& x) {
  t.backward(xg::sum(y));
  const array kernel = x.grad(), recorded = xg::gradient(xg::sum(y), x).value();
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    CHECK(std::isnan(kernel.flat(i)) == std::isnan(recorded.flat(i)));
    CHECK_FALSE(std::abs(kernel.flat(i) - recorded.flat(i)) > 1e-12);
  }
  return kernel;
}

}  // namespace

TEST_CASE("equal largest elements of a window share its gradient") {
  xg::tape<double> t;
  const auto x = t.variable(array{{1, 1, 2, 0}, {1, 0, 0, 1}});
  CHECK(slope(t, xg::max_pool2d(x, 2), x) == array{{1 / 3., 1 / 3., 1, 0}, {1 / 3., 0, 0, 0}});
  // Windows that overlap: what they give adds up.
  const auto z = t.variable(array{0, 3, 3, 1});
  CHECK(slope(t, xg::max_pool1d(z, 2, {.stride = 1}), z) == array{0, 1.5, 1.5, 0});
}

TEST_CASE("a NaN in a window is its largest element, and its gradients; other windows do not see it") {
  xg::tape<double> t;
  for (const array& values : {array{no_number, 1, 2, 3}, array{1, no_number, 2, 3}}) {
    const auto x = t.variable(values);
    const var y = xg::max_pool1d(x, 2);
    CHECK(std::isnan(y.value()(0)));
    CHECK(y.value()(1) == 3);
    const array d = slope(t, y, x);
    CHECK(std::isnan(d(0)));
    CHECK(std::isnan(d(1)));
    CHECK(d(2) == 0);
    CHECK(d(3) == 1);
  }
  // By lanes too: one row of many, merged with others.
  array wide = zeros({2, 40});
  wide(0, 37) = no_number, wide(1, 2) = no_number;
  const var y = xg::max_pool2d(t.variable(wide), 2);
  for (std::size_t j = 0; j < 20; ++j) CHECK(std::isnan(y.value()(0, j)) == (j == 1 || j == 18));
}

TEST_CASE("the padding of a largest element is less than all numbers, that of a mean is zero") {
  xg::tape<double> t;
  const auto x = t.variable(array{-5, -3, -infinity, -infinity});
  CHECK(xg::max_pool1d(x, 2, {.stride = 2, .padding = 1}).value() == array{-5, -3, -infinity});
  const auto z = t.variable(array{6, 3, 9});
  CHECK(xg::avg_pool1d(z, 2, {.padding = 1}).value() == array{3, 6});
  CHECK(xg::avg_pool1d(z, 2, {.padding = 1, .count_include_pad = false}).value() == array{6, 6});
}

TEST_CASE("a large mean costs no digits of what is normalised") {
  const array small{{1, 2, 4, -3, 0.5}, {2, 7, 1, 8, -2}};
  const auto check = [&]<class T>(T mean, double tolerance) {
    xg::tape<T> t;
    const auto plain = t.variable(xt::xarray<T>(xt::cast<T>(small)));
    const auto moved = t.variable(xt::xarray<T>(xt::cast<T>(small) + mean));
    CHECK(distance(xg::layer_norm(moved).value(), xg::layer_norm(plain).value()) < tolerance);
    CHECK(distance(xg::batch_norm(moved).value(), xg::batch_norm(plain).value()) < tolerance);
  };
  check(1048576.0f, 2e-7);  // the sum exact in float, the mean not
  check(4503599627370496.0 / 16, 1e-15);
}

TEST_CASE("equal values become zero, with gradients that are numbers") {
  xg::tape<double> t;
  const auto x = t.variable(array(zeros({3, 4}) + 0.1));
  const auto check = [&](const var<double>& y) {
    for (const double v : y.value()) CHECK(std::abs(v) < 1e-12);
    for (const double v : slope(t, y, x)) CHECK(std::abs(v) < 1e-9);
    const var first = xg::gradient(xg::sum(y * y), x);
    const array second = xg::gradient(xg::sum(first), x).value();
    for (const double v : second) CHECK(std::isfinite(v));
  };
  check(xg::layer_norm(x));
  check(xg::batch_norm(x));
  check(xg::group_norm(x, 2));
  const auto none = t.variable(zeros({2, 3}));
  for (const double v : xg::rms_norm(none).value()) CHECK(v == 0);
  for (const double v : slope(t, xg::rms_norm(none), none)) CHECK(std::isfinite(v));
}

TEST_CASE("running averages move with each batch, also in replays, and are what evaluation takes") {
  xg::parameter<double> mean(array{0, 0}), variance(array{1, 1});
  xg::tape<double> t;
  const auto x = t.variable(array{{1, 10}, {3, 30}});
  const var y = xg::batch_norm(x, mean, variance, {.momentum = 0.5});
  CHECK(distance(mean.value(), array{1, 10}) < 1e-15);
  CHECK(distance(variance.value(), array{1.5, 100.5}) < 1e-15);  // the batch's are 2 and 200, over n - 1
  t.backward(xg::sum(y * y));
  t.set(x, array{{5, 0}, {7, 0}});
  t.replay();
  CHECK(distance(mean.value(), array{3.5, 5}) < 1e-15);
  CHECK(distance(variance.value(), array{1.75, 50.25}) < 1e-15);
  t.backward(xg::sum(y * y));

  xg::tape<double> other;
  const var z = xg::batch_norm(other.variable(array{{3.5, 6}}), mean, variance, {.eps = 0, .training = false});
  CHECK(distance(z.value(), array{{0, 1 / std::sqrt(50.25)}}) < 1e-15);
  CHECK(distance(mean.value(), array{3.5, 5}) < 1e-15);
}

TEST_CASE("convolutions of no samples, and gradients of filters that nothing reaches") {
  xg::tape<double> t;
  const auto x = t.variable(zeros({0, 2, 4, 4})), w = t.variable(array(zeros({3, 2, 3, 3}) + 1));
  const var y = xg::conv2d(x, w);
  CHECK(test::shape_of(y) == xg::shape_t{0, 3, 2, 2});
  t.backward(xg::sum(y));
  for (const double g : w.grad()) CHECK(g == 0);
}

TEST_CASE("filters may be plain arrays, inputs expressions; one variable may be both") {
  xg::tape<double> t;
  const auto x = t.variable(array(zeros({1, 1, 3, 3}) + 2));
  const array ones = zeros({1, 1, 3, 3}) + 1;
  CHECK(xg::conv2d(x * 2, ones).value()(0, 0, 0, 0) == 36);
  t.backward(xg::conv2d(x, x));
  for (const double g : x.grad()) CHECK(g == 4);
}

TEST_CASE("what does not fit is told in words, with the user's line") {
  xg::tape<double> t;
  const auto x = t.variable(zeros({2, 4, 5, 5}));
  const auto conv = [&](const xg::shape_t& w, const xg::conv_options& o = {}) {
    const auto filters = t.variable(zeros({w.begin(), w.end()}));
    return message_of<xg::error>([&] { xg::conv2d(x, filters, o); });
  };
  CHECK(contains(conv({3, 3, 3, 3}),
                 "conv2d: (2, 4, 5, 5) with filters (3, 3, 3, 3): the input has 4 channels, the "
                 "filters are for 3 (layers_test.cpp:"));
  CHECK(contains(conv({3, 2, 3, 3}, {.groups = 2}), "3 filters cannot be split into 2 groups"));
  CHECK(
      contains(conv({3, 4, 6, 3}), "a filter reaches over 6 elements of the height, but the padded input has only 5"));
  CHECK(contains(conv({3, 4, 3, 3}, {.dilation = {1, 3}}), "reaches over 7 elements of the width"));
  CHECK(contains(conv({3, 4, 3}), "the filters must have 4 dimensions, (filters, channels / groups, height, width)"));
  CHECK(contains(conv({3, 4, 3, 3}, {.stride = 0}), "conv2d: stride is 0; it must be at least 1 (layers_test.cpp:"));
  CHECK(contains(conv({3, 4, 3, 3}, {.padding = -1}), "padding is -1; it must be at least 0"));
  CHECK(contains(conv({3, 4, 3, 3}, {.groups = 0}), "groups is 0"));

  const auto w = t.variable(zeros({4, 3, 2, 2})), b = t.variable(zeros({4}));
  std::string line = line_below();
  CHECK(contains(message_of<xg::shape_error>([&] { xg::conv_transpose2d(x, w, b); }), line));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::conv_transpose2d(x, w, b); }),
                 "conv_transpose2d: (2, 4, 5, 5) with filters (4, 3, 2, 2): the bias has shape (4); it must be (3)"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::conv_transpose2d(x, w, {.output_padding = 1}); }),
                 "output_padding 1 must be less than the stride or the dilation"));
  CHECK(
      contains(message_of<xg::shape_error>([&] { xg::conv1d(x, w); }),
               "conv1d: (2, 4, 5, 5) with filters (4, 3, 2, 2): the input must have 3 dimensions, (samples, channels, "
               "length)"));
  const auto signal = t.variable(zeros({2, 4, 5})), filters = t.variable(zeros({1, 4, 2}));
  CHECK(contains(message_of<xg::shape_error>([&] {
                   xg::conv1d(signal, filters, {.stride = {2, 2}});
                 }),
                 "conv1d: stride has 2 numbers for 1 spatial axis"));

  CHECK(contains(
      message_of<xg::shape_error>([&] {
        xg::max_pool2d(x, {6, 2});
      }),
      "max_pool2d: (2, 4, 5, 5): a window reaches over 6 elements of the height, but the padded input has only "
      "5 (layers_test.cpp:"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::avg_pool2d(x, 2, {.padding = 2}); }),
                 "avg_pool2d: the padding 2 is more than half the window 2 (layers_test.cpp:"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::max_pool2d(x, 0); }), "the window is 0"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::avg_pool2d(xg::sum(x), 1); }), "at least 2 axes"));

  CHECK(contains(message_of<xg::shape_error>([&] { xg::layer_norm(x, b, b); }),
                 "layer_norm: (2, 4, 5, 5): the weight has shape (4); expected (5) (layers_test.cpp:"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::layer_norm(x, {.axes = 5}); }), "no 5 last axes"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::layer_norm(x, {.eps = 0}); }), "eps is 0.0"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::group_norm(x, 3); }),
                 "group_norm: (2, 4, 5, 5): 4 channels cannot be split into 3 groups"));
  CHECK(contains(message_of<xg::shape_error>([&] {
                   xg::instance_norm(t.variable(zeros({2, 3})));
                 }),
                 "at least 3 axes"));
  CHECK(contains(message_of<xg::shape_error>([&] {
                   xg::batch_norm(t.variable(zeros({1, 3})));
                 }),
                 "batch_norm: (1, 3): each channel has one value; training needs more"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::batch_norm(x, {.training = false}); }),
                 "without training, running averages are needed"));
}
