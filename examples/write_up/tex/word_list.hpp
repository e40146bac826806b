// Lists of words and commands, written as text.
#pragma once

#include <map>
#include <set>
#include <sstream>
#include <string>

namespace write_up {

/// The words of a text. A lone backslash is the command of a blank, "\\ ".
inline std::set<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::set<std::string> out;
  for (std::string word; in >> word;) out.insert(word == "\\" ? "\\ " : word);
  return out;
}

/// Every second word by the word before it.
inline std::map<std::string, std::string> pairs_of(const std::string& text) {
  std::istringstream in(text);
  std::map<std::string, std::string> out;
  for (std::string from, to; in >> from >> to;) out[from] = to;
  return out;
}

}  // namespace write_up
