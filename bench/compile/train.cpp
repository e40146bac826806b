// What a file costs that defines a small network and trains it.
#include <xgrad/xgrad.hpp>

int main() {
  const xt::xarray<double> inputs = {{0.1, 0.2}, {0.3, 0.4}, {0.5, 0.1}}, targets = {{1, 0}, {2, 1}, {0, 2}};
  const xt::xarray<double> w1 = {{0.1, -0.2}, {0.3, 0.4}, {0.5, -0.6}}, w2 = {{0.7, 0.8, 0.9}, {1, 0.1, 0.2}};
  xg::tape<double> t;
  const auto x = t.constant(inputs), y = t.constant(targets);
  const auto W1 = t.variable(w1), W2 = t.variable(w2);
  const xg::var h = xg::relu(xg::matmul(x, xg::transpose(W1)));
  const xg::var loss = xg::mean(xg::squared_error(xg::matmul(h, xg::transpose(W2)), y));
  const double start = loss.item();
  for (int step = 0; step < 100; ++step) {
    t.backward(loss);
    for (const auto& W : {W1, W2}) t.set(W, W.value() - 0.1 * W.grad());
    t.replay();
  }
  return loss.item() < start ? 0 : 1;
}
