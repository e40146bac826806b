// Draws: the generator against its published numbers, distributions, replay, dropout.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::identical;
using test::message_of;
using test::near;
using var = xg::var<double>;

// The known answers that come with Random123 (Salmon et al.), philox4x32 with 10 rounds.
static_assert(xg::detail::philox({0, 0, 0, 0}, {0, 0}) ==
              xg::detail::philox_block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(xg::detail::philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) ==
              xg::detail::philox_block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(xg::detail::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              xg::detail::philox_block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

TEST_CASE("the same seed draws the same; a replay draws anew") {
  const auto drawn = [](std::uint64_t seed, int replays) {
    xg::rng rng(seed);
    xg::tape<double> t;
    const var u = xg::uniform(t, {5}, rng), n = xg::normal(t, {5}, rng);
    for (int k = 0; k < replays; ++k) t.replay();
    return array(u.value() + n.value());
  };
  CHECK(identical(drawn(1, 0), drawn(1, 0)));
  CHECK(identical(drawn(1, 3), drawn(1, 3)));
  CHECK_FALSE(identical(drawn(1, 0), drawn(2, 0)));
  CHECK_FALSE(identical(drawn(1, 0), drawn(1, 1)));
  xg::rng rng(1);
  xg::tape<double> t;
  CHECK_FALSE(identical(xg::uniform(t, {5}, rng).value(), xg::uniform(t, {5}, rng).value()));
}

TEST_CASE("the numbers are the same to the last bit on every machine") {
  // Worked out in Python: Philox from the paper, quantiles by its statistics.NormalDist.
  xg::rng rng(42);
  xg::tape<double> t;
  const var n = xg::normal(t, {4}, rng), u = xg::uniform(t, {4}, rng);
  CHECK(identical(n.value(),
                  array{0x1.25ee4fdbb73d7p-2, -0x1.73bf4293dd7a3p+0, 0x1.1fc56619bc882p+1, 0x1.1d9c5f46a4a5bp-5}));
  CHECK(identical(u.value(),
                  array{0x1.021cd824c03f0p-3, 0x1.5067e8ff23e96p-2, 0x1.f858d225a9368p-4, 0x1.30f7b86c96eb0p-3}));
}

TEST_CASE_TEMPLATE("the numbers are distributed as they say", T, float, double) {
  xg::rng rng(7);
  xg::tape<T> t;
  const xg::shape_t shape{1000, 101};
  const auto mean = [](const auto& x) { return double(xt::mean(xt::cast<double>(x))()); };
  const xg::var<T> u = xg::uniform(t, shape, rng, -1, 3), n = xg::normal(t, shape, rng, 2, 3);
  const xg::var<T> b = xg::bernoulli(t, shape, rng, T(0.3));
  CHECK(std::abs(mean(u.value()) - 1) < 0.02);
  CHECK(xt::amin(u.value())() >= -1);
  CHECK(xt::amax(u.value())() <= 3);
  CHECK(std::abs(mean(n.value()) - 2) < 0.05);
  CHECK(std::abs(mean(xt::square(n.value() - 2)) - 9) < 0.2);
  CHECK(std::abs(mean(b.value()) - 0.3) < 0.01);
  CHECK_FALSE(u.requires_grad());
}

TEST_CASE("distributions that there are not are told so") {
  xg::rng rng(1);
  xg::tape<double> t;
  CHECK(contains(message_of<xg::value_error>([&] { xg::uniform(t, {2}, rng, 1, 0); }), "uniform: the interval"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::normal(t, {2}, rng, 1, -1); }), "normal: mean"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::bernoulli(t, {2}, rng, 2); }), "bernoulli: the probability"));
  CHECK(
      contains(message_of<xg::value_error>([&] { xg::dropout(t.variable(1.0), 1, rng); }), "dropout: the probability"));
}

TEST_CASE("dropout drops or scales, fuses, and has a second order") {
  xg::rng rng(3);
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({40, 50}));
  const var y = xg::dropout(x, 0.2, rng);
  CHECK(t.nodes() == 2);
  std::size_t dropped = 0;
  for (const double v : y.value()) {
    CHECK((v == 0 || std::abs(v - 1.25) < 1e-15));
    dropped += v == 0;
  }
  CHECK(dropped > 300);
  CHECK(dropped < 500);
  t.backward(xg::sum(y));
  CHECK(near(x.grad(), array(y.value())));
  const var g = xg::gradient(xg::sum(y * y), x), h = xg::gradient(xg::sum(g), x);
  CHECK(near(h.value(), array(2 * 1.25 * y.value())));
  const array before = y.value();
  t.replay();
  CHECK_FALSE(identical(y.value(), before));
  CHECK(near(h.value(), array(2 * 1.25 * y.value())));
}
