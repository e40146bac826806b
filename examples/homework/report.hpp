// The solution as a LaTeX document.
#pragma once

#include <string>

#include "answers.hpp"

namespace homework {

/// A complete article that pdflatex compiles with the base packages and amsmath: the network, its numbers, every
/// question with its formula, both values and their difference.
std::string to_latex(const solution& s);

/// Writes text to a file, whole or not at all: into a temporary file beside it, which is then renamed. Throws
/// xg::io_error.
void write_whole(const std::string& file, const std::string& text);

/// True if both names lead to one file.
bool same_file(const std::string& a, const std::string& b);

}  // namespace homework
