#include "values/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace write_up {
namespace {

double compared(const std::string& op, double a, double b) {
  if (op == ">") return a > b ? 1 : 0;
  if (op == "<") return a < b ? 1 : 0;
  if (op == "\\ge") return a >= b ? 1 : 0;
  if (op == "\\le") return a <= b ? 1 : 0;
  if (op == "\\ne") return a != b ? 1 : 0;
  return a == b ? 1 : 0;
}

[[noreturn]] void contradiction(const node& of) {
  throw complaint(trouble::ambiguous, of.where, "two cases hold here and say different things; expected one");
}

}  // namespace

value evaluator::at(const node& n, const world& w, const bindings& bound) {
  scope s{w, bound, definitions_.size()};
  rounded_ = false;
  value v = eval(n, s);
  v.m.exact = w.exact() && !rounded_;
  return v;
}

double evaluator::divided(double a, double b) const {
  const double q = a / b;
  rounded_ = rounded_ || std::fma(q, b, -a) != 0;
  return q;
}

void meter::stop(const node& n) const {
  const bool one = steps_ > cap.steps;
  throw exhausted{{trouble::too_much, n.where,
                   std::string(one ? "this answer takes" : "the answers up to here take") + " more than " +
                       std::to_string(one ? cap.steps : cap.all_steps) + " steps to evaluate"}};
}

value evaluator::eval(const node& n, scope& s) {
  work_.count(n);
  switch (n.kind) {
    case node_kind::number:
      rounded_ = rounded_ || n.number * 1024 != std::floor(n.number * 1024);
      return {matrix(n.number), false, n.number == 0};
    case node_kind::name:
      return name(n, s);
    case node_kind::index:
      return selected(eval(n.child[0], s), n.sub, n, s);
    case node_kind::transpose: {
      value v = eval(n.child[0], s);
      v.m = transposed(v.m);
      return v;
    }
    case node_kind::power:
      return raised(n, s);
    case node_kind::negate: {
      value v = eval(n.child[0], s);
      v.m = scaled(v.m, -1);
      v.mask = false;
      return v;
    }
    case node_kind::sum:
      return sum(n, s);
    case node_kind::product:
      return product(n, s);
    case node_kind::apply:
      return apply(n, s);
    case node_kind::relation:
      return relation(n, s);
    case node_kind::all_of: {
      value all = eval(n.child.at(0), s);
      for (std::size_t i = 1; i < n.child.size(); ++i) {
        const value more = eval(n.child[i], s);
        if (!more.m.same_shape(all.m)) throw complaint(trouble::shape, n.where, "conditions of different shapes");
        all.m = times(all.m, more.m);
      }
      return all;
    }
    case node_kind::otherwise:
      return {matrix(1.0), true, false};
    case node_kind::derivative:
      return derivative(n, s);
    case node_kind::big_sum:
      return big_sum(n, s);
    case node_kind::cases:
      return cases(n, s);
    case node_kind::matrix:
      return block_matrix(n, s);
    case node_kind::inner:
      return inner(n, s);
  }
  throw complaint(trouble::not_understood, n.where, "this is not understood; expected a formula");
}

value evaluator::sum(const node& n, scope& s) {
  value total = eval(n.child[0], s);
  for (std::size_t i = 1; i < n.child.size(); ++i) {
    const value next = eval(n.child[i], s);
    const double sign = n.ops[i - 1] == "-" ? -1 : 1;
    if (next.zero && !total.m.scalar()) continue;
    if (total.zero && !next.m.scalar()) {
      total = {scaled(next.m, sign), false, false};
      continue;
    }
    if (!total.m.same_shape(next.m))
      throw complaint(trouble::shape, n.child[i].where,
                      "a sum of a " + shape_text(total.m) + " and a " + shape_text(next.m) + "; expected equal shapes");
    total = {zipped(total.m, next.m, [sign](double a, double b) { return a + sign * b; }), false, false};
  }
  return total;
}

