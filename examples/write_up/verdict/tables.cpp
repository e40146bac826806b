#include "verdict/tables.hpp"

#include "values/values.hpp"

namespace write_up {

bool has_values(const value_table& t) {
  for (const auto& row : t)
    for (const auto& v : row)
      if (v) return true;
  return false;
}

bool agrees_where_defined(const value_table& t, const value_table& truth) {
  for (std::size_t i = 0; i < t.size(); ++i)
    for (std::size_t k = 0; k < t[i].size(); ++k)
      if (t[i][k] && !agrees(*t[i][k], *truth[i][k])) return false;
  return true;
}

matrix whole_of(const question& q, const world& w) {
  const matrix whole = truth(q, w);
  return q.pick == part_of::row_by_j ? row_of(whole, q.row) : whole;
}

bool given_as_a_whole(const question& q, const value_table& t) { return given_as_a_whole(q, t, worlds_of(q)); }

bool given_as_a_whole(const question& q, const value_table& t, const std::vector<world>& points) {
  if (q.indices.empty()) return false;
  for (std::size_t p = 0; p < points.size(); ++p) {
    const matrix whole = whole_of(q, points[p]);
    for (const auto& v : t[p])
      if (!v || v->scalar() || (!agrees(*v, whole) && !agrees(transposed(*v), whole))) return false;
  }
  return true;
}

bool the_same_for_each_index(const value_table& t, const value_table& truth) {
  for (std::size_t fixed = 0; fixed < truth[0].size() && truth[0].size() > 1; ++fixed) {
    bool same = true;
    for (std::size_t p = 0; p < t.size() && same; ++p)
      for (std::size_t k = 0; k < t[p].size() && same; ++k) same = t[p][k] && agrees(*t[p][k], *truth[p][fixed]);
    if (same) return true;
  }
  return false;
}

std::optional<example> smallest_example(const question& q, const value_table& t, const value_table& truth,
                                        bool without_zeros) {
  const std::vector<world>& points = worlds_of(q);
  const std::vector<index_values> places = q.places();
  std::optional<example> best;
  const auto zeros = [&](const matrix& expected) {
    return without_zeros && std::find(expected.data.begin(), expected.data.end(), 0.0) != expected.data.end();
  };
  const auto better = [&](const world& w, bool has_value, const matrix& expected) {
    if (!best) return true;
    if (has_value != best->given.has_value()) return has_value;
    if (zeros(expected) != zeros(best->expected)) return !zeros(expected);
    if (w.integer != best->point->integer) return w.integer;
    if (w.m != best->point->m) return w.m < best->point->m;
    return w.weight() < best->point->weight();
  };
  for (std::size_t p = 0; p < points.size(); ++p)
    for (std::size_t k = 0; k < places.size(); ++k)
      if ((!t[p][k] || !agrees(*t[p][k], *truth[p][k])) && better(points[p], t[p][k].has_value(), *truth[p][k]))
        best = example{&points[p], places[k], *truth[p][k], t[p][k]};
  return best;
}

std::string other_question(const question& q, const value_table& t) {
  if (q.what == gradient::slope) return "";
  for (const question& other : all_questions()) {
    const bool comparable = other.id != q.id && other.part == q.part && other.what != gradient::slope &&
                            other.id != "1.8" && other.indices.size() == q.indices.size();
    // One entry given for another entry is an index gone wrong.
    const bool entries = other.what == q.what && other.pick == part_of::entry && q.pick == part_of::entry;
    if (!comparable || entries) continue;
    const value_table v = true_values(other, worlds_of(q));
    if (v[0].size() == t[0].size() && same_values(v, t)) return other.id;
  }
  return "";
}

}  // namespace write_up
