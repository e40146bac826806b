// The larger forms: sums, matrices, cases.
#include <algorithm>
#include <set>

#include "formulas/parser_state.hpp"

namespace write_up {

node parser::big_sum() {
  const nesting_guard guard(*this);
  const span from = take().where;
  node out = make(node_kind::big_sum, from);
  node lower;
  node upper;
  bool limits_below = false;
  bool limits_above = false;
  while (peek().kind == token_kind::up || peek().kind == token_kind::down) {
    if (take().kind == token_kind::up) {
      if (limits_above) fail("one upper limit");
      limits_above = true;
      upper = peek().kind == token_kind::open ? group() : atom();
      continue;
    }
    if (!out.letters.empty()) fail("one lower limit");
    if (peek().kind != token_kind::open) {
      if (peek().kind != token_kind::letter) fail("the letter summed over");
      out.letters.push_back(take().text);
      continue;
    }
    take();
    const bool stacked = accept("\\substack");
    if (stacked && take().kind != token_kind::open) fail("{");
    if (peek().kind == token_kind::digit) {  // 1 ≤ i ≤ 2
      lower = number();
      if (!accept("\\le")) fail("\\le");
      if (peek().kind != token_kind::letter) fail("the letter summed over");
      out.letters.push_back(take().text);
      if (!accept("\\le")) fail("\\le and the upper limit");
      upper = expression(power::sum);
      limits_below = limits_above = true;
    } else {
      lower_limit(out.letters, lower, upper, limits_below, limits_above);
    }
    for (int braces = stacked ? 2 : 1; braces > 0; --braces) {
      if (peek().kind != token_kind::close) fail("= and a lower limit, or }");
      take();
    }
  }
  if (limits_below != limits_above && limits_below) fail("the upper limit of the sum");
  if (limits_below && out.letters.size() > 1) fail("one letter for a sum with limits");
  out.child.push_back(expression(power::product));
  if (limits_below) {
    out.child.push_back(std::move(lower));
    out.child.push_back(std::move(upper));
  }
  out.where.end = out.child[0].where.end;
  return out;
}

// k, k = 1, k = 1, 2, k ∈ {1, 2}: what stands below a sum.
void parser::lower_limit(std::vector<std::string>& letters, node& lower, node& upper, bool& below, bool& above) {
  do {
    if (peek().kind != token_kind::letter) fail("the letter summed over");
    letters.push_back(take().text);
  } while (accept(",") || peek().kind == token_kind::letter);
  if (accept("=")) {
    below = true;
    lower = expression(power::sum);
    above = list_of_terms(lower, upper) || above;
  } else if (accept("\\in")) {
    if (!accept("\\{")) fail("\\{ and the numbers summed over");
    below = above = true;
    lower = number();
    if (!list_of_terms(lower, upper)) upper = lower;
    expect("\\}");
  }
}

// The rest of "1, 2, 3" behind the first number: leaves the last one in `upper`. False if no comma follows.
bool parser::list_of_terms(const node& lower, node& upper) {
  if (!at(",")) return false;
  upper = lower;
  while (accept(",")) {
    const double before = upper.number;
    if (accept("\\dots")) {
      expect(",");
      upper = expression(power::sum);
      return true;
    }
    upper = number();
    if (lower.kind != node_kind::number || upper.number != before + 1)
      throw complaint(trouble::not_understood, upper.where, "a sum over a list with gaps; expected 1, 2, 3 or limits");
  }
  return true;
}

node parser::environment() {
  const nesting_guard guard(*this);
  take();
  if (peek().kind != token_kind::open) fail("{");
  const std::string name = spelled_group();
  static const std::set<std::string> matrices{"matrix",      "bmatrix", "pmatrix",      "Bmatrix",
                                              "smallmatrix", "array",   "psmallmatrix", "bsmallmatrix"};
  const bool brace_before = here_ >= 2 && tokens_[here_ - 2].is("\\{");
  if (name != "cases" && name != "dcases" && name != "rcases" && matrices.count(name) == 0)
    fail("matrix, bmatrix, pmatrix, array or cases");
  here_ += name.size() + 2;
  if (name == "array" && peek().kind == token_kind::open) {  // {cc|c}
    while (peek().kind != token_kind::close && !at_end()) take();
    take();
  }
  node out = matrices.count(name) != 0 && !(name == "array" && brace_before) ? matrix(name) : cases();
  expect("\\end");
  if (peek().kind != token_kind::open || spelled_group() != name) fail("{" + name + "}");
  here_ += name.size() + 2;
  return out;
}

node parser::matrix(const std::string& name) {
  node out = make(node_kind::matrix, peek().where);
  int columns = 0;
  while (!at("\\end")) {
    if (at_end()) fail("\\end{" + name + "}");
    while (accept("\\hline")) {
    }
    if (at("\\end")) break;
    if (at("\\dots")) {  // it has no value, but another side of the chain may have
      out.child.push_back(make_name("\\dots", take().where));
    } else {
      out.child.push_back(expression(power::sum));
    }
    ++columns;
    if (out.child.size() > cap_.cells) fail("a smaller matrix");
    if (peek().kind == token_kind::align) {
      take();
      continue;
    }
    accept(",");
    if (!at("\\end") && !accept("\\\\") && !accept("\\cr")) fail("&, \\\\ or \\end{" + name + "}");
    if (out.columns != 0 && columns != out.columns) fail("rows of equal length");
    out.columns = columns;
    columns = 0;
  }
  if (out.child.empty() || columns != 0) fail("the entries of the matrix");
  out.where.end = peek().where.end;
  out.bracketed = true;
  return out;
}

node parser::cases() {
  node out = make(node_kind::cases, peek().where);
  while (!at("\\end")) {
    if (at_end()) fail("\\end{cases}");
    out.child.push_back(expression(power::sum));
    accept(",");
    if (peek().kind == token_kind::align) take();
    accept(",");
    out.child.push_back(condition());
    accept(".");
    accept(",");
    accept(";");
    if (!at("\\end") && !accept("\\\\") && !accept("\\cr")) fail("\\\\ or \\end{cases}");
    if (out.child.size() > 20) fail("fewer cases");
  }
  if (out.child.empty()) fail("the cases");
  for (std::size_t i = 0; i + 3 < out.child.size(); i += 2)  // "otherwise" comes last, wherever it stands
    if (out.child[i + 1].kind == node_kind::otherwise)
      std::rotate(out.child.begin() + static_cast<std::ptrdiff_t>(i),
                  out.child.begin() + static_cast<std::ptrdiff_t>(i) + 2, out.child.end());
  out.where.end = peek().where.end;
  out.bracketed = true;
  return out;
}

// z > 0, i = 1 and j = 2, otherwise
node parser::condition() {
  const nesting_guard guard(*this);
  static const std::set<std::string> otherwise{"otherwise", "otherwise.", "else", "else.", "sonst",
                                               "sonst.",    "ow",         "o.w.", "otw"};
  static const std::set<std::string> filler{"if",    "when", "for", "wenn",       "falls", "für",
                                            "where", "and",  "und", "otherwise,", "else,"};
  node out = make(node_kind::all_of, peek().where);
  for (;;) {
    if (peek().kind == token_kind::word) {
      const std::string word = take().text;
      if (otherwise.count(word) != 0 || word == "otherwise," || word == "else,") {
        if (at_end() || !starts_operand()) {
          node o = make(node_kind::otherwise, tokens_[here_ - 1].where);
          return o;
        }
        continue;
      }
      if (filler.count(word) == 0) {
        --here_;
        fail("a condition such as z > 0, or otherwise");
      }
      continue;
    }
    node r = expression(power::relation);
    if (accept("\\in")) {
      const std::string op = positive_numbers();
      if (op.empty()) fail("the positive numbers, as in (0, \\infty), or a condition such as z > 0");
      r = make(node_kind::relation, r.where, {r, make_number(0, r.where)});
      r.ops.push_back(op);
    }
    if (r.kind != node_kind::relation && r.kind != node_kind::all_of)
      throw complaint(trouble::not_understood, r.where, "no comparison here; expected a condition such as z > 0");
    out.child.push_back(std::move(r));
    if (out.child.size() > 8) fail("fewer conditions");
    const bool more = accept("\\wedge") || (at(",") && (peek(1).kind == token_kind::letter) && accept(","));
    if (!more && !(peek().kind == token_kind::word && filler.count(peek().text) != 0)) break;
  }
  out.where.end = out.child.back().where.end;
  if (out.child.size() == 1) {
    node only = std::move(out.child[0]);
    return only;
  }
  return out;
}

}  // namespace write_up
