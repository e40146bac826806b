// The values of derivatives: results of earlier questions, which an answer may use as symbols.
#include "formulas/parser.hpp"
#include "values/evaluate.hpp"

namespace write_up {
namespace {

bool is_layered(const std::string& t) { return t == "h" || t == "W" || t == "z"; }

// True if the subscripts of `n` can stand for the entry (row, column), both from 1; 0 is "any".
bool picks(const node& n, int row, int column) {
  if (n.sub.size() != 2) return n.sub.empty() || (row <= 1 && n.sub[0].number == column);
  return n.sub[0].kind == subscript::what::number && n.sub[0].number == row &&
         n.sub[1].kind == subscript::what::number && n.sub[1].number == column;
}

}  // namespace

// A derivative an earlier question asks for may be used; any other one is a chain left unevaluated.
void evaluator::note_if_unanswered(const node& top, const node& bottom, const node& whole) {
  int answered_by = 99;  // the number, within the part, of the question that answers it
  const std::string by = bottom.text == "x" ? "h0" : bottom.text + std::to_string(bottom.layer);
  if (is_loss(top.text)) {
    if (by == "h3" || bottom.text == "f") answered_by = q_.part == 1 ? 0 : 1;
    if (by == "W3")
      answered_by = q_.part == 1 ? (bottom.sub.empty() ? 3 : picks(bottom, 1, 1) ? 1 : 2) : bottom.sub.empty() ? 3 : 2;
    if (by == "h2") answered_by = q_.part == 1 ? (!bottom.sub.empty() && picks(bottom, 1, 1) ? 4 : 5) : 5;
    if (by == "W2") answered_by = q_.part == 1 ? (bottom.sub.empty() ? 11 : 10) : (bottom.sub.empty() ? 7 : 6);
    if (by == "h1") answered_by = q_.part == 1 ? (bottom.sub.empty() ? 15 : 14) : 8;
    if (by == "h2" && q_.part == 2 && bottom.sub.size() == 2 && bottom.sub[0].kind == subscript::what::all)
      answered_by = 4;
  } else if (q_.part == 1 && top.text == "h" && top.layer == 2) {
    if (by == "W2" && picks(top, 1, 1) && !top.sub.empty())
      answered_by = bottom.sub.empty() ? 9 : bottom.sub[0].number == 1 ? 7 : bottom.sub[0].number == 2 ? 8 : 9;
    if (by == "h1") answered_by = !top.sub.empty() && picks(top, 1, 1) ? 12 : 13;
  }
  const auto same = [](const node& a, const node& b) { return a.text == b.text && a.layer == b.layer; };
  for (const node& d : worked_out)
    if (same(d.child[0], top) && same(d.child[1], bottom)) return;
  if (answered_by >= q_.number) unevaluated_.push_back(whole.where);
}

value evaluator::derivative(const node& n, scope& s) {
  const node& top = n.child[0];
  const node& bottom = n.child[1];
  if (top.kind == node_kind::apply && top.child.size() == 1 && top.text == "relu") {  // dσ(x)/dx
    const value at = eval(top.child[0], s);
    const value by = eval(bottom, s);
    if (!agrees(at.m, by.m))
      throw complaint(trouble::not_understood, n.where, "σ by something else than its argument; expected σ'(…)");
    if (q_.what == gradient::slope) unevaluated_.push_back(n.where);
    return {mapped(at.m, [](double x) { return x > 0 ? 1.0 : 0.0; }), true, false};
  }
  if (top.kind != node_kind::name || bottom.kind != node_kind::name)
    throw complaint(trouble::not_understood, n.where,
                    "this derivative is not understood; expected one like \\frac{\\partial l}{\\partial h^2}");
  if (q_.what == gradient::slope) throw complaint(trouble::not_understood, n.where, "expected a function of x");
  const world& w = s.w;
  note_if_unanswered(top, bottom, n);
  const bool input = bottom.text == "x";
  if (!is_layered(bottom.text) && bottom.text != "f" && !input)
    throw complaint(trouble::not_understood, bottom.where,
                    "a derivative by " + bottom.text + "; expected one by h, W or z of a layer");
  const std::size_t layer = input ? 0 : bottom.text == "f" ? 3 : static_cast<std::size_t>(layer_of(bottom, s));
  if (is_loss(top.text)) {
    if (layer == 0)
      throw complaint(trouble::not_understood, bottom.where,
                      "the input is given; expected a derivative by h^1, h^2, h^3 or a weight");
    const bool weight = bottom.text == "W";
    const matrix& g = weight ? w.dl_dW[layer] : bottom.text == "z" ? w.dl_dz[layer] : w.dl_dh[layer];
    return selected({g, false, false}, bottom.sub, bottom, s);
  }
  if (w.part == 1 && top.text == "h" && top.layered && layer_of(top, s) == 2 && top.sub.empty() && bottom.text == "h" &&
      layer == 1 && bottom.sub.empty())
    return {w.dh2_dh1, false, false};  // row i is the answer to 1.13
  // ∂h²₁ᵢ/∂…: only what the sheet itself asks for has a value here.
  if (w.part == 1 && top.text == "h" && top.layered && layer_of(top, s) == 2 && !top.sub.empty() &&
      bottom.text != "z") {
    const subscript unit_index = top.sub.back();
    const std::size_t unit = position(unit_index, 2, top, s);
    if (bottom.text == "W" && layer == 2) return selected({w.dh2_dW2[unit], false, false}, bottom.sub, bottom, s);
    if (bottom.text == "h" && layer == 1)
      return selected({row_of(w.dh2_dh1, unit), false, false}, bottom.sub, bottom, s);
  }
  if (unevaluated_.empty()) unevaluated_.push_back(n.where);
  throw complaint(trouble::undefined, n.where, "a derivative that no earlier question gives; expected it worked out");
}

}  // namespace write_up
