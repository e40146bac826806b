// From the tokens of an answer to its equations: text and mathematics are told apart, conditions such as "for j = 1, 2,
// 3" go, lines that begin with = go on from the one before.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "parser.hpp"

namespace homework::check {
namespace {

const std::set<std::string> displays{"equation", "align", "gather",   "multline", "displaymath", "eqnarray",
                                     "aligned",  "split", "gathered", "flalign",  "alignat",     "math"};

bool introduces_definition(const std::string& w) {
  static const std::set<std::string> words{"let",     "where", "with",       "denote", "define", "defining",
                                           "set",     "put",   "sei",        "wobei",  "mit",    "write",
                                           "setting", "call",  "abbreviate", "seien"};
  return words.count(w) != 0;
}

bool introduces_condition(const std::string& w) {
  static const std::set<std::string> words{"for", "für", "fuer", "all", "each", "every"};
  return words.count(w) != 0;
}

bool introduces_case(const std::string& w) {
  static const std::set<std::string> words{"if",        "when", "whenever", "falls", "wenn",
                                           "otherwise", "else", "sonst",    "unless"};
  return words.count(w) != 0;
}

bool introduces_result(const std::string& w) {
  static const std::set<std::string> words{"then", "so", "thus", "hence", "therefore", "gives",
                                           "get",  "is", "dann", "also",  "yields",    "we"};
  return words.count(w) != 0;
}

std::string lowered(std::string w) {
  std::string out;
  for (char c : w)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// One piece between separators.
struct piece {
  std::vector<token> tokens;
  bool displayed = false;
  bool defines = false;
  bool condition = false;
  bool a_case = false;  ///< behind "if": the formula before it holds only there
};

// Turns an answer's tokens into pieces. If it holds no mathematics marks at all, the whole answer is mathematics.
class splitter {
 public:
  explicit splitter(const std::vector<token>& tokens) : in_(tokens) {}

  std::vector<piece> run() {
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

  void text(std::size_t& i) {
    std::string word;
    while (i < in_.size() &&
           (in_[i].kind == token_kind::letter || (in_[i].kind == token_kind::symbol && in_[i].text.size() > 1)))
      word += in_[i++].text;
    if (word.empty()) {
      ++i;
      return;
    }
    note_word(lowered(word));
  }

  void note_word(const std::string& word) {
    if (introduces_definition(word)) {
      flush();
      next_defines_ = true;
      condition_ = false;
    } else if (introduces_case(word)) {
      flush();
      case_ = true;
    } else if (introduces_condition(word)) {
      flush();
      condition_ = true;
      next_defines_ = false;
    } else if (introduces_result(word)) {
      flush();
      condition_ = false;
      next_defines_ = false;
    }
  }

  void math(std::size_t& i, bool text_mode) {
    if (text_mode && !in_math_) {
      flush();
      in_math_ = true;
      displayed_ = in_[i].text != "$" && !in_[i].is("\\(");
      if (in_[i].is("\\begin")) {
        const bool argument = environment_at(i) == "alignat";
        i = behind_environment_mark(i);
        if (argument) i = behind_environment_mark(i);
      } else {
        ++i;
      }
      if (displayed_) condition_ = false;
      return;
    }
    const token& t = in_[i];
    const std::string e = environment_at(i);
    if (t.kind == token_kind::math || t.is("\\]") || t.is("\\)") ||
        (text_mode && t.is("\\end") && displays.count(e) != 0 && inner_ == 0)) {
      flush();
      if (displayed_) next_defines_ = condition_ = false;
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
        if (t.is("\\forall")) condition_ = true;
        ++i;
        return;
      }
      if (t.is("\\\\") || t.is("\\cr")) {
        line_end();
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
    std::vector<std::string> list{""};
    for (std::size_t k = i + 1; k < end; ++k) {
      if (in_[k].kind == token_kind::space) list.emplace_back();
      if (in_[k].kind == token_kind::letter || in_[k].kind == token_kind::symbol) list.back() += in_[k].text;
    }
    for (const std::string& w : list) spelled += w;
    static const std::set<std::string> kept{"ReLU", "relu", "diag", "sign", "sgn", "step", "T", "d"};
    if (kept.count(spelled) != 0) {
      for (; i < end; ++i) add(in_[i]);
      return;
    }
    bool any = false;
    for (const std::string& w : list) {
      any = any || !lowered(w).empty();
      note_word(lowered(w));
    }
    if (any) flush();
    i = end;
  }

  // A line ends its equation unless the next one goes on with = or an operator.
  void line_end() { breaking_ = true; }

  void add(const token& t) {
    if (t.kind == token_kind::space || t.kind == token_kind::paragraph || is_gap(t) || t.is("\\,") || t.is("\\;") ||
        t.is("\\!") || t.is("\\ ")) {
      current_.push_back(t);
      return;
    }
    static const std::set<std::string> continues{"+", "-", "\\cdot", "\\times", "\\odot", "\\circ", "*"};
    if (breaking_ && depth_ <= 0 && continues.count(t.text) == 0) flush();
    breaking_ = false;
    current_.push_back(t);
  }

  static bool blank(const token& t) {
    return t.kind == token_kind::space || t.kind == token_kind::paragraph || t.kind == token_kind::end || is_gap(t);
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
      if (!equation && !next_defines_) continue;
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
    if (std::all_of(begin, end, blank)) return;
    piece p{{}, displayed_, next_defines_, condition_, case_};
    case_ = false;
    std::copy_if(begin, end, std::back_inserter(p.tokens), [](const token& t) { return !is_gap(t); });
    out_.push_back(std::move(p));
    if (!condition_) next_defines_ = false;
  }

  const std::vector<token>& in_;
  std::vector<piece> out_;
  std::vector<token> current_;
  bool in_math_ = false;
  bool displayed_ = false;
  bool next_defines_ = false;
  bool condition_ = false;
  bool case_ = false;
  bool breaking_ = false;
  int inner_ = 0;
  int depth_ = 0;
  int environments_ = 0;
};

bool is_dots_or_mark(const token& t) {
  return t.text == "\\dots" || t.text == "?" || t.text == "." || t.text == "!" || t.text == "\\cdots";
}

// j = 1,2,3 and 1 ≤ k ≤ m say where indices run; they are no equations.
bool only_a_range(const std::vector<token>& tokens) {
  bool letter = false;
  bool relation = false;
  for (const token& t : tokens) {
    if (t.kind == token_kind::letter && (is_index_letter(t.text) || t.text == "m" || t.text == "l")) {
      letter = letter || t.text != "m";
      continue;
    }
    static const std::set<std::string> relations{"=", "\\in", "\\le", "<", "\\forall"};
    if (relations.count(t.text) != 0) {
      relation = true;
      continue;
    }
    static const std::set<std::string> others{",", "\\dots", "(", ")", "\\{", "\\}", ":", "."};
    if (t.kind != token_kind::digit && others.count(t.text) == 0) return false;
  }
  return letter && relation;
}

bool only_digits(const std::vector<token>& tokens) {
  return std::all_of(tokens.begin(), tokens.end(), [](const token& t) {
    return t.kind == token_kind::digit || t.text == "\\dots" || t.text == "m" || t.text == ".";
  });
}

void drop_trailing_dots(std::vector<token>& tokens) {
  while (!tokens.empty() && (tokens.back().text == "." || tokens.back().text == "," || tokens.back().text == ";" ||
                             tokens.back().text == ":"))
    tokens.pop_back();
}

}  // namespace

statements read_statements(const std::vector<token>& tokens, const macro_table& macros, const limits& cap) {
  statements out;
  std::vector<piece> pieces;
  try {
    pieces = splitter(expand(tokens, macros, cap)).run();
  } catch (const complaint& c) {
    out.unread.push_back(c);
    return out;
  }
  bool after_range = false;
  bool any = false;
  for (const piece& p : pieces) {
    std::vector<token> plain;
    try {
      plain = plain_math(p.tokens);
      drop_trailing_dots(plain);
      if (plain.empty() || std::all_of(plain.begin(), plain.end(), is_dots_or_mark)) continue;
      any = true;
      const bool range = only_a_range(plain) || (after_range && only_digits(plain));
      after_range = range;
      if (p.a_case && !range)
        throw complaint(trouble::not_understood, plain[0].where,
                        "a condition in words; expected \\begin{cases} or a factor such as (z > 0)");
      if (p.condition || range) continue;
      if (plain[0].text == "=" && !out.list.empty()) {
        std::vector<node> more = parse_equation(plain, cap);
        statement& last = out.list.back();
        last.sides.insert(last.sides.end(), more.begin(), more.end());
        last.where.end = plain.back().where.end;
        continue;
      }
      out.list.push_back(
          {parse_equation(plain, cap), {plain.front().where.begin, plain.back().where.end}, p.defines, p.displayed});
    } catch (const complaint& c) {
      out.unread.push_back(c);
    }
  }
  out.empty = !any;
  return out;
}

}  // namespace homework::check
