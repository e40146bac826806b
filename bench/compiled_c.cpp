// The homework network (4-3-2-1, ReLU, one sample, double), loss and all gradients: loops written by hand, the tape's
// replay and backward, and the same computation as compiled C. The ratios to the hand-written loops are what matters.
#include <algorithm>
#include <array>
#include <cmath>

#include <benchmark/benchmark.h>

#include <xgrad/xgrad.hpp>

namespace {

struct net {
  std::array<double, 12> W1{.1, -.2, .3, .4, .5, .1, -.3, .2, -.4, .3, .2, .1};
  std::array<double, 6> W2{.3, -.1, .2, .1, .4, -.2};
  std::array<double, 2> W3{.7, -.5};
};

/// Loss and all weight gradients for one sample, in plain loops.
double by_hand(const net& w, const std::array<double, 4>& x, double y, net& g) {
  std::array<double, 3> h1{}, d1{};
  std::array<double, 2> h2{};
  for (std::size_t i = 0; i < 3; ++i) {
    double z = 0;
    for (std::size_t j = 0; j < 4; ++j) z += w.W1[4 * i + j] * x[j];
    h1[i] = z > 0 ? z : 0;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    double z = 0;
    for (std::size_t j = 0; j < 3; ++j) z += w.W2[3 * i + j] * h1[j];
    h2[i] = z > 0 ? z : 0;
  }
  const double delta = w.W3[0] * h2[0] + w.W3[1] * h2[1] - y;
  for (std::size_t i = 0; i < 2; ++i) {
    g.W3[i] = delta * h2[i];
    const double d2 = h2[i] > 0 ? delta * w.W3[i] : 0;
    for (std::size_t j = 0; j < 3; ++j) {
      g.W2[3 * i + j] = d2 * h1[j];
      d1[j] += d2 * w.W2[3 * i + j];
    }
  }
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j) g.W1[4 * i + j] = h1[i] > 0 ? d1[i] * x[j] : 0;
  return delta * delta / 2;
}

const std::array<double, 4> sample{5.1, 3.5, 1.4, 0.2};

template <std::size_t N>
xt::xarray<double> matrix(const std::array<double, N>& numbers, std::size_t rows) {
  xt::xarray<double> m = xt::xarray<double>::from_shape({rows, N / rows});
  std::copy(numbers.begin(), numbers.end(), m.begin());
  return m;
}

struct recorded {
  xg::tape<double> t;
  net w;
  xg::var<double> W1 = t.variable(matrix(w.W1, 3)), W2 = t.variable(matrix(w.W2, 2)), W3 = t.variable(matrix(w.W3, 1)),
                  x = t.constant(matrix(sample, 1)), loss;
  recorded() {
    const xg::var h1 = xg::relu(xg::matmul(x, xg::transpose(W1))), h2 = xg::relu(xg::matmul(h1, xg::transpose(W2)));
    loss = xg::sum(xt::square(xg::matmul(h2, xg::transpose(W3)) - 1.0)) / 2.0;
  }
};

void hand_written(benchmark::State& state) {
  net w, g;
  for (auto _ : state) {
    benchmark::DoNotOptimize(w);
    benchmark::DoNotOptimize(by_hand(w, sample, 1, g));
    benchmark::DoNotOptimize(g);
  }
}
BENCHMARK(hand_written);

void replayed(benchmark::State& state) {
  recorded r;
  for (auto _ : state) {
    r.t.replay();
    r.t.backward(r.loss);
    benchmark::DoNotOptimize(r.W1.grad().data());
  }
}
BENCHMARK(replayed);

void compiled(benchmark::State& state) {
  recorded r;
  const auto d = xg::gradient(r.loss, {r.W1, r.W2, r.W3});
  const xg::compiled_c<double> f = xg::compile({r.loss, d[0], d[1], d[2]}, {r.W1, r.W2, r.W3, r.x});
  net g, expected;
  double loss = 0;
  const double by_loops = by_hand(r.w, sample, 1, expected);
  const std::array<const double*, 4> in{r.w.W1.data(), r.w.W2.data(), r.w.W3.data(), sample.data()};
  const std::array<double*, 4> out{&loss, g.W1.data(), g.W2.data(), g.W3.data()};
  f.call(in, out);
  bool same = std::abs(loss - by_loops) <= 1e-15;
  for (std::size_t i = 0; i < 12; ++i) same &= std::abs(g.W1[i] - expected.W1[i]) <= 1e-14;
  if (!same) return state.SkipWithError("the compiled C does not give what the loops give");
  for (auto _ : state) {
    benchmark::DoNotOptimize(r.w);
    f.call(in, out);
    benchmark::DoNotOptimize(g);
  }
}
BENCHMARK(compiled);

}  // namespace
