// The solution as one JSON object; README.md describes it.
#pragma once

#include <string>

#include "answers.hpp"

namespace homework {

/// The object, indented, ending in a newline. NaN and infinity become null.
std::string to_json(const solution& s);

}  // namespace homework
