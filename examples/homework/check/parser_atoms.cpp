// What formulas are made of: letters, numbers, brackets, symbols in all styles.
#include <set>

#include "parser_state.hpp"

namespace homework::check {
namespace {

const std::set<std::string> styles{"\\mathbf",  "\\mathrm",    "\\mathsf",   "\\mathit",     "\\boldsymbol",
                                   "\\mathcal", "\\mathbb",    "\\mathds",   "\\mathbbm",    "\\vec",
                                   "\\mathscr", "\\mathfrak",  "\\mathtt",   "\\mathnormal", "\\operatorname",
                                   "\\mathord", "\\underline", "\\mathbbold"};
const std::set<std::string> switches{"\\bf", "\\rm", "\\sf", "\\it", "\\cal", "\\bfseries"};
const std::set<std::string> accents{"\\hat", "\\tilde", "\\bar", "\\overline", "\\dot"};
const std::set<std::string> greek{"\\alpha", "\\beta",  "\\gamma",    "\\delta", "\\epsilon", "\\varepsilon", "\\zeta",
                                  "\\eta",   "\\theta", "\\vartheta", "\\kappa", "\\lambda",  "\\mu",         "\\nu",
                                  "\\xi",    "\\pi",    "\\rho",      "\\tau",   "\\phi",     "\\varphi",     "\\chi",
                                  "\\psi",   "\\omega", "\\Delta",    "\\Gamma", "\\Lambda",  "\\Phi",        "\\Psi",
                                  "\\Omega", "\\Xi",    "\\Pi",       "\\Theta", "\\iota",    "\\upsilon"};

}  // namespace

node parser::operand() {
  const nesting_guard guard(*this);
  return postfix(atom());
}

node parser::postfix(node base) {
  for (;;) {
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
  switch (t.kind) {
    case token_kind::letter:
      return letter();
    case token_kind::digit: {
      if (t.text == "1" && peek(1).kind == token_kind::down) {  // 1_{z>0}
        const span where = take().where;
        return indicator(where);
      }
      return number();
    }
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
  if (t.text == "f") {
    if (peek().kind == token_kind::down && peek(1).is("\\theta")) here_ += 2;
    skip_arguments();
    return make_name("f", t.where);
  }
  if (t.text == "H" && at("(")) return function("step", t.where);
  if (t.text == "I" && (opens_bracket(peek()) || peek().kind == token_kind::down)) return indicator(t.where);
  return make_name(t.text, t.where);
}

// True at "(x, θ)": the arguments of l or f, nothing that could be a factor of its own.
bool parser::arguments_follow() const {
  static const std::set<std::string> parts{
      "x", "y", "W", "h", ",", ";", "\\theta", "\\Theta", "\\hat", "\\boldsymbol", "\\mathbf"};
  if (!at("(")) return false;
  for (std::size_t k = 1;; ++k) {
    const token& t = peek(k);
    if (t.is(")")) return k > 1;
    const bool script = t.kind == token_kind::up || t.kind == token_kind::down || t.kind == token_kind::open ||
                        t.kind == token_kind::close || t.kind == token_kind::digit;
    if (!script && parts.count(t.text) == 0) return false;
  }
}

// The (x, θ) after l or f says nothing.
void parser::skip_arguments() {
  if (!arguments_follow()) return;
  while (!accept(")")) take();
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
  if (accents.count(t.text) != 0) {
    if (t.text == "\\dot" && accept("\\sigma")) return function("relu'", t.where);
    const bool braces = peek().kind == token_kind::open;
    if (braces) take();
    const token inner = take();
    if (inner.kind != token_kind::letter && greek.count(inner.text) == 0) {
      --here_;
      fail("one letter under " + t.text);
    }
    if (braces && peek().kind != token_kind::close) fail("}");
    if (braces) take();
    const bool prediction = t.text == "\\hat" && inner.text == "y";
    node n = make_name(prediction ? "f" : t.text + " " + inner.text, {t.where.begin, inner.where.end});
    if (prediction) skip_arguments();
    return n;
  }
  if (t.text == "\\Theta" && at("(")) return function("step", t.where);
  if (greek.count(t.text) != 0) return make_name(t.text.substr(1), t.where);
  --here_;
  fail("a symbol of the notation table");
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

}  // namespace homework::check
