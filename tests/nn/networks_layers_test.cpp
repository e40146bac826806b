// Layers of convolutions, pools, normalisation and attention: values and gradients as PyTorch's
// (tests/oracle/nn_layers.py), their parameters, what they refuse.
#include <doctest/doctest.h>

#include <xtensor/xview.hpp>

#include "layers_oracle.hpp"
#include "paths.hpp"
#include "support.hpp"

namespace nn = xg::nn;
using array = xt::xarray<double>;
using test::contains;
using test::message_of;
using test::near;
using test::paths_of;

namespace {

template <class Layer>
void check_layer(const std::string& name, Layer layer, const std::vector<std::size_t>& shape,
                 nn::pass mode = nn::eval) {
  CAPTURE(name);
  oracle::fill(layer);
  xg::tape<double> t;
  const auto x = t.variable(oracle::input(shape));
  CHECK(oracle::distance_of_all(name, layer, x, nn::detail::through(layer, x, mode)) < 1e-12);
}

}  // namespace

TEST_CASE("layers as PyTorch's") {
  check_layer("conv1d", nn::conv1d<double>(4, 6, 3, {.stride = 2, .padding = 1, .groups = 2}), {2, 4, 7});
  check_layer("conv2d", nn::conv2d<double>(2, 3, {3, 2}, {.stride = {2, 1}, .padding = {1, 0}, .dilation = {1, 2}}),
              {2, 2, 5, 6});
  check_layer("conv_transpose1d", nn::conv_transpose1d<double>(3, 2, 4, {.stride = 3, .padding = 1}), {2, 3, 5});
  check_layer("conv_transpose2d",
              nn::conv_transpose2d<double>(4, 2, 3, {.stride = 2, .output_padding = 1, .groups = 2, .bias = false}),
              {1, 4, 3, 2});
  check_layer("layer_norm", nn::layer_norm<double>({3, 2}), {2, 3, 2});
  check_layer("group_norm", nn::group_norm<double>(2, 4), {2, 4, 3});
  check_layer("instance_norm", nn::instance_norm<double>(3), {2, 3, 4});
}

TEST_CASE("batch_norm: running averages move in training, also by replay, and count in evaluation") {
  nn::rng rng(1);
  nn::batch_norm<double> layer(3, {.eps = 1e-3, .momentum = 0.2});
  CHECK(paths_of(layer) == std::vector<std::string>{"weight", "bias", "running_mean", "running_var"});
  CHECK(nn::count(layer) == 6);  // averages are not trained
  oracle::fill(layer);
  const nn::batch_norm<double> before = layer;
  xg::tape<double> t;
  const auto x = t.variable(oracle::input({2, 3, 2, 2}));
  const xg::var y = layer(x, nn::training(rng));
  CHECK(oracle::distance_of_all("batch_norm", layer, x, y) < 1e-12);
  CHECK(oracle::distance("batch_norm.running_mean", layer.running_mean.value()) < 1e-15);
  CHECK(oracle::distance("batch_norm.running_var", layer.running_var.value()) < 1e-15);
  CHECK(xt::sum(before.running_mean.value())() == 0);  // a copy has its own
  const xg::var evaluated = layer(x);
  CHECK(oracle::distance("batch_norm.evaluated", evaluated.value()) < 1e-12);

  const array once = layer.running_mean.value();
  t.replay();
  CHECK(near(layer.running_mean.value(), array(once * 1.8)));  // 0.8 once + 0.2 mean, and once = 0.2 mean
  const nn::batch_norm<double> bare(3, {.affine = false});
  CHECK(paths_of(bare) == std::vector<std::string>{"running_mean", "running_var"});
  CHECK_THROWS_AS(bare(t.constant(xt::ones<double>({2, 4}))), xg::shape_error);
}

TEST_CASE("multi_head_attention as PyTorch's, whose weights of query, key and value are one") {
  for (const bool causal : {false, true}) {
    nn::multi_head_attention<double> attend(4, 2, {.causal = causal});
    const array all = oracle::of_parameter(xg::shape_t{12, 4}), biases = oracle::of_parameter(xg::shape_t{12});
    nn::linear<double>* parts[] = {&attend.query, &attend.key, &attend.value};
    for (std::size_t i = 0; i < 3; ++i) {
      parts[i]->weight.set(xt::view(all, xt::range(4 * i, 4 * i + 4)));
      parts[i]->bias.set(xt::view(biases, xt::range(4 * i, 4 * i + 4)));
    }
    oracle::fill(attend.out);
    xg::tape<double> t;
    const auto x = t.variable(oracle::input({2, 3, 4}));
    const xg::var y = attend(x);
    if (causal) {
      CHECK(oracle::distance("attention.causal", y.value()) < 1e-13);
      continue;
    }
    t.backward(oracle::loss(y));
    CHECK(oracle::distance("attention.y", y.value()) < 1e-13);
    CHECK(oracle::distance("attention.x", x.grad()) < 1e-13);
    CHECK(oracle::distance("attention.out_proj.weight", attend.out.weight.on(x).grad()) < 1e-13);
    CHECK(oracle::distance("attention.out_proj.bias", attend.out.bias.on(x).grad()) < 1e-13);
    const auto grad = [&](std::size_t i) { return array(parts[i]->weight.on(x).grad()); };
    CHECK(oracle::distance("attention.in_proj_weight", array(xt::concatenate(xt::xtuple(grad(0), grad(1), grad(2))))) <
          1e-13);
    // A mask says the same as `causal`.
    xt::xarray<bool> seen = xt::zeros<bool>({3, 3});
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j <= i; ++j) seen(i, j) = true;
    const xg::var masked = attend(x, x, x, seen);
    CHECK(oracle::distance("attention.causal", masked.value()) < 1e-13);
  }
  CHECK(contains(message_of<xg::value_error>([] { nn::multi_head_attention<double>(5, 2); }),
                 "a width of 5 cannot be split among 2 heads"));
}

