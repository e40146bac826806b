// Data: the embedded sets, splits, batches, readers.
#include <doctest/doctest.h>

#include <fstream>
#include <numeric>
#include <set>

#include <xgrad/nn/nn.hpp>
#include <xtensor/xview.hpp>

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

TEST_CASE("batches prepared ahead are the same batches") {
  const auto d = counted(23);
  const auto all = [&](bool ahead, std::size_t size) {
    nn::rng rng(6);
    std::vector<double> seen;
    for (int round = 0; round < 2; ++round)
      for (auto [x, y] : nn::batches(d, size, rng, {.augment = {.noise = 0.5}, .ahead = ahead})) {
        seen.insert(seen.end(), x.begin(), x.end());
        seen.insert(seen.end(), y.begin(), y.end());
      }
    return seen;
  };
  CHECK(all(true, 4) == all(false, 4));
  CHECK(all(true, 23) == all(false, 23));
  CHECK(all(true, 1) == all(false, 1));
  nn::rng rng(1);
  nn::batches range(d, 5, rng, {.ahead = true});
  for (int round = 0; round < 2; ++round) {  // a range can be gone through again, and left early
    double sum = 0;
    for (auto [x, y] : range) sum += double(xt::sum(y)());
    CHECK(sum == 22 * 23 / 2);
    auto it = range.begin();
    ++it;
    CHECK((*it).y.size() == 5);
  }
}

TEST_CASE("a batch can be prepared by the user, on another thread; what is thrown there arrives") {
  const auto d = counted(10);
  const auto seeds = [&](bool ahead) {
    nn::rng rng(2);
    std::vector<std::uint64_t> all;
    nn::batch_options<double> options{.ahead = ahead};
    options.prepare = [&](xt::xarray<double>& x, xt::xarray<std::int64_t>&, std::uint64_t seed) {
      x = xt::xarray<double>(xt::view(x * 2.0, xt::all(), xt::range(0, 1)));  // another shape, too
      all.push_back(seed);
    };
    for (int round = 0; round < 2; ++round)
      for (auto [x, y] : nn::batches(d, 4, rng, options)) {
        CHECK(x.shape(1) == 1);
        for (std::size_t i = 0; i < y.size(); ++i) CHECK(x(i, 0) == 2 * double(y(i)));
      }
    return all;
  };
  const auto all = seeds(true);
  CHECK(all == seeds(false));
  CHECK(std::set(all.begin(), all.end()).size() == 6);

  nn::batch_options<double> fails{.ahead = true};
  fails.prepare = [count = 0](auto&, auto&, std::uint64_t) mutable {
    if (++count == 2) throw xg::value_error("no second one");
  };
  nn::rng rng(1);
  std::size_t seen = 0;
  CHECK(message_of<xg::value_error>([&] {
          for ([[maybe_unused]] auto batch : nn::batches(d, 3, rng, fails)) ++seen;
        }) == "no second one");
  CHECK(seen == 1);
}

