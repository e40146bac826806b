// A recurrent network that learns to add up a sequence, with xgrad; rnn_xtensor.cpp is the same program on xtensor
// alone.
#include <cstdio>
#include <vector>

#include <xgrad/xgrad.hpp>
#include <xtensor/xrandom.hpp>

using array = xt::xarray<double>;
using variable = xg::var<double>;

int main() {
  const std::size_t length = 8, batch = 32, width = 12;
  std::vector<array> inputs;
  array targets = xt::zeros<double>({batch, std::size_t(1)});
  for (std::size_t k = 0; k < length; ++k) {
    inputs.push_back(xt::random::randn<double>({batch, std::size_t(1)}));
    targets += inputs.back() / double(length);
  }
  const array w_in = 0.3 * xt::random::randn<double>({std::size_t(1), width});
  const array w_state = 0.3 * xt::random::randn<double>({width, width});
  const array w_out = 0.3 * xt::random::randn<double>({width, std::size_t(1)});
  const array zero_state = xt::zeros<double>({batch, width}), zero_offset = xt::zeros<double>({width});

  xg::tape<double> tape;
  const variable W_in = tape.variable(w_in), W_state = tape.variable(w_state), W_out = tape.variable(w_out);
  const variable offset = tape.variable(zero_offset);
  variable state = tape.constant(zero_state);
  for (const array& x : inputs)
    state = xt::tanh(xg::matmul(tape.constant(x), W_in) + xg::matmul(state, W_state) + offset);
  const variable loss = xg::mean(xg::squared_error(xg::matmul(state, W_out), tape.constant(targets)));

  const double start = loss.item(), rate = 0.1;
  for (int step = 0; step < 300; ++step) {
    tape.backward(loss);
    for (const variable& w : {W_in, W_state, W_out, offset}) tape.set(w, w.value() - rate * w.grad());
    tape.replay();
  }
  std::printf("loss %.4f, then %.4f\n", start, loss.item());
  return loss.item() < start ? 0 : 1;
}
