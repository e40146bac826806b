// Answers found without marks: by sections for the parts, numbered headings and lists, numbers at the beginning of a
// line.
#include <algorithm>
#include <utility>

#include "answers/labels.hpp"
#include "answers/scan.hpp"
#include "tex/commands.hpp"

namespace write_up {
namespace {

bool is_one_of(const token& t, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return t.is(name); });
}

// One list that is open: its kind, how many items it has had, and the part its label names.
struct open_list {
  bool counts = true;
  int items = 0;
  int part = 0;
};

class free_form : public scan {
 public:
  explicit free_form(const std::string& text) : scan(text) {}

  document run() {
    bool& math = math_;
    std::size_t opened = first_;
    for (std::size_t i = first_; i < last_; ++i) {
      const token& t = tokens_[i];
      if (t.kind == token_kind::math) math = !math;
      if (is_one_of(t, {"\\[", "\\("})) math = true;
      if (is_one_of(t, {"\\]", "\\)"})) math = false;
      if (math && (t.kind == token_kind::math || is_one_of(t, {"\\[", "\\("}))) opened = i;
      const bool exam = !lists_.empty() && is_one_of(t, {"\\question", "\\part"});
      const std::size_t before = i;
      if (command_named(t.text).what == role::heading && !exam) {
        math = false;
        heading(i);
      } else if (t.is("\\begin")) {
        if (!math) opened = i;
        if (environment_named(spelled(i + 1)).kind == "display") math = true;
        open_environment(i);
        if (!lists_.empty() && spelled(i + 1).find("enum") != std::string::npos) math = false;
      } else if (t.is("\\end")) {
        if (environment_named(spelled(i + 1)).kind == "display") math = false;
        close_environment(i);
      } else if (t.is("\\setcounter") && !lists_.empty()) {
        lists_.back().items = number_in(spelled(behind_group(i + 1)));
      } else if (t.is("\\tag")) {
        tag(i, opened);
        i = std::max(i, behind_group(i + 1) - 1);
      } else if ((t.is("\\item") || exam) && !math) {
        item(i);
      } else if (t.kind == token_kind::digit) {
        bare_number(i);
      }
      if (id_.empty())
        outside_.insert(outside_.end(), tokens_.begin() + static_cast<std::ptrdiff_t>(before),
                        tokens_.begin() + static_cast<std::ptrdiff_t>(i + 1));
    }
    finish(last_);
    return result();
  }

 private:
  // Closes the answer that runs, which ends at `end`, and begins the next one.
  void begin(const std::string& id, std::size_t end, std::size_t at) {
    finish(end);
    id_ = id;
    start_ = at;
  }

  void finish(std::size_t at) {
    if (!id_.empty()) {
      const auto [from, to] = solution_in(start_, std::max(start_, at));
      add(cut(id_, from, to, false));
    }
    id_.clear();
  }

  // What stands in an environment for answers is the answer; around it is the question.
  std::pair<std::size_t, std::size_t> solution_in(std::size_t from, std::size_t to) const {
    std::pair<std::size_t, std::size_t> inside{from, to};
    for (std::size_t i = from; i < to; ++i) {
      if (!is_one_of(tokens_[i], {"\\begin", "\\end"}) || environment_named(spelled(i + 1)).kind != "solution")
        continue;
      if (tokens_[i].is("\\begin")) inside = {behind_group(i + 1), to};
      if (tokens_[i].is("\\end") && inside.first > from) return {inside.first, i};
    }
    return inside;
  }

  static std::string question_id(int part, int number) { return std::to_string(part) + '.' + std::to_string(number); }

  void heading(std::size_t& i) {
    const std::string level = tokens_[i].text;
    const std::string title = spelled(i + 1);
    const std::size_t next = behind_group(i + 1);
    const std::size_t at = i;
    const std::string id = id_in(title);
    const bool small = level == "\\subsubsection" || level == "\\paragraph" || level == "\\subparagraph";
    i = next - 1;
    if (!id.empty()) return begins_with_letter_behind(title, id) ? finish(at) : begin(id, at, next);
    const int part = part_in(title);
    const bool large = level == "\\section" || level == "\\part" || level == "\\chapter";
    if (large || names_a_part(title)) {
      finish(at);
      lists_.clear();
      subsection_ = 0;
      resumed_ = 0;
      last_number_ = 0;
      part_ = std::max(part, 0);
      next_part_ = part == 0;
      if (part > 0) section_ = part;
      return;
    }
    const int n = number_in(title);
    if (small && (n == 0 || !is_only_a_number(title))) return;
    ++subsection_;
    if (this->part() != 0) begin(question_id(part_, n != 0 ? n : subsection_), at, next);
  }

  // The part that a question here belongs to, 0 if none does. A section counts as a part once it has a question.
  int part() {
    if (next_part_) part_ = ++section_;
    next_part_ = false;
    return part_;
  }

