// Functions, powers and scalar products.
#include <cmath>

#include "values/evaluate.hpp"

namespace write_up {

matrix widened(const value& v, const matrix& like) {
  return v.m.scalar() ? matrix(like.rows, like.cols, v.m(0, 0)) : v.m;
}

value evaluator::apply(const node& n, scope& s) {
  if (n.child.empty())
    throw complaint(trouble::not_understood, n.where, "a function without its argument; expected brackets");
  if (n.text == "max" || n.text == "min") {
    if (n.child.size() != 2) throw complaint(trouble::not_understood, n.where, n.text + " of two things expected");
    const value a = eval(n.child[0], s);
    const value b = eval(n.child[1], s);
    const matrix& like = a.m.scalar() ? b.m : a.m;
    const matrix u = widened(a, like);
    const matrix v = widened(b, like);
    if (!u.same_shape(v)) throw complaint(trouble::shape, n.where, n.text + " of different shapes");
    const bool larger = n.text == "max";
    return {zipped(u, v, [larger](double p, double q) { return larger ? std::max(p, q) : std::min(p, q); }), false,
            false};
  }
  if (n.child.size() != 1) throw complaint(trouble::not_understood, n.where, "one argument expected");
  if (n.text == "relu" || n.text == "relu'" || n.text == "step")
    for (const definition& d : definitions_)
      if (d.left.kind == node_kind::apply && (d.left.text == n.text || (n.text == "relu'" && d.left.text == "relu")))
        throw complaint(trouble::ambiguous, n.where,
                        (n.text == "step" ? "H" : "σ") + std::string(" is set to something else in line ") +
                            std::to_string(d.left.where.begin.line) + "; expected a name of your own");
  const value v = eval(n.child[0], s);
  if (n.text == "relu") return {mapped(v.m, [](double x) { return x > 0 ? x : 0.0; }), false, false};
  if (n.text == "relu'") {
    if (q_.what == gradient::slope) unevaluated_.push_back(n.where);
    return {mapped(v.m, [](double x) { return x > 0 ? 1.0 : 0.0; }), true, false};
  }
  if (n.text == "step") return v.mask ? v : value{mapped(v.m, [](double x) { return x > 0 ? 1.0 : 0.0; }), true, false};
  if (n.text == "sign") return {mapped(v.m, [](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }), true, false};
  if (n.text == "diag") {
    if (v.m.rows != 1 && v.m.cols != 1)
      throw complaint(trouble::shape, n.where, "diag of a " + shape_text(v.m) + "; expected a vector");
    const std::size_t size = v.m.data.size();
    if (size * size > work_.cap.cells) throw complaint(trouble::too_much, n.where, "diag of a long vector");
    matrix d(size, size);
    for (std::size_t i = 0; i < size; ++i) d(i, i) = v.m.data[i];
    return {d, false, false};
  }
  throw complaint(trouble::not_understood, n.where, "the function " + n.text + " is not understood");
}

value evaluator::raised(const node& n, scope& s) {
  const value base = eval(n.child[0], s);
  if (!base.m.scalar())
    throw complaint(trouble::ambiguous, n.where,
                    "a power of a " + shape_text(base.m) + "; expected numbers, or a layer directly on the symbol");
  const value e = eval(n.child[1], s);
  if (!e.m.scalar() || e.m(0, 0) != std::floor(e.m(0, 0)))
    throw complaint(trouble::not_understood, n.child[1].where, "a power must be a whole number");
  if (std::abs(e.m(0, 0)) > 8) throw complaint(trouble::too_much, n.where, "a power above 8");
  const int exponent = static_cast<int>(e.m(0, 0));
  double v = 1;
  for (int i = 0; i < std::abs(exponent); ++i) v *= base.m(0, 0);
  if (exponent < 0) v = divided(1, v);
  if (!std::isfinite(v)) throw complaint(trouble::undefined, n.where, "division by zero");
  return {matrix(v), base.mask, false};
}

value evaluator::inner(const node& n, scope& s) {
  const value a = eval(n.child[0], s);
  const value b = eval(n.child[1], s);
  const bool vectors = (a.m.rows == 1 || a.m.cols == 1) && (b.m.rows == 1 || b.m.cols == 1);
  if (!vectors || a.m.data.size() != b.m.data.size())
    throw complaint(trouble::shape, n.where,
                    "⟨" + shape_text(a.m) + ", " + shape_text(b.m) + "⟩; expected two vectors of equal length");
  double sum = 0;
  for (std::size_t i = 0; i < a.m.data.size(); ++i) sum += a.m.data[i] * b.m.data[i];
  return {matrix(sum), false, false};
}

}  // namespace write_up
