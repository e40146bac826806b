#include "formulas/splitter.hpp"

#include <algorithm>
#include <set>

#include "formulas/gaps.hpp"
#include "formulas/parser_state.hpp"
#include "formulas/surroundings.hpp"
#include "formulas/words.hpp"
#include "tex/commands.hpp"
#include "tex/printed.hpp"
#include "tex/word_list.hpp"

namespace write_up {
namespace {

// Turns an answer's tokens into pieces. If it holds no mathematics marks at all, the whole answer is mathematics.
class splitter {
 public:
  explicit splitter(const std::vector<token>& tokens) : in_(tokens) {}

  std::vector<piece> run() {
    refuse_hidden(in_);
    const bool text_mode = has_math_marks();
    if (!text_mode && only_says_nothing(in_)) return {};
    for (std::size_t i = 0; i < in_.size();) {
      if (text_mode && !in_math_ && !opens_math(i)) {
        text(i);
      } else {
        math(i, text_mode);
      }
    }
    if (text_mode && in_math_ && !in_.empty())
      throw complaint(trouble::not_understood, in_.back().where, "a formula that never ends; expected $");
    flush();
    around_.end(last());
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
      if (is_display_environment(e) && e != "aligned" && e != "split" && e != "gathered") return true;
      if (is_text_command(in_[i].text)) i = std::max(i, skip_group(i + 1)) - 1;
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
           (in_[i].is("\\begin") && is_display_environment(environment_at(i)));
  }

  piece* last() { return out_.empty() ? nullptr : &out_.back(); }

  void text(std::size_t& i) {
    std::string word;
    const auto letter = [&](std::size_t k) {
      return k < in_.size() && (in_[k].kind == token_kind::letter ||
                                (in_[k].kind == token_kind::symbol && in_[k].text.size() > 1 && !is_sign(in_[k])));
    };
    while (letter(i) || (!word.empty() && i < in_.size() && in_[i].is("'") && letter(i + 1))) word += in_[i++].text;
    if (word.empty()) {
      if (in_[i].kind == token_kind::paragraph) around_.paragraph();
      return around_.sign(in_, i++, last());
    }
    around_.word(lowered(word), last());
  }

  void math(std::size_t& i, bool text_mode) {
    if (text_mode && !in_math_) {
      flush();
      in_math_ = true;
      around_.open_formula(in_[i].text != "$" && !in_[i].is("\\("));
      if (in_[i].is("\\begin")) {
        const std::string e = environment_at(i);
        opened_by_ = e;
        i = behind_environment_mark(i);
        if (e == "alignat" || e == "IEEEeqnarray" || e == "empheq") i = behind_environment_mark(i);
      } else {
        opened_by_.clear();
        ++i;
      }
      return;
    }
    const token& t = in_[i];
    const std::string e = environment_at(i);
    if (t.kind == token_kind::math || t.is("\\]") || t.is("\\)") ||
        (text_mode && t.is("\\end") && is_display_environment(e) && inner_ == 0)) {
      if ((t.is("\\end") ? e : "") != opened_by_)
        throw complaint(trouble::not_understood, t.where, "this does not end what was begun");
      flush();
      around_.close_formula();
      in_math_ = false;
      i = t.is("\\end") ? behind_environment_mark(i) : i + 1;
      return;
    }
    if (is_display_environment(e)) {  // aligned, split inside a display
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
    if (is_text_command(t.text)) {
      if (outside) return words(i);
      for (const std::size_t end = skip_group(i + 1); i < end; ++i) add(in_[i]);
      return;
    }
    if (outside) {
      const bool colon = t.is(":") && !(i > 0 && in_[i - 1].is("=")) && !(i + 1 < in_.size() && in_[i + 1].is("="));
      const bool defined = t.is("=") && i + 1 < in_.size() && in_[i + 1].is(":");  // =:
      if (defined) {
        add(t);
        i += 2;
        return;
      }
      if (t.is(",") || t.is(";") || colon || (t.kind == token_kind::command && parts_formulas(t.text))) {
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
    if (spelled == "T" || spelled == "d" || !known_function(spelled).empty()) {
      for (; i < end; ++i) add(in_[i]);
      return;
    }
    const bool has_letters = !lowered(spelled).empty();
    if (has_letters && stands_alone(i, end) && !connects(lowered(spelled))) {
      throw complaint(trouble::not_understood, in_[i].where,
                      "the word '" + spelled + "' in the formula; expected a function of the notation table");
    }
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

  // One word beside a formula, \text{mean}(…), is a factor or a function, not a remark.
  bool stands_alone(std::size_t i, std::size_t end) const {
    for (std::size_t k = i + 1; k + 1 < end; ++k) {
      const bool inside = in_[k].kind != token_kind::open && in_[k].kind != token_kind::letter &&
                          in_[k].kind != token_kind::symbol && in_[k].kind != token_kind::digit;
      if ((inside && k + 2 < end && in_[k].kind != token_kind::space) || in_[k].is("(") || in_[k].is(",")) return false;
      if (in_[k].kind == token_kind::space && k > i + 2 && k + 2 < end) return false;  // two words
    }
    std::size_t before = i;
    while (before > 0 && in_[before - 1].kind == token_kind::space) --before;
    return before == 0 || !(is_gap(in_[before - 1]) || in_[before - 1].kind == token_kind::align);
  }

  void add(const token& t) {
    if (is_blank(t) || t.is("\\,") || t.is("\\;") || t.is("\\!") || t.is("\\ ")) {
      current_.push_back(t);
      return;
    }
    static const std::set<std::string> continues{"+", "-", "\\cdot", "\\times", "\\odot", "\\circ", "*"};
    const auto before = std::find_if_not(current_.rbegin(), current_.rend(), is_blank);
    const bool open_end = before != current_.rend() && continues.count(before->text) != 0;
    if (breaking_ && depth_ <= 0 && continues.count(t.text) == 0 && !open_end) flush();
    breaking_ = false;
    current_.push_back(t);
  }

  // A \quad parts two formulas if an equation or a range stands behind it; otherwise it is only space.
  void flush() {
    breaking_ = false;
    std::size_t from = 0;
    int inside = 0;
    for (std::size_t i = 0; i < current_.size(); ++i) {
      const token& t = current_[i];
      inside += opens_group(t) ? 1 : closes_group(t) ? -1 : 0;
      if (!is_gap(t)) continue;
      if (inside > 0) {
        if (operand_beside(current_, i, -1) && operand_beside(current_, i, 1))
          throw complaint(trouble::ambiguous, t.where, "a gap in a row: one entry or two? Expected &");
        continue;
      }
      if (is_only_a_label(current_, i)) {
        emit(from, i);
        from = current_.size();
        break;
      }
      const auto parts = [](const token& r) { return r.is("=") || r.is("\\in") || r.is("\\le") || r.is("\\leq"); };
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
  std::string opened_by_;  // the environment of the formula, "" for $ and \[
  bool breaking_ = false;  // at a line's end: the equation ends unless the next line goes on with an operator
  int inner_ = 0;
  int depth_ = 0;
  int environments_ = 0;
};

}  // namespace

std::vector<piece> split(const std::vector<token>& tokens) {
  const std::vector<token> clear = without_spoken_cases(without_struck_out(tokens));
  return splitter(clear).run();
}

}  // namespace write_up
