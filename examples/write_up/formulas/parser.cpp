#include "formulas/parser.hpp"

#include <set>
#include <utility>

#include "formulas/parser_state.hpp"
#include "tex/word_list.hpp"

namespace write_up {

node parse_formula(const std::vector<token>& tokens, const limits& cap) {
  parser p(tokens, cap);
  node out = p.expression(power::sum);
  if (!p.at_end()) p.fail("an operator or the end of the formula");
  return out;
}

std::vector<node> parse_equation(const std::vector<token>& tokens, const limits& cap) {
  parser p(tokens, cap);
  std::vector<node> sides;
  p.accept("=");  // a line that begins with = goes on from the one before
  do {
    if (p.at("\\dots") && p.peek(1).is("=")) {  // a = … = b
      p.accept("\\dots");
      continue;
    }
    sides.push_back(p.expression(power::sum));
  } while (p.accept("="));
  if (sides.back().kind == node_kind::name && !p.at_end() && !sides.back().bracketed) {  // … = x > 0
    const std::string op = p.peek().text;
    if ((op == ">" || op == "\\ge" || op == "<" || op == "\\le") && p.peek(1).is("0") &&
        p.peek(2).kind == token_kind::end) {
      p.accept(op);
      node zero = p.expression(power::sum);
      const span where{sides.back().where.begin, zero.where.end};
      sides.back() = make(node_kind::relation, where, {sides.back(), std::move(zero)});
      sides.back().ops.push_back(op);
      sides.back().bracketed = true;
    }
  }
  if (!p.at_end()) {
    const std::string t = p.peek().text;
    if (t == ">" || t == "<" || t == "\\ge" || t == "\\le")
      throw complaint(trouble::not_understood, p.peek().where,
                      "a comparison outside brackets; expected (… " + t + " 0)");
    p.fail("an operator, = or the end of the formula");
  }
  return sides;
}

bool is_index_letter(const std::string& t) {
  return t.size() == 1 && std::string("ijknpqrs").find(t[0]) != std::string::npos;
}

bool is_loss(const std::string& t) { return t == "l" || t == "L" || t == "J" || t == "E" || t == "C"; }

std::string sheet_name(const std::string& t) {
  if (t == "w") return "W";
  if (t == "X" || t == "Y" || t == "Z" || t == "H") return std::string(1, static_cast<char>(t[0] - 'A' + 'a'));
  return t;
}

node make(node_kind kind, span where, std::vector<node> child) {
  node n;
  n.kind = kind;
  n.where = where;
  n.child = std::move(child);
  return n;
}

node make_number(double value, span where) {
  node n = make(node_kind::number, where);
  n.number = value;
  return n;
}

node make_name(const std::string& text, span where) {
  node n = make(node_kind::name, where);
  n.text = text;
  return n;
}

node make_apply(const std::string& function, span where, std::vector<node> arguments) {
  node n = make(node_kind::apply, where, std::move(arguments));
  n.text = function;
  return n;
}

namespace {

// {a \over b} is \frac{a}{b}.
std::vector<token> with_fractions(std::vector<token> t) {
  for (std::size_t k = 0; k < t.size(); ++k) {
    if (!t[k].is("\\over")) continue;
    std::size_t from = k;
    for (int depth = 0; from > 0 && (depth > 0 || t[from - 1].kind != token_kind::open); --from)
      depth += t[from - 1].kind == token_kind::close ? 1 : t[from - 1].kind == token_kind::open ? -1 : 0;
    const span where = t[k].where;
    if (from == 0) {  // no braces: everything is above or below
      t.insert(t.begin(), {token_kind::open, "{", where});
      t.push_back({token_kind::close, "}", where});
      ++k;
      from = 1;
    }
    t[k] = {token_kind::close, "}", where};
    t.insert(t.begin() + static_cast<std::ptrdiff_t>(k) + 1, {token_kind::open, "{", where});
    t.insert(t.begin() + static_cast<std::ptrdiff_t>(from) - 1, {token_kind::command, "\\frac", where});
    k += 2;
  }
  return t;
}

}  // namespace

parser::parser(const std::vector<token>& tokens, const limits& cap) : tokens_(with_fractions(tokens)), cap_(cap) {
  end_.kind = token_kind::end;
  end_.text = "";
  if (!tokens_.empty()) end_.where = {tokens_.back().where.end, tokens_.back().where.end};
}

const token& parser::peek(std::size_t ahead) const {
  return here_ + ahead < tokens_.size() ? tokens_[here_ + ahead] : end_;
}

token parser::take() {
  token t = peek();
  if (!at_end()) ++here_;
  return t;
}

bool parser::accept(std::string_view text) {
  if (at_end() || !at(text)) return false;
  ++here_;
  return true;
}

void parser::expect(std::string_view text) {
  if (!accept(text)) fail(std::string(text));
}

void parser::fail(const std::string& expected) const {
  const token& t = peek();
  const std::string met =
      t.kind == token_kind::end ? "the formula ends here" : "'" + t.text + "' is not understood here";
  throw complaint(trouble::not_understood, t.where, met + "; expected " + expected);
}

bool parser::starts_operand() const {
  static const std::set<std::string> stops{")", "]", "\\}", "\\rangle", "|", "+", "-", "/", "*",
                                           ",", ";", "=",   ">",        "<", ".", ":", "'"};
  static const std::set<std::string> commands_that_stop = words_of(
      R"(\cdot \times \odot \otimes \ge \le \ne \end \\ \rangle \quad \qquad \in \forall \dots \wedge \Rightarrow
      \implies \to \} \mid \pm \cr)");
  const token& t = peek();
  switch (t.kind) {
    case token_kind::letter:
    case token_kind::digit:
    case token_kind::open:
      return true;
    case token_kind::symbol:
      return t.text == "(" || t.text == "[" || t.text == "\\{";
    case token_kind::command:
      return commands_that_stop.count(t.text) == 0 && stops.count(t.text) == 0;
    case token_kind::word:
      return !known_function(t.text).empty();
    default:
      return false;
  }
}

