#include "judge.hpp"

#include <algorithm>
#include <set>

#include "print.hpp"
#include "repair.hpp"

namespace homework::check {
namespace {

// The values of a formula at all points and places, and what stood in the way.
struct values_found {
  value_table table;
  std::optional<complaint> gap;  // out of range or undefined somewhere
  bool gaps_at_kinks_only = true;
  std::vector<span> unevaluated;
};

class judging {
 public:
  judging(const question& q, const candidate& c, const std::vector<definition>& definitions, given_answers& wrong,
          const limits& cap, finding& f)
      : q_(q), c_(c), definitions_(definitions), wrong_(wrong), cap_(cap), f_(f), truth_(true_values(q)) {
    for (const index_role& r : q.indices) names_.push_back(r.letter);
    for (const auto& [mine, asked] : c.letters)
      for (std::size_t k = 0; k < q.indices.size(); ++k)
        if (q.indices[k].letter == asked) names_[k] = mine;
  }

  void run() {
    std::vector<std::string> open = open_letters();
    if (q_.what == gradient::slope) {
      name_the_argument();
      open.clear();
    }
    if (open.size() == 1 && names_.size() == 1 && c_.letters.empty() && !mentions_letter(names_[0])) {
      names_[0] = open[0];  // the one open letter can only be the question's
      open.clear();
    }
    if (!open.empty()) return judge_open(open);
    try {
      judge_values(evaluate(c_.formula));
    } catch (const complaint& why) {
      judge_complaint(why);
    }
  }

 private:
  std::vector<std::string> open_letters() const { return free_letters(c_.formula, definitions_, names_); }

  bool mentions_letter(const std::string& letter) const {
    const std::vector<std::string> all = free_letters(c_.formula, definitions_);
    return std::find(all.begin(), all.end(), letter) != all.end();
  }

  // dσ/dx may be written as a function of another letter, if it is the only one.
  void name_the_argument() {
    if (c_.argument != "x") return argument_ = c_.argument, void();
    std::set<std::string> names;
    walk(c_.formula, [&](const node& n) {
      if (n.kind == node_kind::name && !n.layered && n.sub.empty()) names.insert(n.text);
    });
    static const std::set<std::string> usual{"x", "z", "t", "u", "s", "a", "v"};
    if (names.size() == 1 && usual.count(*names.begin()) != 0) argument_ = *names.begin();
  }

  bindings bind(const index_values& at) const {
    bindings b;
    for (std::size_t k = 0; k < at.size(); ++k) b.emplace_back(names_[k], at[k]);
    return b;
  }

  values_found evaluate(const node& formula, bool only_two = false) const {
    evaluator e(q_, definitions_, cap_);
    e.argument = argument_;
    values_found out;
    const std::vector<index_values> places = q_.places();
    for (const world& w : worlds_of(q_)) {
      out.table.emplace_back();
      for (const index_values& at : places) {
        out.table.back().emplace_back();
        if (only_two && w.m != 2) continue;
        try {
          out.table.back().back() =
              fitted(e.at(formula, w, bind(at)), out.table.size() - 1, out.table.back().size() - 1);
        } catch (const complaint& c) {
          const bool undefined = c.kind == trouble::undefined && e.unevaluated().empty();
          if (c.kind != trouble::range && !undefined) {
            unevaluated_ = e.unevaluated();
            throw;
          }
          if (!out.gap) out.gap = c;
          out.gaps_at_kinks_only = out.gaps_at_kinks_only && undefined && w.at_kink;
        }
      }
    }
    out.unevaluated = e.unevaluated();
    return out;
  }

  // A literal 0 takes the shape asked for.
  matrix fitted(const value& v, std::size_t point, std::size_t place) const {
    const std::optional<matrix>& want = truth_[point][place];
    if (v.zero && want) return matrix(want->rows, want->cols, 0.0);
    return v.m;
  }