TEST_CASE("images are moved, flipped and get noise, by the seed, the round and their place alone") {
  // One image with a number of its own in each pixel, many times.
  nn::dataset<double> d{xt::xarray<double>::from_shape({400, 2, 3, 4}), xt::zeros<std::int64_t>({400})};
  for (std::size_t i = 0; i < d.x.size(); ++i) d.x.flat(i) = double(i % 24 + 1);
  const auto changed = [&](nn::augmentation how, std::size_t size, std::uint64_t seed = 4) {
    nn::rng rng(seed);
    std::vector<double> all;
    for (auto [x, y] : nn::batches(d, size, rng, {.augment = how})) all.insert(all.end(), x.begin(), x.end());
    return all;
  };
  CHECK(changed({.shift = 1, .flip = true, .noise = 0.1}, 7) == changed({.shift = 1, .flip = true, .noise = 0.1}, 64));
  CHECK(changed({.shift = 1}, 10) != changed({.shift = 1}, 10, 5));

  std::set<std::vector<double>> kinds;
  std::size_t flipped = 0;
  const auto all = changed({.shift = 1, .flip = true}, 50);
  for (std::size_t i = 0; i < 400; ++i) {
    const double* image = all.data() + i * 24;
    kinds.insert(std::vector<double>(image, image + 24));
    // A pixel in the middle of both channels comes from the same place of each, and says how the image was moved.
    const int first = int(image[5]), second = int(image[12 + 5]);
    CHECK(second == first + 12);
    const bool left_to_right = image[6] == image[5] + 1;
    flipped += !left_to_right;
    const int row = (first - 1) / 4, column = left_to_right ? (first - 1) % 4 : 3 - (first - 1) % 4;
    const int dy = 1 - row, dx = 1 - column;
    CHECK(std::abs(dy) <= 1);
    CHECK(std::abs(dx) <= 1);
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 4; ++c) {
        const int from_r = r - dy, from_c = c - dx;
        const bool inside = from_r >= 0 && from_r < 3 && from_c >= 0 && from_c < 4;
        CHECK(image[r * 4 + c] == (inside ? from_r * 4 + (left_to_right ? from_c : 3 - from_c) + 1 : 0));
      }
  }
  CHECK(kinds.size() == 18);  // 3 × 3 places, flipped or not
  CHECK(flipped > 150);
  CHECK(flipped < 250);

  const auto noisy = changed({.noise = 0.25}, 100);
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < noisy.size(); ++i) {
    const double e = noisy[i] - d.x.flat(i % 24);
    mean += e / double(noisy.size()), square += e * e / double(noisy.size());
  }
  CHECK(std::abs(mean) < 0.01);
  CHECK(std::sqrt(square) == doctest::Approx(0.25).epsilon(0.03));

  nn::rng rng(1);
  const auto flat = counted(4);
  CHECK(contains(message_of<xg::shape_error>([&] { nn::batches b(flat, 2, rng, {.augment = {.flip = true}}); }),
                 "x has shape (4, 2); to be moved or flipped, samples are images"));
  CHECK(contains(message_of<xg::value_error>([&] { nn::batches b(flat, 2, {.augment = {.noise = 1}}); }),
                 "needs a source of random numbers"));
  CHECK(contains(message_of<xg::value_error>([&] { nn::batches b(flat, 2, rng, {.augment = {.noise = -1}}); }),
                 "noise is -1.0"));
}

TEST_CASE("tables of text") {
  const nn::csv file("x, y,kind\r\n1,2.5,b\r\n\n-3e2,+4,\"a, \"\"quoted\"\"\"\n 5 ,6,b", "t.csv");
  CHECK(file.columns() == std::vector<std::string>{"x", "y", "kind"});
  CHECK(file.rows() == 3);
  CHECK(file.cell(1, 2) == "a, \"quoted\"");
  CHECK(test::identical(file.numbers<double>({"y", "x"}), xt::xarray<double>{{2.5, 1}, {4, -300}, {6, 5}}));
  const auto data = file.labelled<double>("kind");
  CHECK(test::identical(data.y, xt::xarray<std::int64_t>{0, 1, 0}));
  CHECK(data.classes == std::vector<std::string>{"b", "a, \"quoted\""});
  CHECK(data.x(1, 0) == -300);
  const nn::csv plain("1;2\n3;4\n", "p", {.separator = ';', .header = false});
  CHECK(test::identical(plain.labelled<double>("1").y, xt::xarray<std::int64_t>{2, 4}));
}

