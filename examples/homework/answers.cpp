#include "answers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace homework {

namespace {

double largest(const matrix<double>& a) {
  double result = 0;
  for (double x : a) {
    if (std::isnan(x)) return x;
    result = std::max(result, std::abs(x));
  }
  return result;
}

template <class T>
matrix<T> rounded(const matrix<double>& a) {
  for (double x : a)
    if (!std::isfinite(static_cast<T>(x)))
      throw xg::value_error("the number " + std::to_string(x) +
                            " is outside the range of float; expected smaller numbers, or --precision double");
  return xt::cast<T>(a);
}

template <class T>
std::vector<matrix<double>> widened(const std::vector<xg::var<T>>& variables, std::size_t from) {
  std::vector<matrix<double>> result(from);
  for (std::size_t i = from; i < variables.size(); ++i) result.push_back(xt::cast<double>(variables[i].value()));
  return result;
}

// The names of the sheet, for pictures and messages.
template <class T>
void give_names(const forward_pass<T>& pass) {
  for (std::size_t i = 0; i < pass.h.size(); ++i) {
    const std::string layer = superscript(i);
    if (i > 0) pass.W[i].named("W" + layer), pass.z[i].named("z" + layer);
    pass.h[i].named(i == 0 ? "x" : "h" + layer);
  }
  pass.y.named("y");
  pass.loss.named("l");
}

// One part: its numbers, rounded to T, on both roads.
template <class T>
struct both_roads {
  xg::tape<T> tape;
  forward_pass<T> pass;
  point<T> here, magnitudes;

  both_roads(const network<T>& net, const matrix<T>& x, const matrix<T>& y)
      : pass(forward(tape, net, x, y)), here(net.weights, x, y), magnitudes(magnitudes_of(here)) {
    give_names(pass);
  }

  walkthrough walk() {
    tape.backward(pass.loss);
    return {widened(pass.W, 1),
            widened(pass.z, 1),
            widened(pass.h, 0),
            xt::cast<double>(pass.y.value()),
            xt::cast<double>(pass.h.back().grad()),
            double(pass.loss.item())};
  }
};

}  // namespace

std::size_t solution::agreeing() const {
  return std::size_t(std::count_if(answers.begin(), answers.end(), [](const answer& a) { return a.ok; }));
}

template <class T>
point<T> magnitudes_of(const point<T>& p) {
  std::vector<matrix<T>> weights;
  for (std::size_t i = 1; i <= p.last(); ++i) weights.push_back(xt::abs(p.W[i]));
  return point<T>(weights, xt::abs(p.h[0]), -xt::abs(p.y));
}

template <class T>
answer compare(const question<T>& question, const forward_pass<T>& pass, const point<T>& here,
               const point<T>& magnitudes) {
  answer result{.text = question.text, .part = question.part, .by_tape = {}, .by_formula = {}};
  result.by_tape = xt::cast<double>(question.by_tape(pass));
  result.by_formula = xt::cast<double>(question.by_formula(here));
  result.scale = largest(xt::cast<double>(question.by_formula(magnitudes)));
  result.difference = result.by_tape.shape() == result.by_formula.shape() ? largest(result.by_tape - result.by_formula)
                                                                          : std::numeric_limits<double>::infinity();
  result.ok = result.difference <= tolerance<T> * result.scale;
  return result;
}

template <class T>
solution solve(const problem& given, const std::vector<question<T>>& questions) {
  network<T> net;
  for (const matrix<double>& w : given.weights) net.weights.push_back(rounded<T>(w));
  both_roads<T> part1(net, rounded<T>(given.x1), rounded<T>(given.y1));
  both_roads<T> part2(net, rounded<T>(given.x2), rounded<T>(given.y2));

  solution result;
  result.precision = std::is_same_v<T, float> ? "float" : "double";
  result.origin = given.origin;
  result.tolerance = tolerance<T>;
  result.widths = given.widths();
  result.part1 = part1.walk();
  result.graph = xg::graph(part1.pass.loss);
  result.part2 = part2.walk();
  result.nearest_kink = std::min(distance_to_kink(given.weights, given.x1), distance_to_kink(given.weights, given.x2));
  for (const question<T>& q : questions) {
    const both_roads<T>& part = q.part == 1 ? part1 : part2;
    result.answers.push_back(compare(q, part.pass, part.here, part.magnitudes));
  }
  return result;
}

template point<float> magnitudes_of(const point<float>&);
template point<double> magnitudes_of(const point<double>&);
template answer compare(const question<float>&, const forward_pass<float>&, const point<float>&, const point<float>&);
template answer compare(const question<double>&, const forward_pass<double>&, const point<double>&,
                        const point<double>&);
template solution solve(const problem&, const std::vector<question<float>>&);
template solution solve(const problem&, const std::vector<question<double>>&);

}  // namespace homework