  bool right(const node& formula) const {
    try {
      const values_found v = evaluate(formula);
      return same_values(v.table, truth_) || same_values(transposed_table(v.table), truth_);
    } catch (const complaint&) {
      return false;
    }
  }

  static value_table transposed_table(value_table t) {
    for (auto& row : t)
      for (auto& v : row)
        if (v) v = transposed(*v);
    return t;
  }

  void conclude(verdict v, const std::string& message) {
    f_.result = v;
    f_.message = message;
  }

  void blame(const std::string& id, const std::string& message = "") {
    f_.result = verdict::wrong;
    f_.mistake = id;
    std::string words;
    for (std::size_t from = 0; from <= id.size();) {
      const std::size_t to = std::min(id.find('+', from), id.size());
      const mistake& m = find_mistake(id.substr(from, to - from));
      words += (words.empty() ? "" : ", and ") + m.name;
      f_.hint += (f_.hint.empty() ? "" : " ") + m.hint;
      from = to + 1;
    }
    f_.message = message.empty() ? words : words.empty() ? message : words + ": " + message;
  }

  void judge_values(const values_found& found) {
    if (same_values(found.table, truth_)) {
      if (found.unevaluated.empty()) return conclude(verdict::right, "");
      f_.where = found.unevaluated[0];
      return blame("unevaluated_chain");
    }
    if (found.gap && found.gap->kind == trouble::undefined && empty(found.table)) {
      f_.where = found.gap->where;
      return conclude(verdict::unsure, found.gap->what());
    }
    if (found.gap && found.gaps_at_kinks_only && agrees_where_defined(found.table)) {
      f_.where = found.gap->where;
      return conclude(verdict::unsure, found.gap->what());
    }
    if (found.unevaluated.empty()) {
      if (q_.pick != part_of::entry && same_values(transposed_table(found.table), truth_))
        return conclude(verdict::layout, "transposed");
      if (given_as_a_whole(found.table)) return;
      if (holds_for_two(found.table)) return;
    }
    f_.shown = smallest_example(found.table);
    if (!found.unevaluated.empty()) {
      f_.where = found.unevaluated[0];
      return blame("unevaluated_chain");
    }
    name(found);
  }

  static bool empty(const value_table& t) {
    for (const auto& row : t)
      for (const auto& v : row)
        if (v) return false;
    return true;
  }

  bool agrees_where_defined(const value_table& t) const {
    for (std::size_t i = 0; i < t.size(); ++i)
      for (std::size_t k = 0; k < t[i].size(); ++k)
        if (t[i][k] && !agrees(*t[i][k], *truth_[i][k])) return false;
    return true;
  }

  // "For each j" answered by the whole row.
  bool given_as_a_whole(const value_table& t) {
    if (q_.indices.empty()) return false;
    const std::vector<world>& points = worlds_of(q_);
    for (std::size_t p = 0; p < points.size(); ++p) {
      matrix whole = truth(q_, points[p]);
      if (q_.pick == part_of::row_by_j) whole = row_of(whole, q_.row);
      for (const auto& v : t[p])
        if (!v || v->scalar() || (!agrees(*v, whole) && !agrees(transposed(*v), whole))) return false;
    }
    conclude(verdict::layout, "given for all indices at once");
    return true;
  }

  bool agrees_for_two(const value_table& t) const {
    const std::vector<world>& points = worlds_of(q_);
    for (std::size_t p = 0; p < points.size(); ++p)
      for (std::size_t k = 0; k < t[p].size(); ++k)
        if (points[p].m == 2 && (!t[p][k] || !agrees(*t[p][k], *truth_[p][k]))) return false;
    return q_.part == 2;
  }

