// A chain of n scalar statements x = x·x·c + x: recording, backward, and replay, per step, beside a plain loop that
// keeps the values and goes back through them.
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include <xgrad/xgrad.hpp>

namespace {

xg::var<double> record(xg::tape<double>& t, std::int64_t steps) {
  xg::var<double> x = t.variable(0.3);
  const auto c = t.constant(-0.1);
  for (std::int64_t i = 0; i < steps; ++i) x = x * x * c + x;
  return x;
}

void hand_written(benchmark::State& state) {
  const auto steps = std::size_t(state.range(0));
  std::vector<double> x(steps + 1);
  double start = 0.3, c = -0.1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(start);
    benchmark::DoNotOptimize(c);
    x[0] = start;
    for (std::size_t i = 0; i < steps; ++i) x[i + 1] = x[i] * x[i] * c + x[i];
    double slope = 1;
    for (std::size_t i = steps; i-- > 0;) slope *= 2 * c * x[i] + 1;
    benchmark::DoNotOptimize(slope);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(hand_written)->Arg(1000)->Arg(1000000);

void record_and_run(benchmark::State& state) {
  xg::tape<double> t;
  for (auto _ : state) {
    t.clear();
    t.backward(record(t, state.range(0)));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(record_and_run)->Arg(1000)->Arg(10000)->Arg(100000)->Arg(1000000);

void replay(benchmark::State& state) {
  xg::tape<double> t;
  const auto y = record(t, state.range(0));
  for (auto _ : state) {
    t.replay();
    t.backward(y);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(replay)->Arg(1000)->Arg(10000)->Arg(100000)->Arg(1000000);

}  // namespace

BENCHMARK_MAIN();
