#include "document.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace homework::check {
namespace {

// "1.11" anywhere in a heading; "" if there is none.
std::string id_in(const std::string& text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const bool fresh = i == 0 || (std::isdigit(static_cast<unsigned char>(text[i - 1])) == 0 && text[i - 1] != '.');
    if (!fresh || (text[i] != '1' && text[i] != '2') || text[i + 1] != '.') continue;
    std::size_t k = i + 2;
    while (k < text.size() && k < i + 4 && std::isdigit(static_cast<unsigned char>(text[k])) != 0) ++k;
    if (k > i + 2) return text.substr(i, k - i);
  }
  return "";
}

// The first number standing alone in a heading; 0 if there is none.
int number_in(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (std::isdigit(static_cast<unsigned char>(text[i])) != 0) return std::atoi(text.substr(i, 2).c_str());
  return 0;
}

class reader {
 public:
  explicit reader(const std::string& text) {
    up_.source = text;
    up_.macros = package_macros();
    tokens_ = take_macros(only_printed(tokenize(text)), up_.macros);
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
  }

  write_up run() {
    if (!read_marks()) read_free_form();
    return std::move(up_);
  }

 private:
  std::size_t skip_space(std::size_t i) const {
    while (i < tokens_.size() && (tokens_[i].kind == token_kind::space || tokens_[i].kind == token_kind::paragraph))
      ++i;
    return i;
  }

  // One past the group at i (after blanks).
  std::size_t behind_group(std::size_t i) const {
    i = skip_space(i);
    if (i >= tokens_.size() || tokens_[i].kind != token_kind::open) return i;
    int depth = 0;
    for (; i < tokens_.size(); ++i) {
      if (tokens_[i].kind == token_kind::open) ++depth;
      if (tokens_[i].kind == token_kind::close && --depth == 0) return i + 1;
    }
    return tokens_.size();
  }

  // The text of the group at i.
  std::string spelled(std::size_t i) const {
    std::string out;
    int depth = 0;
    for (std::size_t k = skip_space(i); k < tokens_.size() && out.size() < 200; ++k) {
      depth += tokens_[k].kind == token_kind::open ? 1 : tokens_[k].kind == token_kind::close ? -1 : 0;
      if (depth <= 0) break;
      if (tokens_[k].kind != token_kind::open && tokens_[k].kind != token_kind::close) out += tokens_[k].text;
    }
    return out;
  }

  void remark(const std::string& text) {
    if (up_.remarks.size() < 50) up_.remarks.push_back(text);
  }

  void add(raw_answer a) {
    if (find_question(a.id) == nullptr) {
      remark("there is no question " + a.id + " (line " + std::to_string(a.where.begin.line) + ")");
      return;
    }
    const auto same =
        std::find_if(up_.answers.begin(), up_.answers.end(), [&](const raw_answer& b) { return b.id == a.id; });
    if (same == up_.answers.end()) return up_.answers.push_back(std::move(a));
    remark("question " + a.id + " is answered twice; the answer in line " + std::to_string(a.where.begin.line) +
           " counts");
    *same = std::move(a);
  }

  raw_answer cut(const std::string& id, std::size_t from, std::size_t to, bool marked) const {
    raw_answer a;
    a.id = id;
    a.tokens.assign(tokens_.begin() + static_cast<std::ptrdiff_t>(from),
                    tokens_.begin() + static_cast<std::ptrdiff_t>(to));
    a.where = from < to ? span{tokens_[from].where.begin, tokens_[to - 1].where.end}
                        : tokens_[std::min(from, tokens_.size() - 1)].where;
    a.marked = marked;
    return a;
  }

  bool read_marks() {
    bool any = false;
    for (std::size_t i = first_; i < last_; ++i) {
      if (!tokens_[i].is("\\answer")) {
        up_.preamble.push_back(tokens_[i]);
        continue;
      }
      any = true;
      std::string id = spelled(i + 1);
      std::erase(id, ' ');
      const std::size_t body = skip_space(behind_group(i + 1));
      const std::size_t end = behind_group(body);
      const bool braces = end > body;
      const bool closed = braces && tokens_[end - 1].kind == token_kind::close;
      if (!braces) {
        remark("\\answer{" + id + "} in line " + std::to_string(tokens_[i].where.begin.line) +
               " has no second pair of braces");
        if (body >= last_) break;  // the first pair never closes: it holds all the rest
        continue;
      }
      add(cut(id, body + 1, closed ? end - 1 : std::max(body + 1, end - 1), true));
      i = end - 1;
    }
    return any;
  }

  // Closes the answer that runs, and begins the next one.
  void begin(const std::string& id, std::size_t at) {
    finish(at_marker_);
    id_ = id;
    start_ = at;
  }

  void finish(std::size_t at) {
    if (!id_.empty()) add(cut(id_, start_, std::max(start_, at), false));
    id_.clear();
  }

