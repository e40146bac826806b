#include "second_look.hpp"

#include <algorithm>

#include "parser.hpp"

namespace homework::check {
namespace {

// A formula of the same shape behind the answer, with other values, may be a correction.
bool replaces(const node& formula, const reading& r, const value_table& truth) {
  const values_found v = values_of(formula, r);
  if (v.stopped || v.gap || formula.kind == node_kind::relation) return false;
  for (std::size_t k = 0; k < truth[0].size(); ++k)
    if (!v.table[0][k]->same_shape(*truth[0][k])) return false;
  return !same_values(v.table, truth);
}

// The whole and one of its entries, each with a value of its own.
bool entry_differs(const partial& entry, const candidate& c, reading r) {
  const subscript all{subscript::what::all, 0, ""};
  r.parts = {{c.formula, all, all}, entry};
  const values_found v = values_of(c.formula, r);
  return v.stopped && v.stopped->kind == trouble::ambiguous;
}

// True if a side of the chain has a value somewhere that is not that of the answer. Sides without a value, such as a
// chain rule that is not worked out, say nothing.
bool contradicts(const node& side, const reading& r, const value_table& truth) {
  const values_found v = values_of(side, r);
  if (v.stopped) return false;
  bool as_it_is = true;
  bool turned = true;
  for (std::size_t p = 0; p < truth.size(); ++p)
    for (std::size_t k = 0; k < truth[p].size(); ++k) {
      if (!v.table[p][k]) continue;
      as_it_is = as_it_is && agrees(*v.table[p][k], *truth[p][k]);
      turned = turned && agrees(transposed(*v.table[p][k]), *truth[p][k]);
    }
  return !as_it_is && !turned;
}

std::optional<complaint> range_too_small(const said_range& said, const reading& r, const value_table& truth) {
  int count = 0;
  for (std::size_t k = 0; k < r.names.size(); ++k)
    if (r.names[k] == said.letter) count = r.q.indices[k].count;
  for (const partial& p : r.parts) {
    const auto is = [&](const subscript& s) { return s.kind == subscript::what::letter && s.letter == said.letter; };
    const bool by_sample = r.q.part == 2 && r.q.what != gradient::dl_dW3 && r.q.what != gradient::dl_dW2;
    if (is(p.row)) count = by_sample ? 2 : static_cast<int>(truth[0][0]->rows);
    if (is(p.column)) count = static_cast<int>(truth[0][0]->cols);
  }
  if (count == 0 || said.covers(count)) return std::nullopt;
  return complaint(
      trouble::ambiguous, said.where,
      "does this hold for every " + said.letter + "? Expected " + said.letter + " = 1, …, " + std::to_string(count));
}

// [x > 0.001] and max(1, x) have a kink where no relu has one: no point can tell them all from the right answer.
const node* threshold(const node& n) {
  const node* found = nullptr;
  walk(n, [&](const node& c) {
    const bool compares = c.kind == node_kind::relation && c.ops[0] != "=" && c.ops[0] != "\\ne";
    const bool limits = c.kind == node_kind::apply && (c.text == "max" || c.text == "min");
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

std::optional<complaint> second_look(const candidate& c, const reading& r, const value_table& truth) {
  for (const node& side : c.others)
    if (contradicts(side, r, truth))
      return complaint(trouble::ambiguous, side.where, "the sides of this chain are not equal; expected one value");
  for (const node& formula : c.behind)
    if (replaces(formula, r, truth))
      return complaint(trouble::ambiguous, formula.where, "another formula behind the answer; expected one answer");
  for (const partial& entry : c.also)
    if (entry_differs(entry, c, r))
      return complaint(trouble::ambiguous, entry.formula.where,
                       "an entry that differs from the answer given as a whole");
  for (const said_range& said : c.ranges)
    if (const std::optional<complaint> doubt = range_too_small(said, r, truth)) return doubt;
  if (const node* n = risky_division(c.formula))
    return complaint(trouble::ambiguous, n->where, "a division by something that can be 0; expected m or a number");
  if (const node* n = threshold(c.formula))
    return complaint(trouble::ambiguous, n->where, "a comparison with a number that is not 0; expected (z > 0)");
  return std::nullopt;
}

}  // namespace homework::check
