// Pools of threads by themselves: parts, exceptions, nesting, sharing; and what tapes and ops see of them.
#include <doctest/doctest.h>

#include <cfenv>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "meeting.hpp"
#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::meeting;
using test::message_of;
using part = std::pair<std::size_t, std::size_t>;

namespace {

std::vector<part> parts_of(xg::thread_pool& pool, std::size_t n, std::size_t grain) {
  std::mutex mutex;
  std::vector<part> parts;
  pool.parallel_for(n, grain, [&](std::size_t begin, std::size_t end) {
    const std::lock_guard lock(mutex);
    parts.emplace_back(begin, end);
  });
  std::sort(parts.begin(), parts.end());
  return parts;
}

/// 2 x, whose forward waits in each of two parts for the other one.
struct meeting_op {
  static constexpr const char* name = "meeting";
  static constexpr bool linear = true;
  meeting* at;
  xg::threads on{};
  double* memory = nullptr;

  xg::shape_t shape(xg::shape_view x) const { return x; }
  void plan(xg::workspace& w, xg::shape_view) {
    on = w.threads();
    memory = w.array<double>(1);
  }
  void forward(xg::array<double> y, xg::array<const double> x) const {
    on.parallel_for(2, 1, std::span(memory, 1), [&](std::size_t k, std::size_t, double* scratch) {
      *scratch = 2 * x.data[k];
      if (at && !at->arrive()) throw std::runtime_error("alone");
      y.data[k] = *scratch;
    });
  }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&) const {
    return xg::record(meeting_op{nullptr}, g);
  }
};

/// x; the first two threads that compute it wait for each other.
struct meeting_fun {
  template <class V>
  V operator()(V x) const {
    static meeting at(2);
    thread_local const bool met = at.arrive();
    return met ? x : x / (x - x);
  }
};

}  // namespace

template <>
struct xg::rule<meeting_fun> {
  static constexpr const char* name = "meeting_fun";
  static auto backward(auto g, auto, auto) { return std::tuple(g); }
};

TEST_CASE("parts have the given size, whatever the number of threads") {
  for (const std::size_t threads : {1U, 2U, 5U}) {
    xg::thread_pool pool(threads);
    CHECK(pool.size() == threads);
    CHECK(parts_of(pool, 10, 4) == std::vector<part>{{0, 4}, {4, 8}, {8, 10}});
    CHECK(parts_of(pool, 8, 4) == std::vector<part>{{0, 4}, {4, 8}});
    CHECK(parts_of(pool, 3, 4) == std::vector<part>{{0, 3}});
    CHECK(parts_of(pool, 0, 4).empty());
    CHECK(parts_of(pool, 3, 0) == std::vector<part>{{0, 1}, {1, 2}, {2, 3}});
    CHECK(parts_of(pool, 1000, 1).size() == 1000);
  }
  CHECK(xg::thread_pool().size() == std::max(1U, std::thread::hardware_concurrency()));
}

TEST_CASE("all threads of a pool work, the calling one among them") {
  xg::thread_pool pool(3);
  meeting at(3);
  std::array<std::thread::id, 3> ids;
  std::array<bool, 3> met{};
  pool.parallel_for(3, 1, [&](std::size_t k, std::size_t) {
    ids[k] = std::this_thread::get_id();
    met[k] = at.arrive();
  });
  CHECK((met[0] && met[1] && met[2]));
  CHECK((ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]));
  CHECK(std::count(ids.begin(), ids.end(), std::this_thread::get_id()) == 1);
}

TEST_CASE("what a part throws is thrown by the loop, of several the first; the pool goes on") {
  for (const std::size_t threads : {1U, 2U, 4U}) {
    xg::thread_pool pool(threads);
    for (int round = 0; round < 50; ++round) {
      const auto bad = [](std::size_t k, std::size_t) {
        if (k == 3 || k == 4 || k == 90) throw std::out_of_range("part " + std::to_string(k));
      };
      CHECK(message_of<std::out_of_range>([&] { pool.parallel_for(100, 1, bad); }) == "part 3");
    }
    CHECK(parts_of(pool, 100, 1).size() == 100);
  }
}

TEST_CASE("a loop in a part of the same pool runs there, in order") {
  xg::thread_pool pool(3), other(2);
  std::array<std::vector<part>, 12> inner;
  std::array<bool, 12> same_thread{};
  std::array<std::size_t, 12> elsewhere{};
  pool.parallel_for(12, 1, [&](std::size_t k, std::size_t) {
    const auto here = std::this_thread::get_id();
    same_thread[k] = true;
    pool.parallel_for(5, 2, [&](std::size_t begin, std::size_t end) {
      inner[k].emplace_back(begin, end);
      same_thread[k] = same_thread[k] && std::this_thread::get_id() == here;
    });
    elsewhere[k] = parts_of(other, 7, 2).size();
  });
  for (std::size_t k = 0; k < 12; ++k) {
    CHECK(inner[k] == std::vector<part>{{0, 2}, {2, 4}, {4, 5}});
    CHECK(same_thread[k]);
    CHECK(elsewhere[k] == 4);
  }
}

