#include "tex/groups.hpp"

#include <algorithm>

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

void groups::read(std::vector<token> tokens) {
  tokens_ = std::move(tokens);
  ends_ = matches(tokens_);
}

std::size_t groups::skip_space(std::size_t i) const {
  while (i < tokens_.size() && (tokens_[i].kind == token_kind::space || tokens_[i].kind == token_kind::paragraph)) ++i;
  return i;
}

std::size_t groups::behind_group(std::size_t i) const {
  i = skip_space(i);
  if (i >= tokens_.size() || tokens_[i].kind != token_kind::open) return i;
  return std::min(ends_[i] + 1, tokens_.size());
}

std::size_t groups::behind_brackets(std::size_t i) const {
  const std::size_t from = skip_space(i);
  if (from >= tokens_.size() || !tokens_[from].is("[")) return i;
  for (std::size_t k = from; k < tokens_.size() && k < from + 200; ++k)
    if (tokens_[k].is("]")) return k + 1;
  return i;
}

std::string groups::spelled(std::size_t i) const {
  std::string out;
  bool math = false;
  const std::size_t end = behind_group(i);
  for (std::size_t k = skip_space(i); k < end && out.size() < 200; ++k) {
    if (tokens_[k].kind == token_kind::math) math = !math;
    const bool brace = tokens_[k].kind == token_kind::open || tokens_[k].kind == token_kind::close;
    if (!brace && !math && tokens_[k].kind != token_kind::math) out += tokens_[k].text;
  }
  return out;
}

}  // namespace write_up
