// The solution as text for a terminal.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "answers.hpp"
#include "style.hpp"

namespace homework {

/// A number in at most seven digits: "0.363", "1.5e-17".
std::string number_text(double x);

/// A matrix as lines, "[[1, 2]," and " [3, 4]]", in aligned columns; a 1×1 matrix as its number. Long matrices are cut
/// in the middle.
std::vector<std::string> matrix_lines(const matrix<double>& a);

/// x, y, W, z, h, the loss and δ of both parts.
void print_walkthrough(std::ostream& out, const solution& s, const style& style);

/// The table of answers, or where it is too wide an answer below the other, and the last line, "25 of 25 agree".
void print_answers(std::ostream& out, const solution& s, const style& style);

/// One answer: the intermediates of its part, the formula, both values.
void print_one(std::ostream& out, const solution& s, const answer& a, const style& style);

}  // namespace homework
