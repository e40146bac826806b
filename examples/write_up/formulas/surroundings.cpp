#include "formulas/surroundings.hpp"

#include <cctype>
#include <set>

#include "formulas/words.hpp"
#include "tex/word_list.hpp"

namespace write_up {

std::string lowered(const std::string& word) {
  std::string out;
  for (const char c : word)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_blank(const token& t) {
  return t.kind == token_kind::space || t.kind == token_kind::paragraph || t.kind == token_kind::end ||
         t.is("\\quad") || t.is("\\qquad");
}

bool is_sign(const token& t) {
  static const std::set<std::string> signs{"+", "-", "*", "/", "^", "\\cdot", "\\times", "\\textminus",
                                           "½", "¼", "¾", "±", "√", "¬",      "²",       "³"};
  return t.kind == token_kind::digit || signs.count(t.text) != 0;
}

namespace {

// A number behind it only counts: layer 2, Theorem 2, Figure 1, 1.10.
bool behind_number_word(const std::string& w) {
  static const std::set<std::string> words = words_of(
      R"(layer theorem figure in slide step row column by from part teil ansatz see page seite schicht zeile spalte eq
      equation question aufgabe use and zu wie unit lecture satz exercise fig lemma)");
  return words.count(w) != 0;
}

// 2P, 2 points, 2 Punkte.
bool points_follow(const std::vector<token>& text, std::size_t i) {
  ++i;
  while (i < text.size() && (text[i].kind == token_kind::digit || text[i].kind == token_kind::space)) ++i;
  return i < text.size() && (text[i].is("P") || text[i].is("p"));
}

}  // namespace

void surroundings::word(const std::string& w, piece* last) {
  comma_ = false;
  if (w.empty()) return;
  word_ = true;
  or_ = w == "or" || w == "oder" || (or_ && is_filler(w));
  names_ = w == "by" || w == "for" || w == "as" || w == "für" || w == "mit";
  const auto spoil = [&](bool does) {
    if (does && last != nullptr) last->negated = true;
  };
  if (not_) spoil(!harmless_not(w));
  not_ = behind_ && (w == "not" || w == "nicht");
  spoil(behind_ && !not_ && takes_back(w));
  spoil(sentence_ && !reason_ && spoils(w));
  spoil(takes_all_back(w) || (first_word_ && sentence_ended_ && (w == "no" || w == "nein")));
  spoil(sentence_ && before_ == "one" && (w == "at" || w == "for"));
  asks_with(w);
  // "the product of $2$ and $h$": no single one of them is meant.
  const bool combined = w == "of" && (before_ == "product" || before_ == "difference" || before_ == "quotient");
  first_word_ = false;
  before_ = w;
  if (!is_filler(w)) {
    behind_ = false;
    negated_ = negates(w);
  }
  negated_ = negated_ || combined;
  if (gives_reason(w)) {
    begins_ = !sentence_;
    reason_ = true;
    condition_ = defines_ = case_ = false;
  } else if (introduces_definition(w) || w == "notation") {
    defines_ = true;
    condition_ = false;
  } else if (introduces_case(w)) {
    case_ = !reason_;
  } else if (introduces_condition(w)) {
    condition_ = true;
    if (w != "for" && w != "für") defines_ = false;
  } else if (introduces_result(w) || w == "are") {
    condition_ = defines_ = false;
    if (w != "is" && w != "are" && (begins_ || w != "we")) reason_ = false;
  }
}

void surroundings::sign(const std::vector<token>& text, std::size_t i, piece* last) {
  const token& t = text[i];
  const auto is = [&](std::size_t k, token_kind kind) { return k < text.size() && text[k].kind == kind; };
  if (is_sign(t)) {
    const bool dash = t.is("-") && (i + 1 >= text.size() || is_blank(text[i + 1])) &&
                      (i + 2 >= text.size() || is(i + 2, token_kind::letter));
    const bool long_dash =
        t.is("-") && ((i > 0 && text[i - 1].is("-")) || (i + 1 < text.size() && text[i + 1].is("-")));
    if (dash || long_dash) return end_phrase();
    if (in_note_ || behind_number_word(before_)) return;  // "(2 points)", "as in 1.10", "layer 2"
    if (t.kind == token_kind::digit && points_follow(text, i)) return;
    if (t.is("-") && first_ && i + 1 < text.size() && is_blank(text[i + 1])) return;  // a bullet
    if (behind_ && last != nullptr) last->negated = true;
    negated_ = true;
  } else if (t.is("(") || t.is("[")) {
    negated_ = false;
    in_note_ = true;
    marked_ = true;
  } else if (t.is(".") && i > 0 && is(i - 1, token_kind::digit) && is(i + 1, token_kind::digit)) {
    return;  // 1.10
  } else if (t.is(".") || t.is(";") || t.is("?") || t.is("!")) {
    end_phrase();
    end_sentence(last);
  } else if (t.is(",") || t.is(")") || t.is("]")) {
    end_phrase();
    if (asked_ == asks::mention && t.is(",")) asked_ = asks::nothing;
    if (begins_) reason_ = begins_ = false;
    if (!t.is(",")) return;
    condition_ = false;             // "for all j, …"
    if (!taken_) defines_ = false;  // "With the chain rule, …": nothing was defined
  } else if (t.is(":")) {
    if (asked_ == asks::mention) asked_ = asks::nothing;
    condition_ = defines_ = reason_ = false;
    if (i > 0 && is(i - 1, token_kind::digit)) negated_ = false;
  } else if (t.is(":") && i > 0 && is(i - 1, token_kind::digit)) {
    negated_ = false;  // "1.1: …", but "Not: …" stays
  }
}

void surroundings::end_phrase() {
  negated_ = in_note_ = behind_ = or_ = names_ = false;
  marked_ = true;
}

// "Compute …", "What is …", "Hint: …" are the sheet's sentences; "with respect to $W^3$" names no answer until "is".
void surroundings::asks_with(const std::string& w) {
  if (announces_answer(w)) {
    asked_ = asks::nothing;
  } else if ((first_word_ && asks_for(w)) || (before_ == "you" && is_able(w))) {
    asked_ = asks::question;
  } else if (w == "hint" || w == "hinweis" || w == "tipp") {
    asked_ = asks::hint;
  } else if (asked_ == asks::nothing && (w == "respect" || w == "wrt")) {
    asked_ = asks::mention;
  } else if (asked_ == asks::mention && (introduces_result(w) || w == "are" || w == "equals" || w == "becomes")) {
    asked_ = asks::nothing;
  }
}

// "… only if the unit is alive." with no formula behind is a condition in words.
void surroundings::end_sentence(piece* last) {
  if (case_ && sentence_ && last != nullptr) last->negated = true;
  if (not_ && last != nullptr) last->negated = true;
  sentence_ended_ = sentence_ended_ || sentence_;
  case_ = sentence_ = reason_ = begins_ = not_ = false;
  if (asked_ != asks::nothing) condition_ = defines_ = false;
  asked_ = asks::nothing;
  first_word_ = true;
  before_.clear();
  if (!taken_) condition_ = defines_ = false;
}

void surroundings::open_formula(bool displayed) {
  comma_ = false;
  displayed_ = displayed;
  if (displayed) condition_ = false;
  taken_ = false;
}

void surroundings::close_formula() {
  if (!displayed_) return;
  defines_ = condition_ = false;
  asked_ = asks::nothing;
  first_word_ = true;
}

void surroundings::comma(bool is_comma, bool ends_condition) {
  comma_ = is_comma;
  if (ends_condition) condition_ = false;  // "for all j: …"
}

piece surroundings::take() {
  piece p;
  p.displayed = displayed_;
  p.defines = defines_;
  p.condition = condition_;
  p.a_case = case_;
  p.after_comma = comma_;
  p.after_word = word_;
  p.negated = negated_;
  p.reason = reason_;
  p.asked = asked_ == asks::hint || (asked_ != asks::nothing && !displayed_);
  p.names = names_;
  p.joined = or_ || (!first_ && !word_ && !marked_ && !comma_);
  case_ = negated_ = comma_ = word_ = in_note_ = or_ = names_ = marked_ = not_ = first_ = false;
  behind_ = sentence_ = taken_ = true;
  before_.clear();
  first_word_ = false;
  if (!condition_) defines_ = false;
  return p;
}

}  // namespace write_up
