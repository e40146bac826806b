// The first cut of an answer: text and mathematics are told apart, formulas are parted from each other.
#pragma once

#include <string>
#include <vector>

#include "tex/source.hpp"

namespace write_up {

/// One formula between separators, and what the words around it say.
struct piece {
  std::vector<token> tokens;
  bool displayed = false;
  bool defines = false;      ///< behind let, where, with, …
  bool condition = false;    ///< behind "for": says where the formula before it holds
  bool a_case = false;       ///< behind "if": the same
  bool after_comma = false;  ///< only a comma parts it from the one before
  bool after_word = false;   ///< a word parts it from the one before
  bool reason = false;       ///< behind since, because: explains
  bool joined = false;       ///< nothing, or "or", stands between it and the formula before
  bool names = false;        ///< behind "by", "as", "for": write … for …
  bool asked = false;        ///< a sentence that asks for something, or gives a hint, mentions it
  bool negated = false;      ///< words beside it change its meaning: not, minus, twice, is wrong
};

/// Without what is struck out before a display: the display is what stands.
std::vector<token> without_struck_out(const std::vector<token>& tokens);

/// "1 if $x > 0$ and 0 otherwise" as a formula, with \begin{cases}.
std::vector<token> without_spoken_cases(const std::vector<token>& tokens);

/// TODO, "I do not know": an answer without formulas that says it is none.
bool only_says_nothing(const std::vector<token>& tokens);

/// The pieces of an answer, in order. If it holds no mathematics marks at all, the whole answer is mathematics. Throws
/// a complaint at commands that cross something out or print it only at times.
std::vector<piece> split(const std::vector<token>& tokens);

}  // namespace write_up
