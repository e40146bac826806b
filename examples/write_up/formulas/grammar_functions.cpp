// Functions, indicators and conditions: what stands before brackets and means more than a product.
#include <algorithm>
#include <map>
#include <set>

#include "formulas/grammar.hpp"
#include "formulas/lexicon.hpp"
#include "tex/word_list.hpp"

namespace write_up {

node grammar::function(const std::string& name, span where) {
  std::string f = name;
  const auto primed = [&](const piece& p) { return p.is == kind::up && p.child.size() == 1 && p.child[0].sign("'"); };
  while (f.starts_with("relu") && (at("'") || primed(peek()))) {
    ++here_;
    f = "relu'";
  }
  std::vector<node> arguments;
  if (opens("")) {
    const piece& p = take();
    grammar inside = row_of(p);
    do {
      arguments.push_back(inside.expression(power::relation));
      if (arguments.size() > 4) inside.fail(p.close);
    } while (inside.accept(","));
    inside.must_end(p.close);
    check_close(p);
    where.end = p.where.end;
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
  return a.kind == b.kind && a.text == b.text && a.number == b.number && a.ops == b.ops && a.letters == b.letters &&
         a.layered == b.layered && a.layer == b.layer && a.layer_letter == b.layer_letter &&
         std::equal(a.sub.begin(), a.sub.end(), b.sub.begin(), b.sub.end(), same_sub) &&
         std::equal(a.child.begin(), a.child.end(), b.child.begin(), b.child.end(), same_formula);
}

node relation(const std::string& op, span where, node left, node right) {
  node out = make(node_kind::relation, where, {std::move(left), std::move(right)});
  out.ops.push_back(op);
  return out;
}

}  // namespace

// What follows 𝟙: _{z>0}, _{\{z>0\}}, _{>0}(z), _{(0,∞)}(z), (z>0), [z>0], \{z>0\}.
node grammar::indicator(span where) {
  const nesting_guard guard(*this);
  if (opens("")) return condition_in(take());
  if (!is(kind::down)) fail("a condition after the indicator");
  const piece& below = take();
  grammar inside = row_of(below);
  int binding = -1;
  std::string op = inside.infix_operator(binding);
  node right = make_number(0, where);
  if (binding == power::relation) {
    ++inside.here_;
    right = inside.expression(power::sum);
  } else {
    op = inside.positive_numbers();
  }
  if (!op.empty()) {
    inside.must_end("}");
    if (!opens("")) fail("the argument of the indicator in brackets");
    node left = bracket();
    const span whole{where.begin, left.where.end};
    return relation(op, whole, std::move(left), std::move(right));
  }
  const bool in_brackets = below.child.size() == 1 && inside.opens("");
  node out = in_brackets ? inside.condition_in(inside.take()) : inside.condition();
  inside.must_end("}");
  out.where = {where.begin, below.where.end};
  out = of_argument(std::move(out));
  out.bracketed = true;
  return out;
}

// 𝟙_{z>0}(z²): an indicator is a function. What stands in brackets behind it is its argument if it is what the
// condition is about, or if that is a plain letter; (h³ - y) behind it is a factor.
node grammar::of_argument(node condition) {
  if (!opens("") || condition.kind != node_kind::relation || condition.child.size() != 2) return condition;
  const std::size_t start = here_;
  node& about = condition.child[condition.child[0].kind == node_kind::number ? 1 : 0];
  node argument;
  try {
    argument = bracket();
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

// The positive numbers at the cursor: (0, ∞), ℝ_{>0}, ℝ^+; with 0: [0, ∞), ℝ_{≥0}. Which relation to 0 they mean;
// consumed if they are there, else "".
std::string grammar::positive_numbers() {
  static const std::map<std::string, std::string> sets = pairs_of(
      R"((0,\infty) > (0,+\infty) > (0,\infty[ > R_>0 > R^>0 > R^+ > R_+^* > R^*_+ > [0,\infty) \ge [0,+\infty) \ge
      [0,\infty[ \ge R_\ge0 \ge R_0^+ \ge R^+_0 \ge R_+ ?)");
  std::size_t length = 0;
  if (is(kind::fence) || at("R"))
    for (++length; at("R") && (is(kind::up, length) || is(kind::down, length));) ++length;
  const auto begin = row_.begin() + static_cast<std::ptrdiff_t>(here_);
  const auto set = sets.find(spelled(pieces(begin, begin + static_cast<std::ptrdiff_t>(length))));
  if (set == sets.end()) return "";
  if (set->second == "?")
    throw complaint(trouble::ambiguous, peek().where, "is 0 in this set? Expected \\mathbb R_{>0} or (z > 0)");
  here_ += length;
  return set->second;
}

node grammar::condition_in(const piece& p) {
  grammar inside = row_of(p);
  node out = inside.condition();
  inside.must_end(p.close);
  check_close(p);
  out.where = p.where;
  out.bracketed = true;
  return out;
}

// z > 0, i = 1 and j = 2, otherwise
node grammar::condition() {
  const nesting_guard guard(*this);
  node out = make(node_kind::all_of, peek().where);
  const auto joins = [&] {
    return is(kind::word) && peek().of_text &&
           (says(lowered(peek().text), words::a_case | words::condition | words::otherwise) || peek().text == "where" ||
            peek().text == "and" || peek().text == "und");
  };
  for (;;) {
    if (is(kind::word) && peek().of_text) {
      if (!joins() || peek().text == "unless") fail("a condition such as z > 0, or otherwise");
      const piece& word = take();
      if (says(lowered(word.text), words::otherwise) && !starts_operand())
        return make(node_kind::otherwise, word.where);
      continue;
    }
    node r = expression(power::relation);
    if (accept("\\in")) {
      const std::string op = positive_numbers();
      if (op.empty()) fail("the positive numbers, as in (0, \\infty), or a condition such as z > 0");
      r = relation(op, r.where, r, make_number(0, r.where));
    }
    if (r.kind != node_kind::relation && r.kind != node_kind::all_of)
      throw complaint(trouble::not_understood, r.where, "no comparison here; expected a condition such as z > 0");
    out.child.push_back(std::move(r));
    if (out.child.size() > 8) fail("fewer conditions");
    const bool more = accept("\\wedge") || (at(",") && is(kind::letter, 1) && accept(","));
    if (!more && !joins()) break;
  }
  out.where.end = out.child.back().where.end;
  if (out.child.size() > 1) return out;
  node only = std::move(out.child[0]);
  return only;
}

namespace {

// (x, θ): arguments, nothing that could be a factor of its own.
bool only_arguments(const pieces& all) {
  static const std::set<std::string> parts = words_of(R"(x y W h , ; \theta \Theta)");
  return std::all_of(all.begin(), all.end(), [&](const piece& p) {
    const bool script = p.is == piece::kind::up || p.is == piece::kind::down || p.is == piece::kind::group;
    return script ? only_arguments(p.child)
                  : p.is == piece::kind::digit || parts.count(p.text) != 0 || p.text == "\\hat y";
  });
}

}  // namespace

// The (x, θ) after l says nothing.
void grammar::skip_arguments() {
  if (opens("(") && peek().close == ")" && !peek().child.empty() && only_arguments(peek().child)) ++here_;
}

// θ, W or one of the W^i: they say nothing. Consumed if they follow.
bool grammar::parameters_follow() {
  if (is(kind::group)) {
    grammar inside = row_of(peek());
    if (!inside.parameters_follow() || !inside.at_end()) return false;
    return ++here_, true;
  }
  if (!at("\\theta") && !at("\\Theta") && !at("W") && !at("w")) return false;
  const span where = peek().where;
  postfix(make_name(take().text, where));
  return true;
}

// f(x, θ), f_θ(x), ŷ(x) are the output for all samples, f(x_k, θ) is that of sample k. Of anything but x it is another
// number.
node grammar::prediction(span where) {
  node out = make_name("f", where);
  if (is(kind::down)) {
    grammar below = row_of(peek());
    if (below.parameters_follow() && below.at_end()) ++here_;
  }
  if (!opens("(")) return out;
  const piece& p = take();
  grammar inside = row_of(p);
  const node of = inside.expression(power::sum);
  while (inside.accept(",") || inside.accept(";") || inside.accept("|"))
    if (!inside.parameters_follow()) inside.fail("the parameters of f");
  inside.must_end(")");
  check_close(p);
  const bool input = of.kind == node_kind::name && (sheet_name(of.text) == "x" ? !of.layered : of.text == "h");
  const bool of_layer_0 = of.text != "h" || (of.layered && of.layer == 0 && of.layer_letter.empty());
  const bool row = of.sub.size() < 2 || of.sub[1].kind == subscript::what::all;
  if (!input || !of_layer_0 || !row)
    throw complaint(trouble::ambiguous, p.where, "f of something else than x; expected f(x, θ)");
  if (!of.sub.empty()) out.sub.push_back(of.sub[0]);
  return out;
}

}  // namespace write_up
