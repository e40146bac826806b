#include "answers/candidate.hpp"

#include <algorithm>

#include "answers/definitions.hpp"
#include "formulas/parser.hpp"

namespace write_up {
namespace {

// What may be the answer: a statement, and how its left side fits.
struct option {
  const statement* said;
  match how = match::none;
  candidate scratch;
  std::vector<partial> parts;
};

bool is_symbol(const statement& s) {
  return s.sides.size() == 1 && !s.joined && s.sides[0].kind == node_kind::name && !s.displayed && !s.negated;
}

// A number or 1/m that a sentence mentions. 0 may be an answer.
bool is_constant(const statement& s) {
  bool constant = s.sides.size() == 1 && !s.joined && !s.displayed && !s.negated;
  if (constant)
    walk(s.sides[0], [&](const node& n) {
      constant =
          constant && (n.kind == node_kind::number ? n.number != 0 : n.kind == node_kind::product || n.text == "m");
    });
  return constant;
}

// The left side says which part of the answer stands on the right; ∂h/∂W_{21} = ∂h/∂W_{22} = 0 gives several.
void read_left_sides(const question& q, option& o) {
  const std::vector<node>& sides = o.said->sides;
  std::size_t k = 0;
  for (; k + 1 < sides.size(); ++k) {
    partial part;
    candidate scratch = o.scratch;
    const match how = fits(sides[k], q, scratch, part);
    if (k == 0) o.how = how;
    if (how != o.how || how == match::none) break;
    o.scratch = scratch;
    if (how == match::exact) return;
    part.formula = sides.back();
    o.parts.push_back(part);
  }
  for (partial& part : o.parts) part.sides.assign(sides.begin() + static_cast<std::ptrdiff_t>(k), sides.end() - 1);
}

// ∂h³/∂W³ = h² says something about another thing than the answer.
bool about_another(const option& o) {
  const std::vector<node>& sides = o.said->sides;
  return o.how == match::none && sides.size() > 1 && sides[0].kind == node_kind::derivative &&
         sides[0].child[1].layered;
}

std::vector<option> options_of(const question& q, const statements& s, bool marked,
                               std::vector<definition>& definitions, const limits& cap) {
  std::vector<option> out;
  for (const statement& one : s.list) {
    const bool only = s.list.size() == 1 && s.unread.empty() && !one.defines;
    if (take_definition(one, &q, only, definitions, cap)) continue;
    if (one.defines && one.sides.size() < 2 && !one.negated) continue;
    option o{&one, match::none, {}, {}};
    read_left_sides(q, o);
    out.push_back(std::move(o));
  }
  // What explains, or only says what is asked for, is no answer if there is another one.
  const auto beside = [&](const option& o) {
    if (o.said->sides.size() > 1) return false;
    candidate c;
    partial p;
    return o.said->reason || fits(o.said->sides[0], q, c, p) == match::exact;
  };
  if (!std::all_of(out.begin(), out.end(), beside)) {
    std::erase_if(out, beside);
  } else if (!out.empty() && !marked && s.unread.empty()) {
    throw complaint(trouble::not_answered, {}, "only what is asked for; expected " + q.latex + " = …");
  }
  return out;
}

// No left side says which one it is.
std::size_t choose(const question& q, const std::vector<option>& open, bool marked) {
  if (open.empty())
    throw complaint(trouble::not_understood, {},
                    "no formula here that could be the answer; expected " + q.latex + " = …");
  if (open.size() == 1) return 0;
  std::vector<std::size_t> possible;
  for (std::size_t i = 0; i < open.size(); ++i)
    if (!about_another(open[i])) possible.push_back(i);
  if (possible.size() == 1) return possible[0];
  // "$0$, $h^2_{11}$ is independent of it", "the $\frac12$ cancels: …": what sentences mention beside one formula.
  possible.clear();
  for (std::size_t i = 0; i < open.size(); ++i)
    if (!is_symbol(*open[i].said) && !is_constant(*open[i].said)) possible.push_back(i);
  if (possible.size() == 1 && !open[possible[0]].said->joined) return possible[0];
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < open.size(); ++i)
    if (open[i].said->displayed) shown.push_back(i);
  if (shown.size() == 1 || (!marked && !shown.empty())) return shown.back();
  // "Since $h^2_{11}$ does not depend on $W^2_{2j}$, it is $0$": symbols a sentence mentions before the last formula.
  if (std::all_of(open.begin(), open.end() - 1, [](const option& o) { return is_symbol(*o.said); }) &&
      !is_symbol(*open.back().said) && open.back().said->after_word)
    return open.size() - 1;
  throw complaint(trouble::ambiguous, open.back().said->where,
                  "several formulas here, which is the answer? Expected " + q.latex + " = …");
}

}  // namespace

candidate pick_candidate(const question& q, const statements& s, bool marked, std::vector<definition>& definitions,
                         const limits& cap) {
  const std::vector<option> open = options_of(q, s, marked, definitions, cap);
  std::vector<std::size_t> exact;
  std::vector<std::size_t> near;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (open[i].how == match::exact) exact.push_back(i);
    if (open[i].how == match::near) near.push_back(i);
  }
  // Something unread may be the answer, or take it back, or change it.
  if (!s.unread.empty()) throw s.unread.front();
  const std::size_t k = !exact.empty() ? exact.back() : !near.empty() ? near.back() : choose(q, open, marked);
  const statement& chosen = *open[k].said;
  if (chosen.negated)
    throw complaint(trouble::ambiguous, chosen.where,
                    "a word or sign beside the formula changes it; expected " + q.latex + " = …");
  if (open[k].how == match::none && chosen.sides.size() > 1 && chosen.sides[0].kind == node_kind::derivative)
    throw complaint(trouble::ambiguous, chosen.sides[0].where,
                    "the left side is not what is asked for; expected " + q.latex + " = …");
  for (std::size_t i = k + 1; i < open.size(); ++i)  // "… where σ'(0) is undefined", "… but a is halved"
    if (open[i].said->negated && open[i].said->sides.size() == 1)
      throw complaint(trouble::ambiguous, open[i].said->where, "a word or sign behind the answer changes something");
  candidate c = open[k].scratch;
  c.formula = chosen.sides.back();
  c.ranges = s.ranges;
  if (open[k].how == match::none) {
    c.others.assign(chosen.sides.begin(), chosen.sides.end() - 1);
    if (chosen.sides.size() > 1) c.left = chosen.sides[0];
  }
  for (const std::size_t i : exact) {
    const std::vector<node>& sides = open[i].said->sides;
    c.others.insert(c.others.end(), sides.begin() + 1, sides.end() - (i == k ? 1 : 0));
  }
  for (const std::size_t i : near)
    for (const partial& p : open[i].parts) (exact.empty() ? c.parts : c.also).push_back(p);
  // A whole that stands before its entries is said again by them; before a whole are the steps to it.
  const std::size_t from = c.parts.empty() ? k + 1 : 0;
  for (std::size_t i = from; i < open.size(); ++i)
    if (open[i].how == match::none && !is_symbol(*open[i].said) && !about_another(open[i]))
      c.behind.push_back(open[i].said->sides.back());
  for (std::size_t i = 0; i < open.size(); ++i)
    if (i != k && about_another(open[i])) c.claims.push_back(open[i].said->sides);
  if (c.others.size() + c.behind.size() + c.also.size() + c.parts.size() + c.claims.size() > cap.sides)
    throw complaint(trouble::too_much, chosen.where, "more than " + std::to_string(cap.sides) + " sides and formulas");
  return c;
}

}  // namespace write_up
