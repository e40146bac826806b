// The solution as text for a terminal.
#pragma once

#include <iosfwd>
#include <string>

#include "answers.hpp"

namespace homework {

/// Colours, if `out` is a terminal and the user has not set NO_COLOR, nor a dumb one; nothing otherwise.
struct style {
  bool colour = false;
  std::string good(const std::string& text) const;
  std::string bad(const std::string& text) const;
  std::string strong(const std::string& text) const;
};

/// The style for standard output.
style style_of_stdout();

/// A number in at most seven digits: "0.363", "1.5e-17".
std::string number_text(double x);

/// A matrix as lines, "[[1, 2]," and " [3, 4]]", in aligned columns; a 1×1 matrix as its number. Long matrices are cut
/// in the middle.
std::vector<std::string> matrix_lines(const matrix<double>& a);

/// x, y, W, z, h, the loss and δ of both parts.
void print_walkthrough(std::ostream& out, const solution& s, const style& style);

/// The table of answers and its last line, "25 of 25 agree".
void print_answers(std::ostream& out, const solution& s, const style& style);

/// One answer: the intermediates of its part, the formula, both values.
void print_one(std::ostream& out, const solution& s, const answer& a, const style& style);

}  // namespace homework
