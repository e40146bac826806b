// Values and gradients have the same bits with pools of any number of threads, and with none.
#include <doctest/doctest.h>

#include <cstring>
#include <thread>

#include "meeting.hpp"
#include "support.hpp"

namespace {

/// All that a computation gives, one number after the other.
template <class T>
class outcome {
 public:
  void value(const xg::var<T>& v) { add(v.value()); }
  void gradient(const xg::var<T>& v) { add(v.grad()); }
  void gradients(std::initializer_list<xg::var<T>> vs) {
    for (const xg::var<T>& v : vs) gradient(v);
  }
  std::size_t size() const { return numbers_.size(); }
  friend bool operator==(const outcome& a, const outcome& b) {
    return a.size() == b.size() && std::memcmp(a.numbers_.data(), b.numbers_.data(), a.size() * sizeof(T)) == 0;
  }
  /// Is every number zero? A test that compares nothing but zeros would pass for the wrong reason.
  bool is_nothing() const {
    return std::all_of(numbers_.begin(), numbers_.end(), [](T x) { return x == 0; });
  }

 private:
  void add(const auto& values) { numbers_.insert(numbers_.end(), values.begin(), values.end()); }
  std::vector<T> numbers_;
};

template <class T>
outcome<T> outcome_of(xg::thread_pool* pool, const auto& f) {
  xg::tape<T> t;
  if (pool) t.use(*pool);
  outcome<T> result;
  f(t, result);
  return result;
}

template <class T>
void check_bits(const auto& f) {
  const auto alone = outcome_of<T>(nullptr, f);
  REQUIRE_FALSE(alone.is_nothing());
  for (const std::size_t threads :
       test::sanitized ? std::vector<std::size_t>{3} : std::vector<std::size_t>{1, 2, 3, 7}) {
    CAPTURE(threads);
    xg::thread_pool pool(threads);
    CHECK(outcome_of<T>(&pool, f) == alone);
  }
}

template <class T>
xg::var<T> leaf(xg::tape<T>& t, const std::vector<std::size_t>& shape, unsigned seed, double low = -1,
                double high = 1) {
  return t.variable(test::generator(seed).array<T>(shape, low, high));
}

/// An elementwise statement, broadcasting in all the ways there are, from an adjoint that differs everywhere.
template <class T>
void broadcast(xg::tape<T>& t, outcome<T>& to, std::vector<std::size_t> x, std::vector<std::size_t> y,
               std::vector<std::size_t> z) {
  const auto a = leaf(t, x, 1), b = leaf(t, y, 2), c = leaf(t, z, 3), s = leaf(t, {}, 4);
  const xg::var h = xt::tanh(a * b + c) * s - a / (2 + b * c);
  to.value(h);
  t.backward(h, test::generator(5).array<T>({h.shape().begin(), h.shape().end()}));
  to.gradients({a, b, c, s});
  t.backward(h, test::generator(6).array<T>({h.shape().begin(), h.shape().end()}), {s, b});
  to.gradients({s, b});
}

}  // namespace

TEST_CASE("bits: elementwise statements that broadcast") {
  using shapes = std::vector<std::size_t>;
  for (const auto& [x, y, z] : {std::tuple<shapes, shapes, shapes>{{40000}, {40000}, {40000}},
                                {{40000}, {1}, {}},
                                {{150, 240}, {240}, {150, 1}},
                                {{2, 20000}, {20000}, {2, 1}},
                                {{12000, 3}, {3}, {12000, 1}},
                                {{3, 12000}, {12000}, {3, 1}},
                                {{30, 1, 40}, {30, 40}, {30, 30, 1}},
                                {{8, 3, 40, 50}, {3, 1, 1}, {8, 1, 40, 50}},
                                {{2, 2, 2, 5000}, {2, 1, 2, 1}, {2, 5000}},
                                {{20000, 1}, {2}, {1, 2}}}) {
    CAPTURE(xg::to_string(xg::shape_t(x.begin(), x.end())));
    check_bits<double>([&, x = x, y = y, z = z](auto& t, auto& to) { broadcast(t, to, x, y, z); });
  }
}

