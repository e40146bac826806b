#include "formulas/sentences.hpp"

#include <algorithm>
#include <set>

#include "formulas/lexicon.hpp"
#include "tex/commands.hpp"

namespace write_up {
namespace {

using kind = piece::kind;

// (3), (*), (2 × 3) at the end of a display. Throws a complaint where it may be a factor.
bool is_only_a_label(const pieces& formula, std::size_t i) {
  if (i + 2 != formula.size() || formula[i + 1].is != kind::fence || formula[i + 1].text != "(") return false;
  const std::string label = spelled(formula[i + 1].child);
  if (label.empty() || label.find_first_not_of("0123456789*m\\times") != std::string::npos) return false;
  if (label != "1" && label.find_first_of("m*t") == std::string::npos)
    throw complaint(trouble::ambiguous, formula.back().where, "a number in brackets: a factor or a label?");
  return true;
}

class reader {
 public:
  std::vector<said_formula> run(const pieces& text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const piece& p = text[i];
      if (p.is == kind::broken) throw complaint(trouble::not_understood, p.where, p.text);
      if (p.is == kind::word) {
        around_.word(lowered(p.text), last());
      } else if (p.is == kind::formula) {
        around_.open_formula(p.display);
        row(p.child);
        around_.close_formula();
      } else if (p.is == kind::paragraph) {
        around_.paragraph();
      } else {
        around_.sign(text, i, last());
      }
    }
    around_.end_sentence(last());
    return std::move(out_);
  }

 private:
  said_formula* last() { return out_.empty() ? nullptr : &out_.back(); }

  void row(const pieces& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const piece& p = all[i];
      if (current_.empty() || is_gap(all[i - 1]))
        if (std::size_t behind = i; range(all, behind)) {
          i = behind - 1;
          continue;
        }
      if (p.is == kind::text) {
        words(all, i);
      } else if (p.sign(",") || p.sign(";") || p.sign(":") || command_named(p.text).what == role::arrow) {
        flush();
        around_.comma(p.sign(","));
        if (p.sign(":")) around_.end_condition();
        if (p.sign("\\forall")) around_.begin_condition();
      } else if (p.sign("\\\\")) {
        breaking_ = true;
      } else if (!p.sign("&")) {
        add(p);
      }
    }
    flush();
  }

  bool range(const pieces& all, std::size_t& i) {
    const std::size_t first = i;
    std::vector<said_range> ranges = ranges_at(all, i);
    if (ranges.empty()) return false;
    flush();
    said_formula p = around_.take();
    p.formula.assign(all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(i));
    p.ranges = std::move(ranges);
    out_.push_back(std::move(p));
    return true;
  }

  // Text in the mathematics: it parts formulas, but one word beside a formula, \text{mean}(…), is a factor or function.
  void words(const pieces& all, std::size_t i) {
    const pieces& text = all[i].child;
    const bool letters = std::any_of(text.begin(), text.end(), [](const piece& p) { return p.is == kind::word; });
    const bool one = std::all_of(text.begin(), text.end(), [](const piece& p) {
      return p.is == kind::word || p.is == kind::digit || p.is == kind::space ||
             (p.is == kind::sign && !p.sign("(") && !p.sign(","));
    });
    const auto words = std::count_if(text.begin(), text.end(), [](const piece& p) { return p.is == kind::word; });
    const bool apart = i > 0 && (is_gap(all[i - 1]) || all[i - 1].sign("&"));
    if (letters && one && words == 1 && !apart && !connects(all[i].text))
      throw complaint(trouble::not_understood, all[i].where,
                      "the word '" + all[i].text + "' in the formula; expected a function of the notation table");
    for (const piece& p : text) {
      if (p.is == kind::broken) throw complaint(trouble::not_understood, p.where, p.text);
      if (p.is == kind::word) {
        flush();
        around_.word(lowered(p.text), last());
      } else if (p.is == kind::formula) {
        flush();
        row(p.child);
      } else if (!letters && (p.is == kind::digit || is_operator(p))) {
        add(p);  // \text{2}: printed like the formula
      }
    }
  }

  static bool connects(const std::string& text) {
    return says(lowered(text), words::connects | words::definition | words::condition | words::a_case | words::result |
                                   words::reason | words::otherwise);
  }

  // At a line's end the equation ends unless the next line goes on with an operator.
  void add(const piece& p) {
    const bool goes_on = is_operator(p) && !p.sign("/");
    const bool open_end = !current_.empty() && is_operator(current_.back());
    if (breaking_ && !goes_on && !open_end) flush();
    breaking_ = false;
    current_.push_back(p);
  }

  // A \quad parts two formulas if an equation or a range stands behind it; otherwise it is only space.
  void flush() {
    breaking_ = false;
    std::size_t from = 0;
    for (std::size_t i = 0; i < current_.size(); ++i) {
      if (!is_gap(current_[i])) continue;
      if (is_only_a_label(current_, i)) {
        emit(from, i);
        from = current_.size();
        break;
      }
      const auto parts = [](const piece& r) { return r.sign("=") || r.sign("\\in") || r.sign("\\le"); };
      const bool equation = std::any_of(current_.begin() + static_cast<std::ptrdiff_t>(i), current_.end(), parts);
      if (!equation && !around_.defines()) continue;
      emit(from, i);
      from = i + 1;
    }
    emit(from, current_.size());
    current_.clear();
  }

  void emit(std::size_t from, std::size_t to) {
    pieces formula;
    for (; from < to; ++from)
      if (!is_gap(current_[from])) formula.push_back(current_[from]);
    if (formula.empty()) return;
    said_formula p = around_.take();
    p.formula = std::move(formula);
    out_.push_back(std::move(p));
  }

  std::vector<said_formula> out_;
  pieces current_;
  surroundings around_;
  bool breaking_ = false;
};

// Without what is struck out before a display: the display is what stands.
void drop_struck_out(pieces& text) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i].display) last = i;
  for (std::size_t i = last; i-- > 0;)
    if (text[i].struck) text.erase(text.begin() + static_cast<std::ptrdiff_t>(i));
}

}  // namespace

std::vector<said_formula> sentences_of(const std::vector<token>& tokens, const limits& cap) {
  pieces text;
  if (has_formulas(tokens)) {
    text = tree_of_text(tokens, cap);
    drop_struck_out(text);
  } else {
    std::string letters;
    for (const token& t : tokens)
      if (t.kind == token_kind::letter || t.kind == token_kind::symbol) letters += t.text;
    if (says_nothing(lowered(letters))) return {};
    piece whole{kind::formula, "$"};
    whole.child = tree_of_formula(tokens, cap);
    text.push_back(std::move(whole));
  }
  return reader().run(with_spoken_cases(std::move(text)));
}

}  // namespace write_up
