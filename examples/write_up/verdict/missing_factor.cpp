// A factor forgotten where that changes the shape of the answer.
#include "verdict/mistake.hpp"

namespace write_up {
namespace {

// What is left of a product when one factor is forgotten, with the id of the mistake.
std::vector<std::pair<std::string, matrix>> without_a_factor(const question& q, const world& w, std::size_t unit) {
  const ingredients g(w);
  const matrix dh2 = multiplied(g.delta, g.W3);
  const bool column = q.pick == part_of::column;
  switch (q.what) {
    case gradient::dl_dW3:
      return {{"missing_input", g.delta}, {"missing_delta", g.h2}};
    case gradient::dl_dh2:
      return {{"missing_weight", g.delta}, {"missing_delta", column ? column_of(g.W3, q.column) : g.W3}};
    case gradient::dl_dW2:
      return {{"missing_input", times(dh2, g.mask2)}};
    case gradient::dl_dh1:
      return {{"missing_weight", times(dh2, g.mask2)}};
    case gradient::dl_dW1:
      return {{"missing_input", times(multiplied(times(dh2, g.mask2), g.W2), g.mask1)}};
    case gradient::dh2_dh1:
      return {{"missing_weight", matrix(g.mask2(0, unit))}};
    default:
      return {};
  }
}

}  // namespace

std::string missing_factor(const question& q, const value_table& given) {
  const bool at_once = q.pick == part_of::whole || q.pick == part_of::column || q.pick == part_of::row_by_i;
  if (!at_once) return "";
  const std::vector<world>& points = worlds_of(q);
  const std::size_t ways = without_a_factor(q, points.front(), 0).size();
  for (std::size_t way = 0; way < ways; ++way) {
    bool same = true;
    for (std::size_t p = 0; p < points.size() && same; ++p)
      for (std::size_t k = 0; k < given[p].size() && same; ++k) {
        const matrix left = without_a_factor(q, points[p], k)[way].second;
        same = given[p][k] && (agrees(*given[p][k], left) || agrees(transposed(*given[p][k]), left));
      }
    if (same) return without_a_factor(q, points.front(), 0)[way].first;
  }
  return "";
}

}  // namespace write_up