// The limit of a sum. m is the number of samples there, also where the mean divides by another number.
int evaluator::limit(const node& n, scope& s) {
  if (n.kind == node_kind::name && n.text == "m" && !n.layered && n.sub.empty() && s.w.part == 2)
    return static_cast<int>(s.w.m);
  const value v = eval(n, s);
  if (!v.m.scalar() || v.m(0, 0) != std::floor(v.m(0, 0)) || std::abs(v.m(0, 0)) > 1000)
    throw complaint(trouble::not_understood, n.where, "no whole number here; expected the limit of a sum");
  return static_cast<int>(v.m(0, 0));
}

value evaluator::big_sum(const node& n, scope& s) {
  std::vector<std::string> letters = n.letters;
  if (letters.empty()) {  // Σ without a letter: over the one letter nothing else binds
    std::set<std::string> open;
    walk(n.child[0], [&](const node& c) {
      for (const subscript& x : c.sub)
        if (x.kind == subscript::what::letter && lookup(x.letter, s) == 0) open.insert(x.letter);
    });
    if (open.size() != 1)
      throw complaint(trouble::not_understood, n.where, "a sum over what? Expected \\sum_k or one open index letter");
    letters.push_back(*open.begin());
  }
  const std::size_t depth = s.bound.size();
  std::vector<int> from;
  std::vector<int> to;
  long terms = 1;
  for (const std::string& letter : letters) {
    const int length = range(letter, n.child[0], s, 0);
    int first = 1;
    int last = length;
    if (n.child.size() == 3) {
      first = limit(n.child[1], s);
      last = limit(n.child[2], s);
      // The sheet's batch has m = 2: a sum over the samples written to 2 is meant to the end.
      const bool samples = q_.part == 2 && length == static_cast<int>(s.w.m) && first == 1;
      if (samples && n.child[2].kind == node_kind::number && last == 2) last = length;
    } else if (length == 0) {
      throw complaint(trouble::unbound, n.where, "no index " + letter + " in this sum; expected limits");
    }
    from.push_back(first);
    to.push_back(last);
    terms *= std::max(0, last - first + 1);
    s.bound.emplace_back(letter, first);
  }
  if (terms > work_.cap.terms)
    throw complaint(trouble::too_much, n.where, "a sum of more than " + std::to_string(work_.cap.terms) + " terms");
  value total{matrix(0.0), false, true};
  const bool any = terms > 0;
  while (any) {
    const value next = eval(n.child[0], s);
    if (total.zero) {
      total = {next.m, false, false};
    } else {
      if (!total.m.same_shape(next.m))
        throw complaint(trouble::shape, n.where, "the terms of this sum differ in shape");
      total.m = zipped(total.m, next.m, [](double a, double b) { return a + b; });
    }
    std::size_t k = letters.size();
    while (k > 0 && ++s.bound[depth + k - 1].second > to[k - 1]) {
      s.bound[depth + k - 1].second = from[k - 1];
      --k;
    }
    if (k == 0) break;
  }
  s.bound.resize(depth);
  return total;
}

value evaluator::relation(const node& n, scope& s) {
  value left = eval(n.child[0], s);
  value out{matrix(1.0), true, false};
  for (std::size_t i = 0; i < n.ops.size(); ++i) {
    const value right = eval(n.child[i + 1], s);
    const matrix& like = left.m.scalar() ? right.m : left.m;
    const matrix a = widened(left, like);
    const matrix b = widened(right, like);
    if (!a.same_shape(b))
      throw complaint(trouble::shape, n.where, "a comparison of a " + shape_text(a) + " with a " + shape_text(b));
    const matrix holds = zipped(a, b, [&](double u, double v) { return compared(n.ops[i], u, v); });
    out.m = i == 0 ? holds : out.m.same_shape(holds) ? times(out.m, holds) : holds;
    left = right;
  }
  return out;
}

