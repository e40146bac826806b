// Batch normalisation by hand, from means and elementwise ops, held against xg::batch_norm and against the formulas of
// its backward pass. `./xg example batch_norm`
#include <cmath>
#include <cstdio>

#include <xgrad/xgrad.hpp>

using array = xt::xarray<double>;
using variable = xg::var<double>;
constexpr double eps = 1e-5;

/// x (samples, channels): each channel gets the mean and the deviation that weight and bias say.
variable batch_norm_by_hand(const variable& x, const variable& weight, const variable& bias) {
  const variable centred = x - xg::mean(x, 0);
  return centred / xt::sqrt(xg::mean(xt::square(centred), 0) + eps) * weight + bias;
}

struct derivatives {
  array value, by_x, by_weight, by_bias, second;  // second: the gradient of Σ (dl/dx)² by x
};

/// l = Σ (y - target)² / 2 of either batch norm, its gradients, and a gradient of the gradient.
derivatives of(auto norm, const array& x, const array& weight, const array& bias, const array& target) {
  xg::tape<double> t;
  const auto vx = t.variable(x), vw = t.variable(weight), vb = t.variable(bias);
  const variable y = norm(vx, vw, vb);
  const variable loss = xg::sum(xt::square(y - target)) / 2;
  t.backward(loss);
  derivatives d{y.value(), vx.grad(), vw.grad(), vb.grad(), {}};
  d.second = xg::gradient(xg::sum(xt::square(xg::gradient(loss, vx))), vx).value();
  return d;
}

/// The same gradients by the formulas that one finds with pencil and paper; g = dl/dy, z = the normalised x.
derivatives by_formula(const array& x, const array& weight, const array& bias, const array& target) {
  const array centred = x - xt::mean(x, {0}), deviation = xt::sqrt(xt::mean(centred * centred, {0}) + eps);
  const array z = centred / deviation, y = z * weight + bias, g = y - target;
  const array g_mean = xt::mean(g, {0}), gz_mean = xt::mean(g * z, {0});
  return {y, weight / deviation * (g - g_mean - z * gz_mean), xt::sum(g * z, {0}), xt::sum(g, {0}), {}};
}

int main() {
  xg::rng rng(1);
  xg::tape<double> draws;
  const array x = 3 + 2 * xg::normal(draws, {64, 4}, rng).value(), target = xg::normal(draws, {64, 4}, rng).value();
  const array weight{1, 0.5, 2, -1}, bias{0, 1, -1, 0.5};

  const derivatives by_hand = of(batch_norm_by_hand, x, weight, bias, target);
  const derivatives library = of([](auto... v) { return xg::batch_norm(v..., {.eps = eps}); }, x, weight, bias, target);
  const derivatives formula = by_formula(x, weight, bias, target);

  double worst = 0;
  const auto compare = [&](const char* what, const array& a, const array& b) {
    const double difference = xt::amax(xt::abs(a - b))() / xt::amax(xt::abs(b))();
    worst = difference <= worst ? worst : difference;  // a NaN stays
    std::printf("  %-24s largest %8.4f, relative difference %s\n", what, xt::amax(xt::abs(b))(),
                difference < 1e-12 ? "below 1e-12" : "TOO LARGE");
  };
  std::printf("by hand, against xg::batch_norm\n");
  compare("value", by_hand.value, library.value);
  compare("gradient by x", by_hand.by_x, library.by_x);
  compare("gradient by the weight", by_hand.by_weight, library.by_weight);
  compare("gradient by the bias", by_hand.by_bias, library.by_bias);
  compare("second order", by_hand.second, library.second);
  std::printf("by hand, against the formulas\n");
  compare("value", by_hand.value, formula.value);
  compare("gradient by x", by_hand.by_x, formula.by_x);
  compare("gradient by the weight", by_hand.by_weight, formula.by_weight);
  compare("gradient by the bias", by_hand.by_bias, formula.by_bias);
  return worst < 1e-12 ? 0 : 1;
}