  void open_environment(std::size_t i) {
    const std::string kind = environment_named(spelled(i + 1)).kind;
    std::size_t k = behind_group(i + 1);
    if (kind == "counted") {
      open_list l;
      const std::string options = label_at(k);
      if (options.find("resume") != std::string::npos) l.items = resumed_;
      if (const std::size_t at = options.find("start="); at != std::string::npos)
        l.items = number_in(options.substr(at)) - 1;
      if (const std::size_t at = options.find("label="); at != std::string::npos)
        if (options.size() > at + 8 && options[at + 7] == '.') l.part = options[at + 6] - '0';
      lists_.push_back(l);
    } else if (kind == "bullets") {
      lists_.push_back({false, 0, 0});
    } else {  // \begin{problem}{1.1}, \begin{exercise}[1.1]
      std::size_t behind = k;
      std::string label = label_at(behind);
      if (behind == k) {
        label = spelled(k);
        behind = behind_group(k);
      }
      const std::string id = id_in(label);
      if (!id.empty() && label.size() < id.size() + 14) begin(id, i, behind);
    }
  }

  void close_environment(std::size_t i) {
    const std::string kind = environment_named(spelled(i + 1)).kind;
    if ((kind != "counted" && kind != "bullets") || lists_.empty()) return;
    if (lists_.back().counts) resumed_ = lists_.back().items;
    const bool counted = lists_.back().counts;
    lists_.pop_back();
    if (lists_.empty() && counted) finish(i);
  }

  void item(std::size_t& at) {
    const std::size_t i = at;
    std::size_t next = i + 1;
    const std::string label = label_at(next);
    at = std::max(at, next - 1);  // the label is no text
    if (!lists_.empty() && lists_.back().counts) (void)part();
    if (!lists_.empty()) ++lists_.back().items;
    if (!label.empty()) {
      const std::string id = id_in(label);
      const int n = number_in(label);
      if (!id.empty()) return begin(id, i, next);
      if (n != 0 && part_ != 0 && !lists_.empty()) return begin(question_id(part_, n), i, next);
    }
    if (lists_.empty() || !lists_.back().counts) return;
    const int here = lists_.front().part != 0 ? lists_.front().part : part_;
    if (here != 0 && lists_.size() == 1) begin(question_id(here, lists_[0].items), i, at + 1);
    if (here == 0 && lists_.size() == 2) begin(question_id(lists_[0].items, lists_[1].items), i, at + 1);
  }

  // 1.11, (1.11), 1.11:, \textbf{1.11}, Question 1.11 at the beginning of a line.
  void bare_number(std::size_t i) {
    if (math_ && !alone_in_formula(i)) return;
    const line_start line = begins_line(tokens_, first_, i);
    if (!line.found || (math_ && !line.math)) return;
    std::string digits;
    std::size_t k = i;
    while (k < last_ && digits.size() < 5 &&
           (tokens_[k].kind == token_kind::digit || (tokens_[k].is(".") && digits.size() == 1)))
      digits += tokens_[k++].text;
    std::string id = id_in(digits);
    if (id.empty() && (part_ != 0 || next_part_)) id = short_id(digits, line, k);
    if (k < last_ && tokens_[k].kind == token_kind::letter) return;  // 1.6b
    if (id.empty() || (digits != id && digits.find('.') + 1 != digits.size() && id.find('.') == std::string::npos))
      return;
    if (digits.size() > 2 && digits != id) return;
    if (line.refers && !line.decorated) return;
    begin(id, line.from, behind_number(tokens_, k, last_, line));
  }

  // $1.1$: nothing but the number stands between the marks.
  bool alone_in_formula(std::size_t i) const {
    if (i == 0 || tokens_[i - 1].kind != token_kind::math) return false;
    while (i < last_ && (tokens_[i].kind == token_kind::digit || is_one_of(tokens_[i], {".", ")", ":"}))) ++i;
    return i < last_ && tokens_[i].kind == token_kind::math;
  }

  // \textbf{3.}, in a table 3 &, or at the beginning of a line the next number: the number within the part.
  std::string short_id(const std::string& digits, const line_start& line, std::size_t k) {
    const int n = number_in(digits);
    const std::size_t next = skip_space(k);
    const bool in_table = next < last_ && tokens_[next].kind == token_kind::align;
    const bool point = !digits.empty() && digits.back() == '.';
    const bool alone =
        point || (k < last_ && (tokens_[k].kind == token_kind::close || is_one_of(tokens_[k], {".", ")", ":"})));
    const bool in_turn = alone && !line.refers && n == last_number_ + 1 && lists_.empty();
    if (n == 0 || (!in_table && !(line.bold && alone) && !in_turn)) return "";
    const std::string id = question_id(part(), n);
    if (find_question(id) == nullptr) return "";
    last_number_ = n;
    return id;
  }

  // \tag{1.1} names the display it stands in.
  void tag(std::size_t i, std::size_t display) {
    const std::string id = id_in(spelled(i + 1));
    if (id.empty() || find_question(id) == nullptr || (!id_.empty() && !by_tag_)) return;
    begin(id, display, display);
    by_tag_ = true;
  }

  std::string id_;
  bool by_tag_ = false;
  bool math_ = false;
  std::size_t start_ = 0;
  int part_ = 0;
  int section_ = 0;
  bool next_part_ = false;  // a section has begun that is the next part if there are questions in it
  int last_number_ = 0;     // of the questions numbered by lines in this part
  int subsection_ = 0;
  int resumed_ = 0;
  std::vector<open_list> lists_;
};

}  // namespace

document read_free_form(const std::string& text) { return free_form(text).run(); }

}  // namespace write_up
