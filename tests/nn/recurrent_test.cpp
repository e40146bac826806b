// Recurrent layers: values and gradients as PyTorch's (tests/oracle/recurrent.py), masks, both directions.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include <xgrad/nn/nn.hpp>

#include "support.hpp"

namespace nn = xg::nn;
using array = xt::xarray<double>;

namespace {

array pattern(const std::vector<std::size_t>& shape, std::size_t a, std::size_t b, std::size_t m, double offset,
              double scale) {
  array x = array::from_shape(shape);
  for (std::size_t i = 0; i < x.size(); ++i) x.flat(i) = (double((a * i + b) % m) - offset) / scale;
  return x;
}
void fill(auto& net) {
  for (const auto& p : nn::parameters(net)) p.of->set(pattern({p.shape().begin(), p.shape().end()}, 7, 2, 11, 5, 10));
}
const array x_of_oracle = pattern({2, 3, 2}, 5, 3, 17, 8, 8);

double distance_to_oracle(const std::string& name, const auto& got) {
  std::ifstream file(NN_FIXTURES "/recurrent.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first != name) continue;
    double d = 0;
    std::size_t i = 0;
    for (double x; words >> x; ++i) d = std::max(d, std::abs(x - got.data()[i]));
    return i == got.size() ? d : 1e300;
  }
  return 1e300;
}

template <class Layer>
void check(const std::string& name) {
  CAPTURE(name);
  Layer layer(2, 3);
  fill(layer);
  xg::tape<double> t;
  const auto x = t.variable(x_of_oracle);
  const xg::var<double> y = layer(x);
  t.backward(xg::sum(y * pattern({2, 3, 3}, 1, 0, 5, 2, 1)));
  CHECK(distance_to_oracle(name + ".y", y.value()) < 1e-14);
  CHECK(distance_to_oracle(name + ".x", x.grad()) < 1e-13);
  CHECK(distance_to_oracle(name + ".weight_ih", layer.cell.weight_ih.on(x).grad()) < 1e-13);
  CHECK(distance_to_oracle(name + ".weight_hh", layer.cell.weight_hh.on(x).grad()) < 1e-13);
  CHECK(distance_to_oracle(name + ".bias_ih", layer.cell.bias_ih.on(x).grad()) < 1e-13);
  CHECK(distance_to_oracle(name + ".bias_hh", layer.cell.bias_hh.on(x).grad()) < 1e-13);
}

}  // namespace

TEST_CASE("rnn, lstm and gru as PyTorch's") {
  check<nn::rnn<double>>("rnn");
  check<nn::lstm<double>>("lstm");
  check<nn::gru<double>>("gru");
}

TEST_CASE("a masked sequence is a shorter one") {
  nn::lstm<double> layer(2, 3);
  fill(layer);
  xg::tape<double> t;
  const auto x = t.constant(x_of_oracle), mask = t.constant({{1.0, 1.0, 0.0}, {1.0, 1.0, 1.0}});
  const xg::var<double> masked = layer(x, mask), whole = layer(x);
  const xg::var<double> shorter = layer(t.constant(xt::strided_view(x_of_oracle, {xt::all(), xt::range(0, 2)})));
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(masked.value()(0, 2, k) == shorter.value()(0, 1, k));
    CHECK(masked.value()(1, 2, k) == doctest::Approx(whole.value()(1, 2, k)));
  }
  CHECK(test::contains(test::message_of<xg::shape_error>([&] { layer(x, x); }), "the mask has shape (2, 3, 2)"));
  CHECK(test::contains(test::message_of<xg::shape_error>([&] { layer(mask); }), "expected (samples, time, features)"));
}

TEST_CASE("both directions") {
  nn::bidirectional<nn::gru<double>> both(2, 3);
  fill(both);
  array flipped = x_of_oracle;
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t s = 0; s < 3; ++s)
      for (std::size_t k = 0; k < 2; ++k) flipped(i, s, k) = x_of_oracle(i, 2 - s, k);
  xg::tape<double> t;
  const auto x = t.constant(x_of_oracle), turned = t.constant(flipped);
  const xg::var<double> y = both(x), alone = both.forward(turned);
  CHECK(y.shape(2) == 6);
  for (std::size_t k = 0; k < 3; ++k) CHECK(y.value()(0, 0, 3 + k) == doctest::Approx(alone.value()(0, 2, k)));
  CHECK(nn::parameters(both)[4].path == "backward.weight_ih");
}
