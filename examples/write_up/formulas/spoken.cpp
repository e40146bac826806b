// What is easier to read once it is written another way: struck out text, cases in words.
#include <algorithm>
#include <set>

#include "formulas/splitter.hpp"
#include "formulas/surroundings.hpp"
#include "formulas/words.hpp"
#include "tex/commands.hpp"

namespace write_up {
namespace {

bool opens_display(const std::vector<token>& t, std::size_t i) {
  if (t[i].is("\\[") || t[i].is("$$")) return true;
  if (!t[i].is("\\begin")) return false;
  std::string name;
  for (std::size_t k = i + 2; k < t.size() && t[k].kind == token_kind::letter; ++k) name += t[k].text;
  return name != "math" && is_display_environment(name);
}

// Reads "1 if $…$ and 0 otherwise" from a place of the text.
class spoken {
 public:
  spoken(const std::vector<token>& t, std::size_t from) : t_(t), k_(from) {}

  // The tokens of the cases; nothing if it is not that. Leaves behind() after them.
  std::vector<token> cases() {
    left_side();
    const std::string first = left_.empty() ? number() : number_behind_left_side();
    if (first.empty() || !one_of({"if", "when", "for", "where", "whenever", "falls", "wenn", "für"})) return {};
    const std::vector<token> condition = formula();
    if (condition.empty()) return {};
    skip_to_next();
    bool rest = false;
    for (bool more = true; more;) {
      const bool other = one_of({"otherwise", "else", "sonst"});
      more = other || one_of({"and", "und", "or", "it", "is", "are"});
      rest = rest || other;
    }
    const std::string second = number();
    if (second.empty() || second == first) return {};
    const std::size_t end = k_;
    if (rest) return written(first, condition, second, tokenized("\\text{otherwise}"));
    if (!one_of({"otherwise", "else", "sonst", "elsewhere"})) {
      k_ = end;
      if (!one_of({"if", "when", "for", "falls", "wenn", "für"})) return {};
      const std::vector<token> other = formula();
      return other.empty() ? other : written(first, condition, second, other);
    }
    return written(first, condition, second, tokenized("\\text{otherwise}"));
  }

  std::size_t behind() const { return k_; }

 private:
  static std::vector<token> tokenized(const std::string& text) {
    std::vector<token> out = tokenize(text);
    out.pop_back();  // the end mark
    return out;
  }

  std::vector<token> written(const std::string& first, const std::vector<token>& condition, const std::string& second,
                             const std::vector<token>& other) const {
    std::vector<token> out = left_;
    if (out.empty()) out = tokenized("$");
    const auto add = [&](const std::vector<token>& more) { out.insert(out.end(), more.begin(), more.end()); };
    add(tokenized("\\begin{cases}" + first + "&"));
    add(condition);
    add(tokenized("\\\\" + second + "&"));
    add(other);
    add(tokenized("\\end{cases}$"));
    const std::size_t from = condition.front().where.begin.offset;
    for (token& t : out)
      if (t.where.end.offset < from || t.where.begin.line < condition.front().where.begin.line)
        t.where = condition.front().where;
    return out;
  }

  void skip_to_next() {
    while (k_ < t_.size() && (is_blank(t_[k_]) || t_[k_].is(",") || t_[k_].is(";"))) ++k_;
  }

  // $σ'(x) = 1$: keeps what stands before the number, its first dollar included.
  void left_side() {
    if (k_ >= t_.size() || !t_[k_].is("$")) return;
    std::size_t end = k_ + 1;
    while (end < t_.size() && t_[end].kind != token_kind::math && end < k_ + 60) ++end;
    if (end >= t_.size()) return;
    std::size_t digit = end;
    while (digit > k_ + 1 && !t_[digit].is("0") && !t_[digit].is("1")) --digit;
    std::size_t sign = digit;
    while (sign > k_ + 1 && !t_[sign].is("=")) --sign;
    if (digit + 1 != end || sign == k_ + 1) return;
    const bool blank = std::all_of(t_.begin() + static_cast<std::ptrdiff_t>(sign) + 1,
                                   t_.begin() + static_cast<std::ptrdiff_t>(digit), is_blank);
    if (!blank) return;
    left_.assign(t_.begin() + static_cast<std::ptrdiff_t>(k_), t_.begin() + static_cast<std::ptrdiff_t>(sign) + 1);
    k_ = digit;
  }

