// From the equations of an answer to the one formula that is the answer, and the definitions it may use.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "answers/document.hpp"

namespace write_up {

/// A formula for some rows and columns of what is asked for, ∂l/∂W²_{2j} = 0, or for some of the question's places,
/// ∂h²₁₁/∂W²₁₂ = … where every ∂h²₁₁/∂W²₁ⱼ is asked for.
struct partial {
  node formula;
  subscript row, column;
  std::vector<subscript> place{};  ///< for each index of the question: a number, the answer's letter, or all at once
  std::vector<node> sides{};       ///< other sides of the chain, which must say the same
};

/// The formula to be judged.
struct candidate {
  node formula;
  /// Letters of the answer's left side and the question's own letters: ∂l/∂W²_{ab} = … names i "a" and j "b".
  std::vector<std::pair<std::string, std::string>> letters;
  std::vector<partial> parts;             ///< if the left sides ask for entries or rows of a whole
  std::vector<node> others;               ///< other sides of the chain, which must say the same
  std::optional<node> left;               ///< the left side, if it is not what is asked for
  std::vector<node> behind;               ///< formulas behind it, which must not say something else in its place
  std::vector<partial> also;              ///< entries given beside the whole
  std::vector<std::vector<node>> claims;  ///< equations about other derivatives, ∂l/∂z² = …: they must hold
  std::vector<said_range> ranges;
  std::string argument = "x";  ///< the variable of question 1.6
  bool two_samples = false;    ///< the write-up says m = 2: a 2 may stand for m
};

/// Picks the formula. New definitions are appended to `definitions`. Throws a complaint if nothing, or no single thing,
/// can be taken for the answer.
candidate pick_candidate(const question& q, const statements& s, bool marked, std::vector<definition>& definitions,
                         const limits& cap);

/// How well a left side fits the question.
enum class match { none, near, exact };

/// Fills in what the left side says: letters and the argument if it fits exactly; row, column and place of `part` if it
/// is near, an entry or a row where more is asked for.
match fits(node side, const question& q, candidate& c, partial& part);

/// True for a chain of derivatives, ∂l/∂h³ ∂h³/∂W³₁₁, that begins and ends with what is asked for.
bool is_chain_for(const node& side, const question& q);

}  // namespace write_up
