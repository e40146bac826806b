// A tree back to LaTeX: what the checker understood.
#pragma once

#include <string>

#include "formulas/ast.hpp"

namespace write_up {

std::string to_latex(const node& n);

}  // namespace write_up
