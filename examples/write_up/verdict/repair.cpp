#include "verdict/repair.hpp"

#include <algorithm>
#include <vector>

namespace write_up {
namespace {

// The k-th node of the tree in walk order; walk order does not change under the changes made here.
std::vector<node*> all_nodes(node& root) {
  std::vector<node*> out;
  walk(root, [&](node& n) { out.push_back(&n); });
  return out;
}

bool may_be_transposed(const node& n) {
  return n.kind == node_kind::name || n.kind == node_kind::index || n.kind == node_kind::transpose || n.bracketed ||
         n.kind == node_kind::derivative || n.kind == node_kind::apply;
}

void toggle_transpose(node& n) {
  if (n.kind == node_kind::transpose) {
    node inside = std::move(n.child[0]);
    n = std::move(inside);
    return;
  }
  node out;
  out.kind = node_kind::transpose;
  out.where = n.where;
  out.child.push_back(std::move(n));
  n = std::move(out);
}

class search {
 public:
  search(const node& formula, const std::vector<std::string>& letters, const std::function<bool(const node&)>& right,
         int tries)
      : formula_(formula), letters_(letters), right_(right), left_(tries) {}

  std::string run() {
    if (swap_everywhere() || swap_at_one() || swap_with_each_sum()) return "swapped_indices";
    if (mask_of_another_layer()) return "wrong_layer_mask";
    if (transpose_one()) return "transposed_operand";
    if (weight_beside_error()) return "missing_weight";
    if (weight_of_another_layer()) return "wrong_layer_W";
    if (input_of_another_layer()) return "wrong_layer_h";
    if (exchange_one()) return "wrong_index";
    if (transpose_two() || swap_factors()) return "transposed_operand";
    return "";
  }

 private:
  bool works(const node& changed) { return left_-- > 0 && right_(changed); }

  // i ↔ j in the whole formula
  bool swap_everywhere() {
    for (std::size_t a = 0; a < letters_.size(); ++a)
      for (std::size_t b = a + 1; b < letters_.size(); ++b) {
        node copy = formula_;
        walk(copy, [&](node& n) {
          for (subscript& s : n.sub)
            if (s.kind == subscript::what::letter)
              s.letter = s.letter == letters_[a] ? letters_[b] : s.letter == letters_[b] ? letters_[a] : s.letter;
        });
        if (works(copy)) return true;
      }
    return false;
  }

  bool swap_at_one() {
    node copy = formula_;
    for (node* n : all_nodes(copy)) {
      if (n->sub.size() != 2) continue;
      std::swap(n->sub[0], n->sub[1]);
      if (works(copy)) return true;
      std::swap(n->sub[0], n->sub[1]);
    }
    return false;
  }

  // Σ_k δ_{1k} h_{1k}: the letter of a sum in the wrong place everywhere
  bool swap_with_each_sum() {
    std::vector<std::string> sums;
    walk(formula_, [&](const node& n) { sums.insert(sums.end(), n.letters.begin(), n.letters.end()); });
    for (const std::string& letter : sums) {
      node copy = formula_;
      walk(copy, [&](node& n) {
        const bool has = n.sub.size() == 2 && (n.sub[0].letter == letter || n.sub[1].letter == letter);
        if (has) std::swap(n.sub[0], n.sub[1]);
      });
      if (works(copy)) return true;
    }
    return false;
  }

  // Tries another symbol of the network at `n`, with its last index as it is or each of the known letters.
  bool another_symbol(node& copy, node& n, const std::string& text, int layer) {
    const node old = n;
    n.text = text;
    n.layered = true;
    n.layer = layer;
    if (works(copy)) return true;
    for (std::size_t k = 0; k < letters_.size() && !old.sub.empty(); ++k) {
      n.sub.back() = {subscript::what::letter, 0, letters_[k]};
      if (works(copy)) return true;
    }
    n = old;
    return false;
  }

  // (x_{1j} > 0) for (z^1_{1i} > 0)
  bool mask_of_another_layer() {
    node copy = formula_;
    for (node* n : all_nodes(copy)) {
      if (n->kind != node_kind::relation && (n->kind != node_kind::apply || n->text == "diag")) continue;
      for (node* inside : all_nodes(*n))
        if (inside->kind == node_kind::name && (inside->text == "z" || inside->text == "x"))
          for (int layer = 1; layer <= 2; ++layer) {
            const bool same = inside->text == "z" && inside->layer == layer;
            if (!same && another_symbol(copy, *inside, "z", layer)) return true;
          }
    }
    return false;
  }

  // h^2_{1i} for h^1_{1j}
  bool input_of_another_layer() {
    node copy = formula_;
    for (node* n : all_nodes(copy))
      for (int layer = 0; layer <= 2 && n->kind == node_kind::name && n->text == "h"; ++layer)
        if (layer != n->layer && another_symbol(copy, *n, "h", layer)) return true;
    return false;
  }

