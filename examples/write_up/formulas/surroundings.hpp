// What the words and signs of the text around a formula say about it.
#pragma once

#include <string>
#include <vector>

#include "formulas/splitter.hpp"

namespace write_up {

class surroundings {
 public:
  /// A word, in small letters; `last` is the formula before it, if there is one.
  void word(const std::string& w, piece* last);

  /// Token i of the text: a digit or sign may be part of the formula beside it.
  void sign(const std::vector<token>& text, std::size_t i, piece* last);

  /// The end of the answer.
  void end(piece* last) { end_sentence(last); }

  void open_formula(bool displayed);
  void close_formula();
  void comma(bool is_comma, bool ends_condition);
  void begin_condition() { condition_ = true; }
  void paragraph() { asked_ = asks::nothing; }
  bool defines() const { return defines_; }

  /// A formula begins its life: it takes what was said before it.
  piece take();

 private:
  void asks_with(const std::string& w);
  void end_phrase();
  void end_sentence(piece* last);

  bool displayed_ = false;
  bool defines_ = false;
  bool condition_ = false;
  bool case_ = false;
  bool comma_ = false;
  bool word_ = false;
  bool negated_ = false;   // a word or sign just before changes the meaning
  bool in_note_ = false;   // behind a bracket
  bool behind_ = false;    // just behind a formula
  bool sentence_ = false;  // in the sentence behind a formula
  bool reason_ = false;    // behind since, because
  bool begins_ = false;    // the reason came first: a comma ends it
  bool not_ = false;       // behind a formula and "not"
  bool marked_ = false;    // a sign or bracket stood since the last formula
  bool or_ = false;
  bool names_ = false;
  enum class asks { nothing, mention, question, hint } asked_ = asks::nothing;  // what the sentence does
  bool first_ = true;                                                           // no formula yet
  bool taken_ = false;           // a formula was taken since the phrase began
  bool sentence_ended_ = false;  // a sentence with a formula is over
  bool first_word_ = true;       // of a sentence
  std::string before_;           // the word before
};

/// The letters of a word, small; signs and digits go.
std::string lowered(const std::string& word);

bool is_blank(const token& t);

/// A digit or operator that would change a formula beside it.
bool is_sign(const token& t);

}  // namespace write_up
