// What TeX commands do in a formula: nothing, take an argument with them, print text, or say the same as another one.
#pragma once

#include <string>

namespace write_up {

/// Spacing, sizes of brackets, styles: nothing a reader would read.
bool only_spaces(const std::string& command);

/// What it and its argument print says nothing: \label{…}, \color{…}.
bool vanishes_with_argument(const std::string& command);

/// \text{…}, \mbox{…}: words in the mathematics.
bool is_text_command(const std::string& command);

/// The usual one of the commands that say the same: \dfrac is \frac.
std::string usual_name(const std::string& command);

/// Arrows, ticks, \\forall: one formula ends here, and another may begin.
bool parts_formulas(const std::string& command);

/// True for align, equation*, …: the mathematics environments that are displays.
bool is_display_environment(std::string name);

}  // namespace write_up
