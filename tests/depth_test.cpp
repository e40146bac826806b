// Graphs a million nodes deep: nothing recurses, so a small stack is enough.
#include <doctest/doctest.h>
#include <limits.h>
#include <pthread.h>

#include <functional>
#include <vector>

#include "support.hpp"

namespace {

using test::sanitized;
constexpr std::size_t small_stack = sanitized ? 4 << 20 : 64 * 1024;
constexpr std::size_t long_chain = sanitized ? 200'000 : 1'000'000;

/// Runs f on a thread with this much memory for its stack; false if the system refuses that little.
bool run_on_stack(std::size_t bytes, const std::function<void()>& f) {
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  const auto run = [](void* g) -> void* { return (*static_cast<const std::function<void()>*>(g))(), nullptr; };
  pthread_t thread;
  const bool runs = pthread_attr_setstacksize(&attributes, bytes) == 0 &&
                    pthread_create(&thread, &attributes, run, const_cast<std::function<void()>*>(&f)) == 0;
  if (runs) REQUIRE(pthread_join(thread, nullptr) == 0);
  pthread_attr_destroy(&attributes);
  return runs;
}

/// Runs f on a stack of 64 KB, besides the thread-local storage of all libraries, which is taken from the same memory
/// (OpenBLAS has 60 KB).
void on_small_stack(const std::function<void()>& f) {
  static const std::size_t thread_local_storage = [] {
    if (sanitized) return std::size_t(0);
    std::size_t least = std::size_t(PTHREAD_STACK_MIN);
    while (!run_on_stack(least, [] {})) least += 4096;
    return least - std::size_t(PTHREAD_STACK_MIN);
  }();
  REQUIRE(run_on_stack(thread_local_storage + small_stack, f));
}

constexpr double c = -1e-6, start = 0.5;

/// y and dy/dx of x <- x*x*c + x, repeated.
struct recurrence {
  double value, slope = 1, curvature = 0;
  recurrence(double x, std::size_t steps) : value(x) {
    for (std::size_t i = 0; i < steps; ++i) {
      curvature = curvature * (2 * c * value + 1) + 2 * c * slope * slope;
      slope *= 2 * c * value + 1;
      value = value * value * c + value;
    }
  }
};

xg::var<double> chain(const xg::var<double>& x, std::size_t steps) {
  xg::var<double> y = x;
  for (std::size_t i = 0; i < steps; ++i) y = y * y * c + y;
  return y;
}

}  // namespace

TEST_CASE("a chain of a million nodes is recorded, swept, replayed and destroyed on a 64 KB stack") {
  std::size_t nodes = 0;
  double value = 0, gradient = 0, value_again = 0, gradient_again = 0;
  on_small_stack([&] {
    xg::tape<double> t;
    const auto x = t.variable(start);
    const auto y = chain(x, long_chain);
    nodes = t.nodes();
    value = y.item();
    t.backward(y);
    gradient = x.grad()();
    t.set(x, 0.25);
    t.replay();
    t.backward(y);
    value_again = y.item();
    gradient_again = x.grad()();
  });
  const recurrence expected(start, long_chain), again(0.25, long_chain);
  CHECK(nodes == long_chain);
  CHECK(test::distance(value, expected.value) < 1e-12);
  CHECK(test::distance(gradient, expected.slope) < 1e-9);  // a million roundings, each in another order
  CHECK(test::distance(value_again, again.value) < 1e-12);
  CHECK(test::distance(gradient_again, again.slope) < 1e-9);
}

TEST_CASE("a deep tape is cleared and recorded again on a 64 KB stack") {
  double gradient = 0;
  std::size_t nodes = 1;
  on_small_stack([&] {
    xg::tape<double> t;
    for (int round = 0; round < 3; ++round) {
      t.clear();
      const auto x = t.variable(start);
      t.backward(chain(x, long_chain / 10));
      gradient = x.grad()();
    }
    t.clear();
    nodes = t.nodes();
  });
  CHECK(nodes == 0);
  CHECK(test::distance(gradient, recurrence(start, long_chain / 10).slope) < 1e-10);
}

TEST_CASE("a deep chain of structured nodes that own memory is swept and destroyed on a 64 KB stack") {
  constexpr std::size_t steps = 50'000;
  xt::xarray<double> gradient;
  on_small_stack([&] {
    xg::tape<double> t;
    const auto x = t.variable(xt::xarray<double>{{1., 2.}, {3., 4.}});
    xg::var<double> y = x;
    for (std::size_t i = 0; i < steps; ++i) y = xg::reshape(y, {i % 2 ? 2 : 4, -1});
    t.backward(y, xt::xarray<double>{{5., 6.}, {7., 8.}});
    gradient = x.grad();
  });
  CHECK(test::identical(gradient, xt::xarray<double>{{5., 6.}, {7., 8.}}));
}

TEST_CASE("gradients of a chain of 20,000 nodes are recorded, to second order, on a 64 KB stack") {
  constexpr std::size_t steps = 20'000;
  double first = 0, second = 0;
  on_small_stack([&] {
    xg::tape<double> t;
    const auto x = t.variable(start);
    const auto g = xg::gradient(chain(x, steps), x);
    first = g.item();
    t.backward(g);
    second = x.grad()();
  });
  const recurrence expected(start, steps);
  CHECK(test::distance(first, expected.slope) < 1e-12);
  CHECK(test::distance(second, expected.curvature) < 1e-10);
}

TEST_CASE("one variable used by 100,000 statements gathers all their adjoints") {
  double gradient = 0;
  on_small_stack([&] {
    xg::tape<double> t;
    const auto x = t.variable(2.0);
    xg::var<double> sum = x * 1.0;
    for (int i = 1; i < 100'000; ++i) sum = sum + x * x;
    t.backward(sum);
    gradient = x.grad()();
  });
  CHECK(gradient == 1 + 99'999 * 4.0);
}

TEST_CASE("2048 dependent steps do not overflow the stack (autodiff #314, pytorch #5534)") {
  xg::tape<double> t;
  const auto x = t.variable(1.0);
  xg::var y = x;
  for (int i = 0; i < 2048; ++i) y = y + x;
  t.backward(y);
  CHECK(x.grad()() == 2049);
  CHECK(xg::gradient(y, x).item() == 2049);
}
