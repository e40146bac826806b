#include "verdict/second_look.hpp"

#include <algorithm>
#include <set>

#include "answers/definitions.hpp"
#include "formulas/parser.hpp"

namespace write_up {
namespace {

bool one_shape(const matrix& a, const matrix& b) { return a.same_shape(b) || transposed(a).same_shape(b); }

// Shaped like the answer, or like all its places at once, but of other values.
bool differs(const value_table& t, const question& q, const value_table& truth) {
  const matrix& first = *t[0][0];
  if (one_shape(first, *truth[0][0])) return !same_up_to_layout(t, truth);
  return !q.indices.empty() && one_shape(first, whole_of(q, worlds_of(q).front())) &&
         !given_as_a_whole(q, t, worlds_of(q));
}

// A formula of the same shape behind the answer, with other values, may be a correction. Behind an answer given in
// parts it may be the whole, or one of them.
bool replaces(const node& formula, const reading& r, const value_table& truth) {
  if (formula.kind == node_kind::relation) return false;
  reading as_a_whole = r;
  as_a_whole.parts.clear();
  for (const reading& how : {as_a_whole, r}) {
    if (how.parts.size() > 1) continue;
    const values_found v = values_of(formula, how);
    if (v.stopped && v.stopped->kind == trouble::shape && how.parts.size() < r.parts.size()) return true;
    if (!v.stopped && !v.gap && differs(v.table, r.q, truth)) return true;
  }
  return false;
}

// The whole and one of its entries, each with a value of its own.
bool entry_differs(const partial& entry, const candidate& c, reading r) {
  const subscript all{subscript::what::all, 0, ""};
  r.parts = {{c.formula, all, all}, entry};
  const values_found v = values_of(c.formula, r);
  return v.stopped && v.stopped->kind == trouble::ambiguous;
}

// What the values of a side of the chain say of the answer.
enum class says { nothing, the_same, something_else };

says compared(const values_found& v, const value_table& truth) {
  if (v.stopped) return says::nothing;
  bool as_it_is = true;
  bool turned = true;
  bool any = false;
  for (std::size_t p = 0; p < truth.size(); ++p)
    for (std::size_t k = 0; k < truth[p].size(); ++k) {
      if (!v.table[p][k]) continue;
      any = true;
      as_it_is = as_it_is && agrees(*v.table[p][k], *truth[p][k]);
      turned = turned && agrees(transposed(*v.table[p][k]), *truth[p][k]);
    }
  return !any ? says::nothing : as_it_is || turned ? says::the_same : says::something_else;
}

// True if a side of the chain has a value somewhere that is not that of the answer. Sides without a value, such as a
// chain rule that is not worked out, say nothing. A side may be written out for the two samples of the sheet.
bool contradicts(const node& side, const reading& r, const value_table& truth) {
  const says general = compared(values_of(side, r), truth);
  if (general == says::the_same || r.q.part == 1) return general == says::something_else;
  const std::vector<world>& two = all_worlds().two;
  const says of_two = compared(values_of(side, r, two), true_values(r.q, two));
  return of_two == says::something_else || (of_two == says::nothing && general == says::something_else);
}

const node* contradicting_side(const candidate& c, const reading& r, const value_table& truth) {
  for (const node& side : c.others)
    if (contradicts(side, r, truth)) return &side;
  for (std::size_t i = 0; i < c.parts.size(); ++i)
    for (const node& side : c.parts[i].sides) {
      reading changed = r;
      changed.parts[i].formula = side;
      if (contradicts(side, changed, truth)) return &side;
    }
  return nullptr;
}

// A left side that is not what is asked for may be a name of one's own, a chain rule that is not worked out, or else
// something that has a value, which is compared.
bool may_stand_left(const node& left, const reading& r) {
  if (left.kind == node_kind::name && left.text != "delta" && !given_by_the_sheet(left)) return true;
  if (is_chain_for(left, r.q)) return true;
  if (r.q.what == gradient::slope && left.kind == node_kind::product && left.child[0].kind == node_kind::name)
    return true;  // f'(x)
  const values_found v = values_of(left, r, {worlds_of(r.q).front()});
  return !v.stopped && !v.gap;
}

// How far a letter runs in the answer, and whether it counts the samples; 0 if it does not stand there.
struct reach {
  int count = 0;
  bool samples = false;
};

reach of_sums(const std::string& letter, const node& formula, const reading& r) {
  reach found;
  bindings bound;
  for (const std::string& name : r.names) bound.emplace_back(name, 1);
  evaluator e(r.q, r.definitions, r.work);
  const std::vector<world>& points = worlds_of(r.q);
  walk(formula, [&](const node& n) {
    const bool over = std::find(n.letters.begin(), n.letters.end(), letter) != n.letters.end();
    if (n.kind != node_kind::big_sum || (!over && !n.letters.empty())) return;
    try {
      const int first = e.range_of(letter, n.child[0], points.front(), bound);
      const int last = e.range_of(letter, n.child[0], points.back(), bound);
      if (first != 0) found = {first == last ? first : 2, first != last};
    } catch (const complaint&) {
      return;  // the sum itself has been understood before
    }
  });
  return found;
}

reach reach_of(const std::string& letter, const candidate& c, const reading& r, const value_table& truth) {
  const auto is = [&](const subscript& s) { return s.kind == subscript::what::letter && s.letter == letter; };
  const bool by_sample = r.q.part == 2 && r.q.what != gradient::dl_dW3 && r.q.what != gradient::dl_dW2;
  for (std::size_t k = 0; k < r.names.size(); ++k)
    if (r.names[k] == letter) return {r.q.indices[k].count, false};
  for (const partial& p : r.parts) {
    for (std::size_t k = 0; k < p.place.size(); ++k)
      if (is(p.place[k])) return {r.q.indices[k].count, false};
    if (is(p.row)) return {by_sample ? 2 : static_cast<int>(truth[0][0]->rows), by_sample};
    if (is(p.column)) return {static_cast<int>(truth[0][0]->cols), false};
  }
  return of_sums(letter, c.formula, r);
}

std::optional<complaint> range_too_small(const said_range& said, const candidate& c, const reading& r,
                                         const value_table& truth) {
  const reach asked = reach_of(said.letter, c, r, truth);
  const bool to_the_end = said.to_m ? asked.samples : said.last == asked.count;
  if (asked.count == 0 || (said.first == 1 && to_the_end)) return std::nullopt;
  return complaint(trouble::ambiguous, said.where,
                   "does this hold for every " + said.letter + "? Expected " + said.letter + " = 1, …, " +
                       (asked.samples ? "m" : std::to_string(asked.count)));
}

// [x > 0.001] and max(1, x) have a kink where no relu has one: no point can tell them all from the right answer.
const node* threshold(const node& n) {
  const node* found = nullptr;
  walk(n, [&](const node& c) {
    const bool compares = c.kind == node_kind::relation && c.ops[0] != "=" && c.ops[0] != "\\ne";
    const bool limits = c.kind == node_kind::apply && c.text != "diag";
    const bool of_indices = std::any_of(c.child.begin(), c.child.end(), [](const node& side) {
      return side.kind == node_kind::name && !side.layered && side.sub.empty() && is_index_letter(side.text);
    });
    if ((!compares && !limits) || of_indices) return;
    for (const node& side : c.child) {
      bool constant = true;
      bool zero = true;
      walk(side, [&](const node& part) {
        const bool varies = part.kind == node_kind::name && part.text != "m";
        constant = constant && !varies && part.kind != node_kind::derivative;
        zero = zero && part.kind != node_kind::name && (part.kind != node_kind::number || part.number == 0);
      });
      if (constant && !zero) found = &c;
    }
  });
  return found;
}

// δ²/δ has no value where δ is 0, which no point may show.
const node* risky_division(const node& n) {
  const node* found = nullptr;
  const auto names_more_than_m = [](const node& below) {
    bool any = false;
    walk(below, [&](const node& part) {
      const bool harmless = part.text == "m" || is_index_letter(part.text);
      any = any || (part.kind == node_kind::name && !harmless) || part.kind == node_kind::derivative;
    });
    return any;
  };
  walk(n, [&](const node& c) {
    for (std::size_t i = 0; c.kind == node_kind::product && i < c.ops.size(); ++i)
      if (c.ops[i] == "/" && names_more_than_m(c.child[i + 1])) found = &c;
    if (c.kind == node_kind::power && names_more_than_m(c.child[0]))
      walk(c.child[1], [&](const node& e) {
        if (e.kind == node_kind::negate) found = &c;
      });
  });
  return found;
}

}  // namespace

std::vector<node> worked_out(const candidate& c, const reading& r) {
  std::vector<node> out;
  for (const std::vector<node>& sides : c.claims)
    if (claimed(sides, r.q, r.definitions, true) == claim_is::true_) out.push_back(sides.front());
  return out;
}

std::optional<complaint> second_look(const candidate& c, const reading& r, const value_table& truth) {
  if (c.left && !may_stand_left(*c.left, r))
    return complaint(trouble::ambiguous, c.left->where,
                     "the left side is not what is asked for; expected " + r.q.latex + " = …");
  if (const node* side = contradicting_side(c, r, truth))
    return complaint(trouble::ambiguous, side->where, "the sides of this chain are not equal; expected one value");
  for (const std::vector<node>& sides : c.claims)
    if (claimed(sides, r.q, r.definitions, true) == claim_is::false_)
      return complaint(trouble::ambiguous, sides.front().where, "an equation beside the answer that does not hold");
  for (const node& formula : c.behind)
    if (replaces(formula, r, truth))
      return complaint(trouble::ambiguous, formula.where, "another formula behind the answer; expected one answer");
  for (const partial& entry : c.also)
    if (entry_differs(entry, c, r))
      return complaint(trouble::ambiguous, entry.formula.where,
                       "an entry that differs from the answer given as a whole");
  for (const said_range& said : c.ranges)
    if (const std::optional<complaint> doubt = range_too_small(said, c, r, truth)) return doubt;
  if (const node* n = risky_division(c.formula))
    return complaint(trouble::ambiguous, n->where, "a division by something that can be 0; expected m or a number");
  if (const node* n = threshold(c.formula))
    return complaint(trouble::ambiguous, n->where, "a comparison with a number that is not 0; expected (z > 0)");
  return std::nullopt;
}

}  // namespace write_up
