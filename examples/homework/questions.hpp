// The questions of the sheet: what is asked, the closed form, and how the tape and plain xtensor each compute it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "closed_forms.hpp"
#include "network.hpp"

namespace homework {

/// How a question reads, in Unicode for the terminal and in LaTeX for the report.
struct question_text {
  std::string id;        // "1.11"
  std::string quantity;  // ∂l/∂W²
  std::string formula;   // (δ W³ ⊙ (z² > 0))ᵀ h¹
  std::string shape;     // "2×3", "scalar", "m×1", ...
  std::string latex_quantity, latex_formula;
};

/// One question. Both functions return the answer as a matrix; a scalar is 1×1.
template <class T>
struct question {
  question_text text;
  int part;  // 1: asked of one sample; 2: asked of the batch
  std::function<matrix<T>(const forward_pass<T>&)> by_tape;
  std::function<matrix<T>(const point<T>&)> by_formula;
};

/// The 25 questions of the sheet in its order, for the 4-3-2-1 network.
template <class T>
std::vector<question<T>> sheet_questions();

/// For any network: δ, and ∂l/∂Wⁱ and ∂l/∂hⁱ for every layer, in both parts. The ids are "1.delta", "1.W3", "1.h2",
/// "2.W3", ...
template <class T>
std::vector<question<T>> layer_questions(std::size_t layers);

/// The sheet's questions if the widths are 4, 3, 2, 1, the general ones otherwise.
template <class T>
std::vector<question<T>> questions_for(const std::vector<std::size_t>& widths);

/// The texts of the 25 questions.
const std::vector<question_text>& sheet_texts();

/// A number in raised digits, the index of a layer: "¹²".
std::string superscript(std::size_t number);

}  // namespace homework
