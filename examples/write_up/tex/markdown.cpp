// Markdown with mathematics between dollars, as LaTeX: headings, lists and comments.
#include <algorithm>
#include <sstream>

#include "tex/source.hpp"

namespace write_up {
namespace {

std::size_t marks_of_heading(const std::string& line) {
  const std::size_t marks = line.find_first_not_of('#');
  return marks != std::string::npos && marks > 0 && line[marks] == ' ' ? marks : 0;
}

bool is_bullet(const std::string& line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at != std::string::npos && at + 1 < line.size() && std::string("*-+>").find(line[at]) != std::string::npos &&
         line[at + 1] == ' ';
}

bool is_markdown(const std::string& text) {
  for (const char* latex : {"\\documentclass", "\\begin{document}", "\\section", "\\item", "\\answer"})
    if (text.find(latex) != std::string::npos) return false;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (marks_of_heading(line) != 0) return true;
  return false;
}

// Comments keep their line ends, so that lines are counted as in the file.
std::string without_comments(std::string text) {
  for (std::size_t from = 0; (from = text.find("<!--", from)) != std::string::npos;) {
    const std::size_t end = text.find("-->", from);
    const std::size_t to = end == std::string::npos ? text.size() : end + 3;
    std::replace_if(
        text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(to),
        [](char c) { return c != '\n'; }, ' ');
    from = to;
  }
  return text;
}

}  // namespace

std::string without_markdown(const std::string& text) {
  if (!is_markdown(text)) return text;
  std::istringstream in(without_comments(text));
  std::string out;
  bool display = false;
  for (std::string line; std::getline(in, line); out += '\n') {
    const std::size_t marks = display ? 0 : marks_of_heading(line);
    if (marks != 0) {
      out += (marks < 3 ? "\\section{" : "\\subsection{") + line.substr(marks + 1) + '}';
      continue;
    }
    if (!display && is_bullet(line)) line[line.find_first_not_of(' ')] = ' ';
    for (std::size_t at = 0; (at = line.find("$$", at)) != std::string::npos; at += 2) display = !display;
    out += line;
  }
  return out;
}

}  // namespace write_up
