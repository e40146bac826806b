// Products: one flat list of factors, read the one way the shapes allow.
#include <cmath>
#include <optional>

#include "values/evaluate.hpp"

namespace write_up {
namespace {

bool is_pointwise(const std::string& op) { return op == "\\odot"; }

// The ways to read a list of factors.
enum reading {
  left_to_right,     // ((a b) c) d
  matrix_first,      // a b ⊙ c d is (ab) ⊙ (cd)
  pointwise_first,   // a ⊙ b c ⊙ d is (a⊙b)(c⊙d)
  right_to_left,     // a (b (c d)): a vector, then a number made of two vectors
  long_denominator,  // a/b c is a/(bc)
  numbers_below,     // 1/2m (…) is 1/(2m) (…)
  readings
};

}  // namespace

value evaluator::combined(const value& a, const std::string& op, const value& b, const node& n) const {
  if (op == "/") {
    if (!b.m.scalar())
      throw complaint(trouble::shape, n.where, "division by a " + shape_text(b.m) + "; expected a number");
    if (b.m(0, 0) == 0) throw complaint(trouble::undefined, n.where, "division by zero");
    return {mapped(a.m, [&](double v) { return divided(v, b.m(0, 0)); }), false, a.zero};
  }
  if (a.zero || b.zero) {
    const matrix& other = a.zero ? b.m : a.m;
    if (a.m.scalar() && b.m.scalar()) return {matrix(0.0), false, true};
    return {scaled(other, 0), false, false};
  }
  const bool mask = a.mask && b.mask;
  if (a.m.scalar()) return {scaled(b.m, a.m(0, 0)), mask, false};
  if (b.m.scalar()) return {scaled(a.m, b.m(0, 0)), mask, false};
  if (op == "\\odot") {
    if (!a.m.same_shape(b.m))
      throw complaint(trouble::shape, n.where, shape_text(a.m) + " ⊙ " + shape_text(b.m) + "; expected equal shapes");
    return {times(a.m, b.m), mask, false};
  }
  if (op == "\\otimes") {
    const bool vectors = (a.m.rows == 1 || a.m.cols == 1) && (b.m.rows == 1 || b.m.cols == 1);
    if (!vectors) throw complaint(trouble::ambiguous, n.where, "⊗ of matrices; expected vectors");
    return {multiplied(a.m.cols == 1 ? a.m : transposed(a.m), b.m.rows == 1 ? b.m : transposed(b.m)), mask, false};
  }
  const bool square = a.m.same_shape(b.m) && a.m.rows == a.m.cols;
  if (square && entry_by_entry_.count({&n, op}) != 0) return {times(a.m, b.m), mask, false};
  if (square && (a.mask || b.mask || op == "*" || op == "\\times"))
    throw complaint(trouble::ambiguous, n.where,
                    "a product of two " + shape_text(a.m) + " matrices; expected \\odot or a clear matrix product");
  if (a.m.cols == b.m.rows) return {multiplied(a.m, b.m), false, false};
  if (a.m.same_shape(b.m)) {
    // No matrix product here: beside a mask only ⊙ can be meant.
    if (op == "*" || (op.empty() && (a.mask || b.mask))) {
      entry_by_entry_.insert({&n, op});
      return {times(a.m, b.m), mask, false};
    }
    const std::string sign = op.empty() ? "" : op + " ";
    throw complaint(trouble::ambiguous, n.where,
                    "a product " + sign + "of two " + shape_text(a.m) +
                        ": entry by entry, or a transpose forgotten? Expected \\odot or ^T");
  }
  throw complaint(trouble::shape, n.where,
                  "a product of a " + shape_text(a.m) + " and a " + shape_text(b.m) + " does not fit");
}

value evaluator::read(const node& n, const std::vector<value>& factors, int how) const {
  const auto fold = [&](const std::vector<value>& f, const std::vector<std::string>& ops) {
    value v = f[0];
    for (std::size_t i = 0; i < ops.size(); ++i) v = combined(v, ops[i], f[i + 1], n);
    return v;
  };
  if (how == left_to_right) return fold(factors, n.ops);
  if (how == right_to_left) {
    value v = factors.back();
    for (std::size_t i = n.ops.size(); i-- > 0;) v = combined(factors[i], n.ops[i], v, n);
    return v;
  }
  bool below = false;  // behind a slash, and everything since juxtaposed
  // Group the factors by the operators that bind tighter, then fold the rest.
  const auto tight = [&](std::size_t i) {
    if (how == matrix_first) return !is_pointwise(n.ops[i]);
    if (how == pointwise_first) return is_pointwise(n.ops[i]);
    if (!n.ops[i].empty() || n.child[i + 1].kind == node_kind::big_sum) return false;
    if (how == numbers_below && (!factors[i + 1].m.scalar() || n.child[i + 1].bracketed)) return false;
    return below;
  };
  std::vector<value> groups{factors[0]};
  std::vector<std::string> loose;
  for (std::size_t i = 0; i < n.ops.size(); ++i) {
    below = (i > 0 && n.ops[i - 1] == "/") || (below && i > 0 && tight(i - 1));
    if (tight(i)) {
      groups.back() = combined(groups.back(), n.ops[i], factors[i + 1], n);
    } else {
      groups.push_back(factors[i + 1]);
      loose.push_back(n.ops[i]);
    }
  }
  return fold(groups, loose);
}

value evaluator::product(const node& n, scope& s) {
  std::vector<value> factors;
  for (const node& c : n.child) factors.push_back(eval(c, s));
  bool pointwise = false;
  bool other = false;
  bool divides = false;
  bool open_denominator = false;  // a/b c
  for (std::size_t i = 0; i < n.ops.size(); ++i) {
    pointwise = pointwise || is_pointwise(n.ops[i]);
    other = other || !is_pointwise(n.ops[i]);
    divides = divides || n.ops[i] == "/";
    const bool follows = i + 1 < n.ops.size() && n.ops[i] == "/" && n.ops[i + 1].empty();
    // 1/m Σ… and 1/m (…): a sum or bracket behind the fraction is not under it unless it must be
    open_denominator = open_denominator || (follows && n.child[i + 2].kind != node_kind::big_sum);
  }
  auto known = readings_.find(&n);
  if (known == readings_.end()) {
    std::vector<int> fitting;
    std::optional<complaint> why;
    for (int how = 0; how < readings; ++how) {
      if ((how == matrix_first || how == pointwise_first) && !(pointwise && other)) continue;
      if ((how == long_denominator || how == numbers_below) && !open_denominator) continue;
      if (how == right_to_left && (divides || !fitting.empty())) continue;
      try {
        (void)read(n, factors, how);
        fitting.push_back(how);
      } catch (const complaint& c) {
        if (c.kind == trouble::undefined || c.kind == trouble::too_much) throw;
        if (!why || c.kind == trouble::ambiguous) why = c;
      }
    }
    if (fitting.empty()) throw *why;
    known = readings_.emplace(&n, fitting).first;
  }
  const value v = read(n, factors, known->second[0]);
  for (std::size_t k = 1; k < known->second.size(); ++k)
    if (!agrees(read(n, factors, known->second[k]).m, v.m))
      throw complaint(trouble::ambiguous, n.where, "this product can be read in two ways; expected brackets");
  return v;
}

}  // namespace write_up
