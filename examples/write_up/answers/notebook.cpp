#include "answers/notebook.hpp"

#include <algorithm>

#include "answers/definitions.hpp"
#include "formulas/parser.hpp"

namespace write_up {
namespace {

bool is_own_name(const node& n) {
  return n.kind == node_kind::name && !n.bracketed && !given_by_the_sheet(n) &&
         !(n.sub.empty() && !n.layered && is_index_letter(n.text));
}

// y - h^3 = δ says the same as δ = y - h^3.
void name_first(statement& s) {
  const node& first = s.sides.front();
  const node& last = s.sides.back();
  const bool named = first.kind == node_kind::name || first.kind == node_kind::derivative || names_a_function(first);
  const bool name_last = (last.kind == node_kind::name && !last.bracketed) || names_a_function(last);
  if (s.sides.size() > 1 && !named && name_last) std::reverse(s.sides.begin(), s.sides.end());
}

const node* sheet_side(const statement& s) {
  for (const node& side : s.sides)
    if (!symbol_of(side).empty()) return &side;
  return nullptr;
}

}  // namespace

notebook::notebook(const limits& cap) : cap_(cap) {
  for (std::vector<definition>& d : known_) d.reserve(cap.definitions);
}

bool notebook::is_defined(const std::string& name) const {
  return std::any_of(known_[1].begin(), known_[1].end(), [&](const definition& d) { return d.left.text == name; }) ||
         std::any_of(known_[2].begin(), known_[2].end(), [&](const definition& d) { return d.left.text == name; });
}

void notebook::define(const node& left, const node& right, int part) {
  for (int p = 1; p <= 2; ++p) {
    std::vector<definition>& known = known_[static_cast<std::size_t>(p)];
    if (part != 0 && p != part) continue;
    if (known.size() >= cap_.definitions) throw complaint(trouble::too_much, left.where, "too many definitions");
    known.push_back({left, right});
  }
}

// What the text outside the answers says of a symbol of the sheet: if it is true in a part, nothing new there; else the
// answers have to be right with the new meaning.
void notebook::redefine(const statement& s, int part) {
  std::vector<node> sides = s.sides;
  const auto named = std::find_if(sides.begin(), sides.end(), [](const node& n) { return !symbol_of(n).empty(); });
  std::iter_swap(sides.begin(), named);
  const int here = part == 0 ? 1 : part;
  const claim_is now = claimed_of_sheet(sides, here, known_[static_cast<std::size_t>(here)]);
  const claim_is other = claimed_of_sheet(sides, 3 - here, known_[static_cast<std::size_t>(3 - here)]);
  const std::string symbol = symbol_of(sides.front());
  if (now == claim_is::true_ || (other == claim_is::true_ && here == 1)) return;
  const bool unknown = now == claim_is::open && other == claim_is::open;
  const bool as_function = symbol == "relu" && sides.front().kind == node_kind::apply;  // σ(x) = tanh(x)
  if (unknown && !(s.defines && symbol == "delta") && !as_function) return;
  node left = sides.front();
  if (left.kind != node_kind::name) {  // a function: σ'(z), dσ/dx, H(0)
    left.kind = node_kind::apply;
    left.text = symbol;
  }
  const auto value = std::find_if(sides.rbegin(), sides.rend() - 1,  // δ = ∂l/∂h³ = y - h³
                                  [](const node& n) { return n.kind != node_kind::derivative; });
  define(left, value == sides.rend() - 1 ? sides.back() : *value,
         other != claim_is::true_ && symbol != "delta" ? 0 : here);
}

void notebook::read_outside(const statements& s, int part) {
  for (statement one : s.list) {
    if (one.sides.size() < 2) continue;
    name_first(one);
    if (one.negated) continue;
    if (is_own_name(one.sides.front())) {
      define(one.sides.front(), one.sides.back(), 0);
    } else if (is_own_name(one.sides.back()) && !is_defined(one.sides.back().text)) {
      define(one.sides.back(), one.sides[one.sides.size() - 2], 0);
    } else if (sheet_side(one) != nullptr) {
      redefine(one, part);
    }
  }
  for (const node& function : s.unknown_functions) define(function, function, 0);
}

statements notebook::prepared(statements s, const question& q) {
  for (statement& one : s.list) {
    name_first(one);
    const bool asked = one.sides.size() > 2 && one.sides.front().kind == node_kind::derivative;
    if (!asked || !is_own_name(one.sides.back())) continue;
    const std::string& name = one.sides.back().text;
    const bool is_known =
        std::any_of(known(q).begin(), known(q).end(), [&](const definition& d) { return d.left.text == name; }) ||
        std::any_of(s.list.begin(), s.list.end(), [&](const statement& t) {
          return &t != &one && t.sides.size() > 1 && t.sides[0].kind == node_kind::name && t.sides[0].text == name;
        });
    if (is_known) continue;
    define(one.sides.back(), one.sides[one.sides.size() - 2], 0);
    one.sides.pop_back();
  }
  return s;
}

void notebook::share(const question& q, std::size_t known_before) {
  const std::vector<definition>& mine = known(q);
  for (std::size_t k = known_before; k < mine.size(); ++k)
    if (!given_by_the_sheet(mine[k].left)) define(mine[k].left, mine[k].right, 3 - q.part);
}

void notebook::answered(const question& q, const candidate& c, const statements& s) {
  if (q.id != "2.1") return;
  for (const statement& one : s.list)
    for (const node& side : one.sides) {
      if (one.sides.size() < 2 || side.kind != node_kind::name || side.text != "delta" || side.layered) continue;
      const bool last = c.formula.kind == node_kind::name && c.formula.text == "delta";  // … = h^3 - y =: δ
      if (side.sub.empty()) return define(side, last ? one.sides[one.sides.size() - 2] : c.formula, 2);
    }
}

}  // namespace write_up
