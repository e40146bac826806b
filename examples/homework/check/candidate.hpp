// From the equations of an answer to the one formula that is the answer, and the definitions it may use.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "document.hpp"

namespace homework::check {

/// The formula to be judged.
struct candidate {
  node formula;
  /// Letters of the answer's left side and the question's own letters: ∂l/∂W²_{ab} = … names i "a" and j "b".
  std::vector<std::pair<std::string, std::string>> letters;
  /// The left side asks for single entries of a whole gradient, with these letters for row and column ("" if none).
  std::string entry_row, entry_column;
  std::string argument = "x";  ///< the variable of question 1.6
};

/// Picks the formula. New definitions are appended to `definitions`. Throws a complaint if nothing, or no single thing,
/// can be taken for the answer.
candidate pick_candidate(const question& q, const statements& s, bool marked, std::vector<definition>& definitions,
                         const limits& cap);

/// Appends the definitions that text outside the answers makes ("let a = …").
void take_definitions(const statements& s, std::vector<definition>& definitions, const limits& cap);

/// The index letters of a formula that neither a sum, nor a definition, nor the list `bound` binds, in alphabetical
/// order.
std::vector<std::string> free_letters(const node& n, const std::vector<definition>& definitions,
                                      std::vector<std::string> bound = {});

}  // namespace homework::check
