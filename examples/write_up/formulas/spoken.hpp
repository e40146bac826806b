// What a text says in words and a formula would say in signs.
#pragma once

#include "tex/tree.hpp"

namespace write_up {

/// "1 if $x > 0$ and 0 otherwise" as a formula of cases.
pieces with_spoken_cases(pieces text);

}  // namespace write_up
