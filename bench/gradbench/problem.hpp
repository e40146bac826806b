// One GradBench problem as a program: `NAME FILE FUNCTION` reads the input, runs the function and prints its value and
// how long each run took, one JSON value a line.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <xgrad/xgrad.hpp>
#include <xtensor/xview.hpp>

namespace gradbench {

using nlohmann::json;
using numbers = xt::xarray<double>;
using variable = xg::var<double>;
using tape = xg::tape<double>;

/// A function of one input, made ready: recorded once, then run as often as it is timed.
struct task {
  std::function<void()> run;
  std::function<json()> output;
};

/// Its functions by name; each makes its task from the input.
using functions = std::map<std::string, std::function<task(const json& input)>>;

int main(int argc, char** argv, const functions& of);

/// Lists of numbers, or of lists of them, as an array; all rows have the same length.
numbers array(const json& j);
/// And back.
json list(const numbers& a);

/// What most problems are: a scalar of one array, recorded once. `primal` runs it, `gradient` its gradient as well.
class recording {
 public:
  recording(const numbers& input, const std::function<variable(const variable&)>& f)
      : input_(input), x_(on_.variable(input)), y_(f(x_)) {}

  void primal() {
    on_.set(x_, input_);
    on_.replay();
  }
  void gradient() {
    primal();
    on_.backward(y_);
  }
  const variable& x() const { return x_; }
  const variable& y() const { return y_; }

 private:
  numbers input_;
  tape on_;
  variable x_, y_;
};

/// The tasks of such a problem: the value, and the gradient as a list of the input's shape.
inline functions value_and_gradient(const std::string& value, const std::string& gradient,
                                    const std::function<numbers(const json&)>& input,
                                    const std::function<variable(const variable&, const json&)>& f) {
  const auto made = [input, f](const json& j) {
    return std::make_shared<recording>(input(j), [&](const variable& x) { return f(x, j); });
  };
  return {{value,
           [made](const json& j) {
             const auto r = made(j);
             return task{[r] { r->primal(); }, [r] { return list(r->y().value()); }};
           }},
          {gradient, [made](const json& j) {
             const auto r = made(j);
             return task{[r] { r->gradient(); }, [r] { return list(r->x().grad()); }};
           }}};
}

}  // namespace gradbench
