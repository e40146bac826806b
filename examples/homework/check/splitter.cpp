#include "splitter.hpp"

#include <algorithm>
#include <set>

#include "surroundings.hpp"

namespace homework::check {
namespace {

const std::set<std::string> displays{"equation", "align", "gather",   "multline", "displaymath", "eqnarray",
                                     "aligned",  "split", "gathered", "flalign",  "alignat",     "math"};

// Commands behind which nothing may be taken at its word.
bool changes_what_is_printed(const std::string& t) {
  static const std::set<std::string> commands{"\\sout", "\\st", "\\cancel", "\\xcancel", "\\bcancel", "\\hcancel"};
  return commands.count(t) != 0 || t.rfind("\\if", 0) == 0;
}

// Turns an answer's tokens into pieces. If it holds no mathematics marks at all, the whole answer is mathematics.
class splitter {
 public:
  explicit splitter(const std::vector<token>& tokens) : in_(tokens) {}

  std::vector<piece> run() {
    for (const token& t : in_)
      if (t.kind == token_kind::command && t.text != "\\iff" && changes_what_is_printed(t.text))
        throw complaint(trouble::not_understood, t.where,
                        t.text + " here; expected nothing that is not printed plainly");
    const bool text_mode = has_math_marks();
    for (std::size_t i = 0; i < in_.size();) {
      if (text_mode && !in_math_ && !opens_math(i)) {
        text(i);
      } else {
        math(i, text_mode);
      }
    }
    flush();
    return std::move(out_);
  }

 private:
  std::string environment_at(std::size_t i) const {
    if (!(in_[i].is("\\begin") || in_[i].is("\\end"))) return "";
    std::string name;
    std::size_t k = i + 1;
    while (k < in_.size() && in_[k].kind == token_kind::space) ++k;
    for (++k; k < in_.size() && in_[k].kind != token_kind::close && name.size() < 20; ++k)
      if (in_[k].text != "*") name += in_[k].text;
    return name;
  }

  std::size_t behind_environment_mark(std::size_t i) const {
    while (i < in_.size() && in_[i].kind != token_kind::close) ++i;
    return std::min(i + 1, in_.size());
  }

  bool has_math_marks() const {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      if (in_[i].is("\\[") || in_[i].is("\\(") || in_[i].kind == token_kind::math) return true;
      const std::string e = environment_at(i);
      if (displays.count(e) != 0 && e != "aligned" && e != "split" && e != "gathered") return true;
      if (in_[i].text == "\\text" || in_[i].text == "\\mbox") i = std::max(i, skip_group(i + 1)) - 1;
    }
    return false;
  }

  std::size_t skip_group(std::size_t i) const {
    while (i < in_.size() && in_[i].kind == token_kind::space) ++i;
    int depth = 0;
    for (; i < in_.size(); ++i) {
      depth += in_[i].kind == token_kind::open ? 1 : in_[i].kind == token_kind::close ? -1 : 0;
      if (depth <= 0) return i + 1;
    }
    return in_.size();
  }

  bool opens_math(std::size_t i) const {
    return in_[i].kind == token_kind::math || in_[i].is("\\[") || in_[i].is("\\(") ||
           (in_[i].is("\\begin") && displays.count(environment_at(i)) != 0);
  }

  piece* last() { return out_.empty() ? nullptr : &out_.back(); }

  void text(std::size_t& i) {
    std::string word;
    while (i < in_.size() && (in_[i].kind == token_kind::letter ||
                              (in_[i].kind == token_kind::symbol && in_[i].text.size() > 1 && !is_sign(in_[i]))))
      word += in_[i++].text;
    if (word.empty()) return around_.sign(in_, i++, last());
    around_.word(lowered(word), last());
  }

