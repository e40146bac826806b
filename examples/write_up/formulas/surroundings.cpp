#include <utility>

#include "formulas/lexicon.hpp"
#include "formulas/sentences.hpp"

namespace write_up {

void surroundings::word(const std::string& w, said_formula* last) {
  comma_ = false;
  if (w.empty()) return;
  now_.after_word = true;
  const bool filler = says(w, words::filler);
  or_ = w == "or" || w == "oder" || (or_ && filler);
  now_.names = says(w, words::names);
  const auto spoil = [&](bool does) {
    if (does && last != nullptr) last->negated = true;
  };
  if (not_) spoil(!says(w, words::harmless));
  not_ = behind_ && (w == "not" || w == "nicht");
  spoil(behind_ && !not_ && says(w, words::takes_back));
  spoil(sentence_ && !now_.reason && says(w, words::spoils));
  spoil(says(w, words::retracts) || (first_word_ && sentence_ended_ && (w == "no" || w == "nein")));
  spoil(sentence_ && before_ == "one" && (w == "at" || w == "for"));
  asks_with(w);
  // "the product of $2$ and $h$": no single one of them is meant.
  const bool combined = w == "of" && (before_ == "product" || before_ == "difference" || before_ == "quotient");
  first_word_ = false;
  const std::string previous = std::exchange(before_, w);
  if (w == "in" && previous == "all") {  // all in all: no condition
    now_.condition = false;
    before_ = "all in";
  }
  if (!filler) {
    behind_ = false;
    now_.negated = says(w, words::negates);
  }
  now_.negated = now_.negated || combined;
  if (says(w, words::reason)) {
    begins_ = !sentence_;
    now_.reason = true;
    now_.condition = now_.defines = now_.a_case = false;
  } else if (says(w, words::definition)) {
    now_.defines = true;
    now_.condition = false;
  } else if (says(w, words::a_case)) {
    now_.a_case = !now_.reason;
  } else if (says(w, words::condition) && previous != "all in") {
    now_.condition = true;
    if (w != "for" && w != "für") now_.defines = false;
  } else if (says(w, words::result) || w == "are") {
    now_.condition = now_.defines = false;
    if (w != "is" && w != "are" && (begins_ || w != "we")) now_.reason = false;
  }
}

void surroundings::sign(const pieces& text, std::size_t i, said_formula* last) {
  const piece none;
  const auto at = [&](std::size_t k) -> const piece& { return k < text.size() ? text[k] : none; };
  const auto is = [&](std::size_t k, piece::kind kind) { return at(k).is == kind; };
  const auto blank = [&](std::size_t k) { return is_blank(at(k)) || is(k, piece::kind::end); };
  const piece& p = text[i];
  const bool digit = p.is == piece::kind::digit;
  if (digit || is_operator(p)) {
    const bool dash = p.sign("-") && blank(i + 1) && (is(i + 2, piece::kind::word) || is(i + 2, piece::kind::end));
    const bool long_dash = p.sign("-") && ((i > 0 && at(i - 1).sign("-")) || at(i + 1).sign("-"));
    if (dash || long_dash) return end_phrase();
    if (in_note_ || says(before_, words::counted)) return;  // "(2 points)", "as in 1.10", "layer 2"
    std::size_t k = i + 1;
    while (is(k, piece::kind::digit) || is(k, piece::kind::space)) ++k;
    if (digit && (at(k).text.starts_with('P') || at(k).text.starts_with('p'))) return;  // 2P, 2 points
    if (p.sign("-") && first_ && blank(i + 1)) return;                                  // a bullet
    if (behind_ && last != nullptr) last->negated = true;
    now_.negated = true;
  } else if (p.sign("(") || p.sign("[")) {
    now_.negated = false;
    in_note_ = true;
    marked_ = true;
  } else if (p.sign(".") && i > 0 && is(i - 1, piece::kind::digit) && is(i + 1, piece::kind::digit)) {
    return;  // 1.10
  } else if (p.sign(".") || p.sign(";") || p.sign("?") || p.sign("!")) {
    end_phrase();
    end_sentence(last);
  } else if (p.sign(",") || p.sign(")") || p.sign("]")) {
    end_phrase();
    if (asked_ == asks::mention && p.sign(",")) asked_ = asks::nothing;
    if (begins_) now_.reason = begins_ = false;
    if (!p.sign(",")) return;
    now_.condition = false;             // "for all j, …"
    if (!taken_) now_.defines = false;  // "With the chain rule, …": nothing was defined
  } else if (p.sign(":")) {
    now_.after_word = true;  // it parts what is mentioned from what is said of it
    if (asked_ == asks::mention) asked_ = asks::nothing;
    now_.condition = now_.defines = now_.reason = false;
    if (i > 0 && is(i - 1, piece::kind::digit)) now_.negated = false;
  }
}

void surroundings::end_phrase() {
  now_.negated = in_note_ = behind_ = or_ = now_.names = false;
  marked_ = true;
}

// "Compute …", "What is …", "Hint: …" are the sheet's sentences; "with respect to $W^3$" names no answer until "is".
void surroundings::asks_with(const std::string& w) {
  if (says(w, words::answer)) {
    asked_ = asks::nothing;
  } else if ((first_word_ && says(w, words::asks)) || (before_ == "you" && says(w, words::able))) {
    asked_ = asks::question;
  } else if (w == "hint" || w == "hinweis" || w == "tipp") {
    asked_ = asks::hint;
  } else if (asked_ == asks::nothing && (w == "respect" || w == "wrt")) {
    asked_ = asks::mention;
  } else if (asked_ == asks::mention && (says(w, words::result) || w == "are" || w == "equals" || w == "becomes")) {
    asked_ = asks::nothing;
  }
}

void surroundings::end_sentence(said_formula* last) {
  if (now_.a_case && sentence_ && last != nullptr) last->negated = true;
  if (not_ && last != nullptr) last->negated = true;
  sentence_ended_ = sentence_ended_ || sentence_;
  now_.a_case = sentence_ = now_.reason = begins_ = not_ = false;
  if (asked_ != asks::nothing) now_.condition = now_.defines = false;
  asked_ = asks::nothing;
  first_word_ = true;
  before_.clear();
  if (!taken_) now_.condition = now_.defines = false;
}

void surroundings::open_formula(bool displayed) {
  comma_ = false;
  now_.displayed = displayed;
  if (displayed) now_.condition = false;
  taken_ = false;
}

void surroundings::close_formula() {
  if (!now_.displayed) return;
  now_.defines = now_.condition = false;
  asked_ = asks::nothing;
  first_word_ = true;
}

said_formula surroundings::take() {
  said_formula p{now_};
  p.asked = asked_ == asks::hint || (asked_ != asks::nothing && !p.displayed);
  p.joined = or_ || (!first_ && !p.after_word && !marked_ && !comma_);
  now_.a_case = now_.negated = now_.after_word = now_.names = false;
  comma_ = in_note_ = or_ = marked_ = not_ = first_ = false;
  behind_ = sentence_ = taken_ = true;
  before_.clear();
  first_word_ = false;
  if (!now_.condition) now_.defines = false;
  return p;
}

}  // namespace write_up
