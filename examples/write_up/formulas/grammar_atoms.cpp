// What formulas are made of: letters, numbers, brackets, symbols.
#include <set>

#include "formulas/grammar.hpp"
#include "tex/word_list.hpp"

namespace write_up {

// 1_{z>0}, or a 1 or an I in a font of its own; 11_{z>0} is drawn over each other.
bool grammar::indicator_follows() const {
  const piece& p = peek();
  if (p.styled && (p.text == "1" || p.text == "I")) return true;
  std::size_t k = 0;
  while (is(kind::digit, k) && peek(k).text == "1") ++k;
  return k > 0 && is(kind::down, k);
}

node grammar::atom() {
  const piece& p = peek();
  if (indicator_follows()) {
    ++here_;
    while (is(kind::digit) && !p.styled) ++here_;
    return indicator(p.where);
  }
  switch (p.is) {
    case kind::letter:
      return letter();
    case kind::digit:
      return number();
    case kind::fence:
      return bracket();
    case kind::table:
      return table();
    case kind::call:
      if (p.text == "\\frac") return fraction();
      break;
    case kind::sign:
      return symbol();
    case kind::group: {
      ++here_;
      node inside = whole(p, power::relation);
      inside.where = p.where;
      return inside;
    }
    case kind::word: {
      const std::string f = known_function(p.text);
      if (f.empty()) fail(p.of_text ? "a formula" : "a function of the notation table");
      ++here_;
      return function(f, p.where);
    }
    default:
      break;
  }
  fail("a formula");
}

node grammar::number() {
  std::string digits;
  span where = peek().where;
  if (!is(kind::digit)) fail("a number");
  while (is(kind::digit) || (at(".") && is(kind::digit, 1) && !digits.empty())) {
    where.end = peek().where.end;
    digits += take().text;
    if (digits.size() > 12) throw complaint(trouble::not_understood, where, "a number of more than 12 digits");
  }
  if (digits.find('.') != digits.rfind('.')) throw complaint(trouble::not_understood, where, "two points in a number");
  node n = make_number(std::stod(digits), where);
  if (n.number == 0 && is(kind::down)) ++here_;  // 0_{2\times 3}: a zero fits every shape anyway
  return n;
}

node grammar::letter() {
  if (peek().text == "d" && inline_derivative_follows()) return inline_derivative();
  const piece& p = take();
  if (p.text == "l") {
    skip_arguments();
    return make_name("l", p.where);
  }
  if (p.text == "f" || p.text == "\\hat y" || p.text == "\\hat Y") return prediction(p.where);
  if (p.text == "H" && opens("(")) return function("step", p.where);
  if (p.text == "I" && (opens("") || is(kind::down))) return indicator(p.where);
  return make_name(p.text, p.where);
}

node grammar::symbol() {
  static const std::set<std::string> greek = words_of(
      R"(\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \kappa \lambda \mu \nu \xi \pi \rho
      \tau \phi \varphi \chi \psi \omega \Delta \Gamma \Lambda \Phi \Psi \Omega \Xi \Pi \Theta \iota \upsilon)");
  const std::string t = peek().text;
  const span where = peek().where;
  if (t == "\\partial" || t == "\\nabla") return derivative_prefix();
  if (t == "\\sum" || (t == "\\Sigma" && (is(kind::down, 1) || is(kind::up, 1)))) return big_sum();
  if (t == "\\qty" && opens("", 1)) {
    ++here_;
    return bracket();
  }
  ++here_;
  if (t == "\\sigma") return function("relu", where);
  if (t == "\\dot\\sigma") return function("relu'", where);
  if (t == "\\max" || t == "\\min") return function(t.substr(1), where);
  if (t == "\\chi" && is(kind::down) && spelled(peek().child).find_first_of("><\\") != std::string::npos)
    return indicator(where);
  if (t == "\\Theta" && opens("(")) return function("step", where);
  if (greek.count(t) != 0) return make_name(t.substr(1), where);
  --here_;
  fail(t[0] == '\\' ? "a symbol of the notation table" : "a formula");
}

// Brackets: an expression, a tuple, a scalar product, or the brace before cases.
node grammar::bracket() {
  const piece& p = take();
  if (p.text == "\\{" && p.child.size() == 1 && p.child[0].is == kind::table) return cases(p.child[0]);
  grammar inside = row_of(p);
  node out = inside.expression(p.text == "\\langle" ? power::sum : power::relation);
  if (inside.at(",")) {
    node row = make(node_kind::matrix, p.where, {});
    row.child.push_back(std::move(out));
    while (inside.accept(",")) {
      row.child.push_back(inside.expression(power::sum));
      if (row.child.size() > shared_.cap.cells) inside.fail("fewer entries");
    }
    row.columns = static_cast<int>(row.child.size());
    out = std::move(row);
  }
  inside.must_end(p.close.empty() ? ") for the " + p.text + " at " + to_string(p.where.begin) : "an operator");
  check_close(p);
  if (p.text == "\\langle") {
    if (out.kind != node_kind::matrix || out.columns != 2) fail("two vectors between the angles");
    out.kind = node_kind::inner;
    return out;
  }
  out.where = p.where;
  out.bracketed = true;
  return out;
}

void grammar::check_close(const piece& fence) const {
  const std::string close = fence.text == "("     ? ")"
                            : fence.text == "["   ? "]"
                            : fence.text == "\\{" ? "\\}"
                                                  : "\\rangle";
  if (fence.close == close) return;
  const std::string met =
      fence.close.empty() ? "the formula ends here" : "'" + fence.close + "' is not understood here";
  throw complaint(trouble::not_understood, {fence.where.end, fence.where.end},
                  met + "; expected " + close + " for the " + fence.text + " at " + to_string(fence.where.begin));
}

}  // namespace write_up
