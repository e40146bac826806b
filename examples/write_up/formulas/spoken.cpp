#include "formulas/sentences.hpp"

#include <optional>
#include <utility>

#include "formulas/lexicon.hpp"

namespace write_up {
namespace {

using kind = piece::kind;

// Reads cases from a place of the text.
class spoken {
 public:
  spoken(const pieces& text, std::size_t from) : t_(text), i_(from) {}

  std::optional<piece> cases() {
    const std::size_t first = i_;
    std::optional<piece> one = number(true);
    if (!one || !word(words::a_case | words::condition, "where")) return std::nullopt;
    std::optional<pieces> condition = formula();
    if (!condition) return std::nullopt;
    bool rest = false;
    for (bool more = true; more;) {
      const bool other = word(words::otherwise);
      more = other || word(words::filler, "and") || word(0, "und") || word(0, "or") || word(0, "it");
      rest = rest || other;
    }
    std::optional<piece> two = number(false);
    if (!two || two->text == one->text) return std::nullopt;
    const std::size_t end = i_;
    pieces other{{kind::word, "otherwise", two->where}};
    other[0].of_text = true;
    if (!rest && !word(words::otherwise, "elsewhere")) {
      i_ = end;
      if (!word(words::a_case | words::condition)) return std::nullopt;
      std::optional<pieces> second = formula();
      if (!second) return std::nullopt;
      other = std::move(*second);
    }
    piece table{kind::table, "cases", {t_[first].where.begin, two->where.end}};
    table.close = "cases";
    table.child = {row(*one, std::move(*condition)), row(*two, std::move(other))};
    piece whole{kind::formula, "$", table.where, std::move(left_)};
    whole.child.push_back(std::move(table));
    return whole;
  }

  std::size_t behind() const { return i_; }

 private:
  static piece row(const piece& value, pieces condition) {
    const piece first{kind::group, "", value.where, {value}};
    const piece second{kind::group, "", value.where, std::move(condition)};
    return {kind::group, "", value.where, {first, second}};
  }

  bool at(kind k) const { return i_ < t_.size() && t_[i_].is == k; }

  void skip() {
    while (i_ < t_.size() && (is_blank(t_[i_]) || t_[i_].sign(",") || t_[i_].sign(";"))) ++i_;
  }

  // 0 or 1, in the text or as a formula; $σ'(x) = 1$ has a left side.
  std::optional<piece> number(bool with_left_side) {
    skip();
    const auto good = [](const piece& p) { return p.is == kind::digit && (p.text == "0" || p.text == "1"); };
    if (at(kind::formula)) {
      const pieces& inside = t_[i_].child;
      const bool equation = with_left_side && inside.size() > 2 && inside[inside.size() - 2].sign("=");
      if (inside.empty() || !good(inside.back()) || (inside.size() > 1 && !equation)) return std::nullopt;
      left_.assign(inside.begin(), inside.end() - 1);
      if (!with_left_side) left_.clear();
      ++i_;
      return inside.back();
    }
    if (i_ >= t_.size() || !good(t_[i_])) return std::nullopt;
    const bool ends = i_ + 1 >= t_.size() || is_blank(t_[i_ + 1]) || t_[i_ + 1].sign(",") || t_[i_ + 1].sign(".");
    if (!ends) return std::nullopt;
    return t_[i_++];
  }

  bool word(unsigned roles, const std::string& or_this = "") {
    skip();
    if (!at(kind::word)) return false;
    const std::string w = lowered(t_[i_].text);
    if (!says(w, roles) && w != or_this) return false;
    ++i_;
    return true;
  }

  std::optional<pieces> formula() {
    skip();
    if (!at(kind::formula) || t_[i_].display) return std::nullopt;
    return t_[i_++].child;
  }

  const pieces& t_;
  std::size_t i_;
  pieces left_;
};

}  // namespace

pieces with_spoken_cases(pieces text) {
  pieces out;
  for (std::size_t i = 0; i < text.size();) {
    const bool may_begin = text[i].is == kind::digit || text[i].is == kind::formula;
    if (may_begin && (i == 0 || is_blank(text[i - 1]))) {
      spoken s(text, i);
      if (std::optional<piece> cases = s.cases()) {
        out.push_back(std::move(*cases));
        i = s.behind();
        continue;
      }
    }
    out.push_back(std::move(text[i++]));
  }
  return out;
}

}  // namespace write_up
