#include "tex/tree.hpp"

#include <cctype>
#include <map>
#include <set>

#include "tex/word_list.hpp"

namespace write_up {

std::vector<std::size_t> matches(const std::vector<token>& t) {
  std::vector<std::size_t> ends(t.size(), t.size());
  std::vector<std::size_t> open;
  std::size_t braces = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (t[i].kind == token_kind::open) ++braces;
    if (t[i].kind == token_kind::open || t[i].is("\\begin")) open.push_back(i);
    if (t[i].kind == token_kind::close && braces > 0) {
      while (t[open.back()].kind != token_kind::open) open.pop_back();
      ends[open.back()] = i;
      open.pop_back();
      --braces;
    }
    if (t[i].is("\\end") && !open.empty() && t[open.back()].is("\\begin")) {
      ends[open.back()] = i;
      open.pop_back();
    }
  }
  return ends;
}

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
