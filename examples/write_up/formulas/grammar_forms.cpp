// Fractions, derivatives (\frac{∂l}{∂h}, ∂_h l, ∇_h l, ∂l/∂h), sums, matrices and cases.
#include <algorithm>

#include "formulas/grammar.hpp"

namespace write_up {
namespace {

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
  const bool two = top.kind == node_kind::apply && top.text == "max" && top.child.size() == 2;
  for (std::size_t k = 0; two && k < 2; ++k)
    if (top.child[k].kind == node_kind::number && top.child[k].number == 0) {  // max(0, x) is the relu of x
      top = make_apply("relu", top.where, {top.child[1 - k]});
      break;
    }
  return make(node_kind::derivative, where, {std::move(top), std::move(bottom)});
}

bool may_have_arguments(const node& n) { return n.kind == node_kind::name && n.text != "l" && n.text != "f"; }

}  // namespace

bool grammar::differential(std::size_t ahead) const {
  return peek(ahead).sign("\\partial") || (is(kind::letter, ahead) && peek(ahead).text == "d");
}

// ∂l/∂h, dσ(x)/dx: one symbol with what belongs to it, a slash, another differential.
bool grammar::inline_derivative_follows() const {
  std::size_t k = 2;
  while (is(kind::up, k) || is(kind::down, k) || is(kind::fence, k) || peek(k).sign("'")) ++k;
  const bool symbol = is(kind::letter, 1) || is(kind::word, 1) || peek(1).sign("\\sigma") || is(kind::fence, 1);
  return symbol && peek(k).sign("/") && differential(k + 1);
}

node grammar::inline_derivative() {
  const span from = take().where;
  node top = operand();
  if (may_have_arguments(top)) skip_arguments();
  expect("/");
  if (!differential()) fail("\\partial");
  ++here_;
  node bottom = operand();
  const span whole{from.begin, bottom.where.end};
  return make_derivative(whole, std::move(top), std::move(bottom));
}

// ∂_{h^2} l(θ), ∇_{h^2} l, ∂l/∂h^2
node grammar::derivative_prefix() {
  const nesting_guard guard(*this);
  if (at("\\partial") && inline_derivative_follows()) return inline_derivative();
  const span from = take().where;
  if (!is(kind::down)) fail("the variable of the derivative, as in \\frac{\\partial l}{\\partial h^2}");
  node bottom = whole(take(), power::relation);
  node top = operand();
  if (may_have_arguments(top)) skip_arguments();
  const span whole{from.begin, top.where.end};
  return make_derivative(whole, std::move(top), std::move(bottom));
}

node grammar::fraction() {
  const nesting_guard guard(*this);
  const piece& p = take();
  const grammar above = row_of(p.child[0]);
  const grammar below = row_of(p.child[1]);
  // \frac{d…}{d…} is a derivative only if both begin so; d alone may be the student's letter.
  if (above.at("\\partial") || (above.differential() && below.differential())) return derivative_fraction(p);
  node out = make(node_kind::product, p.where, {});
  for (const piece& part : p.child) {
    out.child.push_back(whole(part, power::relation));
    out.child.back().bracketed = true;
  }
  out.ops.push_back("/");
  out.bracketed = true;
  return out;
}

node grammar::derivative_fraction(const piece& fraction) {
  grammar above = row_of(fraction.child[0]);
  grammar below = row_of(fraction.child[1]);
  ++above.here_;
  node top;
  const bool as_operator = above.at_end();
  if (!as_operator) {
    top = without_arguments(above.expression(power::product));
    above.must_end("}");
  }
  if (!below.differential()) below.fail("\\partial");
  ++below.here_;
  node bottom = below.operand();
  below.must_end("} after the variable of the derivative");
  if (as_operator) top = without_arguments(operand());
  return make_derivative(fraction.where, std::move(top), std::move(bottom));
}

