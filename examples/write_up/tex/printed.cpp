#include "tex/source.hpp"

#include "tex/commands.hpp"
#include "tex/groups.hpp"

namespace write_up {
namespace {

class sieve : groups {
 public:
  explicit sieve(const std::vector<token>& in) { read(in); }

  std::vector<token> run() {
    for (std::size_t i = 0; i < tokens_.size();) i = step(i);
    return std::move(out_);
  }

 private:
  std::size_t behind_arguments(std::size_t i, int count) const {
    i = behind_brackets(i);
    for (; count > 0; --count) i = behind_group(behind_brackets(i));
    return i;
  }

  // [2pt], [1em], [-0.5\baselineskip]: how far the next line is.
  std::size_t behind_length(std::size_t i) const {
    const std::size_t end = behind_brackets(i);
    if (end == i || !tokens_[i].is("[") || end > i + 12) return i;
    bool unit = false;
    for (std::size_t k = i + 1; k + 1 < end; ++k) {
      const bool number = tokens_[k].kind == token_kind::digit || tokens_[k].is(".") || tokens_[k].is("-");
      unit = unit || !number;
      if (!number && tokens_[k].kind != token_kind::letter && tokens_[k].kind != token_kind::command) return i;
    }
    return unit ? end : i;
  }

  // Until the \end of the environment `name`.
  std::size_t behind_environment(std::size_t i, const std::string& name) const {
    for (; i < tokens_.size(); ++i)
      if (tokens_[i].is("\\end") && spelled(i + 1) == name) return behind_group(i + 1);
    return i;
  }

  // Behind the \fi of the \iffalse before i, or its \else.
  std::size_t behind_false(std::size_t i) {
    for (int depth = 1; i < tokens_.size(); ++i) {
      const bool opens = tokens_[i].kind == token_kind::command && tokens_[i].text.rfind("\\if", 0) == 0;
      depth += opens && !tokens_[i].is("\\iff") ? 1 : tokens_[i].is("\\fi") ? -1 : 0;
      if (depth == 1 && tokens_[i].is("\\else")) ++printed_;
      if (depth == 0 || (depth == 1 && tokens_[i].is("\\else"))) return i + 1;
    }
    return i;
  }

  std::size_t step(std::size_t i) {
    const token& t = tokens_[i];
    if (t.kind != token_kind::command) return out_.push_back(t), i + 1;
    if (t.is("\\iffalse")) return behind_false(i + 1);
    if (t.is("\\fi") && printed_ > 0) return --printed_, i + 1;
    if (t.is("\\begin")) return begin(i);
    if (t.is("\\verb") || t.is("\\lstinline")) {
      std::size_t k = i + 2;
      while (k < tokens_.size() && tokens_[k].text != tokens_[i + 1].text) ++k;
      return k + 1;
    }
    const command c = command_named(t.text);
    if (c.what == role::silent) return behind_arguments(i + 1, c.arguments);
    out_.push_back(t);
    if (!t.is("\\\\")) return i + 1;
    const std::size_t k = i + 1 < tokens_.size() && tokens_[i + 1].is("*") ? i + 2 : i + 1;
    return k < tokens_.size() ? behind_length(k) : k;
  }

  std::size_t begin(std::size_t i) {
    const std::string name = spelled(i + 1);
    std::size_t end = behind_group(i + 1);
    const environment e = environment_named(name);
    if (e.kind == "unprinted") return behind_environment(end, name);
    for (; i < end; ++i) out_.push_back(tokens_[i]);
    return e.kind == "arranges" ? behind_arguments(end, e.arguments) : end;
  }

  std::vector<token> out_;
  int printed_ = 0;  // how many \else branches are open
};

}  // namespace

std::vector<token> only_printed(const std::vector<token>& tokens) { return sieve(tokens).run(); }

}  // namespace write_up
