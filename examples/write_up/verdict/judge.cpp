#include "verdict/judge.hpp"

#include <algorithm>
#include <set>

#include "answers/definitions.hpp"
#include "values/values.hpp"
#include "verdict/repair.hpp"
#include "verdict/second_look.hpp"

namespace write_up {
namespace {

class judging {
 public:
  judging(const question& q, const candidate& c, const std::vector<definition>& definitions, given_answers& wrong,
          meter& work, finding& f)
      : q_(q), c_(c), wrong_(wrong), f_(f), truth_(true_values(q, worlds_of(q))), read_{q,  definitions, work,
                                                                                        {}, "x",         c.parts} {
    for (const index_role& r : q.indices) read_.names.push_back(r.letter);
    for (const auto& [mine, asked] : c.letters)
      for (std::size_t k = 0; k < q.indices.size(); ++k)
        if (q.indices[k].letter == asked) read_.names[k] = mine;
    read_.worked_out = worked_out(c, read_);
  }

  void run() {
    std::vector<std::string> open = open_letters();
    if (q_.what == gradient::slope) {
      name_the_argument();
      open.clear();
    }
    if (open.size() == 1 && read_.names.size() == 1 && c_.letters.empty() && !mentions_letter(read_.names[0])) {
      read_.names[0] = open[0];  // the one open letter can only be the question's
      open.clear();
    }
    if (open.empty()) {
      judge_values(values_of(c_.formula, read_));
    } else {
      judge_open(open);
    }
    if (f_.result == verdict::right || f_.result == verdict::layout) {
      if (const std::optional<complaint> doubt = second_look(c_, read_, truth_)) {
        f_.where = doubt->where;
        conclude(verdict::unsure, doubt->what());
      } else if (q_.part == 2 && !for_two_ && !holds_for_any_mean(c_, read_)) {
        conclude(verdict::unsure, "this does not hold for every m; expected 1/m as the only factor made of m");
      }
    }
    if (f_.result == verdict::wrong && !f_.shown && f_.mistake != "unevaluated_chain")
      f_.shown = smallest_example(q_, no_values(), truth_);
  }

 private:
  value_table no_values() const {
    return value_table(truth_.size(), std::vector<std::optional<matrix>>(truth_[0].size()));
  }

  // The letters nothing binds: not the question, not a sum, not the left side.
  std::vector<std::string> open_letters() const {
    std::vector<std::string> bound = read_.names;
    const auto bind = [&](const subscript& s) {
      if (s.kind == subscript::what::letter) bound.push_back(s.letter);
    };
    for (const partial& p : c_.parts) {
      bind(p.row);
      bind(p.column);
      for (const subscript& s : p.place) bind(s);
    }
    return free_letters(c_.formula, read_.definitions, bound);
  }

  bool mentions_letter(const std::string& letter) const {
    const std::vector<std::string> all = free_letters(c_.formula, read_.definitions);
    return std::find(all.begin(), all.end(), letter) != all.end();
  }

  // dσ/dx may be written as a function of another letter, if it is the only one.
  void name_the_argument() {
    if (c_.argument != "x") return read_.argument = c_.argument, void();
    std::set<std::string> names;
    walk(c_.formula, [&](const node& n) {
      if (n.kind == node_kind::name && !n.layered && n.sub.empty()) names.insert(n.text);
    });
    static const std::set<std::string> usual{"x", "z", "t", "u", "s", "a", "v"};
    if (names.size() == 1 && usual.count(*names.begin()) != 0) read_.argument = *names.begin();
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
    if (found.stopped) return judge_complaint(*found.stopped, found.unevaluated, found.row_of_sample.has_value());
    if (same_values(found.table, truth_)) {
      if (found.unevaluated.empty()) return accept_as_it_is();
      f_.where = found.unevaluated[0];
      return blame("unevaluated_chain");
    }
    const bool partly =
        found.gap && found.gap->kind == trouble::undefined &&
        (!has_values(found.table) || (found.gaps_at_kinks_only && agrees_where_defined(found.table, truth_)));
    if (partly) {
      f_.where = found.gap->where;
      return conclude(verdict::unsure, found.gap->what());
    }
    if (found.unevaluated.empty() && right_up_to_layout(found.table)) return;
    f_.shown = smallest_example(q_, found.table, truth_);
    if (!found.unevaluated.empty()) {
      f_.where = found.unevaluated[0];
      return blame("unevaluated_chain");
    }
    name(found);
  }