std::string parser::infix_operator(int& binding) const {
  static const std::set<std::string> relations{">", "<", "\\ge", "\\le", "=", "\\ne"};
  static const std::set<std::string> products{"\\cdot", "\\times", "*", "\\odot", "\\otimes", "/"};
  binding = -1;
  if (at_end() || peek().kind == token_kind::word) return starts_operand() ? (binding = power::product, "") : "";
  const std::string& t = peek().text;
  if (relations.count(t) != 0) return binding = power::relation, t;
  if (t == "+" || t == "-") return binding = power::sum, t;
  if (products.count(t) != 0) return binding = power::product, t;
  if (starts_operand()) binding = power::product;
  return "";
}

void parser::append(node& left, const std::string& op, node right, node_kind kind) const {
  if (left.kind != kind || left.bracketed) {
    const span where = left.where;
    std::vector<node> first;
    first.push_back(std::move(left));
    left = make(kind, where, std::move(first));
  }
  left.where.end = right.where.end;
  left.ops.push_back(op);
  left.child.push_back(std::move(right));
}

// Operators of one binding power are collected into one flat node, left to right.
node parser::expression(int min_power) {
  const nesting_guard guard(*this);
  if (++work_ > 10 * cap_.tokens)
    throw complaint(trouble::too_much, peek().where, "this formula takes too long to read");
  node left = prefix();
  for (;;) {
    int binding = -1;
    const std::string op = infix_operator(binding);
    if (binding < min_power) return left;
    if (!op.empty()) ++here_;
    if (binding == power::product) {
      append(left, op, op.empty() ? operand() : prefix(), node_kind::product);
    } else {
      append(left, op, expression(binding + 1), binding == power::sum ? node_kind::sum : node_kind::relation);
    }
  }
}

node parser::prefix() {
  const nesting_guard guard(*this);
  const token& t = peek();
  if (t.kind != token_kind::word && (t.text == "-" || t.text == "+") && t.kind == token_kind::symbol) {
    const span where = take().where;
    node inside = expression(power::product);  // −ab is −(ab)
    if (t.text == "+") return inside;
    node out = make(node_kind::negate, {where.begin, inside.where.end});
    out.child.push_back(std::move(inside));
    return out;
  }
  return operand();
}

}  // namespace write_up
