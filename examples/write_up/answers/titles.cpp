#include "answers/titles.hpp"

#include <cctype>
#include <cstdlib>
#include <initializer_list>
#include <sstream>

#include "formulas/lexicon.hpp"

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

bool has_any(const std::string& words, std::initializer_list<const char*> any) {
  for (const char* w : any)
    if (words.find(' ' + std::string(w) + ' ') != std::string::npos) return true;
  return false;
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
    if (digit(word[0])) {
      ++numbers;
    } else if (!says(word, words::numbered)) {
      return false;
    }
  }
  return numbers == 1;
}

int number_in(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (digit(text[i])) return std::atoi(text.substr(i, 2).c_str());
  return 0;
}

bool names_a_part(const std::string& title) {
  const std::string words = in_words(title);
  return has_any(words, {"part 1", "part 2", "teil 1", "teil 2", "part i", "part ii", "teil i", "teil ii", "part one",
                         "part two", "part a", "part b", "first part", "second part", "erster teil", "zweiter teil"});
}

int part_in(const std::string& title) {
  const std::string words = in_words(title);
  if (has_any(words, {"part 1", "teil 1", "part i", "teil i", "part one", "part a", "first part", "erster teil"}))
    return 1;
  if (has_any(words, {"part 2", "teil 2", "part ii", "teil ii", "part two", "part b", "second part", "zweiter teil"}))
    return 2;
  if (has_any(words, {"notation", "homework", "introduction", "einleitung", "setup", "preliminaries", "assignment",
                      "hausaufgabe", "blatt", "sheet", "references", "literatur", "summary", "übungsblatt",
                      "definitions", "bezeichnungen", "conventions", "network"}))
    return -1;
  const int n = number_in(title);
  if (n == 1 || n == 2) return n;
  if (has_any(words, {"batch"})) return 2;
  return 0;
}

}  // namespace write_up
