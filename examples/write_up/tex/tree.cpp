#include "tex/tree.hpp"

#include <cctype>
#include <map>
#include <set>

#include "tex/word_list.hpp"

namespace write_up {

std::string spelled(const pieces& all) {
  std::string out;
  for (const piece& p : all) {
    out += p.is == piece::kind::up ? "^" : p.is == piece::kind::down ? "_" : p.is == piece::kind::group ? "" : p.text;
    out += spelled(p.child) + p.close;
  }
  return out;
}

std::string lowered(const std::string& word) {
  std::string out;
  for (const char c : word)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_blank(const piece& p) { return p.is == piece::kind::space || p.is == piece::kind::paragraph; }

bool is_gap(const piece& p) { return p.sign("\\quad") || p.sign("\\qquad"); }

bool is_operator(const piece& p) {
  static const std::set<std::string> signs = words_of(R"(+ - * / \cdot \times \odot \textminus ½ ¼ ¾ ± √ ¬ ² ³)");
  return p.is == piece::kind::sign && signs.count(p.text) != 0;
}

std::string known_function(const std::string& word) {
  static const std::map<std::string, std::string> names = pairs_of(
      R"(ReLU relu relu relu RELU relu Relu relu reLU relu diag diag Diag diag sgn sign sign sign Heaviside step step
      step heaviside step max max min min sigma relu)");
  const auto it = names.find(word);
  return it == names.end() ? "" : it->second;
}

}  // namespace write_up
