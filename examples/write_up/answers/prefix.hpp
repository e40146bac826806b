// What may stand around a question's number at the beginning of a line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tex/source.hpp"

namespace write_up {

/// Whether a number begins a line, and what stands between.
struct line_start {
  bool found = false;
  std::size_t from = 0;    ///< the first token of the line
  bool bold = false;       ///< in a style of its own
  bool math = false;       ///< between $
  bool decorated = false;  ///< bold, in brackets, or behind a word such as Question
  bool refers = false;     ///< the line goes on from words in the line before: "as in\n1.5"
};

/// Nothing but brackets, a style or words such as Question stand before token i in its line.
line_start begins_line(const std::vector<token>& tokens, std::size_t first, std::size_t i);

/// Behind the brackets, points and dashes that follow the number which ends before token k.
std::size_t behind_number(const std::vector<token>& tokens, std::size_t k, std::size_t last, const line_start& line);

}  // namespace write_up
