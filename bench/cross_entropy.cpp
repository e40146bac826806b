// Softmax cross-entropy of 128 × 1000 logits, float, forward and backward: one node, and put together from others.
#include <vector>

#include <benchmark/benchmark.h>

#include <xgrad/xgrad.hpp>

namespace {

constexpr std::size_t samples = 128, classes = 1000;

struct batch {
  xg::tape<float> t;
  xt::xarray<float> logits = xt::zeros<float>({samples, classes});
  xt::xarray<int> labels = xt::zeros<int>({samples});

  batch() {
    for (std::size_t i = 0; i < logits.size(); ++i) logits.flat(i) = 3 * std::sin(float(i) * 0.37f);
    for (std::size_t i = 0; i < samples; ++i) labels(i) = int(i * 7 % classes);
  }
  void replay(benchmark::State& state, const xg::var<float>& loss) {
    for (auto _ : state) {
      t.replay();
      t.backward(loss);
      benchmark::ClobberMemory();
    }
  }
};

void cross_entropy(benchmark::State& state) {
  batch b;
  const auto x = b.t.variable(b.logits);
  b.replay(state, xg::cross_entropy(x, b.t.indices(b.labels)));
}
BENCHMARK(cross_entropy);

void log_softmax_and_nll_loss(benchmark::State& state) {
  batch b;
  const auto x = b.t.variable(b.logits);
  b.replay(state, xg::nll_loss(xg::log_softmax(x), b.t.indices(b.labels)));
}
BENCHMARK(log_softmax_and_nll_loss);

void softmax(benchmark::State& state) {
  batch b;
  const auto x = b.t.variable(b.logits);
  b.replay(state, xg::sum(xg::softmax(x)));
}
BENCHMARK(softmax);

}  // namespace
