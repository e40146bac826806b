// The values of an answer at every point and place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "answers/candidate.hpp"
#include "values/tables.hpp"

namespace write_up {

/// How an answer's formula is to be read.
struct reading {
  const question& q;
  const std::vector<definition>& definitions;
  meter& work;
  std::vector<std::string> names;  ///< the answer's letters for the question's indices, in order
  std::string argument = "x";
  std::vector<partial> parts;      ///< if there are any, the values are put together from them
  std::vector<node> worked_out{};  ///< derivatives the answer gives a value to, beside those of earlier questions
};

/// The values of a formula, and what stood in the way.
struct values_found {
  value_table table;
  std::optional<complaint> stopped;  ///< no values at all, or not to the end
  std::optional<complaint> gap;      ///< out of range or undefined somewhere
  bool gaps_at_kinks_only = true;
  std::vector<span> unevaluated;
  std::optional<span> row_of_sample;  ///< where h²_k was read as the row of sample k
};

values_found values_of(const node& formula, const reading& r, const std::vector<world>& points);

/// At the points of the reading's question.
values_found values_of(const node& formula, const reading& r);

/// The letters of an answer without a left side can only stand for rows and columns of what is asked for: that part, or
/// nothing if they fit no such place.
std::optional<partial> implied_part(const node& formula, const question& q, const std::vector<std::string>& open);

}  // namespace write_up