  void accept_as_it_is() {
    if (c_.parts.empty()) return conclude(verdict::right, "");
    conclude(verdict::layout, c_.parts.size() > 1 ? "given in parts" : "given entry by entry");
  }

  bool right_up_to_layout(const value_table& t) {
    if (q_.pick != part_of::entry && same_values(transposed(t), truth_))
      return conclude(verdict::layout, "transposed"), true;
    if (given_as_a_whole(q_, t, worlds_of(q_))) return conclude(verdict::layout, "given for all indices at once"), true;
    return written_out();
  }

  // The sheet's batch has two samples: terms may be written out.
  bool written_out() {
    if (q_.part != 2 || !right_at(c_.formula, read_, all_worlds().two)) return false;
    for_two_ = c_.two_samples || has_m_for_two(c_, read_);
    if (for_two_) {
      conclude(verdict::layout, "written out for m = 2");
    } else {
      conclude(verdict::unsure, "holds for m = 2 only: does something stand for m here? Expected m");
    }
    return true;
  }

  // A row without & between its entries is read as one product.
  bool one_entry_in_brackets(const value_table& t) const {
    const bool brackets =
        c_.formula.bracketed || (c_.formula.kind == node_kind::matrix && c_.formula.child.size() == 1);
    return brackets && t[0][0] && t[0][0]->scalar() && !truth_[0][0]->scalar();
  }

  void name(const values_found& found) {
    if (found.row_of_sample) {
      f_.where = *found.row_of_sample;
      return conclude(verdict::unsure, "one index on one row per sample: row or column? Expected two indices");
    }
    if (one_entry_in_brackets(found.table))
      return conclude(verdict::unsure, "one entry in these brackets; expected & between the entries of a row");
    const std::string after = follows_from(q_, c_, found.table, wrong_, read_.definitions, read_.work);
    if (!after.empty()) {
      f_.after = after;
      blame("follow_through", "follows from " + after);
      return keep(found.table);
    }
    mentions said = mentioned();
    for (const definition& d : read_.definitions) said.add(d.right, q_);
    std::string id = named(found.table, said);
    if (id.empty() && q_.pick == part_of::whole) id = named(transposed(found.table), said);
    if (id.empty()) id = missing_factor(q_, found.table);
    if (id.empty() && q_.part == 2) id = named_for_samples(found.table, c_.formula, read_, said);
    if (id.empty()) f_.after = other_question(q_, found.table);
    if (!f_.after.empty()) id = "other_question";
    if (id.empty() && the_same_for_each_index(found.table, truth_)) id = "wrong_index";
    if (id.empty()) id = repaired();
    if (id.empty() && found.gap) {
      f_.where = found.gap->where;
      blame("", found.gap->what());
    } else {
      blame(id, id.empty() ? "differs from the gradient" : "");
    }
    if (id.find("missing_sum") != std::string::npos) f_.shown = smallest_example(q_, found.table, truth_, true);
    keep(found.table);
  }

  mentions mentioned() const {
    mentions said;
    said.add(c_.formula, q_);
    return said;
  }

  std::string named(const value_table& t, const mentions& said) const {
    return name_mistake(q_, t, said, worlds_of(q_));
  }

  void keep(const value_table& t) { wrong_[q_.id] = {c_, t, read_.definitions.size()}; }

  bool right(const node& formula) const {
    const values_found v = values_of(formula, read_);
    return !v.stopped && same_up_to_layout(v.table, truth_);
  }

