// The homework's network, 4-3-2 with relu, made a classifier of iris: its gradients first, then its training.
// `./xg example iris [EPOCHS]`
#include <cstdio>
#include <cstdlib>

#include <xgrad/nn/nn.hpp>
#include <xgrad/xgrad.hpp>

namespace nn = xg::nn;

struct homework {  // z¹ = W¹x, z² = W²h¹, h³ = W³h²: no biases
  nn::linear<double> w1{4, 3, {.bias = false}}, w2{3, 2, {.bias = false}}, w3{2, 1, {.bias = false}};
  auto operator()(const auto& x) const { return w3(xg::relu(w2(xg::relu(w1(x))))); }
};

struct classifier {
  nn::linear<double> first{4, 8}, second{8, 3};
  auto operator()(const auto& x) const { return second(xt::tanh(first(x))); }
};

void gradients_of_the_homework(const nn::dataset<double>& iris) {
  homework net;
  net.w1.weight.set(xt::xarray<double>{{0.1, -0.2, 0.3, 0.1}, {-0.3, 0.2, 0.1, 0.4}, {0.2, 0.3, -0.4, -0.1}});
  net.w2.weight.set(xt::xarray<double>{{0.5, 0.2, -0.1}, {-0.1, -0.5, 1}});
  net.w3.weight.set(xt::xarray<double>{{2, -1}});
  xg::tape<double> t;
  const auto x = t.constant(xt::strided_view(iris.x, {xt::range(50, 51)}));  // row 51
  const xg::var loss = xg::mean(xt::square(net(x) - 1.0)) / 2;
  t.backward(loss);
  const auto g = net.w3.weight.on(x).grad();
  std::printf("homework 1: l = %.7f, dl/dW3 = [[%.6f, %.6f]]\n\n", loss.item(), g(0, 0), g(0, 1));
}

int main(int argc, char** argv) {
  const int epochs = argc > 1 ? std::atoi(argv[1]) : 100;
  const auto iris = nn::iris<double>();
  gradients_of_the_homework(iris);

  nn::rng rng(1);
  auto [train, test] = nn::split(iris, {.7, .3}, rng);
  const nn::standardiser scale(train.x);
  train.x = scale(train.x);
  test.x = scale(test.x);

  classifier net;
  nn::xavier(net, rng);
  nn::sgd opt(net, {.lr = 0.05, .momentum = 0.9, .decay = 1e-3});
  nn::step step(net, [](const auto& m, const auto& x, const auto& y) { return xg::cross_entropy(m(x), y); });
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    double loss = 0;
    for (auto [x, y] : nn::batches(train, 15, rng)) loss += step(opt, x, y) * double(y.size());
    if (epoch % 20 == 0 || epoch == epochs)
      std::printf("epoch %3d  loss %.4f  accuracy %.3f\n", epoch, loss / double(train.size()),
                  nn::accuracy(net, train));
  }

  std::printf("\ntest accuracy %.3f; row: the flower, column: what the network takes it for\n",
              nn::accuracy(net, test));
  const auto table = nn::confusion(net, test);
  for (std::size_t i = 0; i < 3; ++i)
    std::printf("  %-10s %3zu %3zu %3zu\n", iris.classes[i].c_str(), table(i, 0), table(i, 1), table(i, 2));
}