  void heading(std::size_t& i) {
    const std::string level = tokens_[i].text;
    const std::string title = spelled(i + 1);
    const std::size_t next = behind_group(i + 1);
    const std::string id = id_in(title);
    at_marker_ = i;
    if (level == "\\section") {
      ++section_;
      subsection_ = 0;
      const int n = number_in(title);
      part_ = n == 1 || n == 2 ? n : section_;
    } else {
      ++subsection_;
    }
    if (!id.empty()) {
      begin(id, next);
    } else if (level == "\\section") {
      finish(i);
    } else if (level == "\\subsection" && part_ != 0) {
      const int n = number_in(title);
      begin(std::to_string(part_) + '.' + std::to_string(n != 0 ? n : subsection_), next);
    }
    i = next - 1;
  }

  void item(std::size_t i) {
    at_marker_ = i;
    const std::size_t next = skip_space(i + 1);
    if (!lists_.empty()) ++lists_.back();
    if (next < last_ && tokens_[next].is("[")) {
      std::string label;
      std::size_t k = next + 1;
      while (k < last_ && !tokens_[k].is("]") && label.size() < 40) label += tokens_[k++].text;
      const std::string id = id_in(label);
      const int n = number_in(label);
      if (!id.empty()) return begin(id, k + 1);
      if (n != 0 && part_ != 0 && !lists_.empty()) return begin(std::to_string(part_) + '.' + std::to_string(n), k + 1);
    }
    if (lists_.empty()) return;
    if (part_ != 0 && lists_.size() == 1) begin(std::to_string(part_) + '.' + std::to_string(lists_[0]), i + 1);
    if (part_ == 0 && lists_.size() == 2) begin(std::to_string(lists_[0]) + '.' + std::to_string(lists_[1]), i + 1);
  }

  // Nothing but brackets, a style or a word such as Question stands before token i in its line.
  bool begins_line(std::size_t i) const {
    static const std::set<std::string> words{"",       "question", "aufgabe", "problem", "exercise", "task",
                                             "answer", "frage",    "antwort", "q",       "solution", "nr"};
    static const std::set<std::string> others{"(",      "*", "#",    "\\textbf",   "\\noindent",
                                              "\\item", ".", "\\bf", "\\underline"};
    const int line = tokens_[i].where.begin.line;
    std::string word;
    for (std::size_t k = i; k-- > first_ && tokens_[k].where.begin.line >= line && word.size() < 12;) {
      const token& t = tokens_[k];
      if (t.kind == token_kind::letter) {
        word.insert(word.begin(), static_cast<char>(std::tolower(static_cast<unsigned char>(t.text[0]))));
      } else if (t.kind != token_kind::space && t.kind != token_kind::paragraph && t.kind != token_kind::open &&
                 others.count(t.text) == 0) {
        return false;
      }
    }
    return words.count(word) != 0;
  }

  // 1.11, (1.11), 1.11:, \textbf{1.11}, Question 1.11 at the beginning of a line.
  void bare_number(std::size_t i) {
    if (!begins_line(i)) return;
    std::string digits;
    std::size_t k = i;
    while (k < last_ && digits.size() < 5 &&
           (tokens_[k].kind == token_kind::digit || (tokens_[k].is(".") && digits.size() == 1)))
      digits += tokens_[k++].text;
    const std::string id = id_in(digits);
    if (id.empty() || digits != id) return;
    while (k < last_ && (tokens_[k].is(")") || tokens_[k].is(":") || tokens_[k].is(".") || tokens_[k].is("*") ||
                         tokens_[k].kind == token_kind::close))
      ++k;
    at_marker_ = i;
    begin(id, k);
  }

  void read_free_form() {
    bool math = false;
    for (std::size_t i = first_; i < last_; ++i) {
      const token& t = tokens_[i];
      if (t.kind == token_kind::math) math = !math;
      if (t.is("\\[") || t.is("\\(")) math = true;
      if (t.is("\\]") || t.is("\\)")) math = false;
      if (t.is("\\section") || t.is("\\subsection") || t.is("\\subsubsection") || t.is("\\paragraph")) {
        math = false;
        heading(i);
      } else if (t.is("\\begin") && spelled(i + 1) == "enumerate") {
        lists_.push_back(0);
        math = false;
      } else if (t.is("\\end") && spelled(i + 1) == "enumerate") {
        if (!lists_.empty()) lists_.pop_back();
        if (lists_.empty()) finish(i);
      } else if (t.is("\\setcounter") && !lists_.empty()) {
        lists_.back() = number_in(spelled(behind_group(i + 1)));
      } else if (t.is("\\item") && !math) {
        item(i);
      } else if (!math && t.kind == token_kind::digit && (t.text == "1" || t.text == "2")) {
        bare_number(i);
      }
      if (id_.empty()) up_.preamble.push_back(t);
    }
    finish(last_);
    for (raw_answer& a : up_.answers) a.marked = false;
  }

  write_up up_;
  std::vector<token> tokens_;
  std::size_t first_ = 0;
  std::size_t last_ = static_cast<std::size_t>(-1);
  std::string id_;
  std::size_t start_ = 0;
  std::size_t at_marker_ = 0;
  int part_ = 0;
  int section_ = 0;
  int subsection_ = 0;
  std::vector<int> lists_;
};

}  // namespace

write_up read_write_up(const std::string& text) { return reader(text).run(); }

}  // namespace homework::check