TEST_CASE("several threads share a pool") {
  xg::thread_pool pool(3);
  std::array<std::size_t, 4> sums{};
  {
    std::vector<std::jthread> callers;
    for (std::size_t c = 0; c < sums.size(); ++c)
      callers.emplace_back([&, c] {
        for (std::size_t round = 0; round < 200; ++round) {
          std::array<std::size_t, 20> done{};
          pool.parallel_for(20, 1, [&](std::size_t k, std::size_t) { done[k] = c + 1; });
          sums[c] += std::accumulate(done.begin(), done.end(), std::size_t(0));
        }
      });
  }
  for (std::size_t c = 0; c < sums.size(); ++c) CHECK(sums[c] == 4000 * (c + 1));
}

TEST_CASE("rounding and floating-point exceptions are those of the calling thread") {
  xg::thread_pool pool(2);
  meeting at(2);
  std::array<double, 2> third{}, infinite{};
  std::feclearexcept(FE_ALL_EXCEPT);
  std::fesetround(FE_UPWARD);
  pool.parallel_for(2, 1, [&](std::size_t k, std::size_t) {
    const bool both = at.arrive();
    const volatile double one = 1, three = 3, zero = 0;
    third[k] = both ? one / three : 0;
    infinite[k] = one / zero;
  });
  std::fesetround(FE_TONEAREST);
  CHECK(std::fetestexcept(FE_DIVBYZERO) != 0);
  CHECK(third[0] > 1.0 / 3);
  CHECK((std::isinf(infinite[0]) && std::isinf(infinite[1])));
  CHECK(third[0] == third[1]);
  std::feclearexcept(FE_ALL_EXCEPT);
}

TEST_CASE("an op of one's own splits its loops, with memory to work in, over what its tape uses") {
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0});
  CHECK(test::identical(xg::record(meeting_op{nullptr}, x).value(), array{2, 4}));  // in order, without a pool
  xg::thread_pool pool(2);
  t.use(pool);
  meeting at(2);
  const xg::var y = xg::record(meeting_op{&at}, x);
  CHECK(test::identical(y.value(), array{2, 4}));
  t.backward(xg::sum(y));
  CHECK(test::identical(x.grad(), array{2, 2}));
}

TEST_CASE("a large statement runs on several threads, a small one does not") {
  xg::thread_pool pool(2);
  xg::tape<double> t;
  t.use(pool);
  const auto x = t.variable(array(xt::ones<double>({3 * xg::part_elements})));
  const xg::var y = xg::elementwise<meeting_fun>()(x);
  CHECK(test::identical(y.value(), x.value()));
}

TEST_CASE("a tape outlives a pool that it has let go of") {
  xg::tape<double> t;
  const auto x = t.variable(array(xt::ones<double>({100000})));
  xg::var<double> y;
  {
    xg::thread_pool pool(2);
    t.use(pool);
    y = xg::sum(x * x);
    t.use_no_pool();
  }
  t.replay();
  t.backward(y);
  CHECK(y.item() == 100000);
  CHECK(x.grad()(99999) == 2);
}

TEST_CASE("an error in a part names the op and the user's line, as without threads, and the loop can be run again") {
  const std::size_t samples = 500, classes = 200;
  const auto labels = [&](std::size_t bad) {
    xt::xarray<int> l = xt::zeros<int>({samples});
    for (std::size_t i = bad; i < samples; i += 50) l(i) = int(classes + i);
    return l;
  };
  const auto told = [&](xg::thread_pool* pool) {
    xg::tape<double> t;
    if (pool) t.use(*pool);
    const auto x = t.variable(array(xt::zeros<double>({samples, classes})));
    const auto target = t.indices(labels(samples));
    const xg::var loss = xg::cross_entropy(x, target);
    t.set(target, labels(170));
    const std::string message = message_of<xg::value_error>([&] { t.replay(); });
    t.set(target, labels(samples));
    t.replay();
    CHECK(test::near(loss.item(), std::log(double(classes))));
    return message;
  };
  const std::string alone = told(nullptr);
  CHECK(contains(alone, "cross_entropy: label 370 of row 170 is out of range"));
  CHECK(contains(alone, "thread_pool_test.cpp:"));
  for (const std::size_t threads : {1U, 2U, 3U, 7U}) {
    xg::thread_pool pool(threads);
    CHECK(told(&pool) == alone);
  }
}
