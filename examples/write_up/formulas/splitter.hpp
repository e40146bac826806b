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
  bool negated = false;      ///< words beside it change its meaning: not, minus, twice, is wrong
};

/// The pieces of an answer, in order. If it holds no mathematics marks at all, the whole answer is mathematics. Throws
/// a complaint at commands that cross something out or print it only at times.
std::vector<piece> split(const std::vector<token>& tokens);

}  // namespace write_up
