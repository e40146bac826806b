// What of a write-up is printed, and printed plainly.
#pragma once

#include <string>
#include <vector>

#include "tex/source.hpp"

namespace write_up {

/// What is not printed is gone: between \iffalse and \fi, in a comment or a verbatim environment, in the argument of
/// \label or \phantom. So is what only arranges: \vspace{1cm}, the [2pt] of a line's end.
std::vector<token> only_printed(const std::vector<token>& tokens);

}  // namespace write_up
