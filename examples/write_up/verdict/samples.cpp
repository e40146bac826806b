#include "verdict/second_look.hpp"

#include <algorithm>

namespace write_up {
namespace {

// m as a number: the limit of a sum is always how many samples there are.
bool has_m(const node& n) {
  if (n.kind == node_kind::name && n.text == "m" && n.sub.empty()) return true;
  const std::size_t parts = n.kind == node_kind::big_sum ? 1 : n.child.size();
  return std::any_of(n.child.begin(), n.child.begin() + static_cast<std::ptrdiff_t>(parts), has_m);
}

bool mentions_m(const candidate& c, const reading& r) {
  return has_m(c.formula) ||
         std::any_of(c.parts.begin(), c.parts.end(), [](const partial& p) { return has_m(p.formula); }) ||
         std::any_of(r.definitions.begin(), r.definitions.end(), [](const definition& d) { return has_m(d.right); });
}

bool right_values(const values_found& v, const question& q, const std::vector<world>& points) {
  return !v.stopped && v.unevaluated.empty() && same_values(v.table, true_values(q, points));
}

}  // namespace

bool right_at(const node& formula, const reading& r, const std::vector<world>& points) {
  return right_values(values_of(formula, r, points), r.q, points);
}

bool holds_for_any_mean(const candidate& c, const reading& r) {
  if (!mentions_m(c, r)) return true;
  const std::vector<world>& points = all_worlds().apart;
  values_found v = values_of(c.formula, r, points);
  if (right_values(v, r.q, points) || given_as_a_whole(r.q, v.table, points)) return true;
  v.table = transposed(v.table);
  return right_values(v, r.q, points);
}

bool has_m_for_two(const candidate& c, const reading& r) {
  const worlds& all = all_worlds();
  return right_at(c.formula, r, all.two_apart) || std::any_of(c.others.begin(), c.others.end(), [&](const node& side) {
           return right_at(side, r, all.two) && right_at(side, r, all.two_apart);
         });
}

std::string named_for_samples(const value_table& t, const node& formula, const reading& r, const mentions& said) {
  const value_table truth = true_values(r.q, worlds_of(r.q));
  value_table summed = t;
  bool per_sample = truth[0][0]->scalar();
  for (std::size_t p = 0; p < t.size() && per_sample; ++p)
    for (std::size_t k = 0; k < t[p].size() && per_sample; ++k) {
      per_sample = t[p][k] && t[p][k]->cols == 1 && t[p][k]->rows == worlds_of(r.q)[p].m;
      if (!per_sample) break;
      double sum = 0;
      for (double v : t[p][k]->data) sum += v;
      summed[p][k] = matrix(sum);
    }
  if (per_sample) {
    const bool right = same_values(summed, truth);
    return right || name_mistake(r.q, summed, said, worlds_of(r.q)) == "missing_sum" ? "missing_sum" : "";
  }
  const std::vector<world>& two = all_worlds().two_apart;
  const values_found v = values_of(formula, r, two);
  return v.stopped || v.gap ? "" : name_mistake(r.q, v.table, said, two);
}

}  // namespace write_up
