// The log-likelihood of a Gaussian mixture with a Wishart prior (ADBench).
#include <cmath>
#include <numbers>

#include "problem.hpp"

namespace {

using namespace gradbench;

struct mixture {
  numbers inputs[4];
  tape t;
  variable alpha, mu, q, l, y;

  explicit mixture(const json& j) {
    const auto d = j["d"].get<std::size_t>(), k = j["k"].get<std::size_t>(), n = j["n"].get<std::size_t>();
    const double m = j["m"].get<double>(), gamma = j["gamma"].get<double>();
    inputs[0] = array(j["alpha"]), inputs[1] = array(j["mu"]), inputs[2] = array(j["q"]);
    inputs[3] = d > 1 ? array(j["l"]) : numbers(xt::zeros<double>({k, std::size_t(0)}));
    alpha = t.variable(inputs[0]), mu = t.variable(inputs[1]), q = t.variable(inputs[2]), l = t.variable(inputs[3]);

    // Where the elements of a triangular matrix come from: first the exponentials, then l, at the end a zero.
    const std::size_t below = d * (d - 1) / 2;
    xt::xarray<int> from = xt::zeros<int>({d, d}) + int(d + below);
    for (std::size_t c = 0, at = d; c < d; ++c) {
      from(c, c) = int(c);
      for (std::size_t r = c + 1; r < d; ++r) from(r, c) = int(at++);
    }
    const variable parts =
        xg::concatenate({variable(xt::exp(q)), l, t.constant(xt::zeros<double>({k, std::size_t(1)}))}, 1);
    const variable triangular = xg::take(parts, t.indices(from), 1);  // (k, d, d)

    const variable points = t.constant(array(j["x"]));
    const variable transposed = xg::transpose(triangular, {0, 2, 1});
    const variable centres = xg::matmul(xg::reshape(mu, {std::ptrdiff_t(k), 1, std::ptrdiff_t(d)}), transposed);
    const variable distances = xg::sum(xt::square(xg::matmul(points, transposed) - centres), 2);  // (k, n)
    const variable sum_q = xg::sum(q, 1);
    const variable weight = xg::reshape(alpha + sum_q, {std::ptrdiff_t(k), 1});
    const variable likelihood = xg::sum(xg::logsumexp(weight - 0.5 * distances, 0));

    const double nu = double(d) + m + 1;
    double log_gamma = double(d * (d - 1)) / 4 * std::log(std::numbers::pi);
    for (std::size_t i = 1; i <= d; ++i) log_gamma += std::lgamma(nu / 2 + (1 - double(i)) / 2);
    const double constant = -double(n * d) / 2 * std::log(2 * std::numbers::pi) +
                            double(k) * (nu * double(d) * std::log(gamma / std::numbers::sqrt2) - log_gamma);
    const variable prior = m * xg::sum(sum_q) - gamma * gamma / 2 * xg::sum(xt::square(parts));
    y = constant - double(n) * xg::logsumexp(alpha) + likelihood + prior;
  }

  void objective() {
    const variable leaves[] = {alpha, mu, q, l};
    for (std::size_t i = 0; i < 4; ++i) t.set(leaves[i], inputs[i]);
    t.replay();
  }
  void jacobian() {
    objective();
    t.backward(y);
  }
};

}  // namespace

int main(int argc, char** argv) {
  const functions of{{"objective",
                      [](const json& j) {
                        return task_of(std::make_shared<mixture>(j), &mixture::objective,
                                       [](const mixture& m) { return m.y.item(); });
                      }},
                     {"jacobian", [](const json& j) {
                        return task_of(std::make_shared<mixture>(j), &mixture::jacobian, [](const mixture& m) {
                          return json{{"alpha", list(m.alpha.grad())},
                                      {"mu", list(m.mu.grad())},
                                      {"q", list(m.q.grad())},
                                      {"l", list(m.l.grad())}};
                        });
                      }}};
  return gradbench::main(argc, argv, of);
}
