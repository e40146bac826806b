#include "answers/labels.hpp"

#include <cctype>
#include <cstdlib>
#include <set>
#include <sstream>

#include "formulas/lexicon.hpp"
#include "tex/word_list.hpp"

namespace write_up {
namespace {

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// In small letters, words parted by single blanks, with one at each end.
std::string in_words(const std::string& text) {
  std::string out = " ";
  bool letters = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = std::isalpha(byte) != 0 || byte >= 0x80;
    if ((letter != letters || (!letter && !digit(c))) && out.back() != ' ') out += ' ';
    if (letter || digit(c)) out += static_cast<char>(std::tolower(byte));
    letters = letter;
  }
  return out.back() == ' ' ? out : out + ' ';
}

bool has_any(const std::string& words, const char* phrases) {
  std::istringstream in(phrases);
  for (std::string phrase; std::getline(in, phrase, ',');)
    if (words.find(' ' + phrase + ' ') != std::string::npos) return true;
  return false;
}

// 1 or 2 if the words say so as a part, else 0.
int named_part(const std::string& words) {
  if (has_any(words, "part 1,teil 1,part i,teil i,part one,part a,first part,erster teil")) return 1;
  return has_any(words, "part 2,teil 2,part ii,teil ii,part two,part b,second part,zweiter teil") ? 2 : 0;
}

bool is_letter(const token& t) {
  return t.kind == token_kind::letter || (t.kind == token_kind::symbol && t.text.size() > 1 && t.text != "§");
}

bool is_blank(const token& t) { return t.kind == token_kind::space || t.kind == token_kind::paragraph; }

// Takes the word at k; false if it may not stand before a number.
bool take_word(const std::vector<token>& t, std::size_t& k, std::string& word) {
  for (word.clear(); is_letter(t[k]) && word.size() < 16; ++k)
    word += t[k].text.size() > 1
                ? t[k].text
                : std::string(1, static_cast<char>(std::tolower(static_cast<unsigned char>(t[k].text[0]))));
  if (word.starts_with("Ü")) word.replace(0, 2, "ü");
  return says(word, words::numbered);
}

}  // namespace

std::string id_in(const std::string& text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const bool fresh = i == 0 || (!digit(text[i - 1]) && text[i - 1] != '.');
    if (!fresh || (text[i] != '1' && text[i] != '2') || text[i + 1] != '.') continue;
    std::size_t k = i + 2;
    while (k < text.size() && k < i + 4 && digit(text[k])) ++k;
    if (k > i + 2) return text.substr(i, k - i);
  }
  return "";
}

bool begins_with_letter_behind(const std::string& title, const std::string& id) {
  const std::size_t behind = title.find(id) + id.size();
  return behind < title.size() && std::isalpha(static_cast<unsigned char>(title[behind])) != 0;
}

bool is_only_a_number(const std::string& title) {
  std::istringstream in(in_words(title));
  int numbers = 0;
  for (std::string word; in >> word;) {
    if (!digit(word[0]) && !says(word, words::numbered)) return false;
    numbers += digit(word[0]) ? 1 : 0;
  }
  return numbers == 1;
}

int number_in(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (digit(text[i])) return std::atoi(text.substr(i, 2).c_str());
  return 0;
}

bool names_a_part(const std::string& title) { return named_part(in_words(title)) != 0; }

int part_in(const std::string& title) {
  const std::string words = in_words(title);
  if (const int part = named_part(words); part != 0) return part;
  if (has_any(words,
              "notation,homework,introduction,einleitung,setup,preliminaries,assignment,hausaufgabe,blatt,sheet,"
              "references,literatur,summary,übungsblatt,definitions,bezeichnungen,conventions,network"))
    return -1;
  const int n = number_in(title);
  return n == 1 || n == 2 ? n : has_any(words, "batch") ? 2 : 0;
}

line_start begins_line(const std::vector<token>& t, std::size_t first, std::size_t i) {
  static const std::set<std::string> styles = words_of(
      R"(\textbf \emph \textit \underline \textsc \texttt \textsf \fbox \mathbf \bf \bfseries \boxed \uline \large \Large
      \LARGE \huge \textcolor \color \sf \itshape)");
  static const std::set<std::string> harmless = words_of(
      R"(* # . , § - : ~ { \noindent \indent \quad \qquad \hline \item \toprule \midrule \hrule \newpage \clearpage
      \normalsize \small \hfill \S \ \, \bullet)");
  static const std::set<std::string> ends_line{"\\\\", "\\par", "\\bigskip", "\\medskip", "\\smallskip", "\\newline"};
  line_start out;
  std::size_t k = i;
  for (; k > first && k + 60 > i; --k) {
    const token& before = t[k - 1];
    out.refers = before.where.end.line < t[i].where.begin.line && is_letter(before);
    const bool other_line = before.where.end.line < t[i].where.begin.line && !is_blank(before);
    if (other_line || before.kind == token_kind::paragraph || ends_line.count(before.text) != 0) break;
  }
  const bool long_line = k > first && k + 60 <= i;
  std::string word;
  int count = 0;
  bool from_here = !long_line;
  out.from = k;
  while (k < i) {
    const token& at = t[k];
    const bool argument = k + 1 < i && t[k + 1].kind == token_kind::open;
    if (at.is("\\begin") || at.is("\\end")) {  // the line begins behind it
      while (k < i && t[k].kind != token_kind::close) ++k;
      out = line_start{};
      from_here = true;
      count = 0;
      out.from = ++k;
      continue;
    }
    if (is_letter(at)) {
      from_here = take_word(t, k, word) && ++count <= 3 && from_here;
      out.decorated = true;
      continue;
    }
    ++k;
    if (styles.count(at.text) != 0) {
      out.bold = out.decorated = true;
      if (argument && (at.is("\\textcolor") || at.is("\\color")))
        while (k < i && t[k - 1].kind != token_kind::close) ++k;
    } else if (at.kind == token_kind::command && argument && k + 1 == i && !at.is("\\frac")) {
      out.bold = out.decorated = true;  // \task{1.1}: a heading of the write-up's own
    } else if (at.is("(") || at.is("[")) {
      out.decorated = true;
    } else if (at.kind == token_kind::math && !out.math) {
      out.math = true;
    } else if (at.kind == token_kind::digit && (word == "part" || word == "teil")) {
      continue;  // Part 1, 1.1
    } else if (!is_blank(at) && harmless.count(at.text) == 0) {
      from_here = false;
    }
  }
  out.found = from_here;
  return out;
}

std::size_t behind_number(const std::vector<token>& tokens, std::size_t k, std::size_t last, const line_start& line) {
  bool math = line.math;
  for (; k < last; ++k) {
    const token& t = tokens[k];
    const bool more = k + 1 < last;
    const bool dash = t.is("-") && more &&
                      (is_blank(tokens[k + 1]) || tokens[k + 1].kind == token_kind::close || tokens[k + 1].is("-"));
    const bool blank = is_blank(t) && more &&
                       (tokens[k + 1].is("-") || tokens[k + 1].is(")") || tokens[k + 1].kind == token_kind::align);
    const bool mark = t.is(")") || t.is(":") || t.is(".") || t.is("*") || t.is("]") || t.kind == token_kind::close ||
                      t.kind == token_kind::align;
    if (math && t.kind == token_kind::math) {
      math = false;
    } else if (!mark && !dash && !blank) {
      break;
    }
  }
  return k;
}

}  // namespace write_up
