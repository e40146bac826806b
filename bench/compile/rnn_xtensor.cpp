// A recurrent network that learns to add up a sequence, backward by hand; rnn_xgrad.cpp is the same program with xgrad.
#include <cstdio>
#include <vector>

#include <xtensor-blas/xlinalg.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xrandom.hpp>

using array = xt::xarray<double>;

int main() {
  const std::size_t length = 8, batch = 32, width = 12;
  std::vector<array> inputs;
  array targets = xt::zeros<double>({batch, std::size_t(1)});
  for (std::size_t k = 0; k < length; ++k) {
    inputs.push_back(xt::random::randn<double>({batch, std::size_t(1)}));
    targets += inputs.back() / double(length);
  }
  array W_in = 0.3 * xt::random::randn<double>({std::size_t(1), width});
  array W_state = 0.3 * xt::random::randn<double>({width, width});
  array W_out = 0.3 * xt::random::randn<double>({width, std::size_t(1)});
  array offset = xt::zeros<double>({width});

  double start = 0, loss = 0;
  const double rate = 0.1;
  for (int step = 0; step <= 300; ++step) {
    std::vector<array> states{xt::zeros<double>({batch, width})};
    for (const array& x : inputs)
      states.push_back(xt::tanh(xt::linalg::dot(x, W_in) + xt::linalg::dot(states.back(), W_state) + offset));
    const array error = xt::linalg::dot(states.back(), W_out) - targets;
    loss = xt::mean(xt::square(error))();
    if (step == 0) start = loss;
    if (step == 300) break;

    const array by_output = 2.0 / double(batch) * error;
    const array by_W_out = xt::linalg::dot(xt::transpose(states.back()), by_output);
    array by_W_in = xt::zeros_like(W_in), by_W_state = xt::zeros_like(W_state), by_offset = xt::zeros_like(offset);
    array by_state = xt::linalg::dot(by_output, xt::transpose(W_out));
    for (std::size_t k = length; k-- > 0;) {
      const array g = by_state * (1 - xt::square(states[k + 1]));
      by_W_in += xt::linalg::dot(xt::transpose(inputs[k]), g);
      by_W_state += xt::linalg::dot(xt::transpose(states[k]), g);
      by_offset += xt::sum(g, {0});
      by_state = array(xt::linalg::dot(g, xt::transpose(W_state)));
    }
    W_in = W_in - rate * by_W_in;
    W_state = W_state - rate * by_W_state;
    W_out = W_out - rate * by_W_out;
    offset = offset - rate * by_offset;
  }
  std::printf("loss %.4f, then %.4f\n", start, loss);
  return loss < start ? 0 : 1;
}
