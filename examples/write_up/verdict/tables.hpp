// What two tables of values have in common, and where they part.
#pragma once

#include <optional>

#include "check.hpp"

namespace write_up {

bool has_values(const value_table& t);

/// The table has the true values wherever it has any.
bool agrees_where_defined(const value_table& t, const value_table& truth);

/// "For each j" answered by the whole row, at the points of the question or at others.
bool given_as_a_whole(const question& q, const value_table& t);
bool given_as_a_whole(const question& q, const value_table& t, const std::vector<world>& points);

/// Everything the places of the question are taken from, at one point.
matrix whole_of(const question& q, const world& w);

/// Right for one value of an index, and given for all.
bool the_same_for_each_index(const value_table& t, const value_table& truth);

/// The point easiest to follow where the table has not the true value.
std::optional<example> smallest_example(const question& q, const value_table& t, const value_table& truth,
                                        bool without_zeros = false);

/// The question of the same part whose right answer these values are, "" if there is none.
std::string other_question(const question& q, const value_table& t);

}  // namespace write_up