TEST_CASE("what is wrong with a table is told with file, line and column") {
  const auto told = [](const std::string& text, auto f) {
    return message_of<xg::error>([&] { f(nn::csv(text, "t.csv")); });
  };
  const auto numbers = [](const nn::csv& c) { c.numbers<double>(); };
  CHECK(contains(told("a,b\n1,2\n3\n", numbers), "t.csv:3: has 1 cell; expected 2, as in the first line"));
  CHECK(contains(told("a,b\n1,2\n\n3,x\n", numbers), "t.csv:4: b: \"x\" is not a number"));
  CHECK(contains(told("a,b\n1,\n", numbers), "t.csv:2: b: \"\" is not a number"));
  CHECK(contains(told("a,b\n1,2", [](const nn::csv& c) { c.numbers<double>({"c"}); }),
                 "t.csv: has no column \"c\"; there are: a, b"));
  CHECK(contains(told("a\n\"1", numbers), "t.csv:2: a quote (\") is opened and not closed"));
  CHECK(contains(told("a\n\"1\"2\n", numbers), "t.csv:2: after a closing quote comes \"2\""));
  CHECK(contains(message_of<xg::io_error>([] { nn::csv("/no/such.csv"); }), "/no/such.csv: cannot be read"));
}

TEST_CASE("idx files, packed or not") {
  const auto put = [](const char* name, const std::string& bytes) {
    std::ofstream(name, std::ios::binary) << bytes;
    return std::string(name);
  };
  using namespace std::string_literals;
  const std::string images = put("images.idx", "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02"s + "\x00\xff\x33\x66"s);
  const std::string labels = put("labels.idx", "\0\0\x08\x01\0\0\0\x02\x07\x03"s);
  const auto data = nn::mnist<double>(images, labels);
  CHECK(test::identical(data.x, xt::xarray<double>{{{0, 1}}, {{0.2, 0.4}}}));
  CHECK(test::identical(data.y, xt::xarray<std::int64_t>{7, 3}));
  // gzip -n of the labels
  const std::string packed =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x63\x60\xe0\x60\x64\x60\x60\x60\x62\x67\x06\x00\x64\x6b\xd4\x43\x0a\x00\x00\x00"s;
  const std::string zipped = put("labels.idx.gz", packed);
  CHECK(test::identical(nn::read_idx(zipped), xt::xarray<std::uint8_t>{7, 3}));
  const auto told = [&](const std::string& bytes) {
    put("bad.idx", bytes);
    return message_of<xg::io_error>([] { nn::read_idx("bad.idx"); });
  };
  CHECK(
      contains(told("\0\0\x08\x01\0\0\0\x03\x07\x03"s), "its shape (3) needs 3 bytes, and 2 follow; was it cut off?"));
  CHECK(contains(told("\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff\xff"s), "bad.idx: is not an idx file"));
  CHECK(contains(told("\0\0\x0d\x01\0\0\0\0"s), "its numbers are of type 13"));
  CHECK(contains(told("PK"s), "does not begin with two zeros"));
  for (std::size_t n = 3; n < packed.size(); ++n) CHECK(contains(told(packed.substr(0, n)), "bad.idx"));
  CHECK(contains(told(packed.substr(0, 20)), "is cut off"));
  CHECK(
      contains(message_of<xg::io_error>([&] { nn::mnist<float>(labels, labels); }), "images have (n, rows, columns)"));
}

TEST_CASE("standardised, and one-hot") {
  const xt::xarray<double> x{{1, 5, 2}, {3, 5, 4}};
  const nn::standardiser scale(x);
  CHECK(test::near(scale(x), xt::xarray<double>{{-1, 0, -1}, {1, 0, 1}}));
  CHECK(scale(xt::xarray<double>{{2, 6, 3}})(0, 1) == 1);
  CHECK(contains(message_of<xg::shape_error>([&] { scale(xt::xarray<double>{{1, 2}}); }), "samples of shape (3)"));
  CHECK(test::identical(nn::one_hot<double>({1, 0}, 3), xt::xarray<double>{{0, 1, 0}, {1, 0, 0}}));
  CHECK(contains(message_of<xg::value_error>([] {
                   nn::one_hot<float>({0, 3}, 3);
                 }),
                 "the label 3 of sample 1 is none of 3 classes"));
}
