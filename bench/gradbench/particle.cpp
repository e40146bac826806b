// A charged particle on its way down, by Euler steps whose force is a gradient; where a charge has to be so that it
// lands nearest to the origin, by descent: a gradient of gradients.
#include "descent.hpp"

namespace {

using namespace gradbench;

variable landing(const variable& w, mode how) {
  tape& t = w.owner();
  const variable charge1 = xg::stack(xt::xtuple(t.constant(10.0), 10 - w), 0), charge2 = t.constant({10.0, 0.0});
  const auto potential = [&](const variable& z) -> variable {
    return 1 / xt::sqrt(xg::sum(xt::square(z - charge1))) + 1 / xt::sqrt(xg::sum(xt::square(z - charge2)));
  };
  constexpr double step = 0.1;
  variable z = t.variable({0.0, 8.0}), v = t.variable({0.75, 0.0});
  for (;;) {
    const variable force = derivative(potential(z), z, how);
    z = z + step * v;
    if (z.value()(1) <= 0) return xt::square(z(0) - z(1) / v(1) * v(0));
    v = v - step * force;
  }
}

struct particle {
  numbers start;
  mode outer, inner;
  tape t;
  numbers w;

  particle(const json& j, const std::string& letters) : start(array(j["w"])) {
    std::tie(outer, inner) = modes(letters);
  }
  void run() {
    w = descend(t, start, outer, [&](const variable& x) { return landing(x, inner); });
  }
};

task made(const json& j, const std::string& letters) {
  return task_of(std::make_shared<particle>(j, letters), &particle::run, [](const particle& p) { return p.w(); });
}

}  // namespace

int main(int argc, char** argv) {
  functions of;
  for (const char* letters : {"ff", "fr", "rf", "rr"}) of[letters] = [=](const json& j) { return made(j, letters); };
  return gradbench::main(argc, argv, of);
}
