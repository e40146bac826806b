// Convolutions and pools at LeNet's sizes, float, batches of 64: forward and backward.
#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>

#include <xgrad/xgrad.hpp>

namespace {

constexpr std::size_t samples = 64;

xt::xarray<float> numbers(std::vector<std::size_t> shape) {
  xt::xarray<float> a = xt::zeros<float>(shape);
  for (std::size_t i = 0; i < a.size(); ++i) a.flat(i) = 0.1f * std::sin(float(i) * 0.37f);
  return a;
}

void run(benchmark::State& state, xg::tape<float>& t, const xg::var<float>& y) {
  const xt::xarray<float> seed = xt::ones<float>(y.shape());
  for (auto _ : state) {
    t.replay();
    t.backward(y, seed);
    benchmark::ClobberMemory();
  }
}

/// The first convolution of LeNet, of images that need no gradient.
void first_convolution(benchmark::State& state) {
  xg::tape<float> t;
  const auto x = t.constant(numbers({samples, 1, 28, 28}));
  const auto w = t.variable(numbers({6, 1, 5, 5})), b = t.variable(numbers({6}));
  run(state, t, xg::conv2d(x, w, b));
}
BENCHMARK(first_convolution);

void second_convolution(benchmark::State& state) {
  xg::tape<float> t;
  const auto x = t.variable(numbers({samples, 6, 12, 12}));
  const auto w = t.variable(numbers({16, 6, 5, 5})), b = t.variable(numbers({16}));
  run(state, t, xg::conv2d(x, w, b));
}
BENCHMARK(second_convolution);

void pointwise_convolution(benchmark::State& state) {
  xg::tape<float> t;
  const auto x = t.variable(numbers({samples, 64, 14, 14}));
  const auto w = t.variable(numbers({64, 64, 1, 1}));
  run(state, t, xg::conv2d(x, w));
}
BENCHMARK(pointwise_convolution);

void wide_convolution(benchmark::State& state) {
  xg::tape<float> t;
  const auto x = t.variable(numbers({16, 64, 28, 28}));
  const auto w = t.variable(numbers({64, 64, 3, 3}));
  run(state, t, xg::conv2d(x, w, {.padding = 1}));
}
BENCHMARK(wide_convolution);

void max_pool(benchmark::State& state) {
  xg::tape<float> t;
  const auto x = t.variable(numbers({samples, 6, 24, 24}));
  run(state, t, xg::max_pool2d(x, 2));
}
BENCHMARK(max_pool);

void batch_norm(benchmark::State& state) {
  xg::tape<float> t;
  const auto x = t.variable(numbers({samples, 16, 14, 14}));
  const auto w = t.variable(numbers({16})), b = t.variable(numbers({16}));
  run(state, t, xg::batch_norm(x, w, b));
}
BENCHMARK(batch_norm);

void layer_norm(benchmark::State& state) {
  xg::tape<float> t;
  const auto x = t.variable(numbers({512, 512}));
  const auto w = t.variable(numbers({512})), b = t.variable(numbers({512}));
  run(state, t, xg::layer_norm(x, w, b));
}
BENCHMARK(layer_norm);

/// The whole network, a step of training without the optimiser.
void lenet(benchmark::State& state) {
  xg::tape<float> t;
  const auto x = t.constant(numbers({samples, 1, 28, 28}));
  const auto w1 = t.variable(numbers({6, 1, 5, 5})), b1 = t.variable(numbers({6}));
  const auto w2 = t.variable(numbers({16, 6, 5, 5})), b2 = t.variable(numbers({16}));
  const auto w3 = t.variable(numbers({120, 256})), w4 = t.variable(numbers({84, 120})),
             w5 = t.variable(numbers({10, 84}));
  const auto labels = t.indices(xt::xarray<int>(xt::arange<int>(int(samples)) % 10));
  const xg::var h1 = xg::max_pool2d(xg::relu(xg::conv2d(x, w1, b1)), 2);
  const xg::var h2 = xg::max_pool2d(xg::relu(xg::conv2d(h1, w2, b2)), 2);
  const xg::var h3 = xg::relu(xg::matmul(xg::reshape(h2, {int(samples), -1}), xg::transpose(w3)));
  const xg::var h4 = xg::relu(xg::matmul(h3, xg::transpose(w4)));
  const xg::var loss = xg::cross_entropy(xg::matmul(h4, xg::transpose(w5)), labels);
  for (auto _ : state) {
    t.replay();
    t.backward(loss);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(lenet);

}  // namespace
