#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "formulas/parser.hpp"
#include "formulas/words.hpp"
#include "tex/commands.hpp"

namespace write_up {
namespace {

class simplifier {
 public:
  explicit simplifier(const std::vector<token>& in, int depth = 0) : in_(in), depth_(depth) {
    if (depth > 8 && !in.empty()) throw complaint(trouble::too_much, in[0].where, "text and braces nested too deeply");
  }

  std::vector<token> run() {
    while (i_ < in_.size() && in_[i_].kind != token_kind::end) step();
    return std::move(out_);
  }

 private:
  void skip_space() {
    while (i_ < in_.size() && (in_[i_].kind == token_kind::space || in_[i_].kind == token_kind::paragraph)) ++i_;
  }

  // \mkern-1.5mu
  void skip_length() {
    ++i_;
    const auto number = [&] {
      return i_ < in_.size() && (in_[i_].kind == token_kind::digit || in_[i_].is("-") || in_[i_].is("."));
    };
    while (number()) ++i_;
    for (int unit = 0; unit < 2 && i_ < in_.size() && in_[i_].kind == token_kind::letter; ++unit) ++i_;
  }

  // The index behind the group at i_; one past a single token.
  std::size_t behind_argument() const {
    if (i_ >= in_.size() || in_[i_].kind != token_kind::open) return std::min(i_ + 1, in_.size());
    int depth = 0;
    for (std::size_t k = i_; k < in_.size(); ++k) {
      if (in_[k].kind == token_kind::open) ++depth;
      if (in_[k].kind == token_kind::close && --depth == 0) return k + 1;
    }
    return in_.size();
  }

  void step() {
    const token& t = in_[i_];
    if (t.kind == token_kind::space || t.kind == token_kind::paragraph || only_spaces(t.text)) {
      const bool delimiter = t.text == "\\left" || t.text == "\\right" || t.text == "\\middle";
      ++i_;
      if (delimiter) {
        skip_space();
        if (i_ < in_.size() && in_[i_].is(".")) ++i_;  // \left. draws nothing
      }
    } else if (t.text == "\\mkern" || t.text == "\\mskip") {
      skip_length();
    } else if (vanishes_with_argument(t.text)) {
      ++i_;
      skip_space();
      i_ = behind_argument();
    } else if (t.text == "\\textcolor" || t.text == "\\underset") {  // \underset{m\times 2}{h^2}: a note below
      ++i_;
      skip_space();
      if (t.text == "\\underset") look_at_note();
      i_ = behind_argument();
    } else if (t.text == "\\overset" || t.text == "\\stackrel") {
      note_on_a_relation();
    } else if (t.text == "\\underbrace" || t.text == "\\overbrace") {
      brace();
    } else if (is_text_command(t.text) || (t.text == "\\mathrm" && says_a_case())) {
      words();
    } else if (t.kind == token_kind::open && i_ + 2 < in_.size() && in_[i_ + 1].kind == token_kind::close &&
               in_[i_ + 2].kind != token_kind::up && in_[i_ + 2].kind != token_kind::down) {  // {}
      i_ += 2;
    } else if (t.kind == token_kind::open && over() != 0) {
      fraction(over());
    } else if (t.kind == token_kind::open && i_ + 2 < in_.size() && in_[i_ + 2].kind == token_kind::close &&
               (in_[i_ + 1].is("\\cdot") || in_[i_ + 1].is("\\odot") || in_[i_ + 1].is("\\circ") ||
                in_[i_ + 1].is("\\times"))) {  // {\cdot}
      out_.push_back(in_[i_ + 1]);
      out_.back().text = usual_name(out_.back().text);
      i_ += 3;
    } else if (t.is("@") && i_ + 1 < in_.size() && in_[i_ + 1].kind == token_kind::open) {  // {@{}ll@{}}
      ++i_;
      i_ = behind_argument();
    } else {
      token copy = t;
      copy.text = usual_name(t.text);
      if (copy.text == ":" && i_ + 1 < in_.size() && in_[i_ + 1].is("=")) {  // :=
        ++i_;
        return;
      }
      if (copy.text == "\\ell") {
        copy.kind = token_kind::letter;
        copy.text = "l";
      }
      if (copy.text == "\\{" || copy.text == "\\}" || copy.text == "|" || copy.text == "[" || copy.text == "]" ||
          copy.text == "(" || copy.text == ")" || copy.text == ">" || copy.text == "<" || copy.text == "*")
        copy.kind = token_kind::symbol;
      out_.push_back(copy);
      ++i_;
    }
  }

