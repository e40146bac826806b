// What a \quad in a formula parts.
#pragma once

#include <cstddef>
#include <vector>

#include "tex/source.hpp"

namespace write_up {

/// \quad, \qquad.
bool is_gap(const token& t);

bool opens_group(const token& t);
bool closes_group(const token& t);

/// From i on there is only (3), (*) or (2 × 3): a label. Throws a complaint where it may be a factor.
bool is_only_a_label(const std::vector<token>& formula, std::size_t i);

/// Something that could be an entry of a row stands next to i, before (step -1) or behind (1) it.
bool operand_beside(const std::vector<token>& formula, std::size_t i, int step);

}  // namespace write_up
