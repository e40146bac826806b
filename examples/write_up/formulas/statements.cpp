// From the sentences of an answer to its equations: ranges such as "for j = 1, 2, 3" are set aside, lines that begin
// with = go on from the one before.
#include <algorithm>
#include <set>

#include "answers/document.hpp"
#include "formulas/parser.hpp"
#include "formulas/sentences.hpp"

namespace write_up {
namespace {

using kind = piece::kind;

bool is_dots_or_mark(const piece& p) {
  static const std::set<std::string> marks{"\\dots", "?", ".", "!", "-", "\\_"};
  return p.is == kind::sign && marks.count(p.text) != 0;
}

// I(·), "the indicator function": a function is introduced.
bool names_a_function_only(const pieces& formula) {
  return std::any_of(formula.begin(), formula.end(), [](const piece& p) {
    return p.is == kind::fence && p.child.size() == 1 && p.child[0].sign("\\cdot");
  });
}

// "= ?" and "=" at the end of an equation, and "= …" where nothing but a left side stands before it: a prompt.
bool drop_prompt(pieces& formula) {
  const auto equals = std::count_if(formula.begin(), formula.end(), [](const piece& p) { return p.sign("="); });
  bool mark = equals == 1 && formula.back().sign("\\dots") && formula[formula.size() - 2].sign("=");
  while (!formula.empty() && (formula.back().sign("?") || (mark && is_dots_or_mark(formula.back())))) {
    mark = true;
    formula.pop_back();
  }
  const bool open = !formula.empty() && formula.back().sign("=");
  if (open) formula.pop_back();
  return open || mark;
}

// A matrix of the partial derivatives asked for says what is to be worked out, not what it is.
bool is_prompt(const node& side) {
  return side.kind == node_kind::matrix && std::all_of(side.child.begin(), side.child.end(), [&](const node& entry) {
           return entry.kind == node_kind::derivative && !entry.child[1].sub.empty() &&
                  entry.child[0].text == side.child[0].child[0].text &&
                  entry.child[1].text == side.child[0].child[1].text &&
                  entry.child[1].layer == side.child[0].child[1].layer;
         });
}

// Takes off what is still to be filled in; true if nothing is left but what is asked for.
bool drop_prompts(std::vector<node>& sides, bool open_end) {
  bool any = open_end;
  while (!sides.empty() && is_prompt(sides.back())) {
    sides.pop_back();
    any = true;
  }
  return any && sides.size() < 2;
}

// "for m = 2" and "for all x ∈ ℝ" take nothing back.
bool harmless_condition(const pieces& formula) {
  const std::string text = spelled(formula);
  return text == "m=2" || text == "x\\inR" || text == "x";
}

// A formula may say where it lives, δ h² ∈ ℝ^{1×2}; a symbol may be introduced so.
void drop_membership(pieces& formula) {
  for (std::size_t k = 0; k + 1 < formula.size(); ++k)
    if (formula[k].sign("\\in") && formula[k + 1].styled) return formula.resize(k);
}

// (2 × 3), m × 1: a shape.
bool only_a_shape(const pieces& formula) {
  const std::string text = spelled(formula);
  return text.find("\\times") != std::string::npos &&
         text.find_first_not_of("0123456789m()=\\times") == std::string::npos;
}

bool is_relation(const piece& p) {
  static const std::set<std::string> relations{"=", "<", ">", "\\le", "\\ge", "\\ne", "\\in"};
  return relations.count(p.text) != 0;
}

// σ(x) = …, H(x) = … that cannot be read: whatever it is, it is not the sheet's.
void note_function(const pieces& f, statements& out) {
  const bool equation = std::any_of(f.begin(), f.end(), [](const piece& p) { return p.sign("="); });
  const bool step = f.size() > 1 && (f[0].sign("\\Theta") || f[0].sign("H")) && f[1].is == kind::fence;
  if (!equation || !(step || f[0].sign("\\sigma"))) return;
  node function;
  function.kind = node_kind::apply;
  function.where = f[0].where;
  function.text = step ? "step" : f.size() > 1 && f[1].sign("'") ? "relu'" : "relu";
  out.unknown_functions.push_back(std::move(function));
}

// "We write δ for y - h^3", "denote y - h^3 by δ": an equation in words.
bool names_the_last(const said_formula& p, statements& out, const limits& cap) {
  const bool named = !out.list.empty() && out.list.back().defines && out.list.back().sides.size() == 1;
  if (!named || (p.condition && p.formula.size() == 1)) return false;
  statement& last = out.list.back();
  std::vector<node> more = parse_equation(p.formula, cap);
  if (more.size() != 1 || (last.sides[0].kind != node_kind::name && more[0].kind != node_kind::name)) return false;
  last.sides.push_back(std::move(more[0]));
  if (last.sides[0].kind != node_kind::name) std::swap(last.sides[0], last.sides[1]);
  return true;
}

// One formula of the text. Throws a complaint where it cannot be read.
void add(said_formula& p, statements& out, const limits& cap) {
  pieces& f = p.formula;
  if (!p.ranges.empty()) {
    out.empty = false;
    out.ranges.insert(out.ranges.end(), p.ranges.begin(), p.ranges.end());
    return;
  }
  while (!f.empty() && (f.back().sign(".") || f.back().sign(",") || f.back().sign(";") || f.back().sign(":")))
    f.pop_back();
  drop_membership(f);
  while (f.size() == 1 && f[0].is == kind::group) {  // \underline{a = b}
    pieces inside = std::move(f[0].child);
    f = std::move(inside);
  }
  if (f.empty() || std::all_of(f.begin(), f.end(), is_dots_or_mark)) return;
  out.empty = false;
  if (names_a_function_only(f)) return;
  const bool open_end = drop_prompt(f);
  if (f.empty()) return;
  if (f.size() == 1 && (is_operator(f[0]) || f[0].sign("\\top"))) return;  // "where ⊙ is the product entry by entry"
  if (only_a_shape(f) && !out.list.empty()) return;
  if ((p.a_case || (p.condition && std::any_of(f.begin(), f.end(), is_relation))) && !harmless_condition(f))
    throw complaint(trouble::not_understood, f[0].where,
                    "a condition in words; expected \\begin{cases} or a factor such as (z > 0)");
  if (p.names && names_the_last(p, out, cap)) return;
  if (p.condition) return;
  if (out.list.size() >= cap.formulas)
    throw complaint(trouble::too_much, f[0].where, "more than " + std::to_string(cap.formulas) + " formulas");
  const bool goes_on = f[0].sign("=") && !out.list.empty();
  std::vector<node> sides = parse_equation(f, cap);
  const bool prompt = drop_prompts(sides, open_end);
  const place end = f.back().where.end;
  if (goes_on) {
    statement& last = out.list.back();
    last.sides.insert(last.sides.end(), sides.begin(), sides.end());
    last.where.end = end;
    last.negated = last.negated || p.negated;
  } else if (prompt) {
    out.prompt = true;
  } else {
    out.list.push_back({p, std::move(sides), {f.front().where.begin, end}});
  }
}

}  // namespace

statements read_statements(const std::vector<token>& tokens, const macro_table& macros, const limits& cap,
                           bool keep_asked) {
  statements out;
  out.empty = true;
  std::vector<said_formula> all;
  try {
    all = sentences_of(expand(tokens, macros, cap), cap);
    const auto asked = [](const said_formula& p) { return p.asked; };
    if (!keep_asked || !std::all_of(all.begin(), all.end(), asked)) std::erase_if(all, asked);
  } catch (const complaint& c) {
    out.empty = false;
    out.unread.push_back(c);
    return out;
  }
  for (said_formula& p : all) {
    try {
      add(p, out, cap);
    } catch (const complaint& c) {
      if (!p.formula.empty()) note_function(p.formula, out);
      out.unread.push_back(c);
    }
  }
  return out;
}

}  // namespace write_up
