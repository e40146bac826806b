// The answers: every question computed on the two roads and compared.
#pragma once

#include <vector>

#include "problem.hpp"
#include "questions.hpp"

namespace homework {

/// One question, answered twice.
struct answer {
  question_text text;
  int part = 1;
  matrix<double> by_tape, by_formula;
  double difference = 0;  // the largest, over the elements; NaN if one is NaN, infinity if the shapes differ
  double scale = 0;       // what rounding is measured by; see `compare`
  bool ok = false;        // difference <= tolerance * scale
};

/// What the tape computed on the way to the loss, in the indices of the sheet: h[0] = x; W[0] and z[0] are empty.
struct walkthrough {
  std::vector<matrix<double>> W, z, h;
  matrix<double> y, delta;
  double loss = 0;
};

/// Everything the program has to say.
struct solution {
  std::string precision, origin;
  double tolerance = 0;
  std::vector<std::size_t> widths;
  walkthrough part1, part2;
  xg::computation_graph graph;  // of part 1
  std::vector<answer> answers;
  double nearest_kink = 0;  // of both parts; below kink_margin the roads may land on different sides of it

  std::size_t agreeing() const;
  bool ok() const { return agreeing() == answers.size(); }
  /// What the program returns: 0 if all agree, 1 if something disagrees.
  int exit_status() const { return ok() ? 0 : 1; }
};

/// How far the two roads may be apart, relative to the scale: 1e-12 in double, 1e-5 in float.
template <class T>
inline constexpr double tolerance = 1e-12;
template <>
inline constexpr double tolerance<float> = 1e-5;

/// Answers one question on both roads at samples x, targets y. The scale is the largest element of the closed form
/// where every term counts with its absolute value (|W|, |x|, and -|y| in h - y): an error bound of rounding that
/// cancellation does not shrink.
template <class T>
answer compare(const question<T>& question, const forward_pass<T>& pass, const point<T>& here,
               const point<T>& magnitudes);

/// The point of the absolute values, which `compare` takes its scale from.
template <class T>
point<T> magnitudes_of(const point<T>& p);

/// Answers the questions on the problem's numbers, rounded to T. Part 1 is asked of x1, y1, part 2 of x2, y2.
template <class T>
solution solve(const problem& given, const std::vector<question<T>>& questions);

}  // namespace homework
