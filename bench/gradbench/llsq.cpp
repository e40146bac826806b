// Least squares: a polynomial with the coefficients x against the sign function, at n points in [-1, 1].
#include "problem.hpp"

namespace {

using namespace gradbench;

variable loss(const variable& x, const json& input) {
  const auto n = input["n"].get<std::size_t>(), m = x.size();
  numbers powers = numbers::from_shape({n, m}), sign = numbers::from_shape({n});
  for (std::size_t i = 0; i < n; ++i) {
    const double t = -1 + 2 * double(i) / double(n - 1);
    sign(i) = (t > 0) - (t < 0);
    powers(i, 0) = 1;
    for (std::size_t j = 1; j < m; ++j) powers(i, j) = powers(i, j - 1) * t;
  }
  return 0.5 * xg::sum(xt::square(sign - xg::matmul(powers, x)));
}

}  // namespace

int main(int argc, char** argv) {
  return gradbench::main(argc, argv,
                         value_and_gradient(
                             "primal", "gradient", [](const json& j) { return array(j["x"]); }, loss));
}
