#include "answers/prefix.hpp"
#include "formulas/lexicon.hpp"
#include "tex/word_list.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace write_up {
namespace {

const std::set<std::string> styles = words_of(
    R"(\textbf \emph \textit \underline \textsc \texttt \textsf \fbox \mathbf \bf \bfseries \boxed \uline \large \Large
    \LARGE \huge \textcolor \color \sf \itshape)");

const std::set<std::string> harmless = words_of(
    R"(( * # . , § - : [ ~ \noindent \indent \quad \qquad \hline \item \toprule \midrule \hrule \newpage \clearpage
    \normalsize \small \hfill \S \ \, \bullet)");

const std::set<std::string> ends_line{"\\\\", "\\par", "\\bigskip", "\\medskip", "\\smallskip", "\\newline"};

bool is_letter(const token& t) {
  return t.kind == token_kind::letter || (t.kind == token_kind::symbol && t.text.size() > 1 && t.text != "§");
}

bool is_blank(const token& t) { return t.kind == token_kind::space || t.kind == token_kind::paragraph; }

class backwards {
 public:
  backwards(const std::vector<token>& tokens, std::size_t first, std::size_t i) : t_(tokens), first_(first), k_(i) {
    line_ = t_[i].where.begin.line;
    number_ = i;
  }

  line_start run() {
    out_.from = k_;
    const std::size_t far = k_ > first_ + 60 ? k_ - 60 : first_;
    while (k_ > first_) {
      if (k_ < far) return {};
      const token& t = t_[k_ - 1];
      if (t.kind == token_kind::paragraph || ends_line.count(t.text) != 0) break;
      if (t.where.end.line < line_ && !is_blank(t)) {
        out_.refers = is_letter(t);
        break;
      }
      if (!one_more(t)) return {};
      if (over_) break;
      out_.from = k_;
    }
    while (k_ > first_ && is_blank(t_[k_ - 1])) --k_;
    if (!end_word() || part_) return {};
    out_.found = true;
    return out_;
  }

 private:
  // Takes the token before k_; false if it may not stand there.
  bool one_more(const token& t) {
    --k_;
    if (is_letter(t)) {
      word_.insert(0, t.kind == token_kind::letter
                          ? std::string(1, static_cast<char>(std::tolower(static_cast<unsigned char>(t.text[0]))))
                          : t.text);
      return word_.size() < 16;
    }
    if (!end_word()) return false;
    if (is_blank(t)) return true;
    if (t.kind == token_kind::open) return true;
    if (t.kind == token_kind::close) return argument();
    if (t.kind == token_kind::digit) return part_ = true;  // Part 1, 1.1: the word has to follow
    if (t.kind == token_kind::math) return !out_.math && (out_.math = true);
    if (t.is("(") || t.is("[")) out_.decorated = true;
    if (styles.count(t.text) != 0) return out_.bold = out_.decorated = true;
    if (harmless.count(t.text) != 0) return true;
    // \task{1.1}, \q{1.1}: a heading of the write-up's own
    return t.kind == token_kind::command && !t.is("\\frac") && t_[k_ + 1].kind == token_kind::open &&
           k_ + 2 == number_ && (out_.bold = out_.decorated = true);
  }

  // {blue} of \textcolor{blue}; \end{itemize} and \begin{center} end the line.
  bool argument() {
    const std::size_t close = k_;
    while (k_ > first_ && close - k_ < 30 && t_[k_].kind != token_kind::open) --k_;
    if (k_ == first_) return false;
    const token& command = t_[k_ - 1];
    if (command.is("\\begin") || command.is("\\end")) return over_ = true;
    if (!command.is("\\textcolor") && !command.is("\\color")) return false;
    --k_;
    return true;
  }

  bool end_word() {
    if (word_.empty()) return true;
    std::string capital = word_;
    if (capital.rfind("Ü", 0) == 0) capital.replace(0, 2, "ü");
    const bool known = says(capital, words::numbered) && ++count_ <= 3;
    if (part_ && capital != "part" && capital != "teil") return false;
    part_ = false;
    out_.decorated = true;
    word_.clear();
    return known;
  }

  const std::vector<token>& t_;
  std::size_t first_;
  std::size_t k_;
  int line_ = 0;
  std::size_t number_ = 0;
  int count_ = 0;
  bool part_ = false;
  bool over_ = false;
  std::string word_;
  line_start out_;
};

}  // namespace

line_start begins_line(const std::vector<token>& tokens, std::size_t first, std::size_t i) {
  return backwards(tokens, first, i).run();
}

std::size_t behind_number(const std::vector<token>& tokens, std::size_t k, std::size_t last, const line_start& line) {
  bool math = line.math;
  for (; k < last; ++k) {
    const token& t = tokens[k];
    const bool dash = t.is("-") && k + 1 < last &&
                      (is_blank(tokens[k + 1]) || tokens[k + 1].kind == token_kind::close || tokens[k + 1].is("-"));
    const bool blank = is_blank(t) && k + 1 < last &&
                       (tokens[k + 1].is("-") || tokens[k + 1].is(")") || tokens[k + 1].kind == token_kind::align);
    if (math && t.kind == token_kind::math) {
      math = false;
    } else if (!t.is(")") && !t.is(":") && !t.is(".") && !t.is("*") && !t.is("]") && t.kind != token_kind::close &&
               t.kind != token_kind::align && !dash && !blank) {
      break;
    }
  }
  return k;
}

}  // namespace write_up
