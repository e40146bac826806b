#include "answers/scan.hpp"

#include <algorithm>

#include "tex/source.hpp"

namespace write_up {

scan::scan(const std::string& text) {
  up_.source = text;
  up_.macros = package_macros();
  read(take_macros(only_printed(tokenize(text)), up_.macros));
  const auto is_mark = [&](std::size_t i, const char* what) {
    return tokens_[i].is(what) && spelled(i + 1) == "document";
  };
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (is_mark(i, "\\begin")) first_ = i + 1;
    if (is_mark(i, "\\end")) {
      last_ = i;
      break;
    }
  }
  last_ = std::min(last_, tokens_.size());
  if (first_ > last_) first_ = last_;
  for (std::size_t i = first_; i + 2 < last_ && !up_.two_samples; ++i) {
    const std::size_t sign = skip_space(i + 1);
    const std::size_t two = skip_space(sign + 1);
    up_.two_samples = tokens_[i].is("m") && sign < last_ && tokens_[sign].is("=") && two < last_ &&
                      tokens_[two].is("2") && (two + 1 >= last_ || tokens_[two + 1].kind != token_kind::digit);
  }
}

std::string scan::label_at(std::size_t& i) const {
  const std::size_t behind = std::min(behind_brackets(i), last_);
  std::string out;
  for (std::size_t k = skip_space(i) + 1; k + 1 < behind && out.size() < 60; ++k) out += tokens_[k].text;
  i = behind;
  return out;
}

void scan::remark(const std::string& text) {
  if (up_.remarks.size() < 50) up_.remarks.push_back(text);
}

void scan::add(raw_answer a) {
  a.before = std::move(outside_);
  outside_.clear();
  if (find_question(a.id) == nullptr) {
    remark("there is no question " + a.id + " (line " + std::to_string(a.where.begin.line) + ")");
    outside_ = std::move(a.before);
    return;
  }
  const auto [latest, first] = latest_.try_emplace(a.id, up_.answers.size());
  if (!first) {
    remark("question " + a.id + " is answered twice; the answer in line " + std::to_string(a.where.begin.line) +
           " counts");
    up_.answers[latest->second].replaced = true;
    up_.answers[latest->second].tokens.clear();
    latest->second = up_.answers.size();
  }
  up_.answers.push_back(std::move(a));
}

raw_answer scan::cut(const std::string& id, std::size_t from, std::size_t to, bool marked) const {
  raw_answer a;
  a.id = id;
  a.tokens.assign(tokens_.begin() + static_cast<std::ptrdiff_t>(from),
                  tokens_.begin() + static_cast<std::ptrdiff_t>(to));
  a.where = from < to ? span{tokens_[from].where.begin, tokens_[to - 1].where.end}
                      : tokens_[std::min(from, tokens_.size() - 1)].where;
  a.marked = marked;
  return a;
}

}  // namespace write_up
