// The sentences of an answer: its formulas one by one, and what the words and signs around each say about it.
#pragma once

#include <string>
#include <vector>

#include "formulas/ranges.hpp"
#include "tex/tree.hpp"

namespace write_up {

/// What the words and signs around a formula say about it.
struct said {
  bool displayed = false;   ///< in a display, not inside a line of text
  bool defines = false;     ///< behind let, where, with, …
  bool condition = false;   ///< behind "for": says where the formula before it holds
  bool a_case = false;      ///< behind "if": the same
  bool after_word = false;  ///< a word parts it from the formula before
  bool reason = false;      ///< behind since, because, …: it explains, and is no answer
  bool names = false;       ///< behind "by", "as", "for": write … for …
  bool negated = false;     ///< words or signs beside it change its meaning: not, minus, twice, is wrong
  bool joined = false;      ///< nothing, or "or", parts it from the formula before
  bool asked = false;       ///< a sentence that asks for something, or gives a hint, mentions it
};

/// One formula between separators.
struct said_formula : said {
  pieces formula{};
  std::vector<said_range> ranges{};  ///< if it only says where indices run
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
  void end_condition() { now_.condition = false; }
  void begin_condition() { now_.condition = true; }
  void comma(bool is_comma) { comma_ = is_comma; }
  void paragraph() { asked_ = asks::nothing; }
  bool defines() const { return now_.defines; }

  /// A formula begins its life: it takes what was said before it.
  said_formula take();

 private:
  void asks_with(const std::string& w);
  void end_phrase();

  said now_;  // what the next formula will be told; joined and asked are settled when it is there
  bool comma_ = false;
  bool in_note_ = false;   // behind a bracket
  bool behind_ = false;    // just behind a formula
  bool sentence_ = false;  // in the sentence behind a formula
  bool begins_ = false;    // the reason came first: a comma ends it
  bool not_ = false;       // behind a formula and "not"
  bool marked_ = false;    // a sign or bracket stood since the last formula
  bool or_ = false;
  enum class asks { nothing, mention, question, hint } asked_ = asks::nothing;  // what the sentence does
  bool first_ = true;                                                           // no formula yet
  bool taken_ = false;           // a formula was taken since the phrase began
  bool sentence_ended_ = false;  // a sentence with a formula is over
  bool first_word_ = true;       // of a sentence
  std::string before_;           // the word before
};

/// "1 if $x > 0$ and 0 otherwise" as a formula of cases.
pieces with_spoken_cases(pieces text);

}  // namespace write_up
