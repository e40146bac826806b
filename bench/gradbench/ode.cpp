// y' = F(x, y), F_0 = x_0, F_i = x_i y_(i-1), by the classical Runge-Kutta scheme; the gradient of the last component.
#include "problem.hpp"

namespace {

using namespace gradbench;

variable solution(const variable& x, std::size_t steps) {
  const auto n = std::ptrdiff_t(x.size());
  const variable one = x.owner().constant({1.0});
  const auto f = [&](const variable& y) -> variable {
    return x * xg::concatenate({one, xg::view(y, {xt::range(0, n - 1)})});
  };
  const double h = 2 / double(steps);
  variable y = x.owner().constant(xt::zeros<double>({x.size()}));
  for (std::size_t s = 0; s < steps; ++s) {
    const variable k1 = f(y), k2 = f(y + h / 2 * k1), k3 = f(y + h / 2 * k2), k4 = f(y + h * k3);
    y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return y;
}

}  // namespace

int main(int argc, char** argv) {
  const auto input = [](const json& j) { return array(j["x"]); };
  const functions of{{"primal", value_of(input, [](const variable& x, const json& j) { return solution(x, j["s"]); })},
                     {"gradient", gradient_of(input, [](const variable& x, const json& j) -> variable {
                        return solution(x, j["s"])(-1);
                      })}};
  return gradbench::main(argc, argv, of);
}
