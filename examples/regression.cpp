// A function from noisy measurements: a network with smooth units, fitted by L-BFGS.
// `./xg example regression [STEPS]`
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <xgrad/nn/nn.hpp>
#include <xgrad/xgrad.hpp>

namespace nn = xg::nn;

struct curve {
  nn::linear<double> first{1, 12}, second{12, 12}, out{12, 1};
  auto operator()(const auto& x) const { return out(xt::tanh(second(xt::tanh(first(x))))); }
};

xt::xarray<double> truth(const xt::xarray<double>& x) { return xt::sin(2.5 * x) * xt::exp(-0.2 * x * x); }

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 300;
  nn::rng rng(3);

  // 120 measurements between -3 and 3, with an error of 0.1.
  xt::xarray<double> x = xt::xarray<double>::from_shape({120, 1}), error = x;
  for (std::size_t i = 0; i < 120; ++i) x(i, 0) = -3 + 6 * double(i) / 119;
  xg::tape<double> t;
  error = 0.1 * xg::normal(t, {120, 1}, rng).value();
  const xt::xarray<double> y = truth(x) + error;

  curve net;
  nn::xavier(net, rng);
  // All data in each step, and no dropout: the same function each time, as L-BFGS needs it. A little decay of the
  // weights keeps the curve from following the errors.
  nn::step step(net, [](const curve& m, const auto& in, const auto& target) {
    const auto decay = [&](const auto& layer) { return xg::sum(xt::square(layer.weight.on(in))); };
    return xg::mse_loss(m(in), target) + 1e-4 * (decay(m.first) + decay(m.second) + decay(m.out));
  });
  nn::lbfgs opt(net);
  for (int i = 1; i <= steps && !opt.converged(); ++i) {
    const double loss = step(opt, x, y);
    if (i == 1 || i % 50 == 0) std::printf("step %3d  loss %.5f\n", i, loss);
  }

  const xt::xarray<double> fitted = nn::predict(net, x);
  const double off = std::sqrt(xt::mean(xt::square(fitted - truth(x)))());
  std::printf("\nmeasured with an error of %.3f, the fitted curve is off by %.3f\n\n",
              std::sqrt(xt::mean(xt::square(error))()), off);
  for (std::size_t i = 0; i < 120; i += 4) {  // o: measured, *: fitted
    std::string line(61, ' ');
    line[30] = '|';
    const auto place = [](double v) { return std::size_t(std::lround(std::clamp(30 + 25 * v, 0.0, 60.0))); };
    line[place(y(i, 0))] = 'o';
    line[place(fitted(i, 0))] = '*';
    std::printf("%5.2f %s\n", x(i, 0), line.c_str());
  }
}
