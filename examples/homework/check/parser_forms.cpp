// The larger forms: fractions and derivatives, sums, matrices, cases.
#include <array>
#include <set>

#include "parser_state.hpp"

namespace homework::check {
namespace {

// How many tokens at the front spell a differential: ∂, d, \mathrm d, \mathrm{d}, \text{d}. 0 if none.
std::size_t differential_length(const token& a, const token& b, const token& c, const token& e) {
  if (a.text == "\\partial" || (a.text == "d" && (a.kind == token_kind::letter || a.kind == token_kind::word)))
    return 1;
  if (a.text != "\\mathrm" && a.text != "\\rm" && a.text != "\\mathsf") return 0;
  if (b.is("d")) return 2;
  return b.kind == token_kind::open && c.is("d") && e.kind == token_kind::close ? 4 : 0;
}

// l(θ) may have been read as a product of L and (θ): the loss keeps its name only.
node without_arguments(node n) {
  if (n.kind == node_kind::product && n.child.size() == 2 && n.child[0].kind == node_kind::name &&
      n.child[1].bracketed) {
    node first = n.child[0];
    return first;
  }
  return n;
}

node make_derivative(span where, node top, node bottom) {
  for (node* n : {&top, &bottom})
    if (n->kind == node_kind::name && n->text.size() == 1) n->text = sheet_name(n->text);
  return make(node_kind::derivative, where, {std::move(top), std::move(bottom)});
}

}  // namespace

bool parser::differential_follows() const { return differential_length(peek(), peek(1), peek(2), peek(3)) != 0; }

void parser::take_differential() {
  const std::size_t n = differential_length(peek(), peek(1), peek(2), peek(3));
  if (n == 0) fail("\\partial");
  here_ += n;
}

node parser::fraction() {
  const nesting_guard guard(*this);
  const span from = take().where;
  const std::size_t start = here_;
  if (peek().kind == token_kind::open) take();
  if (differential_follows()) {
    // \frac{d…}{d…} is a derivative only if both begin so; d alone may be the student's letter.
    const bool certain = at("\\partial");
    here_ = start;
    if (certain) return derivative_fraction();
    int depth = 0;
    do {
      depth += peek().kind == token_kind::open ? 1 : peek().kind == token_kind::close ? -1 : 0;
      take();
    } while (depth > 0 && !at_end());
    if (peek().kind == token_kind::open) take();
    const bool both = differential_follows();
    here_ = start;
    if (both) return derivative_fraction();
  }
  here_ = start;
  std::array<node, 2> part;
  for (node& p : part) {
    if (peek().kind == token_kind::open) {
      p = group();
    } else if (peek().kind == token_kind::digit) {  // \frac12
      const token digit = take();
      p = make_number(digit.text[0] - '0', digit.where);
    } else {
      p = atom();
    }
    p.bracketed = true;
  }
  node out = make(node_kind::product, {from.begin, part[1].where.end}, {part[0], part[1]});
  out.ops.push_back("/");
  out.bracketed = true;
  return out;
}

node parser::numerator() { return without_arguments(expression(power::product)); }

node parser::derivative_fraction() {
  const span from = peek().where;
  bool braces = peek().kind == token_kind::open;
  if (braces) take();
  take_differential();
  node top;
  const bool as_operator = braces ? peek().kind == token_kind::close : peek().kind == token_kind::open;
  if (!as_operator) top = braces ? numerator() : operand();
  if (braces && take().kind != token_kind::close) {
    --here_;
    fail("}");
  }
  braces = peek().kind == token_kind::open;
  if (braces) take();
  take_differential();
  node bottom = operand();
  if (braces && take().kind != token_kind::close) {
    --here_;
    fail("} after the variable of the derivative");
  }
  if (as_operator) top = without_arguments(operand());
  return make_derivative({from.begin, bottom.where.end}, std::move(top), std::move(bottom));
}

// ∂_{h^2} l(θ), ∇_{h^2} l, ∂l/∂h^2
node parser::derivative_prefix() {
  const nesting_guard guard(*this);
  const token sign = peek();
  node d;
  if (sign.text == "\\partial" && inline_derivative(d)) return d;
  take();
  if (peek().kind != token_kind::down) fail("the variable of the derivative, as in \\frac{\\partial l}{\\partial h^2}");
  take();
  node bottom = peek().kind == token_kind::open ? group() : atom();
  node top = operand();
  if (top.kind == node_kind::name && top.text != "l") skip_arguments();
  return make_derivative({sign.where.begin, top.where.end}, std::move(top), std::move(bottom));
}

// ∂l/∂h or dl/dh at the cursor; false, and nothing moved, if it is not that.
bool parser::inline_derivative(node& out) {
  const std::size_t start = here_;
  if (no_derivative_.count(start) != 0) return false;
  const span from = peek().where;
  try {
    take_differential();
    if (starts_operand() && peek().kind != token_kind::down) {
      node top = operand();
      if (top.kind == node_kind::name && top.text != "l") skip_arguments();
      if (accept("/") && differential_follows()) {
        take_differential();
        node bottom = operand();
        out = make_derivative({from.begin, bottom.where.end}, std::move(top), std::move(bottom));
        return true;
      }
    }
  } catch (const complaint& c) {
    if (c.kind == trouble::too_much) throw;
  }
  no_derivative_.insert(start);
  here_ = start;
  return false;
}

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
    do {
      if (peek().kind != token_kind::letter) fail("the letter summed over");
      out.letters.push_back(take().text);
    } while (accept(",") || peek().kind == token_kind::letter);
    if (accept("=")) {
      limits_below = true;
      lower = expression(power::sum);
      limits_above = list_of_terms(lower, upper);
    } else if (accept("\\in")) {
      if (!accept("\\{")) fail("\\{ and the numbers summed over");
      limits_below = true;
      lower = number();
      limits_above = list_of_terms(lower, upper);
      if (!limits_above) fail("the numbers summed over, as in \\{1, 2\\}");
      expect("\\}");
    }
    if (peek().kind != token_kind::close) fail("= and a lower limit, or }");
    take();
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
    out.child.push_back(expression(power::sum));
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

}  // namespace homework::check
