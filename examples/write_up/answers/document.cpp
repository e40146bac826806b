#include "answers/document.hpp"

#include <algorithm>

#include "answers/scan.hpp"
#include "tex/commands.hpp"

namespace write_up {
namespace {

// Finds the \answer{…}{…} marks.
class marked : public scan {
 public:
  explicit marked(const std::string& text) : scan(text), marks_(1, 0) {
    for (const token& t : tokens_) marks_.push_back(marks_.back() + (t.is("\\answer") ? 1 : 0));
  }

  // False if there are none.
  bool run() {
    if (!marks_are_ours()) return false;
    std::vector<token> conditions;  // open \if…: it may be printed or not
    bool any = false;
    for (std::size_t i = first_; i < last_; ++i) {
      const token& t = tokens_[i];
      if (t.kind == token_kind::command && t.text.rfind("\\if", 0) == 0 && t.text != "\\iff") conditions.push_back(t);
      if (t.is("\\fi") && !conditions.empty()) conditions.pop_back();
      if (t.is("\\catcode")) conditions.insert(conditions.begin(), t);
      if (!t.is("\\answer")) {
        if (crosses_out(t) && holds_mark(i + 1)) {
          remark("what " + t.text + " holds in line " + std::to_string(t.where.begin.line) + " does not count");
          i = behind_group(i + 1) - 1;
          continue;
        }
        outside_.push_back(t);
        continue;
      }
      any = true;
      std::string id = spelled(i + 1);
      std::erase(id, ' ');
      const std::size_t body = skip_space(behind_group(i + 1));
      const std::size_t end = std::min(behind_group(body), last_);
      const bool braces = end > body;
      const bool closed = braces && tokens_[end - 1].kind == token_kind::close;
      if (!braces) {
        remark("\\answer{" + id + "} in line " + std::to_string(t.where.begin.line) + " has no second pair of braces");
        if (body >= last_) break;  // the first pair never closes: it holds all the rest
        continue;
      }
      if (!closed)
        remark("the braces of \\answer{" + id + "} in line " + std::to_string(t.where.begin.line) + " never close");
      raw_answer a = cut(id, body + 1, closed ? end - 1 : std::max(body + 1, end - 1), true);
      if (!conditions.empty()) a.tokens.insert(a.tokens.begin(), conditions.front());
      add(std::move(a));
      i = end - 1;
    }
    return any;
  }

 private:
  // \answer may be the write-up's own: with another number of arguments it is a macro like any other, and one that
  // does not print its second argument hides the answers.
  bool marks_are_ours() const {
    const macro* own = up_.macros.find("\\answer", tokens_.empty() ? 0 : tokens_.back().where.end.offset);
    if (own == nullptr) return true;
    if (own->arguments != 2) return false;
    for (std::size_t k = 0; k + 1 < own->body.size(); ++k)
      if (own->body[k].is("#") && own->body[k + 1].is("2")) return true;
    throw complaint(trouble::not_understood, {}, "\\answer is defined here so that it does not print its answer");
  }

  static bool crosses_out(const token& t) {
    const role what = t.kind == token_kind::command ? command_named(t.text).what : role::symbol;
    return what == role::hidden || what == role::strike;
  }

  bool holds_mark(std::size_t i) const { return marks_[behind_group(i)] != marks_[i]; }

  std::vector<std::size_t> marks_;  // how many \answer stand before a token
};

}  // namespace

document read_document(const std::string& text) {
  marked with_marks(text);
  return with_marks.run() ? with_marks.result() : read_free_form(text);
}

}  // namespace write_up
