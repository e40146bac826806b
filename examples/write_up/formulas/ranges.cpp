#include "formulas/ranges.hpp"

#include <optional>
#include <utility>

#include "formulas/parser.hpp"

namespace write_up {
namespace {

using kind = piece::kind;

class reader {
 public:
  reader(const pieces& row, std::size_t i) : row_(row), i_(i) {}

  // One range after the other. Nothing if the row does not end, or part, behind them.
  std::optional<std::vector<said_range>> run() {
    std::vector<said_range> out;
    do {
      while (at("\\forall") || at("\\quad") || at("\\qquad")) ++i_;
      if (fence("(")) {
        std::size_t inside = 0;
        std::vector<said_range> more = ranges_at(row_[i_].child, inside);
        if (more.empty() || inside < row_[i_].child.size()) return std::nullopt;
        out.insert(out.end(), more.begin(), more.end());
        ++i_;
      } else {
        std::optional<said_range> one = range();
        if (!one) return out.empty() || !ends_ ? std::nullopt : std::optional(out);
        out.push_back(*one);
      }
      behind_ = i_;
      ends_ = true;
    } while (accept(",") || accept(";") || at("\\quad") || at("\\forall"));
    if (i_ < row_.size() && row_[i_].is != kind::text && !at(":") && !at(".") && !at("\\\\")) return std::nullopt;
    return out;
  }

  std::size_t behind() const { return behind_; }

 private:
  bool at(std::string_view sign) const { return i_ < row_.size() && row_[i_].sign(sign); }
  bool accept(std::string_view sign) { return at(sign) && (++i_, true); }
  bool fence(std::string_view open) const {
    return i_ < row_.size() && row_[i_].is == kind::fence && row_[i_].text == open;
  }
  bool digit(std::size_t k) const { return k < row_.size() && row_[k].is == kind::digit; }
  bool digit() const { return digit(i_); }
  bool index(std::size_t k) const {
    return k < row_.size() && row_[k].is == kind::letter && (is_index_letter(row_[k].text) || row_[k].text == "l");
  }

  int number() {
    int n = 0;
    while (digit() && n < 1000) n = 10 * n + (row_[i_++].text[0] - '0');
    return n;
  }

  std::optional<said_range> range() {
    said_range r;
    const std::size_t first = i_;
    if (digit()) {  // 1 ≤ j ≤ 3
      r.first = number();
      if (!(accept("\\le") || accept("<")) || !index(i_)) return std::nullopt;
      r.letter = row_[i_++].text;
      const bool below = at("<");
      if (!(accept("\\le") || accept("<"))) return std::nullopt;
      r.to_m = accept("m");
      if (!r.to_m && !digit()) return std::nullopt;
      r.last = r.to_m ? 0 : number() - (below ? 1 : 0);
    } else if (index(i_) && i_ + 1 < row_.size() && (row_[i_ + 1].sign("=") || row_[i_ + 1].sign("\\in"))) {
      r.letter = row_[i_].text;
      i_ += 2;
      if (index(i_)) {  // i = j: not for all of them
        ++i_;
      } else if (fence("\\{") || fence("[")) {
        reader set(row_[i_].child, 0);
        if (!set.list(r) || set.i_ < row_[i_].child.size()) return std::nullopt;
        if (fence("[")) r.first = 1;  // j in [3]
        ++i_;
      } else if (!list(r)) {
        return std::nullopt;
      }
    } else {
      return std::nullopt;
    }
    r.where = {row_[first].where.begin, row_[i_ - 1].where.end};
    return r;
  }

  // 1, 2, 3 or 1, …, m or 1..3, without gaps.
  bool list(said_range& r) {
    bool dots = false;
    bool gaps = false;
    int numbers = 0;
    for (;; (void)accept(",")) {
      const std::size_t before = i_;
      while (accept("\\dots") || accept(".") || (at(":") && digit(i_ + 1) && accept(":"))) dots = true;
      if (accept("m")) {
        r.to_m = true;
      } else if (digit()) {
        const std::size_t start = i_;
        const int n = number();
        if (i_ < row_.size() && (row_[i_].sign("\\le") || row_[i_].sign("<"))) {  // the next range: 1 ≤ j
          i_ = start - 1;
          break;
        }
        gaps = gaps || (numbers > 0 && n != r.last + 1 && !dots);
        (numbers++ == 0 ? r.first : r.last) = n;
        if (numbers == 1) r.last = n;
      } else if (before == i_) {
        if (numbers > 0 && i_ > 0 && row_[i_ - 1].sign(",")) --i_;  // a comma that parts ranges
        break;
      }
    }
    if (gaps) r.first = 0;
    return numbers > 0;
  }

  const pieces& row_;
  std::size_t i_;
  std::size_t behind_ = 0;
  bool ends_ = false;
};

}  // namespace

std::vector<said_range> ranges_at(const pieces& row, std::size_t& i) {
  reader r(row, i);
  std::optional<std::vector<said_range>> found = r.run();
  if (!found || found->empty()) return {};
  i = r.behind();
  return std::move(*found);
}

}  // namespace write_up
