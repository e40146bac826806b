// Follow-through: is the answer right if the student's own earlier answers are taken for true?
#include <algorithm>

#include "verdict/judge.hpp"
#include "verdict/right_form.hpp"

namespace write_up {
namespace {

// The part of a right answer that an earlier answer gives another value to.
const char* part_named(gradient what) {
  return what == gradient::dl_dh3 ? "Delta" : what == gradient::dl_dh2 ? "S" : what == gradient::dl_dh1 ? "K" : "";
}

using symbols = std::vector<std::string>;

// The symbols of a formula in the order in which they are printed; its own names are read as what they stand for.
void spell(const node& n, const std::vector<definition>& known, symbols& out, int depth = 0) {
  if (n.kind == node_kind::name)
    for (const definition& d : known)
      if (depth < 5 && d.left.text == n.text && d.left.layered == n.layered && d.left.layer == n.layer)
        return spell(d.right, known, out, depth + 1);
  if (n.kind == node_kind::number || n.kind == node_kind::name) {
    out.push_back(n.kind == node_kind::name ? n.text + (n.layered ? std::to_string(n.layer) : "")
                                            : std::to_string(n.number));
    return;
  }
  if (n.kind == node_kind::negate) out.emplace_back("-");
  if (n.kind == node_kind::big_sum || n.kind == node_kind::derivative) out.emplace_back("\\");
  if (n.kind == node_kind::apply) out.push_back(n.text);
  for (std::size_t i = 0; i < n.child.size(); ++i) {
    const bool sign = i > 0 && i <= n.ops.size() && !n.ops[i - 1].empty() && n.ops[i - 1] != "\\cdot";
    if (sign) out.push_back(n.ops[i - 1]);
    spell(n.child[i], known, out, depth);
  }
}

// True if `part` stands in `whole`, symbol by symbol; `argument` in it may be any symbol.
bool repeats(const symbols& whole, const symbols& part, const std::string& argument) {
  const auto same = [&](const std::string& a, const std::string& b) { return a == b || b == argument; };
  return std::search(whole.begin(), whole.end(), part.begin(), part.end(), same) != whole.end();
}

class follower {
 public:
  follower(const question& q, const candidate& chosen, const value_table& given, const given_answers& before,
           const std::vector<definition>& definitions, meter& work)
      : q_(q), chosen_(chosen), given_(given), before_(before), definitions_(definitions), work_(work) {}

  std::string run() const {
    std::vector<std::string> usable;
    for (const auto& [id, answer] : before_) {
      const question& e = *find_question(id);
      const bool slope_matters = e.what == gradient::slope && q_.part == 1;
      if (id != q_.id && (slope_matters || (e.part == q_.part && e.number < q_.number)) && repeated(e, answer))
        usable.push_back(id);
    }
    for (const std::string& id : usable)
      if (matches({id})) return id;
    if (usable.size() > 1 && matches(usable)) {
      std::string all;
      for (const std::string& id : usable) all += (all.empty() ? "" : ", ") + id;
      return all;
    }
    return "";
  }

 private:
  // A number alone, such as σ' = 1, cannot be told from the same mistake made again.
  bool repeated(const question& e, const given_answer& answer) const {
    const bool slope = e.what == gradient::slope;
    const std::string argument = slope ? answer.chosen.argument : "";
    for (const partial& p : parts_of(answer.chosen)) {
      bool any_name = false;
      walk(p.formula, [&](const node& n) { any_name = any_name || n.kind == node_kind::name; });
      symbols part;
      spell(p.formula, definitions_, part);
      for (const partial& mine : parts_of(chosen_)) {
        symbols whole;
        spell(mine.formula, definitions_, whole);
        const bool telling = part.size() > 1 || e.what == q_.what;  // one symbol alone says nothing
        if (any_name && telling && repeats(whole, part, argument)) return true;
      }
    }
    return false;
  }

  static std::vector<partial> parts_of(const candidate& c) {
    std::vector<partial> all = c.parts;
    all.push_back({c.formula, {}, {}});
    return all;
  }

  bool matches(const std::vector<std::string>& ids) const {
    const std::vector<world>& points = worlds_of(q_);
    const std::vector<index_values> places = q_.places();
    bool any = false;
    for (std::size_t p = 0; p < points.size(); ++p) {
      const std::optional<matrix> whole = expected(ids, points[p], p);
      if (!whole) return false;
      for (std::size_t k = 0; k < places.size(); ++k) {
        const std::optional<matrix> v = q_.select(*whole, places[k]);
        if (!v || !given_[p][k] || !agrees(*given_[p][k], *v)) return false;
        any = true;
      }
    }
    return any;
  }

  // What would be right at point p if the answers `ids` were. One part of a gradient leaves the rest of it as it is.
  std::optional<matrix> expected(const std::vector<std::string>& ids, const world& w, std::size_t p) const {
    std::vector<definition> changes;
    std::optional<matrix> whole;
    for (const std::string& id : ids) {
      const question& e = *find_question(id);
      const given_answer& answer = before_.at(id);
      if (e.what == gradient::slope) {
        if (!slope_everywhere(answer, w, changes)) return std::nullopt;
        continue;
      }
      matrix v = whole && e.what == q_.what ? *whole : truth(e, w);
      v.exact = false;
      const std::vector<index_values> places = e.places();
      for (std::size_t k = 0; k < places.size(); ++k)
        if (!answer.values[p][k] || !e.put(v, places[k], *answer.values[p][k])) return std::nullopt;
      if (e.what == q_.what) {
        whole = v;
      } else if (e.what == gradient::dh2_dh1) {
        changes.push_back(fixed("K", multiplied(multiplied(w.dl_dh[3], w.W[3]), v)));
      } else {
        changes.push_back(fixed(part_named(e.what), v));
      }
    }
    return whole ? *whole : right_form(q_, changes).at(w);
  }

  // The student's σ' at every z of the point.
  bool slope_everywhere(const given_answer& answer, const world& w, std::vector<definition>& changes) const {
    const question& slope = *find_question("1.6");
    evaluator e(slope, definitions_, work_);
    e.argument = answer.chosen.argument;
    try {
      const auto at = [&](double z) {
        world point;
        point.argument = z;
        return e.at(answer.chosen.formula, point, {}).m(0, 0);
      };
      changes.push_back(fixed("P", mapped(w.z[2], at)));
      changes.push_back(fixed("Q", mapped(w.z[1], at)));
    } catch (const complaint&) {
      return false;
    }
    return true;
  }

  const question& q_;
  const candidate& chosen_;
  const value_table& given_;
  const given_answers& before_;
  const std::vector<definition>& definitions_;
  meter& work_;
};

}  // namespace

std::string follows_from(const question& q, const candidate& chosen, const value_table& given,
                         const given_answers& wrong_before, const std::vector<definition>& definitions, meter& work) {
  return follower(q, chosen, given, wrong_before, definitions, work).run();
}

}  // namespace write_up
