// The homework network (4-3-2-1, ReLU, one sample or a batch, double): forward and backward by hand, recorded afresh
// each time, and replayed. The ratio to the hand-written loops is what matters.
#include <array>

#include <benchmark/benchmark.h>

#include <xgrad/xgrad.hpp>

namespace {

template <std::size_t Rows, std::size_t Columns>
using matrix = std::array<std::array<double, Columns>, Rows>;

struct net {
  matrix<3, 4> W1{{{.1, -.2, .3, .4}, {.5, .1, -.3, .2}, {-.4, .3, .2, .1}}};
  matrix<2, 3> W2{{{.3, -.1, .2}, {.1, .4, -.2}}};
  matrix<1, 2> W3{{{.7, -.5}}};
};

/// Loss and all weight gradients for one sample, in plain loops.
double by_hand(const net& w, const std::array<double, 4>& x, double y, net& g) {
  std::array<double, 3> h1{};
  std::array<double, 2> h2{};
  for (std::size_t i = 0; i < 3; ++i) {
    double z = 0;
    for (std::size_t j = 0; j < 4; ++j) z += w.W1[i][j] * x[j];
    h1[i] = z > 0 ? z : 0;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    double z = 0;
    for (std::size_t j = 0; j < 3; ++j) z += w.W2[i][j] * h1[j];
    h2[i] = z > 0 ? z : 0;
  }
  const double delta = w.W3[0][0] * h2[0] + w.W3[0][1] * h2[1] - y;
  std::array<double, 3> d1{};
  for (std::size_t i = 0; i < 2; ++i) {
    g.W3[0][i] = delta * h2[i];
    const double d2 = h2[i] > 0 ? delta * w.W3[0][i] : 0;
    for (std::size_t j = 0; j < 3; ++j) {
      g.W2[i][j] = d2 * h1[j];
      d1[j] += d2 * w.W2[i][j];
    }
  }
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j) g.W1[i][j] = h1[i] > 0 ? d1[i] * x[j] : 0;
  return delta * delta / 2;
}

template <std::size_t Rows, std::size_t Columns>
xt::xarray<double> array(const matrix<Rows, Columns>& m) {
  xt::xarray<double> a = xt::zeros<double>({Rows, Columns});
  for (std::size_t i = 0; i < Rows; ++i)
    for (std::size_t j = 0; j < Columns; ++j) a(i, j) = m[i][j];
  return a;
}

const std::array<double, 4> sample{5.1, 3.5, 1.4, 0.2};

void hand_written(benchmark::State& state) {
  net w, g;
  for (auto _ : state) {
    benchmark::DoNotOptimize(w);
    benchmark::DoNotOptimize(by_hand(w, sample, 1, g));
    benchmark::DoNotOptimize(g);
  }
}
BENCHMARK(hand_written);

struct recorded {
  xg::tape<double> t;
  net w;
  xt::xarray<double> W1 = array(w.W1), W2 = array(w.W2), W3 = array(w.W3);
  xt::xarray<double> x, y;

  explicit recorded(std::size_t batch)
      : x(xt::zeros<double>({batch, std::size_t(4)})), y(xt::ones<double>({batch, std::size_t(1)})) {
    for (std::size_t k = 0; k < batch; ++k)
      for (std::size_t j = 0; j < 4; ++j) x(k, j) = sample[j] + 0.01 * double(k);
  }
  xg::var<double> record() {
    const auto in = t.constant(x), target = t.constant(y);
    const auto a = t.variable(W1), b = t.variable(W2), c = t.variable(W3);
    const xg::var h1 = xg::relu(xg::matmul(in, xg::transpose(a)));
    const xg::var h2 = xg::relu(xg::matmul(h1, xg::transpose(b)));
    const xg::var h3 = xg::matmul(h2, xg::transpose(c));
    return xg::mean(xg::squared_error(h3, target)) / 2;
  }
};

void record_and_run(benchmark::State& state) {
  recorded r(std::size_t(state.range(0)));
  for (auto _ : state) {
    r.t.clear();
    r.t.backward(r.record());
  }
}
BENCHMARK(record_and_run)->Arg(1)->Arg(32);

void replay(benchmark::State& state) {
  recorded r(std::size_t(state.range(0)));
  const xg::var<double> l = r.record();
  for (auto _ : state) {
    r.t.replay();
    r.t.backward(l);
  }
}
BENCHMARK(replay)->Arg(1)->Arg(32);

void hand_written_batch(benchmark::State& state) {
  net w, g, sum;
  const auto batch = std::size_t(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(w);
    sum = {};
    for (std::size_t k = 0; k < batch; ++k) {
      std::array<double, 4> x = sample;
      for (double& v : x) v += 0.01 * double(k);
      benchmark::DoNotOptimize(by_hand(w, x, 1, g));
      const double* from = &g.W1[0][0];
      double* to = &sum.W1[0][0];
      for (std::size_t i = 0; i < 20; ++i) to[i] += from[i];
    }
    benchmark::DoNotOptimize(sum);
  }
}
BENCHMARK(hand_written_batch)->Arg(32);

}  // namespace

BENCHMARK_MAIN();