node grammar::big_sum() {
  const nesting_guard guard(*this);
  node out = make(node_kind::big_sum, take().where);
  node lower;
  node upper;
  bool limits_below = false;
  bool limits_above = false;
  while (is(kind::up) || is(kind::down)) {
    const piece& p = take();
    if (p.is == kind::up) {
      if (limits_above) fail("one upper limit");
      limits_above = true;
      upper = whole(p, power::relation);
    } else {
      if (!out.letters.empty()) fail("one lower limit");
      const bool stacked = p.child.size() == 1 && p.child[0].is == kind::call && !p.child[0].child.empty();
      grammar below = row_of(stacked ? p.child[0].child[0] : p);
      below.below_sum(out, lower, upper, limits_below, limits_above);
      below.must_end("= and a lower limit, or }");
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

// k, k = 1, k = 1, 2, k ∈ {1, 2}, 1 ≤ k ≤ 2: what stands below a sum.
void grammar::below_sum(node& sum, node& lower, node& upper, bool& below, bool& above) {
  if (is(kind::digit)) {
    lower = number();
    expect("\\le");
    if (!is(kind::letter)) fail("the letter summed over");
    sum.letters.push_back(take().text);
    expect("\\le");
    upper = expression(power::sum);
    below = above = true;
    return;
  }
  do {
    if (!is(kind::letter)) fail("the letter summed over");
    sum.letters.push_back(take().text);
  } while (accept(",") || is(kind::letter));
  if (accept("=")) {
    below = true;
    lower = expression(power::sum);
    above = list_of_terms(lower, upper) || above;
  } else if (accept("\\in")) {
    if (!opens("\\{")) fail("\\{ and the numbers summed over");
    below = above = true;
    grammar set = row_of(take());
    lower = set.number();
    if (!set.list_of_terms(lower, upper)) upper = lower;
    set.must_end("\\}");
  }
}

// The rest of "1, 2, 3" behind the first number: leaves the last one in `upper`. False if no comma follows.
bool grammar::list_of_terms(const node& lower, node& upper) {
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

node grammar::table() {
  const nesting_guard guard(*this);
  const piece& p = take();
  return p.close == "cases" ? cases(p) : matrix(p);
}

node grammar::matrix(const piece& rows) {
  node out = make(node_kind::matrix, rows.where);
  for (const piece& row : rows.child) {
    for (const piece& entry : row.child) {
      grammar cell = row_of(entry);
      if (cell.at("\\dots")) {  // it has no value, but another side of the chain may have
        out.child.push_back(make_name("\\dots", cell.take().where));
      } else {
        out.child.push_back(cell.expression(power::sum));
      }
      cell.accept(",");
      cell.must_end("&, \\\\ or \\end{" + rows.text + "}");
      if (out.child.size() > shared_.cap.cells) fail("a smaller matrix");
    }
    if (out.columns != 0 && out.columns != static_cast<int>(row.child.size())) row_of(row).fail("rows of equal length");
    out.columns = static_cast<int>(row.child.size());
  }
  if (out.child.empty()) fail("the entries of the matrix");
  out.bracketed = true;
  return out;
}

node grammar::cases(const piece& rows) {
  node out = make(node_kind::cases, rows.where);
  for (const piece& row : rows.child) {
    grammar first = row_of(row.child[0]);
    out.child.push_back(first.expression(power::sum));
    first.accept(",");
    pieces rest;  // the condition may have an & of its own
    for (std::size_t k = 1; k < row.child.size(); ++k)
      rest.insert(rest.end(), row.child[k].child.begin(), row.child[k].child.end());
    grammar behind(rest, row.where.end, shared_);
    if (row.child.size() > 1) first.must_end("&");
    grammar& where = row.child.size() > 1 ? behind : first;
    where.accept(",");
    out.child.push_back(where.condition());
    while (where.accept(".") || where.accept(",") || where.accept(";")) {
    }
    where.must_end("\\\\ or \\end{cases}");
    if (out.child.size() > 20) fail("fewer cases");
  }
  if (out.child.empty()) fail("the cases");
  for (std::size_t i = 0; i + 3 < out.child.size(); i += 2)  // "otherwise" comes last, wherever it stands
    if (out.child[i + 1].kind == node_kind::otherwise)
      std::rotate(out.child.begin() + static_cast<std::ptrdiff_t>(i),
                  out.child.begin() + static_cast<std::ptrdiff_t>(i) + 2, out.child.end());
  out.bracketed = true;
  return out;
}

}  // namespace write_up
