// Functions and indicators: what stands before brackets and means more than a product.
#include <map>

#include "parser_state.hpp"

namespace homework::check {

bool opens_bracket(const token& t) {
  return t.kind == token_kind::symbol && (t.text == "(" || t.text == "[" || t.text == "\\{");
}

std::string closer(const std::string& open) { return open == "(" ? ")" : open == "[" ? "]" : "\\}"; }

std::string known_function(const std::string& t) {
  static const std::map<std::string, std::string> names{
      {"ReLU", "relu"}, {"relu", "relu"},      {"RELU", "relu"}, {"Relu", "relu"}, {"reLU", "relu"},
      {"diag", "diag"}, {"Diag", "diag"},      {"sgn", "sign"},  {"sign", "sign"}, {"Heaviside", "step"},
      {"step", "step"}, {"heaviside", "step"}, {"max", "max"},   {"min", "min"},   {"sigma", "relu"}};
  const auto it = names.find(t);
  return it == names.end() ? "" : it->second;
}

node parser::function(const std::string& name, span where) {
  std::string f = name;
  while (f == "relu" && (at("'") || (peek().kind == token_kind::up &&
                                     (peek(1).is("'") || (peek(1).kind == token_kind::open && peek(2).is("'") &&
                                                          peek(3).kind == token_kind::close))))) {
    here_ += at("'") ? 1 : peek(1).is("'") ? 2 : 4;
    f = "relu'";
  }
  std::vector<node> arguments;
  if (opens_bracket(peek())) {
    const std::string open = take().text;
    do {
      arguments.push_back(expression(power::relation));
      if (arguments.size() > 4) fail(closer(open));
    } while (accept(","));
    where.end = peek().where.end;
    expect(closer(open));
  } else if (starts_operand()) {
    arguments.push_back(operand());
    where.end = arguments.back().where.end;
  }
  return make_apply(f, where, std::move(arguments));
}

// What follows 𝟙: _{z>0}, _{\{z>0\}}, _{>0}(z), (z>0), [z>0], \{z>0\}.
node parser::indicator(span where) {
  const nesting_guard guard(*this);
  if (opens_bracket(peek())) return condition_in_brackets();
  if (peek().kind != token_kind::down) fail("a condition after the indicator");
  take();
  if (peek().kind != token_kind::open) fail("a condition in braces");
  take();
  int binding = -1;
  if (const std::string op = infix_operator(binding); binding == power::relation) {
    ++here_;
    node right = expression(power::sum);
    if (peek().kind != token_kind::close) fail("}");
    take();
    if (!opens_bracket(peek())) fail("the argument of the indicator in brackets");
    const std::string open = peek().text;
    node left = bracket(open, closer(open));
    const span whole{where.begin, left.where.end};
    node out = make(node_kind::relation, whole, {std::move(left), std::move(right)});
    out.ops.push_back(op);
    return out;
  }
  if (positive_numbers()) {
    if (!opens_bracket(peek())) fail("the argument of the indicator in brackets");
    const std::string open = peek().text;
    node left = bracket(open, closer(open));
    const span whole{where.begin, left.where.end};
    node out = make(node_kind::relation, whole, {std::move(left), make_number(0, where)});
    out.ops.push_back(">");
    return out;
  }
  const token first = peek();
  node out = opens_bracket(first) && first.text == "\\{" ? condition_in_brackets() : condition();
  out.where = {where.begin, peek().where.end};
  if (peek().kind != token_kind::close) fail("}");
  take();
  // 𝟙_{x>0}(x): the argument repeats the condition's own symbol
  if (at("(") && peek(1).is(first.text) && peek(2).is(")")) here_ += 3;
  out.bracketed = true;
  return out;
}

// (0, \infty)} at the cursor, behind the brace of a subscript; consumed if it is that.
bool parser::positive_numbers() {
  const bool there = peek().is("(") && peek(1).is("0") && peek(2).is(",") && peek(3).is("\\infty") && peek(4).is(")") &&
                     peek(5).kind == token_kind::close;
  if (there) here_ += 6;
  return there;
}

node parser::condition_in_brackets() {
  const span from = peek().where;
  const std::string open = take().text;
  node out = condition();
  out.where = {from.begin, peek().where.end};
  expect(closer(open));
  out.bracketed = true;
  return out;
}

}  // namespace homework::check
