#include "answers/definitions.hpp"

#include <algorithm>
#include <set>

#include "formulas/parser.hpp"

namespace write_up {
namespace {

const node* function_of(const node& n) {
  static const std::set<std::string> functions{"relu", "relu'", "step"};
  if (n.kind == node_kind::apply && functions.count(n.text) != 0 && n.child.size() == 1) return &n;
  const bool slope = n.kind == node_kind::derivative && n.child[0].kind == node_kind::apply &&
                     n.child[0].text == "relu" && n.child[0].child.size() == 1 &&
                     (n.child[0].child[0].kind == node_kind::number || n.child[0].child[0].text == n.child[1].text);
  return slope ? &n.child[0] : nullptr;
}

// dσ(0)/dx is σ'(0): the evaluator would ask for the x of σ(x).
node as_function(const node& n) {
  if (n.kind != node_kind::derivative) return n;
  node slope = n.child[0];
  slope.text = "relu'";
  return slope;
}

claim_is equal_at(const std::vector<node>& sides, const world& w, const bindings& bound, evaluator& e, bool worked) {
  try {
    const value left = e.at(sides.front(), w, bound);
    const std::size_t unevaluated = e.unevaluated().size();
    for (std::size_t i = 1; i < sides.size(); ++i) {
      const value right = e.at(sides[i], w, bound);
      const matrix like = widened(right, left.m);
      if (!agrees(like, left.m) && !agrees(transposed(like), left.m)) return claim_is::false_;
    }
    return worked && e.unevaluated().size() != unevaluated ? claim_is::open : claim_is::true_;
  } catch (const complaint&) {
    return claim_is::open;
  }
}

// 1 to 3 for each letter, in all combinations.
std::vector<bindings> all_values(const std::set<std::string>& letters) {
  std::vector<bindings> all{{}};
  for (const std::string& letter : letters) {
    std::vector<bindings> longer;
    for (const bindings& b : all)
      for (int i = 1; i <= 3 && longer.size() < 27; ++i) {
        longer.push_back(b);
        longer.back().emplace_back(letter, i);
      }
    all = std::move(longer);
  }
  return all;
}

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

bool names_a_function(const node& n) { return function_of(n) != nullptr; }

bool given_by_the_sheet(const node& n) {
  static const std::set<std::string> symbols{"h", "W", "z", "x", "y", "m", "f", "l"};
  if (n.kind != node_kind::name) return names_a_function(n);
  return symbols.count(n.layered ? sheet_name(n.text) : n.text) != 0 || (n.text == "delta" && !n.layered);
}

std::string symbol_of(const node& n) {
  if (const node* f = function_of(n)) return n.kind == node_kind::derivative ? "relu'" : f->text;
  return n.kind == node_kind::name && given_by_the_sheet(n) ? sheet_name(n.text) : "";
}

claim_is claimed(const std::vector<node>& sides, const question& q, const std::vector<definition>& known, bool worked,
                 const std::string& argument) {
  std::set<std::string> letters;
  for (const node& side : sides)
    for (const std::string& letter : free_letters(side, known)) letters.insert(letter);
  letters.erase(argument);
  limits small;
  small.steps = small.all_steps = 60'000;
  meter work{small};
  evaluator e(q, known, work);
  e.argument = argument;
  claim_is so_far = claim_is::open;
  try {
    for (const world& w : worlds_of(q))
      for (const bindings& bound : all_values(letters)) {
        const claim_is here = equal_at(sides, w, bound, e, worked);
        if (here == claim_is::false_) return here;
        if (here == claim_is::true_) so_far = here;
      }
  } catch (const meter::exhausted&) {
    return claim_is::open;
  }
  return so_far;
}

claim_is claimed(const std::vector<node>& sides, int part, const std::vector<definition>& known) {
  question q;
  q.part = part;
  return claimed(sides, q, known, false);
}

claim_is claimed_of_function(const std::vector<node>& sides) {
  const node& argument = function_of(sides.front())->child[0];
  const bool variable = argument.kind == node_kind::name && !argument.layered && argument.sub.empty();
  std::vector<node> plain = sides;
  plain[0] = as_function(plain[0]);
  if (!variable && argument.kind != node_kind::number) {
    const claim_is first = claimed(plain, 1);
    return first == claim_is::open ? claimed(plain, 2) : first;
  }
  return claimed(plain, *find_question("1.6"), {}, false, variable ? argument.text : "x");
}

claim_is claimed_of_sheet(const std::vector<node>& sides, int part, const std::vector<definition>& known) {
  if (names_a_function(sides.front())) return claimed_of_function(sides);
  const bool batch = sides[0].text == "m" && sides.back().kind == node_kind::number && sides.back().number == 2;
  if (batch || is_loss(sides[0].text)) return claim_is::true_;
  return claimed(sides, part, known);
}

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
