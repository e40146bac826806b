#include "verdict/repair.hpp"

#include <algorithm>

namespace write_up {
namespace {

using nodes = std::vector<node>;

std::size_t size_of(const node& root) {
  std::size_t n = 0;
  walk(root, [&](const node&) { ++n; });
  return n;
}

// The k-th node of the tree, parents first.
node& node_at(node& root, std::size_t k) {
  node* found = nullptr;
  walk(root, [&](node& n) {
    if (k-- == 0) found = &n;
  });
  return *found;
}

subscript letter_index(const std::string& letter) { return {subscript::what::letter, 0, letter}; }

bool is_name(const node& n, const char* text) { return n.kind == node_kind::name && n.text == text; }

node product_of(node a, node b) {
  node out;
  out.kind = node_kind::product;
  out.where = a.where;
  out.ops = {""};
  out.child = {std::move(a), std::move(b)};
  out.bracketed = true;
  return out;
}

nodes turned(const node& n) {
  const bool symbol = n.kind == node_kind::name || n.kind == node_kind::index || n.kind == node_kind::derivative;
  if (n.kind == node_kind::transpose) return {n.child[0]};
  if (!symbol && !n.bracketed && n.kind != node_kind::apply) return {};
  node out;
  out.kind = node_kind::transpose;
  out.where = n.where;
  out.child = {n};
  return {out};
}

nodes with_indices_swapped(node n) {
  if (n.sub.size() != 2) return {};
  std::swap(n.sub[0], n.sub[1]);
  return {n};
}

// W^2 (δ W^3 ⊙ …): the factors in the order of column vectors.
nodes with_factors_swapped(const node& n) {
  nodes out;
  for (std::size_t i = 0; n.kind == node_kind::product && i < n.ops.size(); ++i) {
    if (n.ops[i] == "/") continue;
    out.push_back(n);
    std::swap(out.back().child[i], out.back().child[i + 1]);
  }
  return out;
}

// δ where δ W³ belongs.
nodes with_its_weight(const node& n) {
  if (!is_name(n, "delta") || n.layered || !n.sub.empty()) return {};
  node weight = n;
  weight.text = "W";
  weight.layered = true;
  weight.layer = 3;
  return {product_of(n, weight)};
}

nodes of_another_weight(const node& n) {
  nodes out;
  for (int layer = 1; layer <= 3 && is_name(n, "W") && n.layered; ++layer)
    if (layer != n.layer) {
      out.push_back(n);
      out.back().layer = layer;
    }
  return out;
}

class search {
 public:
  search(const node& formula, const std::vector<std::string>& letters, const std::function<bool(const node&)>& right)
      : formula_(formula), letters_(letters), all_letters_(letters), right_(right) {
    walk(formula, [&](const node& n) { all_letters_.insert(all_letters_.end(), n.letters.begin(), n.letters.end()); });
  }

  std::string run() {
    using std::placeholders::_1;
    const auto of = [this](nodes (search::*others)(const node&) const) { return std::bind(others, this, _1); };
    if (swaps_letters() || one(with_indices_swapped) || swaps_at_a_letter()) return "swapped_indices";
    if (one(of(&search::under_another_condition))) return "wrong_layer_mask";
    if (one(turned)) return "transposed_operand";
    if (one(with_its_weight)) return "missing_weight";
    if (one(of_another_weight)) return "wrong_layer_W";
    if (one(of(&search::of_another_layer))) return "wrong_layer_h";
    if (one(of(&search::with_another_index))) return "wrong_index";
    if (turns_two() || one(with_factors_swapped)) return "transposed_operand";
    return "";
  }

 private:
  bool works(const node& changed) { return left_-- > 0 && right_(changed); }

  // True if one of `others(n)` in the place of some node n makes the formula right.
  bool one(const std::function<nodes(const node&)>& others) { return one(formula_, others, 0); }

  bool one(const node& formula, const std::function<nodes(const node&)>& others, std::size_t from) {
    const std::size_t size = size_of(formula);
    for (std::size_t k = from; k < size && left_ > 0; ++k) {
      node copy = formula;
      const node old = node_at(copy, k);
      for (node& other : others(old)) {
        node_at(copy, k) = std::move(other);
        if (works(copy)) return true;
      }
    }
    return false;
  }

  bool turns_two() {
    const std::size_t size = size_of(formula_);
    for (std::size_t k = 0; k < size; ++k)
      for (node& other : turned(node_at(formula_, k))) {
        node copy = formula_;
        node_at(copy, k) = std::move(other);
        if (one(copy, turned, k + 1)) return true;
      }
    return false;
  }

