// The ops of networks against PyTorch: values, gradients and gradients of gradients, from a file that
// oracle/torch_oracle.py wrote.
#include "oracle.hpp"

namespace {

using test::oracle::function, test::oracle::operands;

/// What each case is here.
template <class T>
std::map<std::string, function<T>> functions() {
  std::map<std::string, function<T>> f;
  using x = const operands<T>&;
  f["relu"] = [](x v) { return xg::relu(v[0]); };
  f["sigmoid"] = [](x v) { return xg::sigmoid(v[0]); };
  f["leaky_relu"] = [](x v) { return xg::leaky_relu(v[0]); };
  f["leaky_relu 0.2"] = [](x v) { return xg::leaky_relu(v[0], 0.2); };
  f["prelu"] = [](x v) { return xg::leaky_relu(v[0], v[1]); };
  f["elu"] = [](x v) { return xg::elu(v[0]); };
  f["elu 0.7"] = [](x v) { return xg::elu(v[0], 0.7); };
  f["selu"] = [](x v) { return xg::selu(v[0]); };
  f["celu"] = [](x v) { return xg::celu(v[0]); };
  f["celu 1.7"] = [](x v) { return xg::celu(v[0], 1.7); };
  f["gelu"] = [](x v) { return xg::gelu(v[0]); };
  f["gelu_tanh"] = [](x v) { return xg::gelu_tanh(v[0]); };
  f["silu"] = [](x v) { return xg::silu(v[0]); };
  f["mish"] = [](x v) { return xg::mish(v[0]); };
  f["softplus"] = [](x v) { return xg::softplus(v[0]); };
  f["softplus 2"] = [](x v) { return xg::softplus(v[0], 2); };
  f["softsign"] = [](x v) { return xg::softsign(v[0]); };
  f["logsigmoid"] = [](x v) { return xg::logsigmoid(v[0]); };
  f["hardtanh"] = [](x v) { return xg::hardtanh(v[0]); };
  f["hardtanh 0.5"] = [](x v) { return xg::hardtanh(v[0], -2, 0.5); };
  f["hardsigmoid"] = [](x v) { return xg::hardsigmoid(v[0]); };
  f["hardswish"] = [](x v) { return xg::hardswish(v[0]); };
  for (const int axis : {0, 1, 2}) {
    f["softmax " + std::to_string(axis)] = [=](x v) { return xg::softmax(v[0], axis); };
    f["log_softmax " + std::to_string(axis)] = [=](x v) { return xg::log_softmax(v[0], axis); };
  }
  const std::vector<double> weights{0.5, 2.0, 1.25, 1.0, 0.75, 3.0, 1.5};
  const xg::class_loss_options all{.weights = weights, .smoothing = 0.2, .ignore_label = -100};
  f["cross_entropy"] = f["cross_entropy volume"] =
      f["cross_entropy one"] = [](x v) { return xg::cross_entropy(v[0], v.labels); };
  f["cross_entropy sum"] = [](x v) { return xg::cross_entropy(v[0], v.labels, {.over = xg::reduction::sum}); };
  f["cross_entropy none"] = [](x v) { return xg::cross_entropy(v[0], v.labels, {.over = xg::reduction::none}); };
  f["cross_entropy weights"] = [=](x v) { return xg::cross_entropy(v[0], v.labels, {.weights = weights}); };
  f["cross_entropy smoothing"] = [](x v) { return xg::cross_entropy(v[0], v.labels, {.smoothing = 0.1}); };
  f["cross_entropy all"] = [=](x v) { return xg::cross_entropy(v[0], v.labels, all); };
  f["cross_entropy soft"] = [](x v) { return xg::cross_entropy(v[0], v[1]); };
  f["cross_entropy soft all"] = [=](x v) {
    return xg::cross_entropy(v[0], v[1], {.weights = weights, .smoothing = 0.2});
  };
  f["nll_loss"] = [](x v) { return xg::nll_loss(v[0], v.labels); };
  f["nll_loss weights"] = [=](x v) { return xg::nll_loss(v[0], v.labels, {.weights = weights, .ignore_label = -100}); };
  f["mse_loss"] = [](x v) { return xg::mse_loss(v[0], v[1]); };
  f["l1_loss"] = [](x v) { return xg::l1_loss(v[0], v[1]); };
  f["huber_loss"] = [](x v) { return xg::huber_loss(v[0], v[1]); };
  f["huber_loss 0.6"] = [](x v) { return xg::huber_loss(v[0], v[1], 0.6); };
  f["smooth_l1_loss 0.6"] = [](x v) { return xg::smooth_l1_loss(v[0], v[1], 0.6); };
  f["bce_with_logits"] = [](x v) { return xg::bce_with_logits(v[0], v[1]); };
  f["bce_with_logits weight"] = [](x v) { return xg::bce_with_logits(v[0], v[1], xt::xarray<T>{0.5, 2, 3}); };
  f["kl_div"] = [](x v) { return xg::kl_div(v[0], v[1]); };
  const xt::xarray<T> sign{{1, -1, 1}, {-1, -1, 1}, {1, 1, -1}, {-1, 1, -1}, {1, -1, 1}};
  f["hinge_loss"] = [](x v) { return xg::hinge_loss(v[0], v[1]); };
  f["hinge_embedding_loss"] = [=](x v) { return xg::hinge_embedding_loss(v[0], sign, 1.5); };
  f["cosine_similarity"] = [](x v) { return xg::cosine_similarity(v[0], v[1]); };
  f["cosine_embedding_loss"] = [](x v) {
    return xg::cosine_embedding_loss(v[0], v[1], xt::xarray<T>{1, -1, 1, -1, 1}, 0.1);
  };
  f["matmul"] = f["matmul rows"] = f["matmul vector"] = [](x v) { return xg::matmul(v[0], v[1]); };
  f["attention"] = [](x v) { return xg::scaled_dot_product_attention(v[0], v[1], v[2]); };
  f["attention causal"] = [](x v) { return xg::scaled_dot_product_attention(v[0], v[1], v[2], {.causal = true}); };
  f["attention added"] = [](x v) { return xg::scaled_dot_product_attention(v[0], v[1], v[2], v[3]); };
  f["embedding"] = [](x v) { return xg::embedding(v[0], v.labels); };
  return f;
}

}  // namespace

TEST_CASE("values, gradients and second order are those of PyTorch, in double") {
  test::oracle::hold_to_torch("torch.txt", functions<double>(), 1e-12);
}

TEST_CASE("values, gradients and second order are those of PyTorch, in float") {
  test::oracle::hold_to_torch("torch.txt", functions<float>(), 1e-5);
}
