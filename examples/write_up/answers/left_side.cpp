// The left side of an answer, and what it says about the right one.
#include <algorithm>
#include <map>

#include "answers/candidate.hpp"
#include "formulas/parser.hpp"

namespace write_up {
namespace {

// ∂…/∂… as the sheet asks for it.
const node& asked(const question& q) {
  static std::map<std::string, node> cache;
  auto it = cache.find(q.id);
  if (it == cache.end()) it = cache.emplace(q.id, parse_equation(q.latex).back()).first;
  return it->second;
}

using letter_map = std::vector<std::pair<std::string, std::string>>;

// What a left side says about the question's indices: by which letters it calls them, or where it fixes them.
struct indices_said {
  letter_map letters;
  std::vector<std::pair<std::string, subscript>> fixed;
};

bool same_subscript(const subscript& mine, const subscript& asked, indices_said& said) {
  if (asked.kind == subscript::what::letter) {
    if (mine.kind == subscript::what::letter) {
      said.letters.emplace_back(mine.letter, asked.letter);
    } else {
      said.fixed.emplace_back(asked.letter, mine);
    }
    return true;
  }
  return mine.kind == asked.kind && (mine.kind != subscript::what::number || mine.number == asked.number);
}

// h² for h²_{1i} and W² for W²_{ij}: no index where each is asked for is all of them.
std::vector<subscript> filled_in(const node& mine, const node& want, int part) {
  std::vector<subscript> sub = mine.sub;
  const bool of_sample = part == 1 && want.text == "h" && want.sub.size() == 2;
  if (of_sample && sub.size() == 1) sub.insert(sub.begin(), {subscript::what::number, 1, ""});
  if (!sub.empty()) return sub;
  for (std::size_t k = 0; k < want.sub.size(); ++k) {
    if (want.sub[k].kind == subscript::what::letter) {
      sub.push_back({});
    } else if (of_sample && k == 0) {
      sub.push_back(want.sub[k]);
    } else {
      return {};
    }
  }
  return sub;
}

bool same_name(const node& mine, const node& want, int part, indices_said& said) {
  if (mine.kind != node_kind::name || want.kind != node_kind::name) return false;
  if (is_loss(mine.text) && is_loss(want.text)) return true;
  const bool output = mine.text == "f" && want.text == "h" && want.layer == 3;
  if (!output && (mine.text != want.text || mine.layered != want.layered || mine.layer != want.layer)) return false;
  const std::vector<subscript> a = filled_in(mine, want, part);
  const std::vector<subscript>& b = want.sub;
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same_subscript(a[i], b[i], said)) return false;
  return true;
}

// Two letters for one index, or one letter for two, are no names.
bool consistent(const letter_map& letters) {
  for (std::size_t i = 0; i < letters.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if ((letters[i].first == letters[k].first) != (letters[i].second == letters[k].second)) return false;
  return true;
}

// For each index of the question, what the left side says; empty if it fixes none.
std::vector<subscript> place_of(const question& q, const indices_said& said) {
  std::vector<subscript> place;
  if (said.fixed.empty()) return place;
  for (const index_role& role : q.indices) {
    subscript at{subscript::what::letter, 0, role.letter};
    for (const auto& [mine, asked] : said.letters)
      if (asked == role.letter) at.letter = mine;
    for (const auto& [asked, where] : said.fixed)
      if (asked == role.letter) at = where;
    place.push_back(at);
  }
  return place;
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

// dW and δl/δW are ways to write ∂l/∂W.
node as_derivative(const node& side) {
  const auto is = [](const node& n, const char* text) { return n.kind == node_kind::name && n.text == text; };
  const auto of_two = [&](const node& n, const char* sign) {
    return n.kind == node_kind::product && n.child.size() == 2 && n.ops[0].empty() && is(n.child[0], sign);
  };
  node out = side;
  out.kind = node_kind::derivative;
  if (of_two(side, "d")) {
    out.child = {asked(*find_question("1.1")).child[0], side.child[1]};
    return out;
  }
  const bool quotient = side.kind == node_kind::product && side.child.size() == 2 && side.ops[0] == "/";
  if (quotient && of_two(side.child[0], "delta") && of_two(side.child[1], "delta")) {
    out.child = {side.child[0].child[1], side.child[1].child[1]};
    return out;
  }
  if (side.kind != node_kind::index || side.child[0].kind != node_kind::derivative) return side;
  std::vector<subscript>& sub = (out = side.child[0]).child[1].sub;
  if (sub.empty()) {  // (∂l/∂W)_{ij}
    sub = side.sub;
    return out;
  }
  for (const subscript& outer : side.sub) {  // (∂l/∂W_{ij})_{ij}: all of them
    const auto same = [&](const subscript& s) { return s.kind == outer.kind && s.letter == outer.letter; };
    const auto inner = std::find_if(sub.begin(), sub.end(), same);
    if (outer.kind != subscript::what::letter || inner == sub.end()) return side;
    *inner = {};
  }
  const bool whole = std::all_of(sub.begin(), sub.end(), [](const subscript& s) {
    return s.kind == subscript::what::all || (s.kind == subscript::what::number && s.number == 1);
  });
  if (whole) sub.clear();
  return out;
}

match fits_the_slope(const node& side, candidate& c) {
  const node* by = nullptr;
  if (side.kind == node_kind::derivative && side.child[0].text == "relu") by = &side.child[1];
  if (side.kind == node_kind::apply && side.text == "relu'" && side.child.size() == 1) by = &side.child[0];
  if (by == nullptr || by->kind != node_kind::name || by->layered || !by->sub.empty()) return match::none;
  c.argument = by->text;
  return match::exact;
}

// The factors of a chain rule; a sum or transpose around some of them changes nothing.
void chain_factors(const node& n, std::vector<const node*>& out) {
  const bool product = n.kind == node_kind::product;
  const bool around = n.kind == node_kind::transpose || n.kind == node_kind::index || n.kind == node_kind::big_sum;
  if (!product && !around) return out.push_back(&n);
  for (std::size_t i = 0; i < (product ? n.child.size() : 1); ++i) chain_factors(n.child[i], out);
}

bool mentions_the_loss(const node& n) {
  bool any = false;
  walk(n, [&](const node& c) { any = any || (c.kind == node_kind::name && is_loss(c.text)); });
  return any;
}

}  // namespace

match fits(node side, const question& q, candidate& c, partial& part) {
  part.row = part.column = {subscript::what::all, 0, ""};
  side = as_derivative(side);
  if (q.what == gradient::slope) return fits_the_slope(side, c);
  if (q.id == "2.1" && side.kind == node_kind::name && side.text == "delta" && (!side.layered || side.layer == 3)) {
    if (side.sub.empty()) return match::exact;
    part.row = side.sub[0];
    return match::near;
  }
  if (side.kind != node_kind::derivative) return match::none;
  const node& want = asked(q);
  indices_said said;
  if (!same_name(side.child[0], want.child[0], q.part, said)) return match::none;
  const indices_said of_top = said;
  if (same_name(side.child[1], want.child[1], q.part, said)) {
    if (!consistent(said.letters)) return match::none;
    c.letters = said.letters;
    part.place = place_of(q, said);
    return part.place.empty() ? match::exact : match::near;
  }
  node bare = side.child[1];
  node whole = want.child[1];
  bare.sub.clear();
  whole.sub.clear();
  indices_said none;
  if (!same_name(bare, whole, q.part, none) || !picks_a_part(side.child[1], want.child[1], q, part)) return match::none;
  c.letters = of_top.letters;
  part.place = place_of(q, of_top);
  return match::near;
}

bool is_chain_for(const node& side, const question& q) {
  if (q.what == gradient::slope) return false;
  std::vector<const node*> factors;
  chain_factors(side, factors);
  const node& want = asked(q);
  bool begins = false;
  bool ends = false;
  bool only_derivatives = true;
  for (const node* f : factors) {
    only_derivatives = only_derivatives && f->kind == node_kind::derivative;
    if (f->kind != node_kind::derivative) continue;
    indices_said said;
    const bool by_it = same_name(f->child[1], want.child[1], q.part, said);
    begins = begins || same_name(f->child[0], want.child[0], q.part, said);
    ends = ends || by_it;
    if (by_it && f->child[0].kind != node_kind::name && !mentions_the_loss(f->child[0])) return true;  // ∂(½(…)²)/∂W
  }
  return begins && factors.size() > 1 && ends == only_derivatives;
}

}  // namespace write_up
