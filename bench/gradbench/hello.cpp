// x², and its derivative.
#include "problem.hpp"

int main(int argc, char** argv) {
  using namespace gradbench;
  return gradbench::main(argc, argv,
                         value_and_gradient(
                             "square", "double", [](const json& j) { return array(j); },
                             [](const variable& x, const json&) { return xt::square(x); }));
}
