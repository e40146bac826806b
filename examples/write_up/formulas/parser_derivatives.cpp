// Fractions and derivatives: \frac{∂l}{∂h}, ∂_h l, ∇_h l, ∂l/∂h.
#include <array>

#include "formulas/parser_state.hpp"

namespace write_up {
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
  const bool two = top.kind == node_kind::apply && top.text == "max" && top.child.size() == 2;
  for (std::size_t k = 0; two && k < 2; ++k)
    if (top.child[k].kind == node_kind::number && top.child[k].number == 0) {  // max(0, x) is the relu of x
      top = make_apply("relu", top.where, {top.child[1 - k]});
      break;
    }
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
  const span whole{from.begin, bottom.where.end};
  return make_derivative(whole, std::move(top), std::move(bottom));
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
  if (top.kind == node_kind::name && top.text != "l" && top.text != "f") skip_arguments();
  const span whole{sign.where.begin, top.where.end};
  return make_derivative(whole, std::move(top), std::move(bottom));
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
      if (top.kind == node_kind::name && top.text != "l" && top.text != "f") skip_arguments();
      if (accept("/") && differential_follows()) {
        take_differential();
        node bottom = operand();
        const span whole{from.begin, bottom.where.end};
        out = make_derivative(whole, std::move(top), std::move(bottom));
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

}  // namespace write_up
