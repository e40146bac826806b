#include "answers/notebook.hpp"

#include <algorithm>
#include <set>

#include "answers/claims.hpp"
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

// The names and functions of a formula, those behind its own names included.
void collect(const node& formula, const std::vector<definition>& known, std::set<std::string>& out, int depth = 0) {
  walk(formula, [&](const node& n) {
    if (n.kind == node_kind::apply) out.insert(n.text);
    if (n.kind != node_kind::name || !out.insert(sheet_name(n.text)).second || depth > 20) return;
    for (const definition& d : known)
      if (d.left.text == n.text) collect(d.right, known, out, depth + 1);
  });
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

void notebook::doubted(const statement& s, int part) {
  const node& side = *sheet_side(s);
  if (doubts_.size() >= cap_.definitions) return;
  doubts_.push_back({symbol_of(side), part,
                     complaint(trouble::ambiguous, s.where,
                               "the write-up gives a symbol used here another meaning than the sheet, at " +
                                   to_string(s.where.begin) + "; expected a name of your own")});
}

// True in this part: nothing new. True in the other one only: it is about that one. Else, with "let", the answers have
// to be right with the new meaning; without, a person has to look.
void notebook::claim_about_sheet(const statement& s, int part) {
  std::vector<node> sides = s.sides;
  const auto named = std::find_if(sides.begin(), sides.end(), [](const node& n) { return !symbol_of(n).empty(); });
  std::iter_swap(sides.begin(), named);
  const std::string symbol = symbol_of(sides.front());
  const int here = part == 0 ? 1 : part;
  const claim_is now = claimed_of_sheet(sides, here, known_[static_cast<std::size_t>(here)]);
  const claim_is other = claimed_of_sheet(sides, 3 - here, known_[static_cast<std::size_t>(3 - here)]);
  if (now == claim_is::true_) {
    std::erase_if(doubts_, [&](const doubt& d) { return d.symbol == symbol && d.part == here; });
    return;
  }
  if (other == claim_is::true_ && here == 1) return;
  if (now == claim_is::open && other == claim_is::open && !s.defines && symbol != "delta") return;
  const bool both = other != claim_is::true_;
  if (s.defines && sides.front().kind == node_kind::name) {
    define(sides.front(), sides.back(), here);
    if (both && sides.front().text == "delta") doubted(s, 3 - here);
    if (both && sides.front().text != "delta") define(sides.front(), sides.back(), 3 - here);
  } else {
    doubted(s, both ? 0 : here);
  }
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
      claim_about_sheet(one, part);
    }
  }
  for (const auto& [symbol, why] : s.unclear)
    if (doubts_.size() < cap_.definitions) doubts_.push_back({symbol, part, why});
}

void notebook::read_behind(const statements& s) {
  for (statement one : s.list) {
    if (one.sides.size() < 2) continue;
    name_first(one);
    if (sheet_side(one) == nullptr || is_own_name(one.sides.front())) continue;
    std::vector<node> sides = one.sides;
    const auto named = std::find_if(sides.begin(), sides.end(), [](const node& n) { return !symbol_of(n).empty(); });
    std::iter_swap(sides.begin(), named);
    if (claimed_of_sheet(sides, 1) == claim_is::false_ && claimed_of_sheet(sides, 2) != claim_is::true_)
      doubted(one, 0);
  }
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

void notebook::answered(const question& q, const candidate& c, const statements& s, bool right) {
  if (q.id != "2.1") {  // ∂l/∂h³ = y - h³ = δ: δ may be another one from here on
    for (const statement& one : s.list) {
      const bool about_delta =
          one.sides.size() > 2 && one.sides.front().kind == node_kind::derivative &&
          std::any_of(one.sides.begin(), one.sides.end(), [](const node& n) { return symbol_of(n) == "delta"; });
      if (about_delta && claimed(one.sides, q.part, known(q)) == claim_is::false_) doubted(one, q.part);
    }
    return;
  }
  if (right) {
    std::erase_if(doubts_, [](const doubt& d) { return d.symbol == "delta" && d.part == 2; });
    return;
  }
  for (const statement& one : s.list)
    for (const node& side : one.sides) {
      if (one.sides.size() < 2 || side.kind != node_kind::name || side.text != "delta" || side.layered) continue;
      if (side.sub.empty() && c.formula.text != "delta") return define(side, c.formula, 2);
      return doubted(one, 2);
    }
}

std::optional<complaint> notebook::doubt_about(const question& q, const candidate& c) const {
  if (doubts_.empty()) return std::nullopt;
  std::set<std::string> used;
  const std::vector<definition>& known = known_[static_cast<std::size_t>(q.part)];
  collect(c.formula, known, used);
  for (const partial& p : c.parts) collect(p.formula, known, used);
  for (const doubt& d : doubts_)
    if ((d.part == 0 || d.part == q.part) &&
        (used.count(d.symbol) != 0 || (d.symbol == "relu" && used.count("relu'") != 0)))
      return d.why;
  return std::nullopt;
}

}  // namespace write_up
