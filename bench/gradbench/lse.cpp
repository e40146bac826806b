// log Σ exp(x), from its parts: the largest element is taken out first.
#include "problem.hpp"

int main(int argc, char** argv) {
  using namespace gradbench;
  return gradbench::main(argc, argv,
                         value_and_gradient(
                             "primal", "gradient", [](const json& j) { return array(j["x"]); },
                             [](const variable& x, const json&) -> variable {
                               const variable a = xg::amax(x);
                               return a + xt::log(xg::sum(xt::exp(x - a)));
                             }));
}