  // i ↔ j in the whole formula
  bool swaps_letters() {
    for (const std::string& a : letters_)
      for (const std::string& b : letters_) {
        if (a >= b) continue;
        node copy = formula_;
        walk(copy, [&](node& n) {
          for (subscript& s : n.sub)
            if (s.kind == subscript::what::letter) s.letter = s.letter == a ? b : s.letter == b ? a : s.letter;
        });
        if (works(copy)) return true;
      }
    return false;
  }

  // Σ_k δ_{1k} h_{1k}: the letter of a sum in the wrong place everywhere
  bool swaps_at_a_letter() {
    for (std::size_t k = letters_.size(); k < all_letters_.size(); ++k) {
      node copy = formula_;
      walk(copy, [&](node& n) {
        const bool has =
            n.sub.size() == 2 && (n.sub[0].letter == all_letters_[k] || n.sub[1].letter == all_letters_[k]);
        if (has) std::swap(n.sub[0], n.sub[1]);
      });
      if (works(copy)) return true;
    }
    return false;
  }

  // The symbol of a layer in the place of `n`, with its last index as it is or each of the letters.
  nodes at_each_index(node n, const char* text, int layer) const {
    n.text = text;
    n.layered = true;
    n.layer = layer;
    nodes out{n};
    for (std::size_t k = 0; k < letters_.size() && !n.sub.empty(); ++k) {
      out.push_back(n);
      out.back().sub.back() = letter_index(letters_[k]);
    }
    return out;
  }

  // (x_{1j} > 0) for (z^1_{1i} > 0)
  nodes under_another_condition(const node& n) const {
    nodes out;
    if (n.kind != node_kind::relation && (n.kind != node_kind::apply || n.text == "diag")) return out;
    const std::size_t size = size_of(n);
    for (std::size_t k = 0; k < size; ++k) {
      node copy = n;
      const node inside = node_at(copy, k);
      for (int layer = 1; layer <= 2 && (is_name(inside, "z") || is_name(inside, "x")); ++layer) {
        if (inside.text == "z" && inside.layer == layer) continue;
        for (node& other : at_each_index(inside, "z", layer)) {
          node_at(copy, k) = std::move(other);
          out.push_back(copy);
        }
      }
    }
    return out;
  }

  // h^2_{1i} for h^1_{1j}
  nodes of_another_layer(const node& n) const {
    nodes out;
    for (int layer = 0; layer <= 2 && is_name(n, "h"); ++layer)
      if (layer != n.layer)
        for (node& other : at_each_index(n, "h", layer)) out.push_back(std::move(other));
    return out;
  }

  // W_{1j} for W_{ij}
  nodes with_another_index(const node& n) const {
    nodes out;
    for (std::size_t at = 0; at < n.sub.size(); ++at) {
      if (n.sub[at].kind == subscript::what::all) continue;
      std::vector<subscript> others;
      for (const std::string& letter : all_letters_) others.push_back(letter_index(letter));
      for (int i = 1; i <= 2; ++i) others.push_back({subscript::what::number, i, ""});
      for (const subscript& other : others) {
        out.push_back(n);
        out.back().sub[at] = other;
      }
    }
    return out;
  }

  node formula_;
  const std::vector<std::string>& letters_;
  std::vector<std::string> all_letters_;  // and those of sums
  const std::function<bool(const node&)>& right_;
  int left_ = 400;
};

}  // namespace

std::string repair(const node& formula, const std::vector<std::string>& letters,
                   const std::function<bool(const node&)>& right) {
  return search(formula, letters, right).run();
}

// Σ_i a_i b_i for c_i Σ_i a_i with a letter of the sum left outside: the factor put where its letter is bound.
node inside_its_sum(node formula, const std::vector<std::string>& open) {
  if (formula.kind != node_kind::product) return formula;
  for (node& sum : formula.child) {
    if (sum.kind != node_kind::big_sum || sum.letters.size() != 1 ||
        std::find(open.begin(), open.end(), sum.letters[0]) == open.end())
      continue;
    for (node& factor : formula.child) {
      bool has = false;
      walk(factor, [&](const node& n) {
        for (const subscript& s : n.sub) has = has || (s.kind == subscript::what::letter && s.letter == sum.letters[0]);
      });
      if (&factor == &sum || !has) continue;
      sum.child[0] = product_of(factor, sum.child[0]);
      factor = node{};
      factor.number = 1;
    }
  }
  return formula;
}

}  // namespace write_up
