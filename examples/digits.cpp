// Trains a network on handwritten digits, saves it, and reads it back: `./xg example digits [EPOCHS]`.
#include <cstdio>
#include <cstdlib>

#include <xgrad/nn/nn.hpp>
#include <xgrad/xgrad.hpp>

namespace nn = xg::nn;

struct classifier {  // its parameters: hidden.weight, hidden.bias, out.weight, out.bias
  nn::linear<float> hidden, out;
  nn::dropout drop{0.2};
  auto operator()(const auto& x, nn::pass p = nn::eval) const { return out(drop(xg::relu(hidden(x)), p)); }
};

int main(int argc, char** argv) {
  const int epochs = argc > 1 ? std::atoi(argv[1]) : 40;
  nn::rng rng(42);
  const auto [train, validation, test] = nn::split(nn::digits<float>(), {.7, .15, .15}, rng);

  classifier net{.hidden = {64, 256}, .out = {256, 10}};
  nn::he(net, rng);
  std::printf("%s\n", nn::summary(net).c_str());

  nn::adamw opt(net, {.lr = 3e-3, .decay = 1e-2, .clip_norm = 1});
  opt.follow(nn::cosine(std::uint64_t(epochs) * nn::batches(train, 32).size()));
  nn::step step(net, [](const auto& m, const auto& x, const auto& y, nn::pass p) {
    return xg::cross_entropy(m(x, p), y);  // recorded once for each shape of a batch, replayed after
  });

  classifier best = net;
  double best_accuracy = 0;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    double loss = 0;
    for (auto [x, y] : nn::batches(train, 32, rng)) loss += step(opt, x, y, nn::training(rng)) * double(y.size());
    const double accuracy = nn::accuracy(net, validation);
    if (accuracy > best_accuracy) {
      best_accuracy = accuracy;
      best = net;  // a deep copy
    }
    if (epoch % 5 == 0 || epoch == epochs)
      std::printf("epoch %2d  loss %.4f  validation accuracy %.3f\n", epoch, loss / double(train.size()), accuracy);
  }

  const auto table = nn::confusion(best, test);
  std::printf("\ntest accuracy %.3f; row: the digit, column: what the network takes it for\n",
              nn::accuracy(best, test));
  for (std::size_t i = 0; i < 10; ++i) {
    std::printf("  %zu ", i);
    for (std::size_t j = 0; j < 10; ++j) table(i, j) ? std::printf("%4zu", table(i, j)) : std::printf("   .");
    std::printf("\n");
  }

  nn::save(best, "digits.safetensors");  // safetensors.numpy.load_file("digits.safetensors")["hidden.weight"]
  classifier again{.hidden = {64, 256}, .out = {256, 10}};
  nn::load(again, "digits.safetensors");
  const bool same = nn::predict(again, test.x) == nn::predict(best, test.x);
  std::printf("\nsaved as digits.safetensors; read back it gives %s predictions\n", same ? "the same" : "OTHER");
  return same ? 0 : 1;
}