  // The mistake in the formula if a small change makes it right; nothing must bind the open letters then.
  std::string repaired(const std::vector<std::string>& open = {}) const {
    if (c_.parts.size() > 1) return "";
    std::vector<std::string> letters = read_.names;
    letters.insert(letters.end(), open.begin(), open.end());
    return repair(c_.formula, letters, [&](const node& changed) {
      return (open.empty() || free_letters(changed, read_.definitions, read_.names).empty()) && right_quickly(changed);
    });
  }

  // One point first: most changes fail there.
  bool right_quickly(const node& changed) const {
    const std::vector<world> one{worlds_of(q_).front()};
    const values_found v = values_of(changed, read_, one);
    return !v.stopped && !v.gap && same_up_to_layout(v.table, {truth_[0]}) && right(changed);
  }

  void judge_complaint(const complaint& why, const std::vector<span>& unevaluated, bool row_of_sample) {
    f_.where = why.where;
    if (!unevaluated.empty() && why.kind == trouble::undefined) return blame("unevaluated_chain");
    // Rows written out for the two samples have no meaning for five.
    if ((why.kind == trouble::shape || why.kind == trouble::ambiguous) && written_out()) return;
    if (why.kind == trouble::shape && !row_of_sample) {
      const std::string id = repaired();
      return blame(id.empty() ? "shapes" : id, why.what());
    }
    conclude(verdict::unsure, why.what());
  }

  // Letters nothing binds: entries of the whole, a forgotten sum, or not understood.
  void judge_open(const std::vector<std::string>& open) {
    if (const std::optional<partial> part = implied_part(c_.formula, q_, open); part && c_.parts.empty()) {
      reading entries = read_;
      entries.parts = {*part};
      const values_found v = values_of(c_.formula, entries);
      if (!v.stopped && v.unevaluated.empty() && same_values(v.table, truth_)) {
        read_.parts = entries.parts;
        return conclude(verdict::layout, "given entry by entry");
      }
      const std::string id = v.stopped || !v.unevaluated.empty() ? "" : named(v.table, mentioned());
      if (!id.empty()) return f_.shown = smallest_example(q_, v.table, truth_), blame(id);
    }
    node formula = c_.formula;
    for (const std::string& letter : open) {
      node sum;
      sum.kind = node_kind::big_sum;
      sum.where = formula.where;
      sum.letters.push_back(letter);
      sum.child.push_back(std::move(formula));
      formula = std::move(sum);
    }
    if (right(inside_its_sum(c_.formula, open))) return blame("outside_sum");
    const values_found summed = values_of(formula, read_);
    if (!summed.stopped && !summed.gap) {
      f_.shown = smallest_example(q_, summed.table, truth_, true);
      if (f_.shown) f_.shown->given.reset();  // the letter has no value, so the answer has none
      if (same_up_to_layout(summed.table, truth_)) {
        f_.shown = smallest_example(q_, no_values(), truth_, true);
        return blame("missing_sum");
      }
      if (const std::string id = named(summed.table, mentioned()); !id.empty()) return blame("missing_sum+" + id);
      f_.shown.reset();
    }
    const std::string id = repaired(open);
    if (!id.empty()) return blame(id);
    const values_found v = values_of(c_.formula, read_);
    const std::optional<complaint>& why = v.stopped ? v.stopped : v.gap;
    if (why) f_.where = why->where;
    conclude(verdict::unsure, why ? why->what() : "the index " + open[0] + " is bound by no sum and no question");
  }

  const question& q_;
  const candidate& c_;
  given_answers& wrong_;
  finding& f_;
  value_table truth_;
  reading read_;
  bool for_two_ = false;  // written out for two samples
};

}  // namespace

void judge(const question& q, const candidate& c, const std::vector<definition>& definitions, given_answers& wrong,
           meter& work, finding& f) {
  judging(q, c, definitions, wrong, work, f).run();
}

}  // namespace write_up
