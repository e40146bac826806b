// What may still be wrong with an answer whose formula is right.
#pragma once

#include <optional>

#include "values/values.hpp"

namespace write_up {

/// Why a right formula may not be taken for a right answer: another side of its chain says something else, it is said
/// to hold for some indices only, or it compares with a number that is not 0.
std::optional<complaint> second_look(const candidate& c, const reading& r, const value_table& truth);

/// The derivatives beside those of earlier questions that the answer itself works out: … (∂l/∂z²)ᵀ h¹ with ∂l/∂z² = ….
std::vector<node> worked_out(const candidate& c, const reading& r);

}  // namespace write_up
