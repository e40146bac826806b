// The right answers as formulas, and what becomes of them when a part is written another way.
#pragma once

#include <string>
#include <vector>

#include "values/evaluate.hpp"

namespace write_up {

/// Changes to a right answer, "P = (z^2 \\ge 0); A = z^2". What the right answers are made of: \Delta (∂l/∂h³), V (W³),
/// U (W²), P and Q (the conditions of layers 2 and 1), A (h²), B (h¹), G (x), S (∂l/∂h²), K (∂l/∂h¹), R (∂h²₁₁/∂W²₂ by
/// h¹), M (m); and each gradient under its name, dl_dW2 and so on. \Omega is a number that is not there.
std::vector<definition> changes_in(const std::string& text);

/// A name that stands for these numbers.
definition fixed(const std::string& name, const matrix& value);

/// A right answer with changes.
class right_form {
 public:
  right_form(const question& q, const std::vector<definition>& changes);
  right_form(const right_form&) = delete;
  right_form& operator=(const right_form&) = delete;

  /// The whole gradient at a point; NaN where something is not there. Throws a complaint if it has no value.
  matrix at(const world& w);

 private:
  std::vector<definition> parts_;
  meter work_;
  evaluator evaluator_;
  node whole_;
};

}  // namespace write_up
