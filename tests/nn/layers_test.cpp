// Layers: what they compute, their parameters, and what they refuse.
#include <doctest/doctest.h>

#include <xgrad/nn/nn.hpp>

#include "paths.hpp"
#include "support.hpp"

namespace nn = xg::nn;
using array = xt::xarray<double>;
using test::contains;
using test::message_of;
using test::near;
using test::paths_of;

namespace {

template <class M>
M initialised(M net) {
  nn::rng rng(9);
  nn::xavier(net, rng);
  return net;
}

}  // namespace

TEST_CASE("linear: values, gradients, one fused node with the activation") {
  nn::linear<double> layer(3, 2);
  layer.weight.set(array{{1, 2, 3}, {4, 5, 6}});
  layer.bias.set(array{0.5, -40});
  xg::tape<double> t;
  const auto x = t.constant({{1.0, 1.0, 1.0}, {0.0, 1.0, 0.0}});
  const std::size_t before = t.nodes();
  const xg::var h = xg::relu(layer(x));
  CHECK(t.nodes() == before + 2);  // the product; the sum and relu
  CHECK(near(h.value(), array{{6.5, 0}, {2.5, 0}}));
  t.backward(xg::sum(h));
  CHECK(near(layer.weight.on(x).grad(), array{{1, 2, 1}, {0, 0, 0}}));
  CHECK(near(layer.bias.on(x).grad(), array{2, 0}));
  const xg::var single = layer(t.constant({1.0, 0.0, 0.0}));
  CHECK(near(single.value(), array{1.5, -36}));
  const nn::linear<double> bare(3, 2, {.bias = false});
  const xg::var zero = bare(x);
  CHECK(xt::sum(zero.value())() == 0);
  CHECK(nn::parameters(bare).size() == 1);
  const std::string where = test::line_below();
  const std::string m = message_of<xg::shape_error>([&] { layer(t.constant({1.0, 2.0})); });
  CHECK(contains(m, where));
  CHECK(contains(m, "matmul"));
  nn::linear<double> none;
  CHECK(contains(message_of<xg::tape_error>([&] { none(x); }), "the parameter is empty"));
}

TEST_CASE("dropout only in training") {
  xg::tape<double> t;
  nn::rng rng(3);
  const auto x = t.constant(xt::ones<double>({1000}));
  const nn::dropout drop{0.25};
  CHECK(drop(x).id() == x.id());
  const xg::var dropped = drop(x, nn::training(rng));
  double zeros = 0;
  for (const double v : dropped.value()) {
    CHECK((v == 0 || v == doctest::Approx(4.0 / 3)));
    zeros += v == 0;
  }
  CHECK(zeros / 1000 == doctest::Approx(0.25).epsilon(0.2));
}

TEST_CASE("embedding") {
  nn::embedding<double> words(4, 2);
  words.weight.set(array{{0, 1}, {2, 3}, {4, 5}, {6, 7}});
  xg::tape<double> t;
  const auto i = t.indices({{3, 0}, {3, 1}});
  const xg::var y = words(i);
  CHECK(near(y.value(), array{{{6, 7}, {0, 1}}, {{6, 7}, {2, 3}}}));
  t.backward(xg::sum(y));
  CHECK(near(words.weight.on(y).grad(), array{{1, 1}, {1, 1}, {0, 0}, {2, 2}}));
  CHECK_THROWS_AS(words(t.indices({4})), xg::value_error);
}

TEST_CASE("sequential, and the same as a stack") {
  auto net = initialised(nn::sequential(nn::linear<double>(3, 4), nn::tanh{}, nn::dropout{0.5},
                                        nn::residual(nn::linear<double>(4, 4)), xg::relu, nn::linear<double>(4, 2)));
  CHECK(paths_of(net) ==
        std::vector<std::string>{"0.weight", "0.bias", "3.inner.weight", "3.inner.bias", "5.weight", "5.bias"});
  nn::stack<double> same;
  same.add(nn::linear<double>(3, 4)).add(nn::tanh{}).add(nn::dropout{0.5});
  same.add(nn::residual(nn::linear<double>(4, 4))).add(xg::relu).add(nn::linear<double>(4, 2));
  same = initialised(same);

  xg::tape<double> t;
  const auto x = t.constant({{1.0, 2.0, 3.0}, {-1.0, 0.5, 0.0}});
  const xg::var a = net(x), b = same(x);
  CHECK(a.shape(1) == 2);
  CHECK(near(a.value(), b.value()));
  CHECK(xt::sum(xt::abs(a.value()))() > 0);
  nn::rng rng(1);
  const xg::var dropped = net(x, nn::training(rng));
  CHECK_FALSE(near(a.value(), dropped.value()));

  nn::stack<double> copy = same;
  const array before = b.value();
  nn::constant(same, 0);
  CHECK(near(nn::predict(copy, x.value()), before));
  nn::freeze(copy, "0.*");
  CHECK(nn::count(copy) == nn::count(same) - 16);
}

TEST_CASE("residual refuses another shape; flatten") {
  const auto net = initialised(nn::residual(nn::linear<double>(3, 1)));
  xg::tape<double> t;
  CHECK(contains(message_of<xg::shape_error>([&] {
                   net(t.constant(xt::ones<double>({2, 3})));
                 }),
                 "residual: the layer makes (2, 1) of (2, 3)"));
  CHECK(nn::flatten()(t.constant(xt::ones<double>({2, 3, 4}))).shape(1) == 12);
  CHECK(nn::flatten()(t.constant(xt::ones<double>({0, 3, 4}))).shape(1) == 12);
  CHECK_THROWS_AS(nn::flatten()(t.constant(1.0)), xg::shape_error);
}

TEST_CASE("activations") {
  xg::tape<double> t;
  const auto x = t.constant({-2.0, 0.5});
  const auto first = [&](const auto& layer) { return xg::var(layer(x)).value()(0); };
  CHECK(first(nn::relu{}) == 0);
  CHECK(first(nn::leaky_relu{0.1}) == doctest::Approx(-0.2));
  CHECK(first(nn::tanh{}) == doctest::Approx(std::tanh(-2)));
  CHECK(first(nn::sigmoid{}) == doctest::Approx(1 / (1 + std::exp(2))));
  CHECK(first(nn::elu{}) == doctest::Approx(std::exp(-2) - 1));
  CHECK(first(nn::selu{}) == doctest::Approx(1.0507009873554805 * 1.6732632423543772 * (std::exp(-2) - 1)));
  CHECK(first(nn::gelu{}) == doctest::Approx(-std::erfc(std::sqrt(2))));
  CHECK(first(nn::silu{}) == doctest::Approx(-2 / (1 + std::exp(2))));
  CHECK(first(nn::mish{}) == doctest::Approx(-2 * std::tanh(std::log1p(std::exp(-2)))));
  CHECK(first(nn::softplus{}) == doctest::Approx(std::log1p(std::exp(-2))));
  CHECK(first(nn::hardswish{}) == doctest::Approx(-1.0 / 3));
  CHECK(first(nn::softmax{}) == doctest::Approx(1 / (1 + std::exp(2.5))));
}
