#include "candidate.hpp"

#include <algorithm>

#include "definitions.hpp"
#include "parser.hpp"

namespace homework::check {
namespace {

// What may be the answer: a statement, and how its left side fits.
struct option {
  const statement* said;
  match how = match::none;
  candidate scratch;
  partial part;
};

bool is_symbol(const statement& s) {
  return s.sides.size() == 1 && s.sides[0].kind == node_kind::name && !s.displayed && !s.negated;
}

std::vector<option> options_of(const question& q, const statements& s, std::vector<definition>& definitions,
                               const limits& cap) {
  std::vector<option> out;
  for (const statement& one : s.list) {
    const bool only = s.list.size() == 1 && s.unread.empty() && !one.defines;
    if (take_definition(one, &q, only, definitions, cap)) continue;
    if (one.defines && one.sides.size() < 2) continue;
    option o{&one, match::none, {}, {}};
    if (one.sides.size() > 1) o.how = fits(one.sides[0], q, o.scratch, o.part);
    o.part.formula = one.sides.back();
    out.push_back(std::move(o));
  }
  return out;
}

// No left side says which one it is.
std::size_t choose(const question& q, const std::vector<option>& open, bool marked) {
  if (open.empty())
    throw complaint(trouble::not_understood, {},
                    "no formula here that could be the answer; expected " + q.latex + " = …");
  if (open.size() == 1) return 0;
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
  const std::vector<option> open = options_of(q, s, definitions, cap);
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
  candidate c = open[k].scratch;
  c.formula = chosen.sides.back();
  c.ranges = s.ranges;
  c.others.assign(chosen.sides.begin() + (open[k].how == match::none ? 0 : 1), chosen.sides.end() - 1);
  for (const std::size_t i : exact)
    if (i != k) c.others.push_back(open[i].said->sides.back());
  for (const std::size_t i : near) (exact.empty() ? c.parts : c.also).push_back(open[i].part);
  for (std::size_t i = k + 1; i < open.size(); ++i)
    if (open[i].how == match::none && !is_symbol(*open[i].said)) c.behind.push_back(open[i].said->sides.back());
  if (c.others.size() + c.behind.size() + c.also.size() > cap.sides)
    throw complaint(trouble::too_much, chosen.where, "more than " + std::to_string(cap.sides) + " sides and formulas");
  return c;
}

}  // namespace homework::check
