#include "answers/claims.hpp"

#include <algorithm>
#include <set>

#include "answers/definitions.hpp"
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

// 1 to 3 for each letter, in all combinations.
std::vector<bindings> all_values(const std::vector<std::string>& letters) {
  std::vector<bindings> all{{}};
  for (std::size_t k = 0; k < std::min<std::size_t>(letters.size(), 3); ++k) {
    std::vector<bindings> longer;
    for (const bindings& b : all)
      for (int i = 1; i <= 3; ++i) {
        longer.push_back(b);
        longer.back().emplace_back(letters[k], i);
      }
    all = std::move(longer);
  }
  return all;
}

claim_is equal_at(const std::vector<node>& sides, const world& w, const bindings& bound, evaluator& e) {
  try {
    const value left = e.at(sides.front(), w, bound);
    for (std::size_t i = 1; i < sides.size(); ++i) {
      const value right = e.at(sides[i], w, bound);
      const matrix like = widened(right, left.m);
      if (!agrees(like, left.m) && !agrees(transposed(like), left.m)) return claim_is::false_;
    }
    return claim_is::true_;
  } catch (const complaint&) {
    return claim_is::open;
  }
}

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

claim_is claimed(const std::vector<node>& sides, int part, const std::vector<definition>& known) {
  question q;
  q.part = part;
  std::set<std::string> letters;
  for (const node& side : sides)
    for (const std::string& letter : free_letters(side, known)) letters.insert(letter);
  const std::vector<bindings> values = all_values({letters.begin(), letters.end()});
  limits small;
  small.steps = small.all_steps = 60'000;
  meter work{small};
  evaluator e(q, known, work);
  claim_is so_far = claim_is::open;
  try {
    for (const world& w : worlds_of(q))
      for (const bindings& bound : values) {
        const claim_is here = equal_at(sides, w, bound, e);
        if (here == claim_is::false_) return here;
        if (here == claim_is::true_) so_far = here;
      }
  } catch (const meter::exhausted&) {
    return claim_is::open;
  }
  return so_far;
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
  const question& slope = *find_question("1.6");
  const std::vector<definition> none;
  meter work{limits{}};
  evaluator e(slope, none, work);
  e.argument = variable ? argument.text : "x";
  claim_is so_far = claim_is::open;
  for (const world& w : worlds_of(slope)) {
    const claim_is here = equal_at(plain, w, {}, e);
    if (here == claim_is::false_) return here;
    if (here == claim_is::true_) so_far = here;
  }
  return so_far;
}

claim_is claimed_of_sheet(const std::vector<node>& sides, int part, const std::vector<definition>& known) {
  if (names_a_function(sides.front())) return claimed_of_function(sides);
  const bool batch = sides[0].text == "m" && sides.back().kind == node_kind::number && sides.back().number == 2;
  if (batch || is_loss(sides[0].text)) return claim_is::true_;
  return claimed(sides, part, known);
}

}  // namespace write_up
