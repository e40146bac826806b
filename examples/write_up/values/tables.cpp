#include "values/tables.hpp"

#include <algorithm>

namespace write_up {

value_table true_values(const question& q, const std::vector<world>& points) {
  value_table out;
  const std::vector<index_values> places = q.places();
  for (const world& w : points) {
    const matrix whole = truth(q, w);
    out.emplace_back();
    for (const index_values& at : places) out.back().push_back(q.select(whole, at));
  }
  return out;
}

value_table transposed(value_table t) {
  for (auto& row : t)
    for (auto& v : row)
      if (v) v = transposed(*v);
  return t;
}

bool same_values(const value_table& a, const value_table& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < a[i].size(); ++k)
      if (a[i][k].has_value() != b[i][k].has_value()) return false;
  return has_values(a) && agrees_where_defined(a, b);
}

bool same_up_to_layout(const value_table& a, const value_table& b) {
  return same_values(a, b) || same_values(transposed(a), b);
}

bool agrees_where_defined(const value_table& t, const value_table& truth) {
  for (std::size_t i = 0; i < t.size(); ++i)
    for (std::size_t k = 0; k < t[i].size(); ++k)
      if (t[i][k] && !agrees(*t[i][k], *truth[i][k])) return false;
  return true;
}

bool has_values(const value_table& t) {
  return std::any_of(t.begin(), t.end(), [](const auto& row) {
    return std::any_of(row.begin(), row.end(), [](const auto& v) { return v.has_value(); });
  });
}

matrix whole_of(const question& q, const world& w) {
  const matrix whole = truth(q, w);
  return q.pick == part_of::row_by_j ? row_of(whole, q.row) : whole;
}

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

}  // namespace write_up
