// A multi-layer perceptron, trained with a backward pass written by hand; mlp_xgrad.cpp is the same program with xgrad.
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <xtensor-blas/xlinalg.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xrandom.hpp>
#include <xtensor/xview.hpp>

using array = xt::xarray<double>;

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
  array weights, offsets;
};

class network {
 public:
  explicit network(const std::vector<std::size_t>& widths) {
    for (std::size_t k = 0; k + 1 < widths.size(); ++k) {
      const array weights = xt::random::randn<double>({widths[k], widths[k + 1]}) / std::sqrt(double(widths[k]));
      layers_.push_back({weights, xt::zeros<double>({widths[k + 1]})});
    }
  }

  const array& forward(const array& x) {
    outputs_ = {x};
    for (std::size_t k = 0; k < layers_.size(); ++k) {
      array y = xt::linalg::dot(outputs_.back(), layers_[k].weights) + layers_[k].offsets;
      if (k + 1 < layers_.size()) y = xt::tanh(y);
      outputs_.push_back(y);
    }
    return outputs_.back();
  }

  // From the gradient by the last output; the penalty's own gradient is 2 c w.
  void descend(array g, double rate, double penalty) {
    for (std::size_t k = layers_.size(); k-- > 0;) {
      if (k + 1 < layers_.size()) g = g * (1 - xt::square(outputs_[k + 1]));
      const array by_weights = xt::linalg::dot(xt::transpose(outputs_[k]), g) + 2 * penalty * layers_[k].weights;
      const array by_offsets = xt::sum(g, {0});
      g = array(xt::linalg::dot(g, xt::transpose(layers_[k].weights)));
      layers_[k].weights = layers_[k].weights - rate * by_weights;
      layers_[k].offsets = layers_[k].offsets - rate * by_offsets;
    }
  }

  double penalty() const {
    double total = 0;
    for (const layer& l : layers_) total += xt::sum(xt::square(l.weights))();
    return total;
  }

 private:
  std::vector<layer> layers_;
  std::vector<array> outputs_;
};

// Softmax cross-entropy, and its gradient by the scores.
double cross_entropy(const array& scores, const array& targets, array& gradient) {
  const array e = xt::exp(scores);
  const array total = xt::sum(e, {1}, xt::keep_dims);
  gradient = (e / total - targets) / double(scores.shape(0));
  return -xt::mean(xt::sum(targets * (scores - xt::log(total)), {1}))();
}

int main() {
  const data d = moons(200);
  network net({2, 16, 16, 2});
  array gradient;
  double start = 0, loss = 0;
  for (int step = 0; step <= 200; ++step) {
    loss = cross_entropy(net.forward(d.inputs), d.targets, gradient) + 1e-4 * net.penalty();
    if (step == 0) start = loss;
    if (step < 200) net.descend(gradient, 0.5, 1e-4);
  }
  std::printf("loss %.3f, then %.3f\n", start, loss);
  return loss < start ? 0 : 1;
}
