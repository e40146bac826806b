#include "json.hpp"

#include <nlohmann/json.hpp>

namespace homework {

namespace {

using nlohmann::ordered_json;

ordered_json rows_of(const matrix<double>& a) {
  ordered_json rows = ordered_json::array();
  for (std::size_t i = 0; i < a.shape(0); ++i) {
    ordered_json row = ordered_json::array();
    for (std::size_t j = 0; j < a.shape(1); ++j) row.push_back(a(i, j));
    rows.push_back(row);
  }
  return rows;
}

// The matrices of the layers 1, 2, ...
ordered_json layers_of(const std::vector<matrix<double>>& all) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 1; i < all.size(); ++i) list.push_back(rows_of(all[i]));
  return list;
}

ordered_json part_of(const walkthrough& w) {
  return {{"x", rows_of(w.h[0])}, {"y", rows_of(w.y)}, {"z", layers_of(w.z)},
          {"h", layers_of(w.h)},  {"loss", w.loss},    {"delta", rows_of(w.delta)}};
}

ordered_json answer_of(const answer& a) {
  ordered_json result = {{"id", a.text.id},
                         {"part", a.part},
                         {"quantity", a.text.quantity},
                         {"formula", a.text.formula},
                         {"latex_quantity", a.text.latex_quantity},
                         {"latex_formula", a.text.latex_formula},
                         {"shape", a.text.shape},
                         {"tape", rows_of(a.by_tape)},
                         {"closed_form", rows_of(a.by_formula)},
                         {"difference", a.difference},
                         {"scale", a.scale},
                         {"ok", a.ok}};
  if (a.text.id == "1.6") result["x"] = rows_of(slope_points<double>());
  return result;
}

}  // namespace

std::string to_json(const solution& s) {
  ordered_json answers = ordered_json::array();
  for (const answer& a : s.answers) answers.push_back(answer_of(a));
  const ordered_json object = {{"precision", s.precision},
                               {"origin", s.origin},
                               {"tolerance", s.tolerance},
                               {"layers", s.widths},
                               {"weights", layers_of(s.part1.W)},
                               {"part1", part_of(s.part1)},
                               {"part2", part_of(s.part2)},
                               {"questions", answers},
                               {"agree", s.agreeing()},
                               {"total", s.answers.size()},
                               {"ok", s.ok()}};
  // A file name in `origin` may hold any bytes; what is not UTF-8 is replaced.
  return object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace homework
