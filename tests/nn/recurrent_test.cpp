// Recurrent layers: values and gradients as PyTorch's (tests/oracle/nn_layers.py), masks, both directions.
#include <doctest/doctest.h>

#include "layers_oracle.hpp"
#include "support.hpp"

namespace nn = xg::nn;
using array = xt::xarray<double>;

namespace {

const array x_of_oracle = oracle::input({2, 3, 2});

template <class Layer>
void check(const std::string& name) {
  CAPTURE(name);
  Layer layer(2, 3);
  oracle::fill(layer);
  xg::tape<double> t;
  const auto x = t.variable(x_of_oracle);
  CHECK(oracle::distance_of_all(name, layer, x, layer(x)) < 1e-13);
}

}  // namespace

TEST_CASE("rnn, lstm and gru as PyTorch's") {
  check<nn::rnn<double>>("rnn");
  check<nn::lstm<double>>("lstm");
  check<nn::gru<double>>("gru");
}

TEST_CASE("a masked sequence is a shorter one") {
  nn::lstm<double> layer(2, 3);
  oracle::fill(layer);
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
  oracle::fill(both);
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
