// The values of names: layers, indices, definitions, earlier results.
#include <algorithm>
#include <optional>

#include "formulas/parser.hpp"
#include "values/evaluate.hpp"

namespace write_up {
namespace {

bool is_layered(const std::string& t) { return t == "h" || t == "W" || t == "z"; }

}  // namespace

int evaluator::lookup(const std::string& letter, const scope& s) const {
  for (std::size_t i = s.bound.size(); i-- > 0;)
    if (s.bound[i].first == letter) return s.bound[i].second;
  return 0;
}

int evaluator::layer_of(const node& n, const scope& s) const {
  if (!n.layered)
    throw complaint(trouble::not_understood, n.where,
                    n.text + " of which layer? Expected " + n.text + "^1, " + n.text + "^2 or " + n.text + "^3");
  int layer = n.layer;
  if (!n.layer_letter.empty()) {
    const bool of_question = std::any_of(q_.indices.begin(), q_.indices.end(),
                                         [&](const index_role& r) { return r.letter == n.layer_letter; });
    const int bound = lookup(n.layer_letter, s);
    if (bound == 0 || of_question)
      throw complaint(trouble::ambiguous, n.where,
                      n.text + " of layer " + n.layer_letter + "; expected the number of the layer");
    layer += bound;
  }
  const int lowest = sheet_name(n.text) == "h" ? 0 : 1;
  if (layer < lowest || layer > 3)
    throw complaint(trouble::not_understood, n.where,
                    "there is no layer " + std::to_string(layer) + " of " + n.text + "; expected " +
                        std::to_string(lowest) + " to 3");
  return layer;
}

std::size_t evaluator::position(const subscript& sub, std::size_t size, const node& n, scope& s) const {
  int i = sub.number;
  if (sub.kind == subscript::what::letter) {
    i = lookup(sub.letter, s);
    if (i == 0)
      throw complaint(trouble::unbound, n.where,
                      "the index " + sub.letter + " is bound by no sum and no question; expected \\sum_" + sub.letter);
  }
  if (i < 1 || static_cast<std::size_t>(i) > size)
    throw complaint(trouble::range, n.where,
                    "the index " + std::to_string(i) + " is out of range; expected 1 to " + std::to_string(size));
  return static_cast<std::size_t>(i - 1);
}

// Where a single index points: 0 rows, 1 columns.
std::size_t evaluator::single_axis(const matrix& a, const node& n, const world& w) const {
  const bool sample = n.sub.size() == 1 && n.sub[0].letter == "k" && w.part == 2 && a.rows == w.m && w.m > 2;
  if (a.cols > 1 && (sample || rows_by_sample_.count(&n) != 0)) {  // h²_k is the row of sample k
    rows_by_sample_.insert(&n);
    row_of_sample_ = n.where;
    return 0;
  }
  if (a.rows == 1) return a.cols == 1 && w.part == 2 ? 0 : 1;
  if (a.cols == 1) return 0;
  throw complaint(trouble::ambiguous, n.where,
                  "one index on a " + shape_text(a) + ": row or column? Expected two indices");
}

value evaluator::selected(const value& v, const std::vector<subscript>& sub, const node& n, scope& s) {
  if (sub.empty()) return v;
  matrix a = v.m;
  if (sub.size() == 1) {
    if (sub[0].kind == subscript::what::all) return v;
    const bool row = single_axis(a, n, s.w) == 0;
    const std::size_t at = position(sub[0], row ? a.rows : a.cols, n, s);
    if (row && a.cols > 1) return {row_of(a, at), v.mask, false};
    return {matrix(row ? a(at, 0) : a(0, at)), v.mask, false};
  }
  if (sub[0].kind != subscript::what::all) a = row_of(a, position(sub[0], a.rows, n, s));
  if (sub[1].kind != subscript::what::all) a = column_of(a, position(sub[1], a.cols, n, s));
  return {a, v.mask, false};
}

const definition* evaluator::find_definition(const node& n, const scope& s, bindings& parameters,
                                             std::size_t& where) const {
  for (std::size_t d = std::min(s.known, definitions_.size()); d-- > 0;) {
    const node& left = definitions_[d].left;
    if (left.text != n.text || left.layered != n.layered) continue;
    bindings bound;
    bool fits = true;
    if (left.layered) {
      if (!left.layer_letter.empty()) {
        const int layer = n.layer_letter.empty() ? n.layer : lookup(n.layer_letter, s) + n.layer;
        bound.emplace_back(left.layer_letter, layer - left.layer);
      } else {
        fits = n.layer_letter == left.layer_letter && n.layer == left.layer;
      }
    }
    if (!left.sub.empty() && left.sub.size() != n.sub.size()) continue;
    for (std::size_t k = 0; fits && k < left.sub.size(); ++k) {
      const subscript& want = left.sub[k];
      const subscript& have = n.sub[k];
      const int i = have.kind == subscript::what::letter ? lookup(have.letter, s) : have.number;
      if (want.kind == subscript::what::all || have.kind == subscript::what::all) {
        fits = want.kind == have.kind;
      } else if (i == 0) {
        throw complaint(trouble::unbound, n.where, "the index " + have.letter + " is bound by no sum and no question");
      } else if (want.kind == subscript::what::number) {
        fits = i == want.number;
      } else {
        bound.emplace_back(want.letter, i);
      }
    }
    if (!fits) continue;
    parameters = bound;
    where = d;
    return &definitions_[d];
  }
  return nullptr;
}

// δ_{i1} in part 1, where δ has but one entry: Kronecker's where the loss has no part in the question.
value evaluator::kronecker(const node& n, scope& s) {
  if (q_.what != gradient::dh211_dW2 && q_.what != gradient::dh2_dh1)
    throw complaint(trouble::ambiguous, n.where,
                    "\\delta with an index: the error or Kronecker's? Expected \\delta, or (i = 1)");
  const std::size_t largest = 4;
  const bool same = position(n.sub[0], largest, n, s) == position(n.sub[1], largest, n, s);
  matrix all(largest, largest, same ? 1.0 : 0.0);  // every entry, for the subscripts are taken afterwards
  return {all, true, false};
}

value evaluator::named_matrix(const node& n, scope& s, bool& found) {
  found = true;
  const world& w = s.w;
  const std::string text = sheet_name(n.text);
  const bool slope = q_.what == gradient::slope;
  if (slope) {
    if (n.text == argument && !n.layered) return {matrix(w.argument), false, false};
  } else {
    if (text == "h") return {w.h[static_cast<std::size_t>(layer_of(n, s))], false, false};
    if (text == "W") return {w.W[static_cast<std::size_t>(layer_of(n, s))], false, false};
    if (text == "z") return {w.z[static_cast<std::size_t>(layer_of(n, s))], false, false};
    if (!n.layered) {
      if (text == "x") return {w.h[0], false, false};
      if (text == "y") return {w.y, false, false};
      if (text == "f") return {w.h[3], false, false};
      if (text == "delta") {
        const bool letters = n.sub.size() == 2 && w.part == 1 &&
                             (n.sub[0].kind == subscript::what::letter || n.sub[1].kind == subscript::what::letter);
        if (letters) return kronecker(n, s);
        if (q_.id == "2.1") unevaluated_.push_back(n.where);
        return {w.dl_dh[3], false, false};
      }
    }
    if (text == "m" && w.part == 2 && n.layer_letter.empty() &&
        (!n.layered || (n.layer != 0 && std::abs(n.layer) < 9))) {  // m^2 is a power
      double power = 1;
      for (int i = 0; i < std::abs(n.layered ? n.layer : 1); ++i) power *= w.mean;
      return {matrix(n.layered && n.layer < 0 ? divided(1, power) : power), false, false};
    }
  }
  found = false;
  return {};
}

value evaluator::name(const node& n, scope& s) {
  if (n.text == "\\dots")
    throw complaint(trouble::not_understood, n.where,
                    "dots in a matrix; expected every entry, or a formula of matrices");
  if (!n.layered && n.sub.empty())
    if (const int i = lookup(n.text, s); i != 0) return {matrix(static_cast<double>(i)), false, false};
  bindings parameters;
  std::size_t where = 0;
  if (const definition* d = find_definition(n, s, parameters, where)) {
    scope inside{s.w, s.bound, where};
    inside.bound.insert(inside.bound.end(), parameters.begin(), parameters.end());
    const value v = eval(d->right, inside);
    return d->left.sub.empty() ? selected(v, n.sub, n, s) : v;
  }
  if (n.text == "n" && !n.layered && n.sub.size() == 1 && n.sub[0].kind == subscript::what::number &&
      n.sub[0].number <= 3)  // n_2: how many units layer 2 has
    return {matrix(static_cast<double>(s.w.h[static_cast<std::size_t>(n.sub[0].number)].cols)), false, false};
  bool found = false;
  const value v = named_matrix(n, s, found);
  if (found) return selected(v, n.sub, n, s);
  if (n.layered && (n.text == "delta" || n.text == "x" || n.text == "y" || n.text == "f"))
    throw complaint(trouble::ambiguous, n.where,
                    "a power of " + n.text + ", or a symbol of your own? Expected a definition: let … = …");
  if (q_.what == gradient::slope && is_layered(n.text))
    throw complaint(trouble::not_understood, n.where, n.text + " here; expected a function of x");
  if (n.text == "m")
    throw complaint(trouble::not_understood, n.where, "m in part 1, which has one sample; expected no m");
  throw complaint(trouble::not_understood, n.where,
                  "the name " + n.text + (n.layered ? "^" + std::to_string(n.layer) : "") +
                      " is not known here; expected a symbol of the notation table or a definition");
}

int evaluator::range_of(const std::string& letter, const node& n, const world& w, const bindings& bound) {
  scope s{w, bound, definitions_.size()};
  return range(letter, n, s, 0);
}

int evaluator::range(const std::string& letter, const node& n, scope& s, int depth) {
  int length = 0;
  const auto note = [&](int more, const node& where) {
    if (more == 0 || more == length) return;
    if (length != 0)
      throw complaint(trouble::range, where.where,
                      "the index " + letter + " runs to " + std::to_string(length) + " in one place and to " +
                          std::to_string(more) + " in another; expected one range");
    length = more;
  };
  work_.count(n);
  const auto stands_at = [&](std::size_t k) {
    return n.sub[k].kind == subscript::what::letter && n.sub[k].letter == letter;
  };
  for (std::size_t k = 0; k < n.sub.size(); ++k) {
    if (!stands_at(k)) continue;
    std::optional<matrix> whole;
    if (n.kind == node_kind::name) {
      bool parametric = false;
      for (std::size_t d = std::min(s.known, definitions_.size()); d-- > 0 && !parametric;) {
        const node& left = definitions_[d].left;
        if (left.text != n.text || left.layered != n.layered || (left.layered && left.layer != n.layer) ||
            left.sub.size() != n.sub.size())
          continue;
        parametric = true;
        if (left.sub[k].kind != subscript::what::letter || depth > 20) continue;
        scope inside{s.w, s.bound, d};
        note(range(left.sub[k].letter, definitions_[d].right, inside, depth + 1), n);
      }
      if (parametric) continue;
      node plain = n;
      plain.sub.clear();
      if (is_loss(n.text)) continue;
      whole = name(plain, s).m;
    } else {
      try {
        whole = eval(n.child[0], s).m;
      } catch (const complaint& c) {
        if (c.kind != trouble::unbound) throw;
      }
    }
    if (!whole) continue;
    const bool row = n.sub.size() == 2 ? k == 0 : single_axis(*whole, n, s.w) == 0;
    note(static_cast<int>(row ? whole->rows : whole->cols), n);
  }
  if (n.kind == node_kind::big_sum && std::find(n.letters.begin(), n.letters.end(), letter) != n.letters.end())
    return length;
  for (const node& c : n.child) note(range(letter, c, s, depth), c);
  return length;
}

}  // namespace write_up
