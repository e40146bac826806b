// LaTeX mathematics to a tree: a Pratt parser over TeX tokens.
#pragma once

#include <string>
#include <vector>

#include "formulas/ast.hpp"
#include "tex/source.hpp"

namespace write_up {

/// Makes the tokens of a formula plain: spacing, \left, \big, \displaystyle, \label{…} go, synonyms become one name
/// (\dfrac → \frac, \geq → \ge), \text{…} becomes word tokens.
std::vector<token> plain_math(const std::vector<token>& tokens);

/// The tree of one formula without a top-level relation. Throws a complaint with the place, what was met and what was
/// expected. `tokens` come from plain_math.
node parse_formula(const std::vector<token>& tokens, const limits& cap = {});

/// The sides of `a = b = c`, in order; a single formula is one side.
std::vector<node> parse_equation(const std::vector<token>& tokens, const limits& cap = {});

/// True for the letters that stand for indices: i j k n p q r s (l is the loss, m the batch).
bool is_index_letter(const std::string& text);

/// True for the usual names of a loss: l L J E C.
bool is_loss(const std::string& text);

/// The sheet's letter for one in the other case: w is W, and X, Y, Z, H are x, y, z, h. Any other name is itself.
std::string sheet_name(const std::string& text);

}  // namespace write_up