TEST_CASE("bits: reductions over any axes") {
  using axes = std::vector<std::ptrdiff_t>;
  for (const std::vector<std::size_t>& shape :
       {std::vector<std::size_t>{40, 30, 35}, {3, 4, 3000}, {6000, 2, 3}, {2, 20000, 1}})
    for (const axes& over : {axes{0}, {1}, {2}, {0, 2}, {0, 1, 2}}) {
      CAPTURE(shape.front());
      CAPTURE(over.front());
      check_bits<double>([&](auto& t, auto& to) {
        const auto x = leaf(t, shape, 1, 0.9, 1.1), b = leaf(t, {shape[1], 1}, 2, 0.9, 1.1);
        const auto take = [&](const xg::var<double>& y) {
          to.value(y);
          t.backward(y, test::generator(3).array<double>({y.shape().begin(), y.shape().end()}));
          to.gradients({x, b});
        };
        take(xg::sum(x * b, over));
        take(xg::stddev(xt::square(x) - b, over));
        take(xg::logsumexp(x * b, over));
        take(xg::amax(xt::floor(20 * x) + 0 * b, over));
      });
    }
}

TEST_CASE("a sum in parts has its digits") {
  xg::thread_pool pool(2);
  xg::tape<float> t;
  t.use(pool);
  const auto x = test::generator(1).array<float>({1000003});
  long double exact = 0;
  for (const float v : x) exact += v;
  CHECK(std::abs(double(xg::sum(t.variable(x)).item()) - double(exact)) <= 1e-6 * std::abs(double(exact)) + 1e-3);
  CHECK(xg::sum(t.constant(xt::xarray<float>(xt::ones<float>({5000000})))).item() == 5000000);
}

TEST_CASE("bits: convolutions and pools") {
  check_bits<float>([](auto& t, auto& to) {
    const auto x = leaf(t, {8, 4, 24, 24}, 1), w = leaf(t, {6, 4, 5, 5}, 2), b = leaf(t, {6}, 3);
    const auto v = leaf(t, {6, 2, 3, 3}, 4);
    const xg::var y = xg::conv2d(x, w, b), z = xg::conv_transpose2d(y, v, {.stride = 2, .groups = 2});
    to.value(z);
    t.backward(z, test::generator(5).array<float>({z.shape().begin(), z.shape().end()}));
    to.gradients({x, w, b, v, y});
  });
  check_bits<float>([](auto& t, auto& to) {
    const auto x = leaf(t, {8, 16, 32, 32}, 1), w = leaf(t, {16, 16, 1, 1}, 2);
    const xg::var y = xg::conv2d(x, w), p = xg::max_pool2d(y, 2), q = xg::avg_pool2d(y, {3, 2});
    to.value(p), to.value(q);
    t.backward(xg::sum(xt::square(p)) + xg::sum(xt::sin(q)));
    to.gradients({x, w, y});
  });
}

TEST_CASE("bits: softmax, cross-entropy and norms") {
  for (const std::ptrdiff_t axis : {0, 1, 2})
    check_bits<double>([&](auto& t, auto& to) {
      const auto x = leaf(t, {45, 30, 30}, 1, -3, 3);
      const xg::var y = xg::softmax(x, axis), z = xg::log_softmax(x, axis);
      to.value(y), to.value(z);
      t.backward(xg::sum(y * z));
      to.gradients({x, y, z});
    });
  for (const xg::reduction over : {xg::reduction::mean, xg::reduction::none})
    for (const bool images : {false, true})
      check_bits<double>([&](auto& t, auto& to) {
        const auto x = images ? leaf(t, {30, 40, 50}, 1, -3, 3) : leaf(t, {1500, 40}, 1, -3, 3);
        xt::xarray<int> labels = xt::arange<int>(0, 1500) % 40;
        if (images) labels.reshape({30, 50});
        const auto target = t.indices(labels);
        const xg::var y = xg::cross_entropy(x, target, {.smoothing = 0.1, .ignore_label = 3, .over = over});
        const xg::var z = xg::nll_loss(x, target, {.over = over});
        to.value(y), to.value(z);
        t.backward(xg::sum(xt::square(y) + z));
        to.gradient(x);
      });
  check_bits<double>([](auto& t, auto& to) {
    const auto x = leaf(t, {40, 12, 10, 11}, 1), w = leaf(t, {12}, 2), b = leaf(t, {12}, 3);
    xg::parameter<double> mean(xt::xarray<double>(xt::zeros<double>({12}))),
        variance(xt::xarray<double>(xt::ones<double>({12})));
    const xg::var y = xg::batch_norm(x, mean, variance, w, b, {.training = true}), z = xg::layer_norm(x * y);
    to.value(z);
    t.backward(xg::sum(z * xt::square(y)));
    to.gradients({x, w, b});
  });
}

