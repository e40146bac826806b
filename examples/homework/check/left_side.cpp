// The left side of an answer, and what it says about the right one.
#include <map>

#include "candidate.hpp"
#include "parser.hpp"

namespace homework::check {
namespace {

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
  if (mine.kind != node_kind::name || want.kind != node_kind::name) return false;
  if (is_loss(mine.text) && is_loss(want.text)) return true;
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

// The row and column an index picks from what is asked for; false if it fits nothing.
bool picks_a_part(const node& mine, const node& want, const question& q, partial& part) {
  const matrix like = *q.select(truth(q, worlds_of(q).front()), q.places().front());
  if (want.sub.size() == 2 && mine.sub.size() == 2) {  // h²_{k1} where the column h²_{·1} is asked for
    if (want.sub[0].kind != subscript::what::all || mine.sub[1].kind != subscript::what::number ||
        mine.sub[1].number != want.sub[1].number)
      return false;
    part.row = mine.sub[0];
    return true;
  }
  if (!want.sub.empty() || mine.sub.empty()) return false;
  if (mine.sub.size() == 2) {
    part.row = mine.sub[0];
    part.column = mine.sub[1];
  } else if (like.rows == 1) {
    part.column = mine.sub[0];
  } else if (like.cols == 1) {
    part.row = mine.sub[0];
  } else {
    return false;
  }
  if (like.rows == 1 && part.row.kind == subscript::what::number && part.row.number == 1) part.row = {};
  if (like.cols == 1 && part.column.kind == subscript::what::number && part.column.number == 1) part.column = {};
  return true;
}

}  // namespace

match fits(node side, const question& q, candidate& c, partial& part) {
  part.row = part.column = {subscript::what::all, 0, ""};
  if (q.what == gradient::slope) {
    const node* by = nullptr;
    if (side.kind == node_kind::derivative && side.child[0].text == "relu") by = &side.child[1];
    if (side.kind == node_kind::apply && side.text == "relu'" && side.child.size() == 1) by = &side.child[0];
    if (by == nullptr || by->kind != node_kind::name || by->layered || !by->sub.empty()) return match::none;
    c.argument = by->text;
    return match::exact;
  }
  if (q.id == "2.1" && side.kind == node_kind::name && side.text == "delta" && !side.layered) {
    if (side.sub.empty()) return match::exact;
    part.row = side.sub[0];
    return match::near;
  }
  if (side.kind == node_kind::index && side.child[0].kind == node_kind::derivative &&
      side.child[0].child[1].sub.empty()) {  // (∂l/∂W)_{ij}
    const std::vector<subscript> sub = side.sub;
    node inside = side.child[0];
    side = inside;
    side.child[1].sub = sub;
  }
  if (side.kind != node_kind::derivative) return match::none;
  const node& want = asked(q);
  letter_map letters;
  if (!same_name(side.child[0], want.child[0], q.part, letters)) return match::none;
  const letter_map of_top = letters;
  if (same_name(side.child[1], want.child[1], q.part, letters)) {
    for (std::size_t i = 0; i < letters.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        if ((letters[i].first == letters[k].first) != (letters[i].second == letters[k].second)) return match::none;
    c.letters = letters;
    return match::exact;
  }
  node bare = side.child[1];
  node whole = want.child[1];
  bare.sub.clear();
  whole.sub.clear();
  letters.clear();
  if (!same_name(bare, whole, q.part, letters) || !picks_a_part(side.child[1], want.child[1], q, part))
    return match::none;
  c.letters = of_top;
  return match::near;
}

}  // namespace homework::check
