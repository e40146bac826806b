// A damped pendulum, θ'' = -g/l sin θ - c θ': its length l and damping c from noisy angles, by Newton's method with
// exact second derivatives of the simulation. `./xg example pendulum`
#include <cmath>
#include <cstdio>

#include <xgrad/xgrad.hpp>

using array = xt::xarray<double>;

/// The angles at some times of a pendulum let go at 2 radians; p = (l, c), in metres and per second.
auto simulated(const auto& p, const std::vector<double>& times, const xg::ode_options& options = {}) {
  const auto motion = [](const auto& /*t*/, const auto& y, const auto& v) {
    return xg::stack(xt::xtuple(y(1), -9.81 / v(0) * xt::sin(y(0)) - v(1) * y(1)), 0);
  };
  const auto start = p.owner().constant({2.0, 0.0});
  return xg::var<double>(xg::view(xg::odeint(motion, start, times, p, options), {xt::all(), 0}));
}

int main() {
  std::vector<double> times;
  for (int k = 0; k <= 40; ++k) times.push_back(0.1 * k);
  const array truth{1.5, 0.4};
  xg::rng rng(7);
  xg::tape<double> t;
  const array measured =
      simulated(t.constant(truth), times).value() + 0.01 * xg::normal(t, {times.size()}, rng).value();

  const auto loss = [&](const auto& p) { return xg::mean(xt::square(simulated(p, times) - measured)); };
  array p{1.2, 0.1};
  double slope = 1;
  for (int step = 0; step <= 12 && slope > 1e-12; ++step) {
    const auto [l, g] = xg::value_and_grad(loss)(p);
    const array H = xg::hessian(loss, p);
    slope = xt::amax(xt::abs(g))();
    std::printf("step %2d: l = %.5f m, c = %.5f /s, loss %.6f\n", step, p(0), p(1), l);
    // Where the loss is not convex, a damped step still goes downhill.
    const double trace = H(0, 0) + H(1, 1), det = H(0, 0) * H(1, 1) - H(0, 1) * H(1, 0);
    const double least = trace / 2 - std::sqrt(trace * trace / 4 - det), damp = least > 0 ? 0 : 0.1 - least;
    const double a = H(0, 0) + damp, b = H(0, 1), d = H(1, 1) + damp;
    const array next = p - array{d * g(0) - b * g(1), a * g(1) - b * g(0)} / (a * d - b * b);
    p = next;
  }

  // What the curvature says of how well the two are known: covariance = 2 σ²/n H⁻¹.
  const array H = xg::hessian(loss, p);
  const double det = H(0, 0) * H(1, 1) - H(0, 1) * H(1, 0), scale = 2 * 1e-4 / double(times.size());
  const double dl = std::sqrt(scale * H(1, 1) / det), dc = std::sqrt(scale * H(0, 0) / det);
  std::printf("l = %.4f ± %.4f (1.5), c = %.4f ± %.4f (0.4)\n", p(0), dl, p(1), dc);

  // The gradient through the steps of the solver, by the adjoint equation, and by differences.
  const auto by_adjoint = [&](const auto& v) {
    return xg::mean(xt::square(simulated(v, times, {.adjoint = true}) - measured));
  };
  const array at{1.4, 0.3}, through = xg::grad(loss)(at), adjoint = xg::grad(by_adjoint)(at);
  const auto value = [&](double l, double c) { return xg::value_and_grad(loss)(array{l, c}).first; };
  const double h = 1e-5, by_l = (value(1.4 + h, 0.3) - value(1.4 - h, 0.3)) / (2 * h);
  std::printf("dloss/dl at (1.4, 0.3): through the steps %.4f, adjoint %.4f, differences %.4f\n", through(0),
              adjoint(0), by_l);
  const bool right = std::abs(p(0) - 1.5) < 4 * dl && std::abs(p(1) - 0.4) < 4 * dc && slope < 1e-10 &&
                     std::abs(adjoint(0) - through(0)) < 1e-6 && std::abs(by_l - through(0)) < 1e-6;
  return right ? 0 : 1;
}
