// What the words and signs of the text around a formula say about it.
#pragma once

#include <string>
#include <vector>

#include "splitter.hpp"

namespace homework::check {

class surroundings {
 public:
  /// A word, in small letters; `last` is the formula before it, if there is one.
  void word(const std::string& w, piece* last);

  /// Token i of the text: a digit or sign may be part of the formula beside it.
  void sign(const std::vector<token>& text, std::size_t i, piece* last);

  void open_formula(bool displayed);
  void close_formula();
  void comma(bool is_comma, bool ends_condition);
  void begin_condition() { condition_ = true; }
  bool defines() const { return defines_; }

  /// A formula begins its life: it takes what was said before it.
  piece take();

 private:
  void end_phrase();

  bool displayed_ = false;
  bool defines_ = false;
  bool condition_ = false;
  bool case_ = false;
  bool comma_ = false;
  bool word_ = false;
  bool negated_ = false;  // a word or sign just before changes the meaning
  bool in_note_ = false;  // behind a bracket
  bool behind_ = false;   // just behind a formula
};

/// The letters of a word, small; signs and digits go.
std::string lowered(const std::string& word);

bool is_blank(const token& t);

/// A digit or operator that would change a formula beside it.
bool is_sign(const token& t);

}  // namespace homework::check
