#include "tex/printed.hpp"

#include <algorithm>

#include "tex/commands.hpp"
#include "tex/tree.hpp"

namespace write_up {
namespace {

class sieve {
 public:
  explicit sieve(const std::vector<token>& in) : in_(in), ends_(matches(in)) {}

  std::vector<token> run() {
    for (std::size_t i = 0; i < in_.size();) i = step(i);
    return std::move(out_);
  }

 private:
  std::size_t skip_space(std::size_t i) const {
    while (i < in_.size() && in_[i].kind == token_kind::space) ++i;
    return i;
  }

  // One past the group at i; i where there is none.
  std::size_t behind_group(std::size_t i) const {
    const std::size_t from = skip_space(i);
    if (from >= in_.size() || in_[from].kind != token_kind::open) return i;
    return std::min(ends_[from] + 1, in_.size());
  }

  // One past the [brackets] at i; i where there are none.
  std::size_t behind_brackets(std::size_t i) const {
    const std::size_t from = skip_space(i);
    if (from >= in_.size() || !in_[from].is("[")) return i;
    for (std::size_t k = from; k < in_.size() && k < from + 200; ++k)
      if (in_[k].is("]")) return k + 1;
    return i;
  }

  std::size_t behind_arguments(std::size_t i, int groups) const {
    i = behind_brackets(i);
    for (; groups > 0; --groups) i = behind_group(behind_brackets(i));
    return i;
  }

  std::string name_at(std::size_t i) const {
    std::string name;
    const std::size_t end = behind_group(i);
    for (std::size_t k = skip_space(i) + 1; k + 1 < end && name.size() < 30; ++k) name += in_[k].text;
    return name;
  }

  // [2pt], [1em], [-0.5\baselineskip]: how far the next line is.
  std::size_t behind_length(std::size_t i) const {
    const std::size_t end = behind_brackets(i);
    if (end == i || !in_[i].is("[") || end > i + 12) return i;
    bool unit = false;
    for (std::size_t k = i + 1; k + 1 < end; ++k) {
      const bool number = in_[k].kind == token_kind::digit || in_[k].is(".") || in_[k].is("-");
      unit = unit || !number;
      if (!number && in_[k].kind != token_kind::letter && in_[k].kind != token_kind::command) return i;
    }
    return unit ? end : i;
  }

  // Until the \end of the environment `name`.
  std::size_t behind_environment(std::size_t i, const std::string& name) const {
    for (; i < in_.size(); ++i)
      if (in_[i].is("\\end") && name_at(i + 1) == name) return behind_group(i + 1);
    return i;
  }

  // Behind the \fi of the \iffalse before i, or its \else.
  std::size_t behind_false(std::size_t i) {
    for (int depth = 1; i < in_.size(); ++i) {
      const bool opens = in_[i].kind == token_kind::command && in_[i].text.rfind("\\if", 0) == 0;
      depth += opens && !in_[i].is("\\iff") ? 1 : in_[i].is("\\fi") ? -1 : 0;
      if (depth == 1 && in_[i].is("\\else")) ++printed_;
      if (depth == 0 || (depth == 1 && in_[i].is("\\else"))) return i + 1;
    }
    return i;
  }

  std::size_t step(std::size_t i) {
    const token& t = in_[i];
    if (t.kind != token_kind::command) return out_.push_back(t), i + 1;
    if (t.is("\\iffalse")) return behind_false(i + 1);
    if (t.is("\\fi") && printed_ > 0) return --printed_, i + 1;
    if (t.is("\\begin")) return begin(i);
    if (t.is("\\verb") || t.is("\\lstinline")) {
      std::size_t k = i + 2;
      while (k < in_.size() && in_[k].text != in_[i + 1].text) ++k;
      return k + 1;
    }
    const command c = command_named(t.text);
    if (c.what == role::silent) return behind_arguments(i + 1, c.arguments);
    out_.push_back(t);
    if (!t.is("\\\\")) return i + 1;
    const std::size_t k = i + 1 < in_.size() && in_[i + 1].is("*") ? i + 2 : i + 1;
    return k < in_.size() ? behind_length(k) : k;
  }

  std::size_t begin(std::size_t i) {
    const std::string name = name_at(i + 1);
    std::size_t end = behind_group(i + 1);
    const environment e = environment_named(name);
    if (e.kind == "unprinted") return behind_environment(end, name);
    for (; i < end; ++i) out_.push_back(in_[i]);
    return e.kind == "arranges" ? behind_arguments(end, e.arguments) : end;
  }

  const std::vector<token>& in_;
  std::vector<std::size_t> ends_;
  std::vector<token> out_;
  int printed_ = 0;  // how many \else branches are open
};

}  // namespace

std::vector<token> only_printed(const std::vector<token>& tokens) { return sieve(tokens).run(); }

}  // namespace write_up
