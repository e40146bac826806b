// A mixture of Gaussians, fitted by its log-likelihood's gradient. `./xg example gaussian_mixture [STEPS]`
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <xgrad/xgrad.hpp>
#include <xtensor/xview.hpp>

using array = xt::xarray<double>;
using variable = xg::var<double>;
constexpr std::size_t points = 600;

/// log Σₖ wₖ N(x | mₖ, (Qₖᵀ Qₖ)⁻¹) of each row of x (n, d): w is the softmax of `logits` (k), m are the `means` (k, d),
/// and Qₖ is the lower triangle of `roots` (k, d, d), the exponential of its diagonal taken, so that any numbers are
/// allowed.
variable log_density(const array& x, const variable& logits, const variable& means, const variable& roots) {
  const std::size_t d = means.shape(1);
  const variable diagonal = xg::diagonal(roots, 0, 1, 2);
  const variable Q = xg::tril(roots, -1) + xg::expand_dims(xt::exp(diagonal), 1) * xt::eye<double>(d);
  const variable away = xt::view(x, xt::all(), xt::newaxis()) - means;                     // (n, k, d)
  const variable distance = xg::sum(xt::square(xg::einsum("kij,nkj->nki", Q, away)), -1);  // (n, k)
  const variable constant = xg::log_softmax(logits) + xg::sum(diagonal, 1) - double(d) / 2 * std::log(2 * M_PI);
  return xg::logsumexp(constant - distance / 2, 1);
}

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 400;
  const array weights{0.5, 0.3, 0.2}, means{{0, 0}, {4, 1}, {-2, 4}};
  const array spreads{{{1, 0}, {0.8, 0.5}}, {{0.6, 0}, {0, 1.2}}, {{0.7, 0}, {-0.4, 0.4}}};  // x = m + S z
  xg::tape<double> t;
  xg::rng rng(5);
  const array z = xg::normal(t, {points, 2}, rng).value(), u = xg::uniform(t, {points}, rng).value();
  array x = array::from_shape({points, std::size_t(2)});
  for (std::size_t n = 0; n < points; ++n) {
    const std::size_t k = u(n) < 0.5 ? 0 : u(n) < 0.8 ? 1 : 2;
    for (std::size_t i = 0; i < 2; ++i) x(n, i) = means(k, i) + spreads(k, i, 0) * z(n, 0) + spreads(k, i, 1) * z(n, 1);
  }

  const auto logits = t.variable({0.0, 0.0, 0.0}), m = t.variable({{1.0, -1.0}, {2.0, 2.0}, {-1.0, 2.0}});
  const auto roots = t.variable(xt::zeros<double>({3, 2, 2}));
  const variable likelihood = xg::mean(log_density(x, logits, m, roots));

  // The truth: Q = S⁻¹, by the inverse of a triangle.
  array true_roots = xt::zeros<double>({3, 2, 2});
  for (std::size_t k = 0; k < 3; ++k) {
    true_roots(k, 0, 0) = -std::log(spreads(k, 0, 0)), true_roots(k, 1, 1) = -std::log(spreads(k, 1, 1));
    true_roots(k, 1, 0) = -spreads(k, 1, 0) / (spreads(k, 0, 0) * spreads(k, 1, 1));
  }
  const auto truth = [&] {
    xg::tape<double> other;
    const array logs = xt::log(weights);
    return xg::mean(log_density(x, other.constant(logs), other.constant(means), other.constant(true_roots))).item();
  }();

  const std::vector<variable> parameters{logits, m, roots};
  std::vector<array> speed{xt::zeros<double>({3}), xt::zeros<double>({3, 2}), xt::zeros<double>({3, 2, 2})};
  for (int step = 0; step <= steps; ++step) {
    if (step % 100 == 0) std::printf("step %3d  log-likelihood of a point %.4f\n", step, likelihood.item());
    t.backward(likelihood);
    for (std::size_t k = 0; k < parameters.size(); ++k) {
      speed[k] = 0.9 * speed[k] + 0.1 * parameters[k].grad();
      t.set(parameters[k], parameters[k].value() + speed[k]);
    }
    t.replay();
  }
  std::printf("the truth itself has %.4f\n", truth);
  t.backward(likelihood);
  const array w = xg::softmax(logits).value();
  for (std::size_t k = 0; k < 3; ++k)
    std::printf("weight %.3f (%.3f)  mean %6.3f %6.3f (%g, %g)\n", w(k), weights(k), m.value()(k, 0), m.value()(k, 1),
                means(k, 0), means(k, 1));
  // A maximum explains the points a little better than the truth, and has no slope.
  const double gain = likelihood.item() - truth, slope = xt::amax(xt::abs(m.grad()))();
  std::printf("better than the truth by %.4f, largest slope by the means %.1e\n", gain, slope);
  return gain > 0 && gain < 0.05 && slope < 1e-3 ? 0 : 1;
}
