// A tape used again allocates nothing.
#include <doctest/doctest.h>

#include "homework_network.hpp"
#include "support.hpp"

using array = xt::xarray<double>;
using test::network;

namespace {

// A sanitizer's shadow of the stack comes into use bit by bit.
constexpr std::size_t resident_slack = test::sanitized ? 64 << 20 : 1 << 20;

/// Runs `round` many times; checks that after the first few nothing is allocated and resident memory stays.
template <class Round>
void check_memory_is_flat(Round round, std::size_t rounds) {
  for (int i = 0; i < 10; ++i) round();
  const std::size_t resident = test::resident_bytes(),
                    allocations = test::allocations();  // in this order: reading a file allocates
  CHECK(resident > 0);
  for (std::size_t i = 0; i < rounds; ++i) round();
  CHECK(test::allocations() - allocations == 0);
  CHECK(test::resident_bytes() < resident + resident_slack);
}

}  // namespace

TEST_CASE("100,000 rounds of record, backward and clear allocate nothing after the first") {
  const network net;
  xg::tape<double> t;
  double sum = 0;
  check_memory_is_flat(
      [&] {
        t.clear();
        const auto r = net.record(t);
        t.backward(r.loss);
        sum += r.W1.grad()(0, 0);
      },
      100'000);
  CHECK(std::isfinite(sum));
  CHECK(sum != 0);
}

TEST_CASE("100,000 rounds of record, backward and rewind allocate nothing after the first") {
  const network net;
  xg::tape<double> t;
  const auto W1 = t.variable(net.W1), W2 = t.variable(net.W2), W3 = t.variable(net.W3);
  const auto start = t.mark();
  double sum = 0;
  check_memory_is_flat(
      [&] {
        t.rewind(start);
        const auto x = t.constant(net.x), y = t.constant(net.y);
        xg::var h1 = xg::relu(xg::matmul(x, xg::transpose(W1)));
        xg::var h2 = xg::relu(xg::matmul(h1, xg::transpose(W2)));
        xg::var l = xg::mean(xg::square(xg::matmul(h2, xg::transpose(W3)) - y)) / 2;
        t.backward(l);
        sum += W1.grad()(0, 0);
      },
      100'000);
  CHECK(sum != 0);
}

TEST_CASE("set, replay and backward allocate nothing") {
  const network net;
  xg::tape<double> t;
  const auto r = net.record(t);
  check_memory_is_flat(
      [&] {
        t.set(r.W1, net.W1);
        t.replay();
        t.backward(r.loss);
      },
      10'000);
}

TEST_CASE("broadcasting, reductions, views and gradients of a second round allocate nothing") {
  xg::tape<double> t;
  const array a{{1., 2., 3.}, {4., 5., 6.}}, b{1., 2., 3.}, c = test::shaped({2, 1}, {1., 2.});
  SUBCASE("broadcasting") {
    check_memory_is_flat(
        [&] {
          t.clear();
          const auto x = t.variable(a), y = t.variable(b), z = t.variable(c);
          t.backward(xg::sum(x * y + z));
        },
        1000);
  }
  SUBCASE("reductions") {
    check_memory_is_flat(
        [&] {
          t.clear();
          const auto x = t.variable(a);
          t.backward(xg::sum(xg::mean(x * x, {0}) * xg::sum(x, {-2})));
        },
        1000);
  }
  SUBCASE("views") {
    check_memory_is_flat(
        [&] {
          t.clear();
          const auto x = t.variable(a);
          t.backward(xg::sum(xg::reshape(x, {3, 2})) + x(0, 1) + xg::sum(xg::transpose(x)));
        },
        1000);
  }
}

TEST_CASE("memory() grows with what is recorded and stays after clear") {
  xg::tape<double> t;
  t.variable(array{1.});
  const std::size_t before = t.memory();
  const auto x = t.variable(xt::xarray<double>(xt::ones<double>({100'000})));
  const std::size_t full = t.memory();
  CHECK(full >= before + 2 * x.size() * sizeof(double));
  CHECK(x.size() == 100'000);
  t.clear();
  CHECK(t.memory() == full);
}

TEST_CASE("a tape used again does not grow (CoDiPack #20, ADOL-C PR 84)") {
  xg::tape<double> t;
  const array a = xt::ones<double>({100});
  std::size_t memory = 0;
  for (int round = 0; round < 100; ++round) {
    t.clear();
    const auto x = t.variable(a);
    t.backward(xg::sum(xg::gradient(xg::sum(x * x * x), x)));
    if (round == 2) memory = t.memory();
  }
  CHECK(memory > 0);
  CHECK(t.memory() == memory);
}