TEST_CASE("bilinear as PyTorch's") {
  nn::bilinear<double> layer(3, 4, 2);
  oracle::fill(layer);
  xg::tape<double> t;
  const auto x = t.variable(oracle::input({5, 3}));
  CHECK(oracle::distance_of_all("bilinear", layer, x, layer(x, t.constant(oracle::input({5, 4})))) < 1e-13);
}

TEST_CASE("positional_encoding") {
  xg::tape<double> t;
  const xg::var y = nn::positional_encoding()(t.constant(xt::ones<double>({2, 3, 5})));
  for (const std::size_t n : {0u, 1u}) {
    CHECK(y.value()(n, 0, 0) == 1);
    CHECK(y.value()(n, 0, 1) == 2);
    CHECK(y.value()(n, 2, 2) == doctest::Approx(1 + std::sin(2 / std::pow(10000.0, 0.4))));
    CHECK(y.value()(n, 2, 3) == doctest::Approx(1 + std::cos(2 / std::pow(10000.0, 0.4))));
    CHECK(y.value()(n, 2, 4) == doctest::Approx(1 + std::sin(2 / std::pow(10000.0, 0.8))));
  }
  CHECK_THROWS_AS(nn::positional_encoding()(t.constant({1.0, 2.0})), xg::shape_error);
}

TEST_CASE("rms_norm, and norms without weights") {
  xg::tape<double> t;
  const array a{{3, 4}, {-6, 8}};
  const auto x = t.constant(a);
  nn::rms_norm<double> layer(2, {.eps = 0.0625});
  CHECK(paths_of(layer) == std::vector<std::string>{"weight"});
  layer.weight.set(array{2, 10});
  const xg::var y = layer(x);
  CHECK(near(y.value(), array{{6 / std::sqrt(12.5625), 40 / std::sqrt(12.5625)},
                              {-12 / std::sqrt(50.0625), 80 / std::sqrt(50.0625)}}));
  const xg::var plain = nn::layer_norm<double>(2, {.affine = false})(x), op = xg::layer_norm(x);
  CHECK(near(plain.value(), op.value()));
}

TEST_CASE("a small convolutional network: layers one after the other, a training step changes all of them") {
  nn::rng rng(5);
  nn::sequential net(nn::conv2d<float>(1, 4, 3, {.padding = 1, .bias = false}), nn::batch_norm<float>(4), nn::relu{},
                     nn::max_pool2d{2}, nn::conv2d<float>(4, 6, 3), nn::group_norm<float>(2, 6), xg::relu,
                     nn::avg_pool2d{{2, 1}}, nn::adaptive_avg_pool2d{1}, nn::flatten{}, nn::linear<float>(6, 3));
  nn::he(net, rng);
  const auto before = net;
  xt::xarray<float> x = xt::xarray<float>::from_shape({6, 1, 10, 10});
  for (std::size_t i = 0; i < x.size(); ++i) x.flat(i) = std::sin(0.7f * float(i) * float(1 + i / 100));
  const xt::xarray<int> labels{0, 1, 2, 0, 1, 2};
  nn::adam opt(net, {.lr = 0.02});
  nn::step step(
      net, [](const auto& m, const auto& in, const auto& y, nn::pass p) { return xg::cross_entropy(m(in, p), y); });
  const float first = step.loss(x, labels);
  for (int i = 0; i < 60; ++i) step(opt, x, labels, nn::training(rng));
  CHECK(step.loss(x, labels, nn::training(rng)) < 0.2f * first);
  const auto was = nn::parameters(before), is = nn::parameters(net);
  for (std::size_t i = 0; i < is.size(); ++i) {
    CAPTURE(is[i].path);
    CHECK(xt::amax(xt::abs(is[i].value() - was[i].value()))() > 0);
  }
}

TEST_CASE("convolutions refuse what cannot be") {
  const std::string where = test::line_below();
  const std::string m = message_of<xg::value_error>([&] { nn::conv2d<double>(3, 4, 3, {.groups = 2}); });
  CHECK(contains(m, "channels, 4 and 3, cannot be split into 2 groups"));
  CHECK(contains(m, where));
  CHECK_THROWS_AS(nn::conv2d<double>(3, 4, 0), xg::value_error);
  CHECK_THROWS_AS((nn::conv1d<double>(3, 4, {2, 3})), xg::value_error);
  xg::tape<double> t;
  const nn::conv2d<double> layer(3, 4, 3);
  CHECK_THROWS_AS(layer(t.constant(xt::ones<double>({1, 2, 5, 5}))), xg::shape_error);
}
