// LaTeX mathematics to the trees of formulas, and back.
#pragma once

#include <string>
#include <vector>

#include "formulas/ast.hpp"
#include "tex/tree.hpp"

namespace write_up {

/// The sides of `a = b = c`, in order; a single formula is one side. Throws a complaint with the place, what was met
/// and what was expected.
std::vector<node> parse_equation(const pieces& formula, const limits& cap = {});

/// The same for a formula in LaTeX.
std::vector<node> parse_equation(const std::string& latex);

/// True for the letters that stand for indices: i j k n p q r s (l is the loss, m the batch).
bool is_index_letter(const std::string& text);

/// True for the usual names of a loss: l L J E C.
bool is_loss(const std::string& text);

/// The sheet's letter for one in the other case: w is W, and X, Y, Z, H are x, y, z, h. Any other name is itself.
std::string sheet_name(const std::string& text);

/// A tree back to LaTeX: what the checker understood.
std::string to_latex(const node& n);

}  // namespace write_up
