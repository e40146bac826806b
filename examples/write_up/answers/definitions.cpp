#include "answers/definitions.hpp"

#include <algorithm>
#include <set>

#include "answers/claims.hpp"
#include "formulas/parser.hpp"

namespace write_up {
namespace {

bool names_something(const statement& s) {
  return s.sides.size() > 1 && s.sides[0].kind == node_kind::name && !s.sides[0].bracketed;
}

void add_definition(const statement& s, std::vector<definition>& definitions, const limits& cap) {
  if (definitions.size() >= cap.definitions) throw complaint(trouble::too_much, s.where, "too many definitions");
  definitions.push_back({s.sides.front(), s.sides.back()});
}

bool holds(const statement& s, int part) { return claimed(s.sides, part) == claim_is::true_; }

// Says what the sheet says, or, without "let", something about it that has no value.
bool repeats_the_sheet(const statement& s, const question* q) {
  const auto holds_in = [&](int part) {
    const claim_is claim = claimed_of_sheet(s.sides, part);
    return claim == claim_is::true_ || (claim == claim_is::open && !s.defines && !names_a_function(s.sides[0]));
  };
  if (q != nullptr && !names_a_function(s.sides[0])) return holds_in(q->part);
  return holds_in(1) || holds_in(2);
}

// σ'(x) or dσ(x)/dx of a letter: what 1.6 asks for.
bool asks_for_slope(const node& n) {
  const bool slope = n.kind == node_kind::derivative || n.text == "relu'";
  const node& argument = n.kind == node_kind::derivative ? n.child[0].child[0] : n.child[0];
  return slope && argument.kind == node_kind::name && !argument.layered;
}

bool is_number(const node& n) { return n.kind == node_kind::number; }

}  // namespace

bool take_definition(const statement& s, const question* q, bool only, std::vector<definition>& definitions,
                     const limits& cap) {
  if (s.sides.size() < 2) return false;
  const bool slope = q != nullptr && q->what == gradient::slope;
  if (names_a_function(s.sides[0]) && !(slope && (only || asks_for_slope(s.sides[0])))) {
    if (repeats_the_sheet(s, q)) return true;
    throw complaint(trouble::ambiguous, s.where, "this is not the function of the sheet; expected a name of your own");
  }
  // "not differentiable at x = 0" names a place.
  if (slope && s.sides.size() == 2 && s.sides[0].kind == node_kind::name && is_number(s.sides[1]) &&
      s.sides[1].number == 0)
    return true;
  if (!names_something(s)) return false;
  const node& name = s.sides[0];
  if (q != nullptr && q->id == "2.1" && name.text == "delta" && !name.layered) return false;
  if (given_by_the_sheet(name) && name.text != "delta" && !slope) {
    if (repeats_the_sheet(s, q)) return true;
    throw complaint(
        trouble::ambiguous, name.where,
        name.text + " is given by the sheet and is here set to something else; expected a name of your own");
  }
  // In part 1, δ = h³ − y repeats the sheet. It must not reach part 2, where δ is another one.
  if (q != nullptr && q->part == 1 && name.text == "delta" && !name.layered && name.sub.empty() && holds(s, 1))
    return true;
  if (only) return false;
  add_definition(s, definitions, cap);
  return true;
}

std::vector<std::string> free_letters(const node& root, const std::vector<definition>& definitions,
                                      std::vector<std::string> bound) {
  std::set<std::string> out;
  int budget = 20'000;
  const auto visit = [&](const auto& self, const node& n, std::size_t known) -> void {
    if (--budget < 0) return;
    for (const subscript& s : n.sub)
      if (s.kind == subscript::what::letter && std::find(bound.begin(), bound.end(), s.letter) == bound.end())
        out.insert(s.letter);
    if (n.kind == node_kind::name && n.sub.empty() && !n.layered && is_index_letter(n.text) &&
        std::find(bound.begin(), bound.end(), n.text) == bound.end()) {
      bool own = false;
      for (std::size_t d = 0; d < known; ++d) own = own || definitions[d].left.text == n.text;
      if (!own) out.insert(n.text);
    }
    if (n.kind == node_kind::name)
      for (std::size_t d = known; d-- > 0;) {
        if (definitions[d].left.text != n.text || definitions[d].left.layered != n.layered) continue;
        const std::size_t depth = bound.size();
        for (const subscript& s : definitions[d].left.sub)
          if (s.kind == subscript::what::letter) bound.push_back(s.letter);
        self(self, definitions[d].right, d);
        bound.resize(depth);
        break;
      }
    const std::size_t depth = bound.size();
    bound.insert(bound.end(), n.letters.begin(), n.letters.end());
    if (n.kind == node_kind::big_sum && n.letters.empty()) {
      // binds its one open letter itself
      std::vector<std::string> inside = free_letters(n.child[0], {}, bound);
      if (inside.size() == 1) bound.push_back(inside[0]);
    }
    for (const node& c : n.child) self(self, c, known);
    bound.resize(depth);
  };
  visit(visit, root, definitions.size());
  return {out.begin(), out.end()};
}

}  // namespace write_up
