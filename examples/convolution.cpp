// A convolutional network on handwritten digits, trained by nn::fit: progress, early ending, a checkpoint to go on
// from.
// `./xg example convolution [EPOCHS]`; stop it with Ctrl-C and start it again.
#include <cstdio>
#include <cstdlib>

#include <xgrad/nn/nn.hpp>
#include <xgrad/xgrad.hpp>

namespace nn = xg::nn;

struct convolutional {  // its parameters: first.weight, ..., norm2.running_var, out.bias
  nn::conv2d<float> first{1, 8, 3, {.padding = 1, .bias = false}}, second{8, 16, 3, {.padding = 1, .bias = false}};
  nn::batch_norm<float> norm1{8}, norm2{16};
  nn::dropout drop{0.3};
  nn::linear<float> out{16 * 2 * 2, 10};

  auto operator()(const auto& x, nn::pass p = nn::eval) const {
    const xg::var<float> image = xg::reshape(x, {-1, 1, 8, 8});
    const xg::var<float> a = xg::max_pool2d(xg::relu(norm1(first(image), p)), 2);
    const xg::var<float> b = xg::max_pool2d(xg::relu(norm2(second(a), p)), 2);
    return out(drop(nn::flatten()(b), p));
  }
};

int main(int argc, char** argv) {
  const int epochs = argc > 1 ? std::atoi(argv[1]) : 30;
  nn::rng rng(42);
  const auto [train, validation, test] = nn::split(nn::digits<float>(), {.7, .15, .15}, rng);
  convolutional net;
  nn::he(net, rng);
  std::printf("%s\n", nn::summary(net, test.x).c_str());

  nn::adamw opt(net, {.lr = 4e-3, .decay = 1e-2});
  opt.follow(nn::one_cycle(std::uint64_t(epochs) * nn::batches(train, 64).size()));
  const auto loss = [](const auto& m, const auto& x, const auto& y, nn::pass p) {
    return xg::cross_entropy(m(x, p), y);
  };
  const auto result = nn::fit(net, opt, loss, train, validation, rng,
                              {.epochs = std::uint64_t(epochs),
                               .batch = 64,
                               .metrics = {{"accuracy", [&] { return nn::accuracy(net, validation); }}},
                               .watch = "accuracy",
                               .checkpoint = "convolution.safetensors"});
  if (result.end == nn::fit_result::interrupted) {
    std::printf("stopped; start it again to go on after epoch %zu\n", result.epochs.size());
    return 130;
  }
  std::printf("best epoch %llu; test accuracy %.3f\n", static_cast<unsigned long long>(result.best),
              nn::accuracy(net, test));
  std::remove("convolution.safetensors");
}
