// What a pool of threads gains: the fused statement of bench/elementwise, a large softmax cross-entropy, LeNet's
// convolutions and a wide one, forward and backward, without a pool and with one of so many threads.
//
// BLAS's own threads are switched off where it can be, so that what is measured is the pool:
//     OPENBLAS_NUM_THREADS=1 ./xg bench threads
#include <cmath>
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>

#include <xgrad/xgrad.hpp>

namespace {

xt::xarray<float> numbers(std::vector<std::size_t> shape, float phase = 0) {
  xt::xarray<float> a = xt::zeros<float>(shape);
  for (std::size_t i = 0; i < a.size(); ++i) a.flat(i) = std::sin(float(i) * 0.37f + phase);
  return a;
}

/// A tape with the pool that the benchmark asks for; of one thread it has none.
struct bench {
  std::unique_ptr<xg::thread_pool> pool;
  xg::tape<float> t;

  explicit bench(const benchmark::State& state) {
    if (state.range(0) == 1) return;
    pool = std::make_unique<xg::thread_pool>(std::size_t(state.range(0)));
    t.use(*pool);
  }
  void run(benchmark::State& state, const xg::var<float>& loss) {
    for (auto _ : state) {
      t.replay();
      t.backward(loss);
      benchmark::ClobberMemory();
    }
  }
};

void statement(benchmark::State& state) {
  bench b(state);
  const auto leaf = [&](float phase) { return b.t.variable(numbers({std::size_t(state.range(1))}, phase)); };
  const auto x = leaf(0), y = leaf(1), z = leaf(2);
  b.run(state, xg::mean(xt::tanh(x * y + z) * xg::sigmoid(x) - 0.5 * y * y));
}
BENCHMARK(statement)->ArgsProduct({{1, 2}, {1024, 32768, 100000, 1000000}})->UseRealTime();

void cross_entropy(benchmark::State& state) {
  bench b(state);
  xt::xarray<int> labels = xt::arange<int>(0, 1024) % 1000;
  const auto x = b.t.variable(numbers({1024, 1000}));
  b.run(state, xg::cross_entropy(x, b.t.indices(labels)));
}
BENCHMARK(cross_entropy)->Arg(1)->Arg(2)->UseRealTime();

void lenet_convolutions(benchmark::State& state) {
  bench b(state);
  const auto x = b.t.constant(numbers({64, 1, 28, 28}));
  const auto w = b.t.variable(numbers({6, 1, 5, 5})), c = b.t.variable(numbers({6}));
  const auto v = b.t.variable(numbers({16, 6, 5, 5})), d = b.t.variable(numbers({16}));
  const xg::var h = xg::max_pool2d(xg::relu(xg::conv2d(x, w, c)), 2);
  b.run(state, xg::mean(xg::max_pool2d(xg::relu(xg::conv2d(h, v, d)), 2)));
}
BENCHMARK(lenet_convolutions)->Arg(1)->Arg(2)->UseRealTime();

void wide_convolution(benchmark::State& state) {
  bench b(state);
  const auto x = b.t.variable(numbers({16, 64, 28, 28})), w = b.t.variable(numbers({64, 64, 3, 3}));
  b.run(state, xg::mean(xg::conv2d(x, w, {.padding = 1})));
}
BENCHMARK(wide_convolution)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace
