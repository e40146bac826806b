// A tree back to LaTeX: what the checker understood.
#pragma once

#include <string>

#include "ast.hpp"

namespace homework::check {

std::string to_latex(const node& n);

}  // namespace homework::check
