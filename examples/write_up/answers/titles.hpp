// What headings and labels say: the number of a question, the part of the sheet.
#pragma once

#include <string>

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

}  // namespace write_up