  // A note may be a word, a shape or an equation; a word that takes back, or an operator, is no note.
  void look_at_note() const {
    const std::size_t end = behind_argument();
    std::string word;
    bool sign = false;
    bool equation = false;
    const auto look = [&](const token& where) {
      if (sign && !equation)
        throw complaint(trouble::not_understood, where.where, "an operator in a note; expected plain symbols");
      if (negates(word) || spoils(word) || takes_back(word))
        throw complaint(trouble::not_understood, where.where, "'" + word + "' in a note; expected plain symbols");
    };
    for (std::size_t k = i_; k < end; ++k) {
      const token& t = in_[k];
      if (t.kind == token_kind::letter) {
        word += static_cast<char>(std::tolower(static_cast<unsigned char>(t.text[0])));
        continue;
      }
      look(t);
      word.clear();
      equation = equation || t.is("=");
      sign = sign || t.is("-") || t.is("+") || t.is("\\cdot") || (t.is("/") && end == k + 2);
      if (sign && !equation && k + 2 >= end) look(t);
    }
    if (end > i_) look(in_[end - 1]);
  }

  // \overset{!}{=}: the note says nothing to us. Over anything but a relation it may say something.
  void note_on_a_relation() {
    const span where = in_[i_++].where;
    skip_space();
    look_at_note();
    i_ = behind_argument();
    skip_space();
    const bool group = i_ < in_.size() && in_[i_].kind == token_kind::open;
    const std::size_t k = group ? i_ + 1 : i_;
    static const std::set<std::string> relations{"=", ":", "\\equiv", "\\coloneqq", "\\triangleq"};
    if (k >= in_.size() || relations.count(in_[k].text) == 0)
      throw complaint(trouble::not_understood, where, "something stacked on a symbol; expected plain symbols");
    out_.push_back({token_kind::symbol, "=", in_[k].where});
    i_ = behind_argument();
  }

  // Where \over stands in the group at i_, 0 if there is none.
  std::size_t over() const {
    int depth = 0;
    for (std::size_t k = i_; k < in_.size() && k < i_ + 400; ++k) {
      depth += in_[k].kind == token_kind::open ? 1 : in_[k].kind == token_kind::close ? -1 : 0;
      if (depth == 0) return 0;
      if (depth == 1 && in_[k].is("\\over")) return k;
    }
    return 0;
  }

  // {a \over b}
  void fraction(std::size_t middle) {
    const std::size_t end = behind_argument();
    const span where = in_[middle].where;
    const auto put = [&](std::size_t from, std::size_t to) {
      const std::vector<token> part(in_.begin() + static_cast<std::ptrdiff_t>(from),
                                    in_.begin() + static_cast<std::ptrdiff_t>(to));
      const std::vector<token> simple = simplifier(part, depth_ + 1).run();
      out_.push_back({token_kind::open, "{", where});
      out_.insert(out_.end(), simple.begin(), simple.end());
      out_.push_back({token_kind::close, "}", where});
    };
    out_.push_back({token_kind::command, "\\frac", where});
    put(i_ + 1, middle);
    put(middle + 1, std::max(middle + 1, end - 1));
    i_ = end;
  }

