// The ops of networks against PyTorch: values, gradients and gradients of gradients, from a file that
// oracle/torch_oracle.py wrote.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "support.hpp"

namespace {

using array = xt::xarray<double>;
/// The arrays of a case, by their keys.
using arrays = std::map<std::string, array>;

/// The cases of the file, by their names.
std::map<std::string, arrays> read_cases() {
  std::ifstream file(std::filesystem::path(__FILE__).parent_path() / "oracle" / "torch.txt");
  REQUIRE(file);
  std::map<std::string, arrays> cases;
  arrays* at = nullptr;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key == "case") {
      REQUIRE(line.size() > 5);
      at = &cases[line.substr(5)];
      continue;
    }
    REQUIRE(at);
    std::size_t rank = 0;
    words >> rank;
    std::vector<std::size_t> shape(rank);
    for (std::size_t& extent : shape) words >> extent;
    REQUIRE(words);
    array a = array::from_shape(shape);
    for (double& x : a) file >> x;
    REQUIRE(file);
    std::getline(file, line);
    at->emplace(key, std::move(a));
  }
  return cases;
}

template <class T>
struct operands {
  std::vector<xg::var<T>> x;
  xg::indices<T> labels;

  const xg::var<T>& operator[](std::size_t k) const { return x[k]; }
};
template <class T>
using function = std::function<xg::var<T>(const operands<T>&)>;

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

/// The largest difference, seen from the largest number.
double difference(const auto& got, const array& wanted) {
  if (!std::ranges::equal(got.shape(), wanted.shape())) return INFINITY;
  double worst = 0, size = 1e-300;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double d = std::abs(double(got.flat(i)) - wanted.flat(i));
    worst = std::isnan(d) ? INFINITY : std::max(worst, d);
    size = std::max(size, std::abs(wanted.flat(i)));
  }
  return worst / std::max(size, 1e-3);
}

template <class T>
void hold_to_torch(double tolerance) {
  const auto f = functions<T>();
  const auto cases = read_cases();
  CHECK(cases.size() == f.size());
  for (const auto& [name, a] : cases) {
    CAPTURE(name);
    REQUIRE(f.contains(name));
    xg::tape<T> t;
    operands<T> v;
    for (std::size_t k = 0; a.contains("x" + std::to_string(k)); ++k)
      v.x.push_back(t.variable(xt::cast<T>(a.at("x" + std::to_string(k)))));
    if (a.contains("i")) v.labels = t.indices(xt::cast<int>(a.at("i")));
    const xg::var<T> y = f.at(name)(v);
    CHECK(difference(y.value(), a.at("y")) < tolerance);

    const xt::xarray<T> seed = xt::cast<T>(a.at("s"));
    t.backward(y, seed);
    for (std::size_t k = 0; k < v.x.size(); ++k) {
      CAPTURE(k);
      CHECK(difference(v[k].grad(), a.at("g" + std::to_string(k))) < tolerance);
    }
    if (!a.contains("h0")) continue;
    xg::var<T> total = t.constant(T(0));
    for (const auto& g : xg::gradient(y, v.x, xg::seed(seed))) total = total + xg::sum(xt::square(g));
    const auto second = xg::gradient(total, v.x);
    for (std::size_t k = 0; k < v.x.size(); ++k) {
      CAPTURE(k);
      CHECK(difference(second[k].value(), a.at("h" + std::to_string(k))) < 10 * tolerance);
    }
  }
}

}  // namespace

TEST_CASE("values, gradients and second order are those of PyTorch, in double") { hold_to_torch<double>(1e-12); }

TEST_CASE("values, gradients and second order are those of PyTorch, in float") { hold_to_torch<float>(1e-5); }