  void math(std::size_t& i, bool text_mode) {
    if (text_mode && !in_math_) {
      flush();
      in_math_ = true;
      around_.open_formula(in_[i].text != "$" && !in_[i].is("\\("));
      if (in_[i].is("\\begin")) {
        const bool argument = environment_at(i) == "alignat";
        i = behind_environment_mark(i);
        if (argument) i = behind_environment_mark(i);
      } else {
        ++i;
      }
      return;
    }
    const token& t = in_[i];
    const std::string e = environment_at(i);
    if (t.kind == token_kind::math || t.is("\\]") || t.is("\\)") ||
        (text_mode && t.is("\\end") && displays.count(e) != 0 && inner_ == 0)) {
      flush();
      around_.close_formula();
      in_math_ = false;
      i = t.is("\\end") ? behind_environment_mark(i) : i + 1;
      return;
    }
    if (displays.count(e) != 0) {  // aligned, split inside a display
      inner_ += t.is("\\begin") ? 1 : -1;
      i = behind_environment_mark(i);
      return;
    }
    if (t.is("\\begin")) ++environments_;
    if (t.is("\\end")) --environments_;
    if (t.kind == token_kind::open || t.is("(") || t.is("[") || t.is("\\{") || t.is("\\lbrace") || t.is("\\langle"))
      ++depth_;
    if (t.kind == token_kind::close || t.is(")") || t.is("]") || t.is("\\}") || t.is("\\rbrace") || t.is("\\rangle"))
      --depth_;
    const bool outside = depth_ <= 0 && environments_ <= 0;
    if (t.is("\\text") || t.is("\\mbox") || t.is("\\textrm") || t.is("\\intertext") || t.is("\\textnormal")) {
      if (outside) return words(i);
      for (const std::size_t end = skip_group(i + 1); i < end; ++i) add(in_[i]);
      return;
    }
    if (outside) {
      const bool colon = t.is(":") && !(i + 1 < in_.size() && in_[i + 1].is("="));
      if (t.is(",") || t.is(";") || colon || t.is("\\implies") || t.is("\\Rightarrow") || t.is("\\iff") ||
          t.is("\\Leftrightarrow") || t.is("\\Longrightarrow") || t.is("\\to") || t.is("\\forall")) {
        flush();
        around_.comma(t.is(","), colon);
        if (t.is("\\forall")) around_.begin_condition();
        ++i;
        return;
      }
      if (t.is("\\\\") || t.is("\\cr")) {
        breaking_ = true;
        ++i;
        return;
      }
      if (t.kind == token_kind::align) {
        ++i;
        return;
      }
    }
    add(t);
    ++i;
  }

  // Text in the mathematics: a function's name stays, words split.
  void words(std::size_t& i) {
    const std::size_t end = skip_group(i + 1);
    std::string spelled;
    for (std::size_t k = i + 1; k < end; ++k)
      if (in_[k].kind == token_kind::letter || in_[k].kind == token_kind::symbol) spelled += in_[k].text;
    static const std::set<std::string> kept{"ReLU", "relu", "diag", "sign", "sgn", "step", "T", "d"};
    if (kept.count(spelled) != 0) {
      for (; i < end; ++i) add(in_[i]);
      return;
    }
    const bool has_letters = !lowered(spelled).empty();
    std::string word;
    bool formula = false;
    const auto end_word = [&] {
      if (lowered(word).empty()) return;
      flush();
      around_.word(lowered(word), last());
      word.clear();
    };
    for (std::size_t k = i + 1; k < end; ++k) {
      const token& t = in_[k];
      if (t.kind == token_kind::math) {  // \text{where $a = …$}
        end_word();
        flush();
        formula = !formula;
      } else if (formula) {
        add(t);
      } else if (!has_letters && (t.kind == token_kind::digit || t.is("+") || t.is("-") || t.is("*") || t.is("/"))) {
        add(t);  // \text{2}: printed like the formula
      } else if (t.kind == token_kind::letter || t.kind == token_kind::symbol) {
        word += t.text;
      } else {
        end_word();
      }
    }
    end_word();
    i = end;
  }

  void add(const token& t) {
    if (is_blank(t) || t.is("\\,") || t.is("\\;") || t.is("\\!") || t.is("\\ ")) {
      current_.push_back(t);
      return;
    }
    static const std::set<std::string> continues{"+", "-", "\\cdot", "\\times", "\\odot", "\\circ", "*"};
    if (breaking_ && depth_ <= 0 && continues.count(t.text) == 0) flush();
    breaking_ = false;
    current_.push_back(t);
  }

  static bool is_gap(const token& t) { return t.is("\\quad") || t.is("\\qquad"); }

  // A \quad parts two formulas if an equation or a range stands behind it; otherwise it is only space.
  void flush() {
    breaking_ = false;
    std::size_t from = 0;
    for (std::size_t i = 0; i < current_.size(); ++i) {
      if (!is_gap(current_[i])) continue;
      const auto parts = [](const token& t) { return t.is("=") || t.is("\\in") || t.is("\\le") || t.is("\\leq"); };
      const bool equation = std::any_of(current_.begin() + static_cast<std::ptrdiff_t>(i), current_.end(), parts);
      if (!equation && !around_.defines()) continue;
      emit(from, i);
      from = i + 1;
    }
    emit(from, current_.size());
    current_.clear();
    depth_ = environments_ = 0;
  }

  void emit(std::size_t from, std::size_t to) {
    const auto begin = current_.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = current_.begin() + static_cast<std::ptrdiff_t>(to);
    if (std::all_of(begin, end, is_blank)) return;
    piece p = around_.take();
    std::copy_if(begin, end, std::back_inserter(p.tokens), [](const token& t) { return !is_gap(t); });
    out_.push_back(std::move(p));
  }

  const std::vector<token>& in_;
  std::vector<piece> out_;
  std::vector<token> current_;
  surroundings around_;
  bool in_math_ = false;
  bool breaking_ = false;  // at a line's end: the equation ends unless the next line goes on with an operator
  int inner_ = 0;
  int depth_ = 0;
  int environments_ = 0;
};

}  // namespace

std::vector<piece> split(const std::vector<token>& tokens) { return splitter(tokens).run(); }

}  // namespace homework::check
