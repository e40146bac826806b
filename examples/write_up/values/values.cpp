#include "values/values.hpp"

#include <algorithm>

namespace write_up {
namespace {

class collector {
 public:
  collector(const node& formula, const reading& r) : formula_(formula), r_(r), e_(r.q, r.definitions, r.work) {
    e_.argument = r.argument;
    e_.worked_out = r.worked_out;
  }

  values_found run(const std::vector<world>& points) {
    values_found out;
    const std::vector<index_values> places = r_.q.places();
    for (const world& w : points) {
      const matrix whole = truth(r_.q, w);
      out.table.emplace_back();
      for (const index_values& at : places) {
        out.table.back().emplace_back();
        const std::optional<matrix> want = r_.q.select(whole, at);
        try {
          out.table.back().back() = r_.parts.empty() ? at_once(w, at, want) : put_together(w, at, *want);
        } catch (const complaint& c) {
          const bool undefined = c.kind == trouble::undefined && e_.unevaluated().empty();
          if (c.kind != trouble::range && !undefined) {
            out.unevaluated = e_.unevaluated();
            out.row_of_sample = e_.row_of_sample();
            out.stopped = c;
            return out;
          }
          if (!out.gap) out.gap = c;
          out.gaps_at_kinks_only = out.gaps_at_kinks_only && undefined && w.at_kink;
        }
      }
    }
    out.unevaluated = e_.unevaluated();
    out.row_of_sample = e_.row_of_sample();
    return out;
  }

 private:
  bindings bind(const index_values& at) const {
    bindings b;
    for (std::size_t k = 0; k < at.size(); ++k) b.emplace_back(r_.names[k], at[k]);
    return b;
  }

  // A literal 0 takes the shape asked for.
  matrix at_once(const world& w, const index_values& at, const std::optional<matrix>& want) {
    const value v = e_.at(formula_, w, bind(at));
    return v.zero && want ? matrix(want->rows, want->cols, 0.0) : v.m;
  }

  // The values an index takes; 0 is the whole range.
  static std::vector<int> range(const subscript& s, std::size_t size) {
    if (s.kind == subscript::what::all) return {0};
    if (s.kind == subscript::what::number) return {s.number};
    std::vector<int> all(size);
    for (std::size_t i = 0; i < size; ++i) all[i] = static_cast<int>(i + 1);
    return all;
  }

  matrix put_together(const world& w, const index_values& at, const matrix& want) {
    matrix out(want.rows, want.cols);
    std::vector<bool> filled(out.data.size());
    bool exact = true;
    for (const partial& p : r_.parts) {
      if (!covers(p, at)) continue;
      const node& formula = r_.parts.size() == 1 ? formula_ : p.formula;
      bindings here = bind(at);
      for (std::size_t k = 0; k < p.place.size(); ++k)
        if (p.place[k].kind == subscript::what::letter) here.emplace_back(p.place[k].letter, at[k]);
      for (const int i : range(p.row, want.rows))
        for (const int j : range(p.column, want.cols)) {
          bindings b = here;
          if (p.row.kind == subscript::what::letter) b.emplace_back(p.row.letter, i);
          if (p.column.kind == subscript::what::letter) {
            if (p.column.letter == p.row.letter && i != j) continue;  // the diagonal only
            b.emplace_back(p.column.letter, j);
          }
          const value v = at_place(e_.at(formula, w, b), p, at);
          exact = exact && v.m.exact;
          fill(v, i, j, p, out, filled);
        }
    }
    if (std::find(filled.begin(), filled.end(), false) != filled.end())
      throw complaint(trouble::ambiguous, r_.parts.back().formula.where, "only a part of what is asked for");
    out.exact = exact;
    return out;
  }

  static bool covers(const partial& p, const index_values& at) {
    for (std::size_t k = 0; k < p.place.size(); ++k)
      if (p.place[k].kind == subscript::what::number && p.place[k].number != at[k]) return false;
    return true;
  }

