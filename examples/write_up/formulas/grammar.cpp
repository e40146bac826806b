#include "formulas/grammar.hpp"

#include <set>
#include <utility>

#include "tex/word_list.hpp"

namespace write_up {

std::vector<node> parse_equation(const pieces& formula, const limits& cap) {
  grammar::state shared{cap};
  const place end = formula.empty() ? place{} : formula.back().where.end;
  grammar g(formula, end, shared);
  std::vector<node> sides;
  g.accept("=");  // a line that begins with = goes on from the one before
  do {
    if (g.at("\\dots") && g.peek(1).sign("=")) {  // a = … = b
      g.accept("\\dots");
      continue;
    }
    sides.push_back(g.expression(power::sum));
  } while (g.accept("="));
  const std::string op = g.peek().text;
  const bool compares = g.at(">") || g.at("<") || g.at("\\ge") || g.at("\\le");
  const bool with_zero = g.peek(1).text == "0" && g.peek(2).is == piece::kind::end;
  if (sides.back().kind == node_kind::name && !sides.back().bracketed && compares && with_zero) {  // … = x > 0
    g.accept(op);
    node zero = g.expression(power::sum);
    const span where{sides.back().where.begin, zero.where.end};
    sides.back() = make(node_kind::relation, where, {sides.back(), std::move(zero)});
    sides.back().ops.push_back(op);
    sides.back().bracketed = true;
  }
  if (!g.at_end() && (g.at(">") || g.at("<") || g.at("\\ge") || g.at("\\le")))
    throw complaint(trouble::not_understood, g.peek().where,
                    "a comparison outside brackets; expected (… " + g.peek().text + " 0)");
  g.must_end("an operator, = or the end of the formula");
  return sides;
}

std::vector<node> parse_equation(const std::string& latex) { return parse_equation(tree_of_formula(latex)); }

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

nesting_guard::nesting_guard(const grammar& g) : depth_(g.shared_.depth) {
  if (++depth_ <= 8 * g.shared_.cap.nesting && ++g.shared_.work <= 10 * g.shared_.cap.tokens) return;
  --depth_;
  throw complaint(trouble::too_much, g.peek().where,
                  "brackets nested more than " + std::to_string(g.shared_.cap.nesting) + " deep");
}

grammar::grammar(const pieces& row, place end, state& shared) : row_(row), end_(end), shared_(shared) {}

const piece& grammar::peek(std::size_t ahead) const {
  static const piece end{};
  return here_ + ahead < row_.size() ? row_[here_ + ahead] : end;
}

const piece& grammar::take() { return at_end() ? peek() : row_[here_++]; }

bool grammar::accept(std::string_view sign) {
  if (!at(sign)) return false;
  ++here_;
  return true;
}

void grammar::expect(std::string_view sign) {
  if (!accept(sign)) fail(std::string(sign));
}

void grammar::fail(const std::string& expected) const {
  const piece& p = peek();
  if (p.is == kind::broken) throw complaint(trouble::not_understood, p.where, p.text);
  const std::string met = at_end() ? "the formula ends here" : "'" + p.text + "' is not understood here";
  throw complaint(trouble::not_understood, at_end() ? span{end_, end_} : p.where, met + "; expected " + expected);
}

void grammar::must_end(const std::string& expected) const {
  if (!at_end()) fail(expected);
}

node grammar::whole(const piece& p, int min_power) const {
  grammar inside = row_of(p);
  node out = inside.expression(min_power);
  inside.must_end("an operator or the end of the formula");
  return out;
}

bool grammar::opens(std::string_view bracket, std::size_t ahead) const {
  const piece& p = peek(ahead);
  return p.is == kind::fence && (bracket.empty() ? p.text != "\\langle" : p.text == bracket);
}

bool grammar::starts_operand() const {
  static const std::set<std::string> stops = words_of(
      R"(\cdot \times \odot \otimes \ge \le \ne \\ \quad \qquad \in \dots \wedge \} \rangle \mid \pm \forall \to)");
  const piece& p = peek();
  switch (p.is) {
    case kind::letter:
    case kind::digit:
    case kind::group:
    case kind::fence:
    case kind::call:
    case kind::table:
    case kind::broken:
      return true;
    case kind::word:
      return !p.of_text || !known_function(p.text).empty();
    case kind::sign:
      return p.text.size() > 1 && p.text[0] == '\\' && stops.count(p.text) == 0;
    default:
      return false;
  }
}

std::string grammar::infix_operator(int& binding) const {
  static const std::set<std::string> relations{">", "<", "\\ge", "\\le", "=", "\\ne"};
  static const std::set<std::string> products{"\\cdot", "\\times", "*", "\\odot", "\\otimes", "/"};
  binding = -1;
  const std::string& t = peek().text;
  if (is(kind::sign)) {
    if (relations.count(t) != 0) return binding = power::relation, t;
    if (t == "+" || t == "-") return binding = power::sum, t;
    if (products.count(t) != 0) return binding = power::product, t;
  }
  if (starts_operand()) binding = power::product;
  return "";
}

namespace {

void append(node& left, const std::string& op, node right, node_kind kind) {
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

}  // namespace

// Operators of one binding power are collected into one flat node, left to right.
node grammar::expression(int min_power) {
  const nesting_guard guard(*this);
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

node grammar::prefix() {
  const nesting_guard guard(*this);
  if (!at("-") && !at("+")) return operand();
  const piece& sign = take();
  node inside = expression(power::product);  // −ab is −(ab)
  if (sign.text == "+") return inside;
  node out = make(node_kind::negate, {sign.where.begin, inside.where.end});
  out.child.push_back(std::move(inside));
  return out;
}

node grammar::operand() {
  const nesting_guard guard(*this);
  return postfix(atom());
}

node grammar::postfix(node base) {
  for (;;) {
    const bool slope = base.kind == node_kind::derivative && base.child[0].text == "relu";
    if (slope && at("|") && is(kind::down, 1)) base = at_argument(base);
    if (is(kind::group) && peek().child.empty()) ++here_;  // {}^T
    if (!is(kind::up) && !is(kind::down) && !at("'")) return base;
    const bool symbol = base.kind == node_kind::name && !base.bracketed;
    const scripts s = take_scripts(symbol);
    base = finish(std::move(base), s);
    if (is(kind::up)) fail("one superscript only");
  }
}

}  // namespace write_up