  // W^1 for W^2
  bool weight_of_another_layer() {
    node copy = formula_;
    for (node* n : all_nodes(copy)) {
      if (n->kind != node_kind::name || n->text != "W" || !n->layered) continue;
      const int old = n->layer;
      for (n->layer = 1; n->layer <= 3; ++n->layer)
        if (n->layer != old && works(copy)) return true;
      n->layer = old;
    }
    return false;
  }

  // δ where δ W³ belongs
  bool weight_beside_error() {
    node copy = formula_;
    for (node* n : all_nodes(copy)) {
      if (n->kind != node_kind::name || n->text != "delta" || n->layered || !n->sub.empty()) continue;
      const node old = *n;
      node weight = old;
      weight.text = "W";
      weight.layered = true;
      weight.layer = 3;
      n->kind = node_kind::product;
      n->child = {old, weight};
      n->ops = {""};
      n->bracketed = true;
      if (works(copy)) return true;
      *n = old;
    }
    return false;
  }

  // W_{1j} for W_{ij}: one index put where another letter or number should be
  bool exchange_one() {
    std::vector<std::string> known = letters_;
    walk(formula_, [&](const node& n) { known.insert(known.end(), n.letters.begin(), n.letters.end()); });
    node copy = formula_;
    for (node* n : all_nodes(copy))
      for (subscript& s : n->sub) {
        if (s.kind == subscript::what::all) continue;
        const subscript old = s;
        for (const std::string& letter : known) {
          s = {subscript::what::letter, 0, letter};
          if (works(copy)) return true;
        }
        for (int i = 1; i <= 2; ++i) {
          s = {subscript::what::number, i, ""};
          if (works(copy)) return true;
        }
        s = old;
      }
    return false;
  }

  bool transpose_one() {
    node probe = formula_;
    const std::size_t size = all_nodes(probe).size();
    for (std::size_t k = 0; k < size; ++k) {
      node copy = formula_;
      node* n = all_nodes(copy)[k];
      if (!may_be_transposed(*n)) continue;
      toggle_transpose(*n);
      if (works(copy)) return true;
    }
    return false;
  }

  bool transpose_two() {
    node probe = formula_;
    const std::size_t size = all_nodes(probe).size();
    for (std::size_t a = 0; a < size; ++a)
      for (std::size_t b = a + 1; b < size && left_ > 0; ++b) {
        node copy = formula_;
        const std::vector<node*> nodes = all_nodes(copy);
        node* first = nodes[a];
        node* second = nodes[b];
        if (!may_be_transposed(*first) || !may_be_transposed(*second)) continue;
        toggle_transpose(*second);  // the later one first: it may lie inside the earlier one
        toggle_transpose(*first);
        if (works(copy)) return true;
      }
    return false;
  }

  // W^2 (δ W^3 ⊙ …): the factors in the order of column vectors
  bool swap_factors() {
    node copy = formula_;
    for (node* n : all_nodes(copy)) {
      if (n->kind != node_kind::product) continue;
      for (std::size_t i = 0; i + 1 < n->child.size(); ++i) {
        if (n->ops[i] == "/") continue;
        std::swap(n->child[i], n->child[i + 1]);
        if (works(copy)) return true;
        std::swap(n->child[i], n->child[i + 1]);
      }
    }
    return false;
  }

  const node& formula_;
  const std::vector<std::string>& letters_;
  const std::function<bool(const node&)>& right_;
  int left_;
};

}  // namespace

std::string repair(const node& formula, const std::vector<std::string>& letters,
                   const std::function<bool(const node&)>& right, int tries) {
  return search(formula, letters, right, tries).run();
}

// Σ_i a_i b_i for c_i Σ_i a_i with a letter of the sum left outside: the factor put where its letter is bound.
node inside_its_sum(node formula, const std::vector<std::string>& open) {
  if (formula.kind != node_kind::product) return formula;
  const auto has = [](const node& n, const std::string& letter) {
    bool any = false;
    walk(n, [&](const node& c) {
      for (const subscript& s : c.sub) any = any || (s.kind == subscript::what::letter && s.letter == letter);
    });
    return any;
  };
  for (node& sum : formula.child) {
    if (sum.kind != node_kind::big_sum || sum.letters.size() != 1 ||
        std::find(open.begin(), open.end(), sum.letters[0]) == open.end())
      continue;
    for (node& factor : formula.child) {
      if (&factor == &sum || !has(factor, sum.letters[0])) continue;
      node both;
      both.kind = node_kind::product;
      both.where = factor.where;
      both.ops = {""};
      both.child = {factor, sum.child[0]};
      both.bracketed = true;
      sum.child[0] = std::move(both);
      factor.kind = node_kind::number;
      factor.number = 1;
      factor.child.clear();
      factor.ops.clear();
    }
  }
  return formula;
}

}  // namespace write_up
