// A multi-layer perceptron, trained with xgrad; mlp_xtensor.cpp is the same program on xtensor alone.
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>
#include <xtensor/xrandom.hpp>

using array = xt::xarray<double>;
using variable = xg::var<double>;

struct data {
  array inputs, targets;
};

// Two moons, one-hot labels.
data moons(std::size_t n) {
  data d{array::from_shape({n, 2}), xt::zeros<double>({n, std::size_t(2)})};
  std::mt19937 engine(1);
  std::normal_distribution<double> noise(0, 0.1);
  for (std::size_t i = 0; i < n; ++i) {
    const double angle = 3.14159 * double(i) / double(n), side = i % 2 == 0 ? 1 : -1;
    d.inputs(i, 0) = side * std::cos(angle) + (side < 0 ? 1 : 0) + noise(engine);
    d.inputs(i, 1) = side * std::sin(angle) + (side < 0 ? 0.5 : 0) + noise(engine);
    d.targets(i, i % 2) = 1;
  }
  return d;
}

struct layer {
  variable weights, offsets;
};

class network {
 public:
  network(xg::tape<double>& tape, const std::vector<std::size_t>& widths) {
    for (std::size_t k = 0; k + 1 < widths.size(); ++k) {
      const array weights = xt::random::randn<double>({widths[k], widths[k + 1]}) / std::sqrt(double(widths[k]));
      const array offsets = xt::zeros<double>({widths[k + 1]});
      layers_.push_back({tape.variable(weights), tape.variable(offsets)});
    }
  }

  variable operator()(variable x) const {
    for (std::size_t k = 0; k < layers_.size(); ++k) {
      x = xg::matmul(x, layers_[k].weights) + layers_[k].offsets;
      if (k + 1 < layers_.size()) x = xt::tanh(x);
    }
    return x;
  }

  void descend(xg::tape<double>& tape, double rate) const {
    for (const layer& l : layers_) {
      tape.set(l.weights, l.weights.value() - rate * l.weights.grad());
      tape.set(l.offsets, l.offsets.value() - rate * l.offsets.grad());
    }
  }

  variable penalty() const {
    variable total = xg::sum(xt::square(layers_[0].weights));
    for (std::size_t k = 1; k < layers_.size(); ++k) total = total + xg::sum(xt::square(layers_[k].weights));
    return total;
  }

 private:
  std::vector<layer> layers_;
};

// Softmax cross-entropy.
variable cross_entropy(const variable& scores, const variable& targets) {
  const variable e = xt::exp(scores);
  const variable total = xg::sum(e, {1}, xt::keep_dims);
  return -xg::mean(xg::sum(targets * (scores - xt::log(total)), {1}));
}

int main() {
  const data d = moons(200);
  xg::tape<double> tape;
  const network net(tape, {2, 16, 16, 2});
  const variable scores = net(tape.constant(d.inputs));
  const variable loss = cross_entropy(scores, tape.constant(d.targets)) + 1e-4 * net.penalty();
  const double start = loss.item();
  for (int step = 0; step < 200; ++step) {
    tape.backward(loss);
    net.descend(tape, 0.5);
    tape.replay();
  }
  std::printf("loss %.3f, then %.3f\n", start, loss.item());
  return loss.item() < start ? 0 : 1;
}
