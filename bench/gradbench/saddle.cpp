// min over x of max over y of |x|² - |y|²: a descent whose function is itself the end of a descent.
#include "descent.hpp"

namespace {

using namespace gradbench;

struct saddle {
  numbers start;
  mode outer, inner;
  tape t;
  numbers x, y;

  saddle(const json& j, const std::string& letters) : start(array(j["start"])) {
    std::tie(outer, inner) = modes(letters);
  }

  variable f(const variable& a, const variable& b) const { return xg::sum(xt::square(a)) - xg::sum(xt::square(b)); }
  /// The y that makes f largest.
  variable best_y(const variable& a) {
    return descend(t.variable(start), inner, [&](const variable& b) { return variable(-f(a, b)); });
  }
  void run() {
    x = descend(t, start, outer, [&](const variable& a) { return f(a, best_y(a)); });
    t.clear();
    y = best_y(t.variable(x)).value();
  }
};

task made(const json& j, const std::string& letters) {
  return task_of(std::make_shared<saddle>(j, letters), &saddle::run, [](const saddle& s) {
    return json{s.x(0), s.x(1), s.y(0), s.y(1)};
  });
}

}  // namespace

int main(int argc, char** argv) {
  functions of;
  for (const char* letters : {"ff", "fr", "rf", "rr"}) of[letters] = [=](const json& j) { return made(j, letters); };
  return gradbench::main(argc, argv, of);
}
