#include "formulas/gaps.hpp"

#include <set>

#include "formulas/surroundings.hpp"
#include "tex/commands.hpp"

namespace write_up {

bool is_gap(const token& t) { return t.is("\\quad") || t.is("\\qquad"); }

// (3), (*), (2 × 3) at the end of a display.
bool is_only_a_label(const std::vector<token>& formula, std::size_t i) {
  std::string label;
  for (; i < formula.size(); ++i) {
    const token& t = formula[i];
    if (is_blank(t) || is_gap(t)) continue;
    if (t.kind != token_kind::digit && !t.is("\\times") && !t.is("*") && !t.is("(") && !t.is(")") && !t.is("m"))
      return false;
    label += t.text;
  }
  const bool alone =
      label.size() > 2 && label.front() == '(' && label.back() == ')' && label.find(')') + 1 == label.size();
  if (alone && label != "(1)" && label.find_first_of("m*t") == std::string::npos)
    throw complaint(trouble::ambiguous, formula.back().where, "a number in brackets: a factor or a label?");
  return alone;
}

bool opens_group(const token& t) { return t.kind == token_kind::open || t.is("\\begin") || t.is("(") || t.is("["); }
bool closes_group(const token& t) { return t.kind == token_kind::close || t.is("\\end") || t.is(")") || t.is("]"); }

// Something that could be an entry of a row stands next to i.
bool operand_beside(const std::vector<token>& formula, std::size_t i, int step) {
  std::size_t k = i;
  do {
    if (k == 0 && step < 0) return false;
    k = step < 0 ? k - 1 : k + 1;
    if (k >= formula.size()) return false;
  } while (is_blank(formula[k]));
  const token& t = formula[k];
  static const std::set<std::string> others{"\\\\",   ",",      ".", ";", ":",       "+",        "-",       "=",
                                            "\\cdot", "\\odot", "*", ">", "\\times", "\\hspace", "\\begin", "\\end"};
  if (step < 0 && t.kind == token_kind::close) {  // \text{if}\quad x > 0
    while (k > 0 && formula[k].kind != token_kind::open) --k;
    if (k > 0 && is_text_command(formula[k - 1].text)) return false;
  }
  if (is_text_command(t.text) || t.kind == token_kind::align || others.count(t.text) != 0) return false;
  return step < 0 ? !opens_group(t) : !closes_group(t);
}

}  // namespace write_up
