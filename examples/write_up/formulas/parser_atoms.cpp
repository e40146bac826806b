// What formulas are made of: letters, numbers, brackets, symbols in all styles.
#include <set>

#include "formulas/parser_state.hpp"
#include "tex/word_list.hpp"

namespace write_up {
namespace {

const std::set<std::string> styles = words_of(
    R"(\mathbf \mathrm \mathsf \mathit \boldsymbol \mathcal \mathbb \mathds \mathbbm \vec \mathscr \mathfrak \mathtt
    \mathnormal \operatorname \mathord \underline \mathbbold \vb \va \bold)");
const std::set<std::string> switches{"\\bf", "\\rm", "\\sf", "\\it", "\\cal", "\\bfseries"};
const std::set<std::string> accents{"\\hat", "\\tilde", "\\bar", "\\overline", "\\dot"};
const std::set<std::string> greek = words_of(
    R"(\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \kappa \lambda \mu \nu \xi \pi \rho
    \tau \phi \varphi \chi \psi \omega \Delta \Gamma \Lambda \Phi \Psi \Omega \Xi \Pi \Theta \iota \upsilon)");

}  // namespace

node parser::operand() {
  const nesting_guard guard(*this);
  return postfix(atom());
}

node parser::postfix(node base) {
  for (;;) {
    const bool slope = base.kind == node_kind::derivative && base.child[0].text == "relu";
    if (slope && at("|") && peek(1).kind == token_kind::down) base = at_argument(std::move(base));
    if (peek().kind == token_kind::open && peek(1).kind == token_kind::close && peek(2).kind == token_kind::up)
      here_ += 2;
    if (peek().kind != token_kind::up && peek().kind != token_kind::down && !(at("'") && !at_end())) return base;
    const bool symbol = base.kind == node_kind::name && !base.bracketed;
    const scripts s = take_scripts(symbol);
    base = finish(std::move(base), s);
    if (peek().kind == token_kind::up) fail("one superscript only");
  }
}

node parser::atom() {
  const token& t = peek();
  if (const std::size_t length = indicator_length(); length != 0) {
    const span where = t.where;
    here_ += length;
    return indicator(where);
  }
  switch (t.kind) {
    case token_kind::letter:
      return letter();
    case token_kind::digit:
      return number();
    case token_kind::open:
      return group();
    case token_kind::word: {
      const std::string f = known_function(t.text);
      if (f.empty()) fail("a formula");
      const span where = take().where;
      return function(f, where);
    }
    default:
      break;
  }
  if (opens_bracket(t)) {
    const std::string open = t.text;
    return bracket(open, closer(open));
  }
  if (t.kind == token_kind::command) return command();
  fail("a formula");
}

node parser::number() {
  std::string digits;
  span where = peek().where;
  if (peek().kind != token_kind::digit) fail("a number");
  while (peek().kind == token_kind::digit || (at(".") && peek(1).kind == token_kind::digit && !digits.empty())) {
    where.end = peek().where.end;
    digits += take().text;
    if (digits.size() > 12) throw complaint(trouble::not_understood, where, "a number of more than 12 digits");
  }
  if (digits.find('.') != digits.rfind('.')) throw complaint(trouble::not_understood, where, "two points in a number");
  node n = make_number(std::stod(digits), where);
  if (n.number == 0 && peek().kind == token_kind::down) {  // 0_{2\times 3}: a zero fits every shape anyway
    take();
    if (peek().kind == token_kind::open) {
      int depth = 0;
      do {
        depth += peek().kind == token_kind::open ? 1 : peek().kind == token_kind::close ? -1 : 0;
        if (at_end()) fail("}");
        take();
      } while (depth > 0);
    } else {
      take();
    }
  }
  return n;
}

node parser::letter() {
  const token t = peek();
  if (t.text == "d") {
    node d;
    if (inline_derivative(d)) return d;
  }
  take();
  if (t.text == "l") {
    node loss = make_name("l", t.where);
    skip_arguments();
    return loss;
  }
  if (t.text == "f") return prediction(t.where);
  if (t.text == "H" && at("(")) return function("step", t.where);
  if (t.text == "I" && (opens_bracket(peek()) || peek().kind == token_kind::down)) return indicator(t.where);
  return make_name(t.text, t.where);
}

node parser::group() {
  const nesting_guard guard(*this);
  const span from = take().where;
  while (switches.count(peek().text) != 0) take();
  if (peek().kind == token_kind::close) fail("a formula between the braces");
  node inside = expression(power::relation);
  if (peek().kind != token_kind::close) fail("}");
  inside.where = {from.begin, take().where.end};
  return inside;
}

node parser::bracket(const std::string& open, const std::string& close) {
  const nesting_guard guard(*this);
  const span from = take().where;
  if (open == "\\{" && at("\\begin") && peek(2).is("a")) {  // \left\{ \begin{array}{ll} … \right.
    node c = environment();
    accept(close);
    return c;
  }
  node inside = expression(power::relation);
  if (at(",")) {
    node row = make(node_kind::matrix, from, {});
    row.child.push_back(std::move(inside));
    while (accept(",")) {
      row.child.push_back(expression(power::sum));
      if (row.child.size() > cap_.cells) fail("fewer entries");
    }
    row.columns = static_cast<int>(row.child.size());
    inside = std::move(row);
  }
  inside.where = {from.begin, peek().where.end};
  if (!accept(close)) fail(close + " for the " + open + " at " + to_string(from.begin));
  inside.bracketed = true;
  return inside;
}

node parser::command() {
  const token t = peek();
  if (styles.count(t.text) != 0) return styled();
  if (t.text == "\\frac") return fraction();
  if (t.text == "\\partial" || t.text == "\\nabla") return derivative_prefix();
  if (t.text == "\\sum") return big_sum();
  if (t.text == "\\begin") return environment();
  take();
  if (t.text == "\\qty" && opens_bracket(peek())) {
    const std::string open = peek().text;
    return bracket(open, closer(open));
  }
  if (t.text == "\\sigma") return function("relu", t.where);
  if (t.text == "\\max") return function("max", t.where);
  if (t.text == "\\min") return function("min", t.where);
  if (t.text == "\\langle") {
    node a = expression(power::sum);
    expect(",");
    node b = expression(power::sum);
    const span where{t.where.begin, peek().where.end};
    expect("\\rangle");
    return make(node_kind::inner, where, {std::move(a), std::move(b)});
  }
  if (t.text == "\\Sigma" && (peek().kind == token_kind::down || peek().kind == token_kind::up)) {
    --here_;
    return big_sum();
  }
  if (t.text == "\\chi" && set_follows()) return indicator(t.where);
  if (accents.count(t.text) != 0) return accented(t);
  if (t.text == "\\Theta" && at("(")) return function("step", t.where);
  if (greek.count(t.text) != 0) return make_name(t.text.substr(1), t.where);
  --here_;
  fail("a symbol of the notation table");
}

// How many tokens at the cursor spell an indicator and its condition follows: 1_, {\bf 1}_, {\mathbf{1}}_, 11_ (drawn
// over each other). 0 if they do not.
std::size_t parser::indicator_length() const {
  std::size_t k = 0;
  int braces = 0;
  for (;; ++k) {
    const token& t = peek(k);
    if (t.kind != token_kind::open && styles.count(t.text) == 0 && switches.count(t.text) == 0) break;
    braces += t.kind == token_kind::open ? 1 : 0;
  }
  if (!peek(k).is("1")) return 0;
  while (peek(k).is("1")) ++k;
  for (; braces > 0; --braces, ++k)
    if (peek(k).kind != token_kind::close) return 0;
  return peek(k).kind == token_kind::down ? k : 0;
}

// \hat y, \hat{\mathbf y}
node parser::accented(const token& accent) {
  if (accent.text == "\\dot" && accept("\\sigma")) return function("relu'", accent.where);
  if (accent.text == "\\dot" && peek().kind == token_kind::open && peek(1).is("\\sigma") &&
      peek(2).kind == token_kind::close) {
    here_ += 3;
    return function("relu'", accent.where);
  }
  int braces = 0;
  while (peek().kind == token_kind::open || styles.count(peek().text) != 0 || switches.count(peek().text) != 0)
    braces += take().kind == token_kind::open ? 1 : 0;
  const token inner = take();
  if (inner.kind != token_kind::letter && greek.count(inner.text) == 0) {
    --here_;
    fail("one letter under " + accent.text);
  }
  for (; braces > 0; --braces) {
    if (peek().kind != token_kind::close) fail("}");
    take();
  }
  const span where{accent.where.begin, inner.where.end};
  if (accent.text == "\\hat" && sheet_name(inner.text) == "y") return prediction(where);
  return make_name(accent.text + " " + inner.text, where);
}

// The letters of a {group} without spaces; "" if there is more than letters in it. Does not move.
std::string parser::spelled_group() {
  std::string out;
  for (std::size_t k = 1; peek(k).kind == token_kind::letter || peek(k).kind == token_kind::digit; ++k)
    out += peek(k).text;
  return peek(out.size() + 1).kind == token_kind::close ? out : "";
}

// \mathbf{W}, \mathbb{1}, \mathrm{ReLU}, \boldsymbol{h^2}: the style goes, but a styled 1 or I is an indicator.
node parser::styled() {
  const nesting_guard guard(*this);
  const token style = take();
  const bool braces = peek().kind == token_kind::open;
  const std::string spelled = braces ? spelled_group() : peek().text;
  if (spelled == "1" || (spelled == "I" && style.text != "\\mathcal" && style.text != "\\operatorname")) {
    here_ += braces ? 3 : 1;
    return indicator(style.where);
  }
  if (spelled.size() == 1 && peek(braces ? 1 : 0).kind == token_kind::letter) {
    here_ += braces ? 2 : 0;
    const char c = spelled[0];
    tokens_[here_] = {token_kind::letter, style.text == "\\mathcal" && c == 'L' ? "l" : spelled, style.where};
    return letter();
  }
  if (spelled == "0") {
    here_ += braces ? 2 : 0;
    tokens_[here_] = {token_kind::digit, "0", style.where};
    return number();
  }
  if (braces && spelled.size() > 1) {
    const std::string f = known_function(spelled);
    if (!f.empty()) {
      here_ += spelled.size() + 2;
      return function(f, style.where);
    }
    if (style.text == "\\operatorname" || style.text == "\\mathrm") fail("a function of the notation table");
  }
  return braces ? group() : operand();
}

}  // namespace write_up