  // ∂h/∂W_{1·} on the left: all places of an index at once. The value at this place.
  value at_place(value v, const partial& p, const index_values& at) const {
    std::vector<std::size_t> all;
    for (std::size_t k = 0; k < p.place.size(); ++k)
      if (p.place[k].kind == subscript::what::all) all.push_back(k);
    if (all.empty() || v.zero) return v;
    const auto count = [&](std::size_t k) { return static_cast<std::size_t>(r_.q.indices[all[k]].count); };
    const auto index = [&](std::size_t k) { return static_cast<std::size_t>(at[all[k]] - 1); };
    const bool exact = v.m.exact;
    const bool vector = v.m.rows == 1 || v.m.cols == 1;
    if (r_.q.pick == part_of::row_by_i && v.m.rows == count(0)) {
      v.m = row_of(v.m, index(0));
    } else if (all.size() == 1 && vector && v.m.data.size() == count(0) && r_.q.pick != part_of::row_by_i) {
      v.m = matrix(v.m.data[index(0)]);
    } else if (all.size() == 2 && v.m.rows == count(0) && v.m.cols == count(1)) {
      v.m = matrix(v.m(index(0), index(1)));
    } else if (all.size() == 2 && v.m.cols == count(0) && v.m.rows == count(1)) {
      v.m = matrix(v.m(index(1), index(0)));
    } else {
      throw complaint(trouble::shape, p.formula.where,
                      "a " + shape_text(v.m) + " where the left side asks for all places at once");
    }
    v.m.exact = exact;
    return v;
  }

  static void fill(const value& v, int i, int j, const partial& p, matrix& out, std::vector<bool>& filled) {
    const auto first = [](int at) { return at == 0 ? std::size_t{0} : static_cast<std::size_t>(at - 1); };
    const std::size_t rows = i == 0 ? out.rows : 1;
    const std::size_t cols = j == 0 ? out.cols : 1;
    if (first(i) + rows > out.rows || first(j) + cols > out.cols)
      throw complaint(trouble::range, p.formula.where, "the left side points beyond what is asked for");
    matrix m = v.zero ? matrix(rows, cols) : v.m;
    if (m.rows != rows || m.cols != cols) m = transposed(m);
    if (m.rows != rows || m.cols != cols)
      throw complaint(trouble::shape, p.formula.where,
                      "a " + shape_text(v.m) + " where the left side asks for a " + std::to_string(rows) + "×" +
                          std::to_string(cols));
    for (std::size_t a = 0; a < rows; ++a)
      for (std::size_t b = 0; b < cols; ++b) {
        const std::size_t at = (first(i) + a) * out.cols + first(j) + b;
        if (filled[at] && !agrees(matrix(out.data[at]), matrix(m(a, b))))
          throw complaint(trouble::ambiguous, p.formula.where, "one entry is given twice, with different values");
        filled[at] = true;
        out.data[at] = m(a, b);
      }
  }

  const node& formula_;
  const reading& r_;
  evaluator e_;
};

}  // namespace

values_found values_of(const node& formula, const reading& r, const std::vector<world>& points) {
  return collector(formula, r).run(points);
}

values_found values_of(const node& formula, const reading& r) { return values_of(formula, r, worlds_of(r.q)); }

std::optional<partial> implied_part(const node& formula, const question& q, const std::vector<std::string>& open) {
  if (!q.indices.empty() || q.pick == part_of::entry || open.empty() || open.size() > 2) return std::nullopt;
  const matrix like = truth(q, worlds_of(q).front());
  const std::size_t columns = q.pick == part_of::column ? 1 : like.cols;
  const bool by_sample = q.part == 2 && q.what != gradient::dl_dW3 && q.what != gradient::dl_dW2;
  const auto is_sample = [&](const std::string& l) { return q.part == 2 && l == "k"; };
  for (const std::string& l : open)
    if (is_sample(l) && !by_sample) return std::nullopt;  // the samples are summed over
  partial p{formula, {subscript::what::all, 0, ""}, {subscript::what::all, 0, ""}};
  const auto letter = [](const std::string& l) { return subscript{subscript::what::letter, 0, l}; };
  if (open.size() == 2) {
    if (like.rows == 1 || columns == 1) return std::nullopt;
    const bool swap = by_sample && is_sample(open[1]);
    p.row = letter(open[swap ? 1 : 0]);
    p.column = letter(open[swap ? 0 : 1]);
  } else if (columns == 1) {
    p.row = letter(open[0]);
  } else if (like.rows == 1) {
    p.column = letter(open[0]);
  } else {
    return std::nullopt;
  }
  return p;
}

}  // namespace write_up
