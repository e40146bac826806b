// What headings and labels say: the number of a question, the part of the sheet.
#pragma once

#include <string>

namespace write_up {

/// "1.11" anywhere in a heading; "" if there is none.
std::string id_in(const std::string& text);

/// The first number in a heading; 0 if there is none.
int number_in(const std::string& text);

/// The part of the sheet a heading announces, "Part 2: a batch": 1 or 2. 0 if it announces none, and -1 if it is
/// surely about something else, "Homework 2" or "Notation".
int part_in(const std::string& title);

/// True if the heading says no more than which part it is, "Part 1", "Teil II: Batch".
bool names_a_part(const std::string& title);

}  // namespace write_up