TEST_CASE("bits: draws, products of stacks, gradients of gradients, checkpoints") {
  check_bits<float>([](auto& t, auto& to) {
    xg::rng rng(7);
    const auto x = leaf(t, {50001}, 1);
    const xg::var y = xg::dropout(x, 0.3, rng) + xg::normal(t, {50001}, rng) * x;
    for (int round = 0; round < 2; ++round) {
      t.replay();
      to.value(y);
      t.backward(xg::sum(xt::square(y)));
      to.gradient(x);
    }
  });
  check_bits<float>([](auto& t, auto& to) {
    const auto a = leaf(t, {60, 20, 24}, 1), b = leaf(t, {60, 24, 22}, 2), c = leaf(t, {24, 22}, 3);
    const xg::var y = xg::matmul(a, b), z = xg::matmul(xg::transpose(b, {0, 2, 1}), xg::transpose(a, {0, 2, 1}));
    to.value(y), to.value(z);
    t.backward(xg::sum(xt::square(y)) + xg::sum(xt::tanh(z)) + xg::sum(xt::sin(xg::matmul(a, c))));
    to.gradients({a, b, c});
  });
  check_bits<float>([](auto& t, auto& to) {
    const auto x = leaf(t, {200, 300}, 1), b = leaf(t, {300}, 2);
    const xg::var g = xg::gradient(xg::sum(xt::tanh(x * b) * x), x);
    to.value(g);
    t.backward(xg::mean(xt::square(g)));
    to.gradients({x, b});
    to.value(xg::gradient(xg::sum(xt::cube(g)), b));
  });
  check_bits<float>([](auto& t, auto& to) {
    const auto x = leaf(t, {200, 300}, 1), b = leaf(t, {300}, 2);
    const xg::var y = xg::checkpoint([](const auto& v, const auto& w) { return xt::sin(v * w) + v; }, x, b);
    t.replay();
    t.backward(xg::sum(xt::square(y)));
    to.value(y), to.gradients({x, b});
  });
}

namespace {

/// A few training steps of a network of two layers, the data of each being set before a replay.
template <class T>
struct network {
  xg::parameter<T> first, bias, second;
  network()
      : first(test::generator(1).array<T>({100, 300}, -0.1, 0.1)),
        bias(xt::xarray<T>(xt::zeros<T>({300}))),
        second(test::generator(2).array<T>({300, 10}, -0.1, 0.1)) {}

  void train(xg::tape<T>& t, outcome<T>& to, int steps) {
    xg::rng rng(3);
    const auto x = leaf(t, {200, 100}, 4);
    const auto labels = t.indices(xt::xarray<int>(xt::arange<int>(0, 200) % 10));
    const auto w = t.borrow(first), b = t.borrow(bias), v = t.borrow(second);
    const xg::var h = xg::dropout(xg::relu(xg::matmul(x, w) + b), 0.2, rng);
    const xg::var loss = xg::cross_entropy(xg::matmul(h, v), labels);
    for (int k = 0; k < steps; ++k) {
      t.set(x, test::generator(unsigned(10 + k)).array<T>({200, 100}));
      t.replay();
      t.backward(loss);
      to.value(loss), to.gradients({w, b, v});
    }
  }
};

}  // namespace

TEST_CASE("bits: training steps of a network") {
  check_bits<float>([](auto& t, auto& to) { network<float>().train(t, to, 3); });
}

TEST_CASE("two tapes on two threads, with one pool, borrow one network") {
  network<float> net;
  const auto alone = outcome_of<float>(nullptr, [&](auto& t, auto& to) { net.train(t, to, 3); });
  for (const std::size_t threads : {2U, 3U}) {
    xg::thread_pool pool(threads);
    std::array<outcome<float>, 2> both;
    {
      std::array<std::jthread, 2> callers;
      for (std::size_t k = 0; k < 2; ++k)
        callers[k] = std::jthread(
            [&, k] { both[k] = outcome_of<float>(&pool, [&](auto& t, auto& to) { net.train(t, to, 3); }); });
    }
    CHECK(both[0] == alone);
    CHECK(both[1] == alone);
  }
}

TEST_CASE("a replay and a sweep allocate nothing, on several threads too") {
  xg::thread_pool pool(3);
  {  // a thread has its memory when it has had a part
    xg::thread_pool* const used = &pool;
    std::vector<float> own(1 << 16);
    test::meeting at(3);
    xg::threads(&used).parallel_for(3, 1, std::span(own), [&](std::size_t, std::size_t, float*) { at.arrive(); });
  }
  xg::tape<float> t;
  t.use(pool);
  const auto x = leaf(t, {8, 4, 24, 24}, 1), w = leaf(t, {6, 4, 5, 5}, 2), b = leaf(t, {6}, 3);
  const xg::var loss = xg::mean(xt::square(xg::relu(xg::conv2d(x, w, b)) * xg::sum(x)));
  std::size_t before = 0;
  for (int round = 0; round < 8; ++round) {
    if (round == 3) before = test::allocations();
    t.replay();
    t.backward(loss);
  }
  CHECK(test::allocations() == before);
}
