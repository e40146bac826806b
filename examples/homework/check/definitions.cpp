#include "definitions.hpp"

#include <algorithm>
#include <set>

#include "parser.hpp"

namespace homework::check {
namespace {

bool given_by_the_sheet(const node& n) {
  static const std::set<std::string> symbols{"h", "W", "z", "x", "y", "m", "f", "l"};
  return symbols.count(n.text) != 0;
}

bool names_the_relu(const node& n) {
  return n.kind == node_kind::apply && (n.text == "relu" || n.text == "relu'") && n.child.size() == 1;
}

bool names_something(const statement& s) {
  return s.sides.size() > 1 && s.sides[0].kind == node_kind::name && !s.sides[0].bracketed;
}

void add_definition(const statement& s, std::vector<definition>& definitions, const limits& cap) {
  if (definitions.size() >= cap.definitions) throw complaint(trouble::too_much, s.where, "too many definitions");
  definitions.push_back({s.sides.front(), s.sides.back()});
}

// Left and right say the same at every point of the questions of this part.
bool holds(const statement& s, int part) {
  question q;
  q.part = part;
  const std::vector<definition> none;
  meter work{limits{}};
  evaluator e(q, none, work);
  try {
    for (const world& w : worlds_of(q)) {
      const bindings bound{{"i", 1}, {"j", 1}, {"k", 1}};
      if (!agrees(e.at(s.sides.back(), w, bound).m, e.at(s.sides[0], w, bound).m)) return false;
    }
  } catch (const complaint&) {
    return false;
  }
  return true;
}

// σ(z) = max(0, z) and σ'(z) = (z > 0), with any letter for z.
bool holds_for_the_relu(const statement& s) {
  const node& argument = s.sides[0].child[0];
  if (argument.kind != node_kind::name || argument.layered || !argument.sub.empty()) return holds(s, 1) || holds(s, 2);
  const question& slope = *find_question("1.6");
  const std::vector<definition> none;
  meter work{limits{}};
  evaluator e(slope, none, work);
  e.argument = argument.text;
  try {
    for (const world& w : worlds_of(slope))
      if (!agrees(e.at(s.sides.back(), w, {}).m, e.at(s.sides[0], w, {}).m)) return false;
  } catch (const complaint&) {
    return false;
  }
  return true;
}

bool repeats_the_sheet(const statement& s) {
  if (names_the_relu(s.sides[0])) return holds_for_the_relu(s);
  const node& right = s.sides.back();
  const bool two_samples = s.sides[0].text == "m" && right.kind == node_kind::number && right.number == 2;
  return s.sides[0].text == "l" || two_samples || holds(s, 1) || holds(s, 2);
}

}  // namespace

bool take_definition(const statement& s, const question* q, bool only, std::vector<definition>& definitions,
                     const limits& cap) {
  if (s.sides.size() < 2) return false;
  const bool slope = q != nullptr && q->what == gradient::slope;
  if (names_the_relu(s.sides[0]) && !(slope && s.sides[0].text == "relu'")) {
    if (repeats_the_sheet(s)) return true;
    throw complaint(trouble::ambiguous, s.where, "this is not the relu of the sheet; expected a name of your own");
  }
  if (!names_something(s)) return false;
  const node& name = s.sides[0];
  if (q != nullptr && q->id == "2.1" && name.text == "delta" && !name.layered) return false;
  if (given_by_the_sheet(name) && !slope) {
    if (repeats_the_sheet(s)) return true;
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

void take_definitions(const statements& s, std::vector<definition>& definitions, const limits& cap) {
  for (const statement& one : s.list) {
    const bool names = one.defines && one.sides.size() > 1 && (names_something(one) || names_the_relu(one.sides[0]));
    if (!names) continue;
    const bool sheets = names_the_relu(one.sides[0]) || given_by_the_sheet(one.sides[0]);
    if (!sheets || !repeats_the_sheet(one)) add_definition(one, definitions, cap);
  }
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

}  // namespace homework::check
