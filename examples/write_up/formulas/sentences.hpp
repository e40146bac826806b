// The sentences of an answer: its formulas one by one, and what the words and signs around each say about it.
#pragma once

#include <string>
#include <vector>

#include "formulas/ranges.hpp"
#include "tex/tree.hpp"

namespace write_up {

/// One formula between separators, and what the words around it say.
struct said_formula {
  pieces formula;
  std::vector<said_range> ranges;  ///< if it only says where indices run
  bool displayed = false;
  bool defines = false;     ///< behind let, where, with, …
  bool condition = false;   ///< behind "for": says where the formula before it holds
  bool a_case = false;      ///< behind "if": the same
  bool after_word = false;  ///< a word parts it from the one before
  bool reason = false;      ///< behind since, because: explains
  bool joined = false;      ///< nothing, or "or", stands between it and the formula before
  bool names = false;       ///< behind "by", "as", "for": write … for …
  bool asked = false;       ///< a sentence that asks for something, or gives a hint, mentions it
  bool negated = false;     ///< words beside it change its meaning: not, minus, twice, is wrong
};

/// The formulas of a text, in order; none where it says that nothing was found. If it holds no marks of mathematics,
/// all of it is mathematics. Throws a complaint at what crosses something out or prints it only at times.
std::vector<said_formula> sentences_of(const std::vector<token>& tokens, const limits& cap);

/// What stands around a formula, word by word.
class surroundings {
 public:
  /// A word, in small letters; `last` is the formula before it, if there is one.
  void word(const std::string& w, said_formula* last);

  /// Piece i of the text: a digit or sign may be part of the formula beside it.
  void sign(const pieces& text, std::size_t i, said_formula* last);

  /// "… only if the unit is alive." with no formula behind is a condition in words.
  void end_sentence(said_formula* last);

  void open_formula(bool displayed);
  void close_formula();
  void end_condition() { condition_ = false; }
  void begin_condition() { condition_ = true; }
  void comma(bool is_comma) { comma_ = is_comma; }
  void paragraph() { asked_ = asks::nothing; }
  bool defines() const { return defines_; }

  /// A formula begins its life: it takes what was said before it.
  said_formula take();

 private:
  void asks_with(const std::string& w);
  void end_phrase();

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

}  // namespace write_up
