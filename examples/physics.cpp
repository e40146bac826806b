// A pendulum, measured: its length and its friction are found by differentiating the simulation.
// `./xg example physics [STEPS]`
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <xgrad/nn/nn.hpp>
#include <xgrad/xgrad.hpp>

namespace nn = xg::nn;

/// What is looked for, and the simulation of it: angle'' = -g / length · sin(angle) - friction · angle'.
struct pendulum {
  nn::weight<double> length{xg::shape_t{}, 1.0};    // m
  nn::weight<double> friction{xg::shape_t{}, 0.0};  // 1/s

  /// The angle at the times 0, 0.1 s, ..., from the one at first and at rest.
  auto operator()(const auto& start, std::size_t times) const {
    constexpr double g = 9.81, dt = 0.01;
    const auto l = length.on(start), f = friction.on(start);
    xg::var<double> angle = start, speed = 0.0 * start;
    std::vector<xg::var<double>> seen{angle};
    while (seen.size() < times) {
      for (int i = 0; i < 10; ++i) {  // Euler's method, with the new speed
        speed += dt * (-g / l * xt::sin(angle) - f * speed);
        angle += dt * speed;
      }
      seen.push_back(angle);
    }
    return xg::stack(seen);
  }
};

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 40;
  constexpr std::size_t times = 50;

  // The measurement: a pendulum of 1.40 m with friction 0.25, and errors of a hundredth of a radian.
  pendulum real;
  real.length.set(1.40);
  real.friction.set(0.25);
  nn::rng rng(4);
  xg::tape<double> t;
  const auto start = t.constant(1.2);
  const xt::xarray<double> measured = real(start, times).value() + 0.01 * xg::normal(t, {times}, rng).value();

  pendulum guess;
  nn::step step(guess, [](const pendulum& p, const auto& first, const auto& angles) {
    return xg::mse_loss(p(first, times), angles);  // 500 steps in time, recorded once
  });
  nn::lbfgs opt(guess, {.lr = 0.1});
  const xt::xarray<double> first = 1.2;
  for (int i = 1; i <= steps && !opt.converged(); ++i) {
    const double loss = step(opt, first, measured);
    if (i == 1 || i % 5 == 0)
      std::printf("step %2d  loss %.6f  length %.4f m  friction %.4f /s\n", i, loss, guess.length.value()(),
                  guess.friction.value()());
  }
  const bool found = std::abs(guess.length.value()() - 1.40) < 0.01 && std::abs(guess.friction.value()() - 0.25) < 0.01;
  std::printf("\nlength %.3f m (it was 1.400), friction %.3f /s (it was 0.250): %s\n", guess.length.value()(),
              guess.friction.value()(), found ? "found" : "NOT FOUND");
  return found ? 0 : 1;
}
