// Small changes to a student's formula that make it right name the mistake in it.
#pragma once

#include <functional>
#include <string>

#include "formulas/ast.hpp"

namespace write_up {

/// Tries, one or two at a time: a transpose set or taken away, two indices swapped, an index exchanged, a sum over an
/// open letter. `right` says whether a changed formula is the right answer. Returns the mistake's id, "" if nothing
/// helped. `tries` caps the number of formulas evaluated.
std::string repair(const node& formula, const std::vector<std::string>& letters,
                   const std::function<bool(const node&)>& right, int tries = 400);

/// The formula with the factors beside a sum that have one of the open letters, which the sum binds, put into the sum.
node inside_its_sum(node formula, const std::vector<std::string>& open);

}  // namespace write_up