  // The sheet's batch has two samples: terms may be written out. A number such as ½ may then stand for 1/m, or may not.
  bool holds_for_two(const value_table& t) {
    if (!agrees_for_two(t)) return false;
    bool number = false;
    walk(c_.formula,
         [&](const node& n) { number = number || (n.kind == node_kind::number && n.number != 0 && n.number != 1); });
    for (const definition& d : definitions_)
      walk(d.right,
           [&](const node& n) { number = number || (n.kind == node_kind::number && n.number != 0 && n.number != 1); });
    if (number) {
      conclude(verdict::unsure, "holds for m = 2 only: does a number stand for m here? Expected m");
    } else {
      conclude(verdict::layout, "written out for m = 2");
    }
    return true;
  }

  void name(const values_found& found) {
    const std::string after = follows_from(q_, found.table, wrong_, definitions_, cap_);
    if (!after.empty()) {
      f_.after = after;
      blame("follow_through", "follows from " + after);
      return keep(found.table);
    }
    mentions said = mentioned_in(c_.formula, q_);
    for (const definition& d : definitions_) {
      const mentions more = mentioned_in(d.right, q_);
      said.mask = said.mask || more.mask;
      said.mask_on_h = said.mask_on_h || more.mask_on_h;
      said.other_layer = said.other_layer || more.other_layer;
    }
    std::string id = name_mistake(q_, found.table, said);
    if (id.empty() && q_.pick == part_of::whole) id = name_mistake(q_, transposed_table(found.table), said);
    if (id.empty()) id = repaired();
    if (id.empty() && answers_other(found.table)) id = "other_question";
    if (id.empty() && found.gap) {
      f_.where = found.gap->where;
      blame("", found.gap->what());
    } else {
      blame(id, id.empty() ? "differs from the gradient" : "");
    }
    keep(found.table);
  }

  void keep(const value_table& t) { wrong_[q_.id] = {c_, t, definitions_.size()}; }

  std::string repaired() const {
    return repair(c_.formula, names_, [&](const node& changed) { return right_quickly(changed); });
  }

  // One point first: most changes fail there.
  bool right_quickly(const node& changed) const {
    const world& w = worlds_of(q_).front();
    try {
      evaluator e(q_, definitions_, cap_);
      e.argument = argument_;
      const std::vector<index_values> places = q_.places();
      const matrix v = e.at(changed, w, bind(places.back())).m;
      const matrix& want = *truth_[0][places.size() - 1];
      if (!agrees(v, want) && !agrees(transposed(v), want)) return false;
    } catch (const complaint&) {
      return false;
    }
    return right(changed);
  }

  bool answers_other(const value_table& t) {
    for (const question& other : all_questions()) {
      if (other.id == q_.id || other.part != q_.part || other.what == gradient::slope ||
          other.indices.size() != q_.indices.size())
        continue;
      const value_table v = true_values(other);
      if (v.size() != t.size() || v[0].size() != t[0].size() || other.id == "1.8") continue;
      if (same_values(v, t)) {
        f_.after = other.id;
        return true;
      }
    }
    return false;
  }

  std::optional<example> smallest_example(const value_table& t) const {
    const std::vector<world>& points = worlds_of(q_);
    const std::vector<index_values> places = q_.places();
    std::optional<example> best;
    const auto better = [&](const world& w) {
      if (!best) return true;
      if (w.integer != best->point->integer) return w.integer;
      if (w.m != best->point->m) return w.m < best->point->m;
      return w.weight() < best->point->weight();
    };
    for (std::size_t p = 0; p < points.size(); ++p)
      for (std::size_t k = 0; k < places.size(); ++k)
        if ((!t[p][k] || !agrees(*t[p][k], *truth_[p][k])) && better(points[p]))
          best = example{&points[p], places[k], *truth_[p][k], t[p][k]};
    return best;
  }

