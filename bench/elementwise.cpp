// mean(tanh(a·b + c)·sigmoid(a) − ½b²), float, forward and backward: the fused statement against a hand-written
// xsimd loop.
#include <vector>

#include <benchmark/benchmark.h>

#include <xgrad/xgrad.hpp>  // and xsimd

namespace {

using V = xsimd::batch<float>;

std::vector<float> numbers(std::size_t n, float phase) {
  std::vector<float> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = std::sin(float(i) * 0.37f + phase);
  return v;
}

/// The mean and its gradients by a, b and c, two passes as a backward sweep has them. n is a multiple of the lanes.
float by_hand(const float* a, const float* b, const float* c, float* ga, float* gb, float* gc, std::size_t n) {
  const auto sigmoid = [](V x) { return V(1) / (V(1) + xsimd::exp(-x)); };
  V sum(0);
  for (std::size_t i = 0; i < n; i += V::size) {
    const V x = V::load_unaligned(a + i), y = V::load_unaligned(b + i), z = V::load_unaligned(c + i);
    sum += xsimd::tanh(x * y + z) * sigmoid(x) - V(0.5f) * y * y;
  }
  const V g(1 / float(n));
  for (std::size_t i = 0; i < n; i += V::size) {
    const V x = V::load_unaligned(a + i), y = V::load_unaligned(b + i), z = V::load_unaligned(c + i);
    const V t = xsimd::tanh(x * y + z), s = sigmoid(x);
    const V d = g * s * (V(1) - t * t);
    (d * y + g * t * s * (V(1) - s)).store_unaligned(ga + i);
    (d * x - g * y).store_unaligned(gb + i);
    d.store_unaligned(gc + i);
  }
  return xsimd::hadd(sum) / float(n);
}

void hand_written(benchmark::State& state) {
  const auto n = std::size_t(state.range(0));
  const auto a = numbers(n, 0), b = numbers(n, 1), c = numbers(n, 2);
  std::vector<float> ga(n), gb(n), gc(n);
  for (auto _ : state) {
    benchmark::DoNotOptimize(by_hand(a.data(), b.data(), c.data(), ga.data(), gb.data(), gc.data(), n));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(hand_written)->Arg(1024)->Arg(100000)->Arg(1000000);

struct statement {
  xg::tape<float> t;
  xg::var<float> a, b, c, l;
  explicit statement(std::size_t n)
      : a(leaf(n, 0)), b(leaf(n, 1)), c(leaf(n, 2)), l(xg::mean(xt::tanh(a * b + c) * xg::sigmoid(a) - 0.5 * b * b)) {}
  xg::var<float> leaf(std::size_t n, float phase) {
    const auto v = numbers(n, phase);
    return t.variable(xt::adapt(v, {n}));
  }
};

void fused(benchmark::State& state) {
  statement s(std::size_t(state.range(0)));
  for (auto _ : state) {
    s.t.replay();
    s.t.backward(s.l);
  }
}
BENCHMARK(fused)->Arg(1024)->Arg(100000)->Arg(1000000);

}  // namespace

BENCHMARK_MAIN();
