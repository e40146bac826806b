#include "candidate.hpp"

#include <algorithm>
#include <set>

#include "parser.hpp"

namespace homework::check {
namespace {

bool is_loss(const node& n) {
  return n.kind == node_kind::name &&
         (n.text == "l" || n.text == "L" || n.text == "J" || n.text == "E" || n.text == "C");
}

bool given_by_the_sheet(const node& n) {
  static const std::set<std::string> symbols{"h", "W", "z", "x", "y", "m", "f", "l"};
  return symbols.count(n.text) != 0;
}

// ∂…/∂… as the sheet asks for it.
const node& asked(const question& q) {
  static std::map<std::string, node> cache;
  auto it = cache.find(q.id);
  if (it == cache.end()) it = cache.emplace(q.id, parse_equation(plain_math(tokenize(q.latex))).back()).first;
  return it->second;
}

using letter_map = std::vector<std::pair<std::string, std::string>>;

bool same_subscript(const subscript& mine, const subscript& asked, letter_map& letters) {
  if (mine.kind != asked.kind) return false;
  if (mine.kind == subscript::what::number) return mine.number == asked.number;
  if (mine.kind == subscript::what::letter) letters.emplace_back(mine.letter, asked.letter);
  return true;
}

bool same_name(const node& mine, const node& want, int part, letter_map& letters) {
  if (is_loss(mine) && is_loss(want)) return true;
  if (mine.kind != node_kind::name || want.kind != node_kind::name) return false;
  const bool output = mine.text == "f" && want.text == "h" && want.layer == 3;
  if (!output && (mine.text != want.text || mine.layered != want.layered || mine.layer != want.layer)) return false;
  std::vector<subscript> a = mine.sub;
  const std::vector<subscript>& b = want.sub;
  if (part == 1 && a.size() == 1 && b.size() == 2 && want.text == "h")
    a.insert(a.begin(), {subscript::what::number, 1, ""});
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same_subscript(a[i], b[i], letters)) return false;
  return true;
}

enum class match { none, near, exact };

// How well the left side fits the question; fills in what it says about letters.
match fits(node side, const question& q, candidate& c) {
  if (q.what == gradient::slope) {
    const node* by = nullptr;
    if (side.kind == node_kind::derivative && side.child[0].text == "relu") by = &side.child[1];
    if (side.kind == node_kind::apply && side.text == "relu'" && side.child.size() == 1) by = &side.child[0];
    if (by == nullptr || by->kind != node_kind::name || by->layered || !by->sub.empty()) return match::none;
    c.argument = by->text;
    return match::exact;
  }
  if (q.id == "2.1" && side.kind == node_kind::name && side.text == "delta" && !side.layered && side.sub.empty())
    return match::exact;
  if (q.id == "2.1" && side.kind == node_kind::name && side.text == "delta" && !side.layered) {
    if (side.sub[0].kind == subscript::what::letter) c.entry_row = side.sub[0].letter;
    return match::near;
  }
  if (side.kind == node_kind::index && side.child[0].kind == node_kind::derivative &&
      side.child[0].child[1].sub.empty()) {
    std::vector<subscript> sub = side.sub;
    node inside = side.child[0];
    side = inside;
    side.child[1].sub = sub;
  }
  if (side.kind != node_kind::derivative) return match::none;
  const node& want = asked(q);
  letter_map letters;
  if (!same_name(side.child[0], want.child[0], q.part, letters)) return match::none;
  if (same_name(side.child[1], want.child[1], q.part, letters)) {
    for (std::size_t i = 0; i < letters.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        if ((letters[i].first == letters[k].first) != (letters[i].second == letters[k].second)) return match::none;
    c.letters = letters;
    return match::exact;
  }
  // An entry where the whole is asked for.
  node bare = side.child[1];
  bare.sub.clear();
  letters.clear();
  if (!want.child[1].sub.empty() || !same_name(bare, want.child[1], q.part, letters)) return match::none;
  const std::vector<subscript>& sub = side.child[1].sub;
  const auto letter = [](const subscript& s) { return s.kind == subscript::what::letter ? s.letter : std::string(); };
  if (sub.size() == 2) c.entry_row = letter(sub[0]);
  c.entry_column = letter(sub.back());
  return match::near;
}

bool defines_name(const statement& s, const question* q) {
  if (s.sides.size() < 2 || s.sides[0].kind != node_kind::name || s.sides[0].bracketed) return false;
  return !(q != nullptr && q->id == "2.1" && s.sides[0].text == "delta" && !s.sides[0].layered);
}

void add_definition(const statement& s, std::vector<definition>& definitions, const limits& cap) {
  if (definitions.size() >= cap.definitions) throw complaint(trouble::too_much, s.where, "too many definitions");
  definitions.push_back({s.sides.front(), s.sides.back()});
}

// "z^2 = h^1 (W^2)^T" repeats the sheet; anything else under such a name would make every later symbol doubtful.
void check_restatement(const statement& s, const limits& cap) {
  if (s.sides[0].text == "l") return;
  for (const int part : {1, 2}) {
    question q;
    q.part = part;
    const std::vector<definition> none;
    evaluator e(q, none, cap);
    bool fits = true;
    try {
      for (const world& w : worlds_of(q)) {
        const bindings bound{{"i", 1}, {"j", 1}, {"k", 1}};
        fits = fits && agrees(e.at(s.sides.back(), w, bound).m, e.at(s.sides[0], w, bound).m);
      }
    } catch (const complaint&) {
      fits = false;
    }
    if (fits) return;
  }
  throw complaint(
      trouble::ambiguous, s.sides[0].where,
      s.sides[0].text + " is given by the sheet and is here set to something else; expected a name of your own");
}

}  // namespace

void take_definitions(const statements& s, std::vector<definition>& definitions, const limits& cap) {
  for (const statement& one : s.list)
    if (one.defines && defines_name(one, nullptr) && !given_by_the_sheet(one.sides[0]))
      add_definition(one, definitions, cap);
}

candidate pick_candidate(const question& q, const statements& s, bool marked, std::vector<definition>& definitions,
                         const limits& cap) {
  std::vector<const statement*> open;     // what may be the answer
  std::vector<const statement*> matched;  // whose left side is what is asked for
  for (const statement& one : s.list) {
    candidate scratch;
    if (defines_name(one, &q)) {
      if (given_by_the_sheet(one.sides[0]) && !(q.what == gradient::slope)) {
        check_restatement(one, cap);
        continue;
      }
      const bool only = s.list.size() == 1 && s.unread.empty() && !one.defines;
      if (!only) {
        add_definition(one, definitions, cap);
        continue;
      }
    }
    if (one.defines && one.sides.size() < 2) continue;
    const match m = one.sides.size() > 1 ? fits(one.sides[0], q, scratch) : match::none;
    if (m != match::none) matched.push_back(&one);
    open.push_back(&one);
  }
  if (matched.empty() && !s.unread.empty()) throw s.unread.front();
  const statement* chosen = nullptr;
  if (!matched.empty()) {
    chosen = matched.back();
  } else if (open.size() == 1) {
    chosen = open[0];
  } else if (open.empty()) {
    throw complaint(trouble::not_understood, {},
                    "no formula here that could be the answer; expected " + q.latex + " = …");
  } else {
    std::vector<const statement*> shown;
    for (const statement* one : open)
      if (one->displayed) shown.push_back(one);
    if (!marked && !shown.empty()) {
      chosen = shown.back();
    } else if (shown.size() == 1) {
      chosen = shown[0];
    } else {
      throw complaint(trouble::ambiguous, open.back()->where,
                      "several formulas here, which is the answer? Expected " + q.latex + " = …");
    }
  }
  // Something unread behind the answer may take it back or change it.
  if (!s.unread.empty()) throw s.unread.front();
  if (matched.empty() && chosen->sides.size() > 1 && chosen->sides[0].kind == node_kind::derivative)
    throw complaint(trouble::ambiguous, chosen->sides[0].where,
                    "the left side is not what is asked for; expected " + q.latex + " = …");
  candidate c;
  if (chosen->sides.size() > 1) fits(chosen->sides[0], q, c);
  c.formula = chosen->sides.back();
  return c;
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
