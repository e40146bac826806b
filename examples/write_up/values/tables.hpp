// The values of an answer by point and place, and what two such tables have in common.
#pragma once

#include <optional>
#include <vector>

#include "sheet/question.hpp"

namespace write_up {

/// By point, then by place of the question. Nothing where there is no value.
using value_table = std::vector<std::vector<std::optional<matrix>>>;

/// The values of the right answer.
value_table true_values(const question& q, const std::vector<world>& points);

value_table transposed(value_table t);

/// True if both agree wherever one has a value, and there is at least one value.
bool same_values(const value_table& a, const value_table& b);

/// The same, or the same with every value transposed.
bool same_up_to_layout(const value_table& a, const value_table& b);

/// True if `t` has the values of `truth` wherever it has any, be it none.
bool agrees_where_defined(const value_table& t, const value_table& truth);

bool has_values(const value_table& t);

/// Everything the places of the question are taken from, at one point.
matrix whole_of(const question& q, const world& w);

/// "For each j" answered by the whole row.
bool given_as_a_whole(const question& q, const value_table& t, const std::vector<world>& points);

/// Right for one value of an index, and given for all.
bool the_same_for_each_index(const value_table& t, const value_table& truth);

}  // namespace write_up
