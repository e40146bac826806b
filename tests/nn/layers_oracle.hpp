// What tests/oracle/nn_layers.py wrote: the same small problems, and how far we are from PyTorch's numbers.
#pragma once

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <xgrad/nn/nn.hpp>

namespace oracle {

/// ((a i + b) mod m - offset) / scale for the i-th element.
inline xt::xarray<double> pattern(const std::vector<std::size_t>& shape, std::size_t a, std::size_t b, std::size_t m,
                                  double offset, double scale) {
  xt::xarray<double> x = xt::xarray<double>::from_shape(shape);
  for (std::size_t i = 0; i < x.size(); ++i) x.flat(i) = (double((a * i + b) % m) - offset) / scale;
  return x;
}
inline xt::xarray<double> input(const std::vector<std::size_t>& shape) { return pattern(shape, 5, 3, 17, 8, 8); }
/// The loss: Σ y · ((i mod 5) - 2).
inline xg::var<double> loss(const xg::var<double>& y) {
  return xg::sum(y * pattern({y.shape().begin(), y.shape().end()}, 1, 0, 5, 2, 1));
}

inline xt::xarray<double> of_parameter(xg::shape_view shape) {
  return pattern({shape.begin(), shape.end()}, 7, 2, 11, 5, 10);
}
/// Weights and biases, but no running averages.
void fill(auto& net) {
  for (const auto& p : xg::nn::parameters(net))
    if (!p.buffer) p.of->set(of_parameter(p.shape()));
}

/// Huge if there is no such line, it has another number of numbers, or one is NaN.
double distance(const std::string& name, const auto& got) {
  std::ifstream file(NN_FIXTURES "/nn_layers.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first != name) continue;
    double d = 0;
    std::size_t i = 0;
    for (double x; words >> x; ++i)
      if (i < got.size()) d = std::max(d, x == got.data()[i] ? 0 : std::fmin(std::abs(x - got.data()[i]), 1e300));
    return i == got.size() ? d : 1e300;
  }
  return 1e300;
}

/// Output, and gradients of the input and of all parameters, of a layer called with x; the largest distance.
double distance_of_all(const std::string& name, auto& layer, const xg::var<double>& x, const xg::var<double>& y) {
  x.owner().backward(loss(y));
  double d = std::max(distance(name + ".y", y.value()), distance(name + ".x", x.grad()));
  for (const auto& p : xg::nn::parameters(layer))
    if (!p.buffer) d = std::max(d, distance(name + "." + p.path, p.of->on(x).grad()));
  return d;
}

}  // namespace oracle
