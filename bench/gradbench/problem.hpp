// One GradBench problem as a program: `NAME FILE FUNCTION` reads the input, runs the function and prints its value and
// how long each run took, one JSON value a line.
#pragma once

#include <functional>
#include <map>
#include <memory>
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

/// The task of a state: run(state) is timed, what output(state) gives is printed.
template <class State, class Run, class Output>
task task_of(const std::shared_ptr<State>& state, Run run, Output output) {
  return {[=] { std::invoke(run, *state); }, [=] { return json(std::invoke(output, *state)); }};
}

/// Makes a task from the input.
using maker = std::function<task(const json& input)>;
/// The functions of a problem by name.
using functions = std::map<std::string, maker>;

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

/// The tasks of such a problem: f of the input's array, and its gradient as a list of that array's shape.
using input_reader = std::function<numbers(const json&)>;
using recorder = std::function<variable(const variable&, const json&)>;

inline maker value_of(const input_reader& input, const recorder& f) {
  return [=](const json& j) {
    return task_of(std::make_shared<recording>(input(j), [&](const variable& x) { return f(x, j); }),
                   &recording::primal, [](const recording& r) { return list(r.y().value()); });
  };
}
inline maker gradient_of(const input_reader& input, const recorder& f) {
  return [=](const json& j) {
    return task_of(std::make_shared<recording>(input(j), [&](const variable& x) { return f(x, j); }),
                   &recording::gradient, [](const recording& r) { return list(r.x().grad()); });
  };
}

inline functions value_and_gradient(const std::string& value, const std::string& gradient, const input_reader& input,
                                    const recorder& f) {
  return {{value, value_of(input, f)}, {gradient, gradient_of(input, f)}};
}

}  // namespace gradbench
