// The homework's network, 4-3-2-1 with relu and no biases, as a model: its gradients where the homework has them, then
// trained to tell iris flowers apart. `./xg example iris [STEPS]`
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <xgrad/nn/nn.hpp>
#include <xgrad/xgrad.hpp>

namespace nn = xg::nn;

struct homework {  // z¹ = h⁰ (W¹)ᵀ, h¹ = relu(z¹), ..., h³ = z³
  nn::linear<double> w1{4, 3, {.bias = false}}, w2{3, 2, {.bias = false}}, w3{2, 1, {.bias = false}};
  auto operator()(const auto& x) const { return w3(xg::relu(w2(xg::relu(w1(x))))); }
};

/// l = 1/(2m) Σ (h³ - y)²
constexpr auto loss = [](const homework& net, const auto& x, const auto& y) {
  return xg::mean(xg::squared_error(net(x), y)) / 2;
};

/// The nearest of 0, 1, 2 to what the network says is the flower.
double accuracy(const homework& net, const nn::dataset<double, double>& flowers) {
  const xt::xarray<double> said = nn::predict(net, flowers.x);
  std::size_t right = 0;
  for (std::size_t i = 0; i < flowers.size(); ++i) right += std::round(said(i, 0)) == flowers.y(i, 0);
  return double(right) / double(flowers.size());
}

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 150;
  homework net;
  net.w1.weight.set(xt::xarray<double>{{0.1, -0.2, 0.3, 0.1}, {-0.3, 0.2, 0.1, 0.4}, {0.2, 0.3, -0.4, -0.1}});
  net.w2.weight.set(xt::xarray<double>{{0.5, 0.2, -0.1}, {-0.1, -0.5, 1}});
  net.w3.weight.set(xt::xarray<double>{{2, -1}});
  std::printf("%s\n", nn::summary(net).c_str());

  const auto iris = nn::iris<double>();
  xg::tape<double> t;
  const auto x = t.constant(xt::strided_view(iris.x, {xt::range(50, 51)}));  // row 51 of iris, y = 1
  const xg::var l = loss(net, x, t.constant(xt::ones<double>({1, 1})));
  t.backward(l);
  const auto g = net.w3.weight.on(x).grad();
  std::printf("homework 1: l = %.7f, dl/dW3 = [[%.6f, %.6f]]\n\n", l.item(), g(0, 0), g(0, 1));

  nn::rng rng(1);
  xt::xarray<double> y = xt::cast<double>(iris.y);
  y.reshape({150, 1});
  const auto [train, test] = nn::split(nn::dataset<double, double>{iris.x, y}, {.7, .3}, rng);
  nn::lbfgs opt(net);
  nn::step step(net, loss);
  for (int i = 1; i <= steps && !opt.converged(); ++i) {
    const double before = step(opt, train.x, train.y);
    if (i == 1 || i % 25 == 0) std::printf("step %3d  loss %.4f  accuracy %.3f\n", i, before, accuracy(net, train));
  }

  std::printf("\ntest accuracy %.3f; row: the flower, column: what the network takes it for\n", accuracy(net, test));
  int table[3][3] = {};
  const xt::xarray<double> said = nn::predict(net, test.x);
  for (std::size_t i = 0; i < test.size(); ++i) {
    const double nearest = std::round(said(i, 0));
    if (nearest >= 0 && nearest <= 2) ++table[std::size_t(test.y(i, 0))][std::size_t(nearest)];
  }
  for (std::size_t i = 0; i < 3; ++i)
    std::printf("  %-10s %3d %3d %3d\n", iris.classes[i].c_str(), table[i][0], table[i][1], table[i][2]);
}