  // \underbrace{a}_{note}: the note says nothing to us.
  void brace() {
    ++i_;
    skip_space();
    const std::size_t end = behind_argument();
    std::vector<token> inside(in_.begin() + static_cast<std::ptrdiff_t>(i_),
                              in_.begin() + static_cast<std::ptrdiff_t>(end));
    std::vector<token> simple = simplifier(inside, depth_ + 1).run();
    out_.insert(out_.end(), simple.begin(), simple.end());
    i_ = end;
    skip_space();
    if (i_ < in_.size() && (in_[i_].kind == token_kind::down || in_[i_].kind == token_kind::up)) {
      ++i_;
      skip_space();
      look_at_note();
      i_ = behind_argument();
    }
  }

  // \mathrm{if}, \mathrm{otherwise}
  bool says_a_case() const {
    std::string word;
    for (std::size_t k = i_ + 2; k < in_.size() && in_[k].kind == token_kind::letter && word.size() < 12; ++k)
      word += in_[k].text;
    return introduces_case(word) || word == "for";
  }

  // \text{if $z>0$}: words become word tokens, mathematics inside stays mathematics.
  void words() {
    ++i_;
    skip_space();
    const std::size_t end = behind_argument();
    const bool group = i_ < in_.size() && in_[i_].kind == token_kind::open;
    std::size_t k = group ? i_ + 1 : i_;
    const std::size_t last = group && end > k ? end - 1 : end;
    bool math = false;
    std::vector<token> formula;
    token word{token_kind::word, "", {}};
    int note = 0;  // in (by convention)
    const auto flush_word = [&] {
      while (!word.text.empty() && (word.text.front() == ',' || word.text.front() == ';')) word.text.erase(0, 1);
      while (word.text.size() > 1 && word.text.back() == ',') word.text.pop_back();
      if (word.text == "ansonsten" || word.text == "andernfalls") word.text = "sonst";
      if (word.text.empty()) return;
      const bool closes = word.text.back() == ')';
      note += word.text.front() == '(' ? 1 : 0;
      if (note == 0) out_.push_back(word);
      note -= closes && note > 0 ? 1 : 0;
      word.text.clear();
    };
    for (; k < last; ++k) {
      const token& t = in_[k];
      if (t.kind == token_kind::math) {
        flush_word();
        if (math) {
          std::vector<token> simple = simplifier(formula, depth_ + 1).run();
          out_.insert(out_.end(), simple.begin(), simple.end());
          formula.clear();
        }
        math = !math;
      } else if (math) {
        formula.push_back(t);
      } else if (t.kind == token_kind::letter || t.kind == token_kind::digit || t.kind == token_kind::symbol) {
        if (word.text.empty()) word.where.begin = t.where.begin;
        word.text += t.text;
        word.where.end = t.where.end;
      } else {
        flush_word();
      }
    }
    flush_word();
    i_ = end;
  }

  const std::vector<token>& in_;
  int depth_;
  std::size_t i_ = 0;
  std::vector<token> out_;
};

// a = … = b: the steps are left out.
void drop_dots(std::vector<token>& t) {
  for (std::size_t i = 0; i + 1 < t.size();) {
    const bool begins = i == 0 || t[i - 1].is("=");
    if (begins && t[i].is("\\dots") && t[i + 1].is("=")) {
      t.erase(t.begin() + static_cast<std::ptrdiff_t>(i), t.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    } else {
      ++i;
    }
  }
}

// True if one pair of braces holds everything.
bool in_braces(const std::vector<token>& t) {
  if (t.size() < 2 || t.front().kind != token_kind::open || t.back().kind != token_kind::close) return false;
  int depth = 0;
  for (std::size_t i = 0; i + 1 < t.size(); ++i) {
    depth += t[i].kind == token_kind::open ? 1 : t[i].kind == token_kind::close ? -1 : 0;
    if (depth == 0) return false;
  }
  return true;
}

}  // namespace

std::vector<token> plain_math(const std::vector<token>& tokens) {
  std::vector<token> out = simplifier(tokens).run();
  drop_dots(out);
  for (int layers = 0; layers < 4 && in_braces(out); ++layers) {  // \boxed{a = b}, {\color{red} a = b}
    out.pop_back();
    out.erase(out.begin());
  }
  return out;
}

}  // namespace write_up
