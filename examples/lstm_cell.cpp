// An LSTM cell from ops: it learns to add. Of each sequence two numbers are marked, and their sum is asked for at the
// end (Hochreiter and Schmidhuber, "Long short-term memory", 1997). `./xg example lstm_cell [STEPS]`
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <xgrad/xgrad.hpp>

using array = xt::xarray<double>;
using variable = xg::var<double>;
constexpr std::size_t length = 8, batch = 64, width = 12;

/// x (batch, inputs), h and c (batch, width), W (4 width, inputs), U (4 width, width), b (4 width): one step; h and c
/// change to the next ones. The rows of W, U and b are those of the input gate, the forget gate, the candidate, the
/// output gate.
void lstm_cell(const variable& x, variable& h, variable& c, const variable& W, const variable& U, const variable& b) {
  const variable z = xg::matmul(x, xg::transpose(W)) + xg::matmul(h, xg::transpose(U)) + b;
  const auto gate = xg::split(z, 4, 1);
  c = xg::sigmoid(gate[1]) * c + xg::sigmoid(gate[0]) * xt::tanh(gate[2]);
  h = xg::sigmoid(gate[3]) * xt::tanh(c);
}

/// What the cell says of sequences x (length, batch, 2) after their last step, (batch).
variable sums(const variable& x, const std::vector<variable>& p) {
  variable h = x.owner().constant(xt::zeros<double>({x.shape(1), p[1].shape(1)})), c = h;
  for (std::size_t s = 0; s < x.shape(0); ++s) lstm_cell(xg::view(x, {s}), h, c, p[0], p[1], p[2]);
  return xg::matmul(h, p[3]) + p[4];
}

/// Sequences of (number, mark), and the sums of the marked numbers.
void draw(array& x, array& y, xg::rng& rng) {
  xg::tape<double> t;
  x = xt::zeros<double>({length, batch, std::size_t(2)});
  y = xt::zeros<double>({batch});
  const array number = xg::uniform(t, {length, batch}, rng).value(), place = xg::uniform(t, {2, batch}, rng).value();
  for (std::size_t k = 0; k < batch; ++k) {
    for (std::size_t s = 0; s < length; ++s) x(s, k, 0) = number(s, k);
    for (std::size_t half = 0; half < 2; ++half) {
      const std::size_t s = (half * length + std::size_t(place(half, k) * double(length))) / 2;
      x(s, k, 1) = 1;
      y(k) += x(s, k, 0);
    }
  }
}

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 1500;  // 600 will do
  xg::rng rng(3);
  xg::tape<double> t;
  std::vector<variable> p;
  for (const xg::shape_t& shape : {xg::shape_t{4 * width, 2}, {4 * width, width}, {4 * width}, {width}, {}})
    p.push_back(t.variable(array(0.3 * xg::normal(t, shape, rng).value())));
  array xs, ys;
  draw(xs, ys, rng);
  const auto x = t.constant(xs), y = t.constant(ys);
  const variable loss = xg::mean(xt::square(sums(x, p) - y));  // all time steps are recorded once, and replayed after

  std::vector<array> mean, square;  // Adam: Kingma and Ba, 2015
  for (const variable& v : p) mean.push_back(xt::zeros<double>(v.shape())), square.push_back(mean.back());
  double average = 0;
  for (int step = 1; step <= steps; ++step) {
    draw(xs, ys, rng);
    t.set(x, xs), t.set(y, ys);
    t.replay();
    t.backward(loss);
    average = step == 1 ? loss.item() : 0.98 * average + 0.02 * loss.item();
    if (step == 1 || step % 250 == 0) std::printf("step %4d  mean squared error %.4f\n", step, average);
    for (std::size_t k = 0; k < p.size(); ++k) {
      mean[k] = 0.9 * mean[k] + 0.1 * p[k].grad();
      square[k] = 0.99 * square[k] + 0.01 * xt::square(p[k].grad());
      const double m = 1 - std::pow(0.9, step), s = 1 - std::pow(0.99, step);
      t.set(p[k], p[k].value() - 0.01 * (mean[k] / m) / (xt::sqrt(square[k] / s) + 1e-8));
    }
  }
  std::printf("who always said 1 would have 0.1667\n");
  return average < 0.02 ? 0 : 1;
}
