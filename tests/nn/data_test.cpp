// Data: the embedded sets, splits, batches, readers.
#include <doctest/doctest.h>

#include <numeric>
#include <set>

#include <xgrad/nn/nn.hpp>

#include "support.hpp"

namespace nn = xg::nn;
using test::contains;
using test::message_of;

namespace {

nn::dataset<double> counted(std::size_t n) {
  nn::dataset<double> d{xt::xarray<double>::from_shape({n, 2}), xt::xarray<std::int64_t>::from_shape({n})};
  for (std::size_t i = 0; i < n; ++i) d.x(i, 0) = d.x(i, 1) = double(i), d.y(i) = std::int64_t(i);
  return d;
}

}  // namespace

TEST_CASE("digits and iris are in the library") {
  const auto digits = nn::digits<float>();
  CHECK(test::shape_of(digits.x) == xg::shape_t{1797, 64});
  CHECK(digits.x(0, 2) == 5 / 16.f);
  CHECK(digits.y(0) == 0);
  CHECK(digits.y(1796) == 8);
  CHECK(xt::amin(digits.x)() == 0);
  CHECK(xt::amax(digits.x)() == 1);
  const auto iris = nn::iris<double>();
  CHECK(test::shape_of(iris.x) == xg::shape_t{150, 4});
  CHECK(iris.x(0, 0) == 5.1);
  CHECK(iris.x(149, 3) == 1.8);
  CHECK(iris.y(149) == 2);
  CHECK(iris.classes[1] == "versicolor");
}

TEST_CASE("a split is disjoint, complete, and the same for the same seed") {
  const auto d = counted(101);
  nn::rng rng(4), again(4);
  const auto [a, b, c] = nn::split(d, {.7, .15, .15}, rng);
  CHECK(a.size() == 71);
  CHECK(a.size() + b.size() + c.size() == 101);
  std::set<std::int64_t> all;
  for (const auto* part : {&a, &b, &c})
    for (std::size_t i = 0; i < part->size(); ++i) {
      all.insert(part->y(i));
      CHECK(part->x(i, 1) == double(part->y(i)));
    }
  CHECK(all.size() == 101);
  const auto parts = nn::split(d, {.7, .15, .15}, again);
  CHECK(test::identical(parts[2].y, c.y));
  CHECK_FALSE(std::is_sorted(a.y.begin(), a.y.end()));
  CHECK(contains(message_of<xg::value_error>([&] { nn::split(d, {.7, .7}, rng); }), "add up to 1.4"));
}

TEST_CASE("batches: short, dropped, filled up") {
  const auto d = counted(10);
  std::vector<std::size_t> sizes;
  std::set<std::int64_t> seen;
  nn::rng rng(1);
  for (auto [x, y] : nn::batches(d, 4, rng)) {
    sizes.push_back(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      seen.insert(y(i));
      CHECK(x(i, 0) == double(y(i)));
    }
  }
  CHECK(sizes == std::vector<std::size_t>{4, 4, 2});
  CHECK(seen.size() == 10);
  CHECK(nn::batches(d, 4, rng, {.last = nn::last::drop}).size() == 2);
  std::vector<std::int64_t> padded;
  for (auto [x, y] : nn::batches(d, 4, {.last = nn::last::pad})) padded.insert(padded.end(), y.begin(), y.end());
  CHECK(padded == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1});
  auto wrong = d;
  wrong.y = xt::xarray<std::int64_t>::from_shape({9});
  CHECK(contains(message_of<xg::shape_error>([&] { nn::batches b(wrong, 4); }),
                 "batches: x has shape (10, 2) and y (9)"));
  CHECK_THROWS_AS(nn::batches(d, 0), xg::value_error);
}