  std::string number_behind_left_side() {
    const std::string digit = t_[k_].text;
    k_ += 2;  // its dollar, too
    skip_to_next();
    return digit;
  }

  // 0 or 1, in the text or between dollars.
  std::string number() {
    const bool dollars = k_ + 2 < t_.size() && t_[k_].is("$") && t_[k_ + 2].is("$");
    const token& digit = t_[std::min(k_ + (dollars ? 1 : 0), t_.size() - 1)];
    if (!digit.is("0") && !digit.is("1")) return "";
    if (!dollars && k_ + 1 < t_.size() && !is_blank(t_[k_ + 1]) && !t_[k_ + 1].is(",")) return "";
    k_ += dollars ? 3 : 1;
    skip_to_next();
    return digit.text;
  }

  bool one_of(const std::set<std::string>& words) {
    std::string word;
    std::size_t k = k_;
    for (; k < t_.size() && (t_[k].kind == token_kind::letter || t_[k].text == "ü"); ++k) word += t_[k].text;
    if (words.count(word) == 0) return false;
    k_ = k;
    skip_to_next();
    return true;
  }

  std::vector<token> formula() {
    if (k_ >= t_.size() || !t_[k_].is("$")) return {};
    std::size_t end = k_ + 1;
    while (end < t_.size() && t_[end].kind != token_kind::math) ++end;
    if (end >= t_.size()) return {};
    std::vector<token> out(t_.begin() + static_cast<std::ptrdiff_t>(k_) + 1,
                           t_.begin() + static_cast<std::ptrdiff_t>(end));
    k_ = end + 1;
    return out;
  }

  const std::vector<token>& t_;
  std::size_t k_;
  std::vector<token> left_;
};

}  // namespace

bool only_says_nothing(const std::vector<token>& tokens) {
  std::string letters;
  for (const token& t : tokens)
    if (t.kind == token_kind::letter || t.kind == token_kind::symbol) letters += t.text;
  return says_nothing(lowered(letters));
}

std::vector<token> without_struck_out(const std::vector<token>& tokens) {
  static const std::set<std::string> strikes{"\\sout", "\\st", "\\xout", "\\cancel", "\\xcancel", "\\bcancel"};
  const auto struck = [&](const token& t) { return strikes.count(t.text) != 0; };
  if (std::none_of(tokens.begin(), tokens.end(), struck)) return tokens;
  const std::vector<std::size_t> ends = ends_of_groups(tokens);
  std::size_t last_display = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (opens_display(tokens, i)) last_display = i;
  std::vector<token> out;
  int displays = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::size_t open = i + 1 < tokens.size() && tokens[i + 1].kind == token_kind::open ? i + 1 : i + 2;
    const bool in_text = displays == 0 && struck(tokens[i]) && open < tokens.size();
    if (in_text && ends[open] > 0 && ends[open] <= last_display) {
      i = ends[open] - 1;
      continue;
    }
    displays += opens_display(tokens, i) ? 1 : 0;
    out.push_back(tokens[i]);
  }
  return out;
}

std::vector<token> without_spoken_cases(const std::vector<token>& tokens) {
  std::vector<token> out;
  bool math = false;
  for (std::size_t i = 0; i < tokens.size();) {
    const bool fresh = i == 0 || is_blank(tokens[i - 1]);
    if (!math && fresh) {
      spoken s(tokens, i);
      if (const std::vector<token> cases = s.cases(); !cases.empty()) {
        out.insert(out.end(), cases.begin(), cases.end());
        i = s.behind();
        continue;
      }
    }
    if (tokens[i].kind == token_kind::math) math = !math;
    if (tokens[i].is("\\[") || tokens[i].is("\\(")) math = true;
    if (tokens[i].is("\\]") || tokens[i].is("\\)")) math = false;
    out.push_back(tokens[i++]);
  }
  return out;
}

}  // namespace write_up
