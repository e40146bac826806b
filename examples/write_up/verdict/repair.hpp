// Small changes to a student's formula that make it right name the mistake in it, where it has no values to compare.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "formulas/ast.hpp"

namespace write_up {

/// Tries, one or two at a time: a transpose set or taken away, two indices swapped, an index exchanged, a symbol of
/// another layer. `right` says whether a changed formula is the right answer; it is asked 400 times at most. Returns
/// the mistake's id, "" if nothing helped. `letters` are those of the question, and those nothing binds.
std::string repair(const node& formula, const std::vector<std::string>& letters,
                   const std::function<bool(const node&)>& right);

/// The formula with the factors beside a sum that have one of the open letters, which the sum binds, put into the sum.
node inside_its_sum(node formula, const std::vector<std::string>& open);

}  // namespace write_up
