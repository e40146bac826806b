// What may still be wrong with an answer whose formula is right, and what is special about a batch: the samples may be
// written out, and a number may stand for m.
#pragma once

#include <optional>

#include "values/values.hpp"
#include "verdict/mistake.hpp"

namespace write_up {

/// Why a right formula may not be taken for a right answer: another side of its chain says something else, it is said
/// to hold for some indices only, or it compares with a number that is not 0.
std::optional<complaint> second_look(const candidate& c, const reading& r, const value_table& truth);

/// The derivatives beside those of earlier questions that the answer itself works out: … (∂l/∂z²)ᵀ h¹ with ∂l/∂z² = ….
std::vector<node> worked_out(const candidate& c, const reading& r);

/// True if the formula has the values of the right answer at these points.
bool right_at(const node& formula, const reading& r, const std::vector<world>& points);

/// m is known as 2, 5 and 7 at the points of the question: whether the answer holds where m is any other number, too.
bool holds_for_any_mean(const candidate& c, const reading& r);

/// The answer is right for two samples. True if it is so where their mean divides by another number than 2, or if a
/// side of its chain is: then it has the m. Else a number, or m - 1, stands for m.
bool has_m_for_two(const candidate& c, const reading& r);

/// The mistake in an answer to part 2 that gives one value per sample where they should be summed, or that writes out
/// the two samples; "" if none is found.
std::string named_for_samples(const value_table& t, const node& formula, const reading& r, const mentions& said);

}  // namespace write_up
