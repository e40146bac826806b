// What names a question: numbers in headings and labels, and at the beginning of a line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tex/source.hpp"

namespace write_up {

/// "1.11" anywhere in a heading; "" if there is none.
std::string id_in(const std::string& text);

/// True for "1.6b": a letter stands right behind the number.
bool begins_with_letter_behind(const std::string& title, const std::string& id);

/// True if the heading is a number with words such as Question and nothing else.
bool is_only_a_number(const std::string& title);

/// The first number in a heading; 0 if there is none.
int number_in(const std::string& text);

/// The part of the sheet a heading announces, "Part 2: a batch": 1 or 2. 0 if it announces none, and -1 if it is
/// surely about something else, "Homework 2" or "Notation".
int part_in(const std::string& title);

/// True if the heading says no more than which part it is, "Part 1", "Teil II: Batch".
bool names_a_part(const std::string& title);

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
