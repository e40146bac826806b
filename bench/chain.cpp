// A chain of n scalar statements x = x·x·c + x: recording, backward, and replay, per step.
#include <benchmark/benchmark.h>

#include <xgrad/xgrad.hpp>

namespace {

xg::var<double> record(xg::tape<double>& t, std::int64_t steps) {
  xg::var<double> x = t.variable(0.3);
  const auto c = t.constant(-0.1);
  for (std::int64_t i = 0; i < steps; ++i) x = x * x * c + x;
  return x;
}

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