  void judge_complaint(const complaint& why) {
    f_.where = why.where;
    if (!unevaluated_.empty() && why.kind == trouble::undefined) return blame("unevaluated_chain");
    if (q_.part == 2 && (why.kind == trouble::shape || why.kind == trouble::ambiguous)) {
      try {  // rows written out for the two samples have no meaning for five
        const values_found two = evaluate(c_.formula, true);
        if (two.unevaluated.empty() && holds_for_two(two.table)) return;
      } catch (const complaint&) {
      }
    }
    if (why.kind == trouble::shape) {
      const std::string id = repaired();
      return blame(id.empty() ? "shapes" : id, why.what());
    }
    conclude(verdict::unsure, why.what());
  }

  // Letters nothing binds: entries of the whole, a forgotten sum, or not understood.
  void judge_open(const std::vector<std::string>& open) {
    if (given_entry_by_entry(open)) return conclude(verdict::layout, "given entry by entry");
    node formula = c_.formula;
    for (const std::string& letter : open) {
      node sum;
      sum.kind = node_kind::big_sum;
      sum.where = formula.where;
      sum.letters.push_back(letter);
      sum.child.push_back(std::move(formula));
      formula = std::move(sum);
    }
    if (right(formula)) return blame("missing_sum");
    std::vector<std::string> letters = names_;
    letters.insert(letters.end(), open.begin(), open.end());
    const std::string id = repair(c_.formula, letters, [&](const node& changed) {
      return free_letters(changed, definitions_, names_).empty() && right_quickly(changed);
    });
    if (!id.empty()) return blame(id);
    try {
      (void)evaluate(c_.formula);
    } catch (const complaint& why) {
      f_.where = why.where;
      return conclude(verdict::unsure, why.what());
    }
    conclude(verdict::unsure, "the index " + open[0] + " is bound by no sum and no question");
  }

  bool given_entry_by_entry(const std::vector<std::string>& open) const {
    if (!q_.indices.empty() || open.size() > 2) return false;
    const matrix& like = *truth_[0][0];
    std::string row = c_.entry_row;
    std::string column = c_.entry_column;
    if (row.empty() && column.empty()) {
      const bool by_sample = q_.part == 2 && q_.what != gradient::dl_dW3 && q_.what != gradient::dl_dW2;
      if (open.size() == 1) {
        if (open[0] == "k" && q_.part == 2 && !by_sample) return false;  // the samples are summed over
        (like.cols == 1 ? row : column) = open[0];
        if (like.rows > 1 && like.cols > 1) return false;
      } else {
        const bool swap = by_sample && open[1] == "k";
        if (!by_sample && (open[0] == "k" || open[1] == "k") && q_.part == 2) return false;
        row = open[swap ? 1 : 0];
        column = open[swap ? 0 : 1];
      }
    }
    for (const std::string& l : open)
      if (l != row && l != column) return false;
    try {
      evaluator e(q_, definitions_, cap_);
      for (std::size_t p = 0; p < truth_.size(); ++p) {
        const matrix& want = *truth_[p][0];
        for (std::size_t i = 0; i < want.rows; ++i)
          for (std::size_t j = 0; j < want.cols; ++j) {
            bindings b;
            if (!row.empty()) b.emplace_back(row, static_cast<int>(i + 1));
            if (!column.empty()) b.emplace_back(column, static_cast<int>(j + 1));
            if (!agrees(e.at(c_.formula, worlds_of(q_)[p], b).m, matrix(want(i, j)))) return false;
          }
      }
      return e.unevaluated().empty();
    } catch (const complaint&) {
      return false;
    }
  }

  const question& q_;
  const candidate& c_;
  const std::vector<definition>& definitions_;
  given_answers& wrong_;
  const limits& cap_;
  finding& f_;
  value_table truth_;
  std::vector<std::string> names_;
  std::string argument_ = "x";
  mutable std::vector<span> unevaluated_;
};

}  // namespace

void judge(const question& q, const candidate& c, const std::vector<definition>& definitions, given_answers& wrong,
           const limits& cap, finding& f) {
  judging(q, c, definitions, wrong, cap, f).run();
}

}  // namespace homework::check
