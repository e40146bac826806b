// Finding the answers in a write-up, and the formula that counts in each.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "formulas/ast.hpp"
#include "formulas/sentences.hpp"
#include "sheet/question.hpp"
#include "tex/macros.hpp"
#include "tex/source.hpp"
#include "values/evaluate.hpp"

namespace write_up {

/// The raw answer to one question, as it stands in the write-up.
struct raw_answer {
  std::string id;
  std::vector<token> tokens;
  std::vector<token> before;  ///< the text between the answer before and this one: definitions may stand there
  span where;
  bool marked = false;    ///< by \answer{…}{…}; otherwise found by its number
  bool replaced = false;  ///< a later answer counts; what stands before it still holds
};

/// A write-up taken apart. Nothing in it has been understood yet.
struct document {
  std::string source;
  macro_table macros;
  std::vector<raw_answer> answers;   ///< in the order of the write-up, at most one per question not replaced
  bool two_samples = false;          ///< it says m = 2
  std::vector<std::string> remarks;  ///< ids not known, answers given twice, …
};

/// Finds the answers: \answer{1.11}{…} marks, or else \section, \item and numbers such as 1.11 at the beginning of a
/// line.
document read_document(const std::string& text);

/// One `a = b = c` of an answer.
struct statement : said {
  std::vector<node> sides{};
  span where{};
};

/// All statements of an answer, in order; those that could not be read are complaints.
struct statements {
  std::vector<statement> list;
  std::vector<said_range> ranges;
  std::vector<complaint> unread;
  std::vector<node> unknown_functions;  ///< σ or H, where an equation for it could not be read
  bool empty = false;                   ///< nothing was written, or only dots
  bool prompt = false;                  ///< an equation whose right side is still to be filled in was left out
};

/// Formulas that a sentence only asks about, or gives as a hint, are left out; if `keep_asked`, only where there are
/// others.
statements read_statements(const std::vector<token>& tokens, const macro_table& macros, const limits& cap,
                           bool keep_asked = false);

}  // namespace write_up
