#include "surroundings.hpp"

#include <cctype>
#include <set>

#include "words.hpp"

namespace homework::check {

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

void surroundings::word(const std::string& w, piece* last) {
  comma_ = false;
  word_ = word_ || !w.empty();
  if (behind_ && takes_back(w) && last != nullptr) last->negated = true;
  if (!is_filler(w)) {
    behind_ = false;
    negated_ = negates(w);
  }
  if (introduces_definition(w)) {
    defines_ = true;
    condition_ = false;
  } else if (introduces_case(w)) {
    case_ = true;
  } else if (introduces_condition(w)) {
    condition_ = true;
    defines_ = false;
  } else if (introduces_result(w)) {
    condition_ = defines_ = false;
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
    if (in_note_) return;  // "(2 points)"
    if (behind_ && last != nullptr) last->negated = true;
    negated_ = true;
  } else if (t.is("(")) {
    negated_ = false;
    in_note_ = true;
  } else if (t.is(".") || t.is(";") || t.is(",") || t.is(")")) {
    end_phrase();
  } else if (t.is(":") && i > 0 && is(i - 1, token_kind::digit)) {
    negated_ = false;  // "1.1: …", but "Not: …" stays
  }
}

void surroundings::end_phrase() { negated_ = in_note_ = behind_ = false; }

void surroundings::open_formula(bool displayed) {
  comma_ = false;
  displayed_ = displayed;
  if (displayed) condition_ = false;
}

void surroundings::close_formula() {
  if (displayed_) defines_ = condition_ = false;
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
  case_ = negated_ = comma_ = word_ = in_note_ = false;
  behind_ = true;
  if (!condition_) defines_ = false;
  return p;
}

}  // namespace homework::check