// Every case whose condition holds is evaluated: they must say the same.
value evaluator::cases(const node& n, scope& s) {
  std::vector<value> condition;
  for (std::size_t i = 1; i < n.child.size(); i += 2) condition.push_back(eval(n.child[i], s));
  matrix like(1.0);
  for (const value& c : condition)
    if (like.scalar()) like = c.m;
  std::vector<bool> given(like.data.size());
  value out{matrix(like.rows, like.cols), false, false};
  for (std::size_t i = 0; i < condition.size(); ++i) {
    const bool otherwise = n.child[2 * i + 1].kind == node_kind::otherwise;
    const matrix holds = widened(condition[i], like);
    if (!holds.same_shape(like))
      throw complaint(trouble::shape, n.child[2 * i + 1].where, "conditions of different shapes");
    std::vector<std::size_t> here;
    for (std::size_t k = 0; k < given.size(); ++k)
      if (holds.data[k] != 0 && !(otherwise && given[k])) here.push_back(k);
    if (here.empty()) continue;
    const value v = eval(n.child[2 * i], s);
    if (like.scalar()) {  // the whole value hangs on one condition
      if (given[0] && !agrees(v.m, out.m)) contradiction(n.child[2 * i]);
      out = {v.m, false, v.zero};
      given[0] = true;
      continue;
    }
    const matrix wide = widened(v, like);
    if (!wide.same_shape(like)) throw complaint(trouble::shape, n.child[2 * i].where, "cases of different shapes");
    for (const std::size_t k : here) {
      if (given[k] && !agrees(matrix(wide.data[k]), matrix(out.m.data[k]))) contradiction(n.child[2 * i]);
      out.m.data[k] = wide.data[k];
      given[k] = true;
    }
  }
  if (std::find(given.begin(), given.end(), false) != given.end())
    throw complaint(trouble::undefined, n.where, "no case applies here; the convention is relu'(0) = 0");
  return out;
}

value evaluator::block_matrix(const node& n, scope& s) {
  const std::size_t columns = static_cast<std::size_t>(n.columns);
  const std::size_t rows = n.child.size() / columns;
  std::vector<value> cell;
  for (const node& c : n.child) cell.push_back(eval(c, s));
  // A 0 fills its block; the other blocks say how large it is.
  std::vector<std::size_t> height(rows, 0);
  std::vector<std::size_t> breadth(columns, 0);
  for (int pass = 0; pass < 2; ++pass)
    for (std::size_t i = 0; i < cell.size(); ++i) {
      std::size_t& h = height[i / columns];
      std::size_t& b = breadth[i % columns];
      if (pass == 0 && cell[i].zero) continue;
      if (h == 0) h = cell[i].m.rows;
      if (b == 0) b = cell[i].m.cols;
      if (!(cell[i].zero) && (h != cell[i].m.rows || b != cell[i].m.cols))
        throw complaint(
            trouble::shape, n.child[i].where,
            "a block of " + shape_text(cell[i].m) + " beside blocks of " + std::to_string(h) + "×" + std::to_string(b));
    }
  std::size_t r = 0;
  std::size_t c = 0;
  for (std::size_t h : height) r += h;
  for (std::size_t b : breadth) c += b;
  if (r * c > work_.cap.cells)
    throw complaint(trouble::too_much, n.where,
                    "a matrix of more than " + std::to_string(work_.cap.cells) + " entries");
  value out{matrix(r, c), true, false};
  std::size_t top = 0;
  for (std::size_t i = 0; i < rows; top += height[i], ++i) {
    std::size_t left = 0;
    for (std::size_t j = 0; j < columns; left += breadth[j], ++j) {
      const value& v = cell[i * columns + j];
      out.mask = out.mask && v.mask;
      if (v.zero) continue;
      for (std::size_t a = 0; a < v.m.rows; ++a)
        for (std::size_t b = 0; b < v.m.cols; ++b) out.m(top + a, left + b) = v.m(a, b);
    }
  }
  return out;
}

}  // namespace write_up
