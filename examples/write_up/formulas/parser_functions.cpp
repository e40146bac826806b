// Functions and indicators: what stands before brackets and means more than a product.
#include <algorithm>
#include <map>
#include <set>

#include "formulas/parser_state.hpp"
#include "tex/word_list.hpp"

namespace write_up {

bool opens_bracket(const token& t) {
  return t.kind == token_kind::symbol && (t.text == "(" || t.text == "[" || t.text == "\\{");
}

std::string closer(const std::string& open) { return open == "(" ? ")" : open == "[" ? "]" : "\\}"; }

std::string known_function(const std::string& t) {
  static const std::map<std::string, std::string> names = pairs_of(
      R"(ReLU relu relu relu RELU relu Relu relu reLU relu diag diag Diag diag sgn sign sign sign Heaviside step step
      step heaviside step max max min min sigma relu)");
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

namespace {

// The same formula, wherever it stands.
bool same_formula(const node& a, const node& b) {
  const auto same_sub = [](const subscript& s, const subscript& t) {
    return s.kind == t.kind && s.number == t.number && s.letter == t.letter;
  };
  const auto by = [](const node& n, const node& m) { return same_formula(n, m); };
  return a.kind == b.kind && a.text == b.text && a.number == b.number && a.ops == b.ops && a.letters == b.letters &&
         a.layered == b.layered && a.layer == b.layer && a.layer_letter == b.layer_letter &&
         std::equal(a.sub.begin(), a.sub.end(), b.sub.begin(), b.sub.end(), same_sub) &&
         std::equal(a.child.begin(), a.child.end(), b.child.begin(), b.child.end(), by);
}

}  // namespace

// What follows 𝟙: _{z>0}, _{\{z>0\}}, _{>0}(z), _{(0,∞)}(z), (z>0), [z>0], \{z>0\}.
node parser::indicator(span where) {
  const nesting_guard guard(*this);
  if (opens_bracket(peek())) return condition_in_brackets();
  if (peek().kind != token_kind::down) fail("a condition after the indicator");
  take();
  if (peek().kind != token_kind::open) fail("a condition in braces");
  take();
  int binding = -1;
  std::string op = infix_operator(binding);
  node right = make_number(0, where);
  if (binding == power::relation) {
    ++here_;
    right = expression(power::sum);
  } else {
    op = positive_numbers();
  }
  if (!op.empty()) {
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
  node out = at("\\{") ? condition_in_brackets() : condition();
  if (peek().kind != token_kind::close) fail("}");
  out.where = {where.begin, take().where.end};
  out = of_argument(std::move(out));
  out.bracketed = true;
  return out;
}

// 𝟙_{z>0}(z²): an indicator is a function. What stands in brackets behind it is its argument if it is what the
// condition is about, or if that is a plain letter; (h³ - y) behind it is a factor.
node parser::of_argument(node condition) {
  if (!opens_bracket(peek()) || condition.kind != node_kind::relation || condition.child.size() != 2) return condition;
  const std::size_t start = here_;
  node& about = condition.child[condition.child[0].kind == node_kind::number ? 1 : 0];
  const std::string open = peek().text;
  node argument;
  try {
    argument = bracket(open, closer(open));
  } catch (const complaint& c) {
    if (c.kind == trouble::too_much) throw;
    here_ = start;  // whatever it is, it is read again as a factor
    return condition;
  }
  if (same_formula(about, argument)) return condition;
  const bool letter = about.kind == node_kind::name && !about.layered && about.sub.empty();
  if (letter && argument.kind == node_kind::name && (argument.layered || argument.text == "x")) {
    about = std::move(argument);
  } else {
    here_ = start;
  }
  return condition;
}

// True if the braces below 𝟙 or χ hold a condition or a set, no index.
bool parser::set_follows() const {
  static const std::set<std::string> signs{">", "<", "\\ge", "\\le", "\\in", "\\infty", "\\mathbb"};
  if (peek().kind != token_kind::down || peek(1).kind != token_kind::open) return false;
  for (std::size_t k = 2, depth = 1; depth > 0; ++k) {
    const token& t = peek(k);
    if (t.kind == token_kind::end) return false;
    if (signs.count(t.text) != 0) return true;
    depth += t.kind == token_kind::open ? 1 : t.kind == token_kind::close ? -1 : 0;
  }
  return false;
}

// The positive numbers at the cursor: (0, ∞), ]0, ∞[, ℝ_{>0}, ℝ^+; with 0: [0, ∞), ℝ_{≥0}. Which relation to 0 they
// mean; consumed if they are there, else "".
std::string parser::positive_numbers() {
  static const std::map<std::string, std::string> sets = pairs_of(
      R"((0,\infty) > (0,+\infty) > ]0,\infty[ > ]0,+\infty[ > \mathbbR_>0 > \mathbbR^>0 > \mathbbR^+ > \mathbbR_+^* >
      \mathbbR^*_+ > [0,\infty) \ge [0,+\infty) \ge [0,\infty[ \ge \mathbbR_\ge0 \ge \mathbbR_0^+ \ge \mathbbR^+_0 \ge
      \mathbbR_+ ?)");
  std::string spelled;
  std::string relation;
  std::size_t length = 0;
  int depth = 0;
  for (std::size_t k = 0; k < 16 && depth >= 0 && peek(k).kind != token_kind::end; ++k) {
    const token& t = peek(k);
    depth += t.kind == token_kind::open ? 1 : t.kind == token_kind::close ? -1 : 0;
    if (t.kind == token_kind::up || t.kind == token_kind::down) {
      spelled += t.kind == token_kind::up ? "^" : "_";
    } else if (t.kind != token_kind::open && t.kind != token_kind::close) {
      spelled += t.text;
    }
    const auto set = sets.find(spelled);
    if (set == sets.end() || depth != 0) continue;
    relation = set->second;
    length = k + 1;
  }
  if (relation == "?")
    throw complaint(trouble::ambiguous, peek().where, "is 0 in this set? Expected \\mathbb R_{>0} or (z > 0)");
  here_ += length;
  return relation;
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

// True at "(x, θ)": the arguments of l, nothing that could be a factor of its own.
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

// The (x, θ) after l says nothing.
void parser::skip_arguments() {
  if (!arguments_follow()) return;
  while (!accept(")")) take();
}

// θ, W or all the W^i, with or without braces: they say nothing.
bool parser::skip_parameters() {
  const bool braces = peek().kind == token_kind::open;
  const token& first = peek(braces ? 1 : 0);
  if (!first.is("\\theta") && !first.is("\\Theta") && !first.is("W") && !first.is("w")) return false;
  if (braces) take();
  postfix(make_name(take().text, peek().where));
  if (braces && peek().kind != token_kind::close) fail("}");
  if (braces) take();
  return true;
}

// f(x, θ), f_θ(x), ŷ(x) are the output for all samples, f(x_k, θ) is that of sample k. Of anything but x it is another
// number.
node parser::prediction(span where) {
  node out = make_name("f", where);
  if (peek().kind == token_kind::down) {
    const std::size_t start = here_;
    take();
    if (!skip_parameters()) here_ = start;
  }
  if (!at("(")) return out;
  const span from = take().where;
  node of = expression(power::sum);
  while (accept(",") || accept(";") || accept("|"))
    if (!skip_parameters()) fail("the parameters of f");
  expect(")");
  const bool input = of.kind == node_kind::name && (sheet_name(of.text) == "x" ? !of.layered : of.text == "h");
  const bool of_layer_0 = of.text != "h" || (of.layered && of.layer == 0 && of.layer_letter.empty());
  const bool row = of.sub.size() < 2 || of.sub[1].kind == subscript::what::all;
  if (!input || !of_layer_0 || !row)
    throw complaint(trouble::ambiguous, {from.begin, of.where.end}, "f of something else than x; expected f(x, θ)");
  if (!of.sub.empty()) out.sub.push_back(of.sub[0]);
  return out;
}

}  // namespace write_up
