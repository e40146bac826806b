// Builds the tree of printed matter from tokens: texts in tree_text.cpp, formulas in tree_formula.cpp and
// tree_commands.cpp.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tex/commands.hpp"
#include "tex/groups.hpp"
#include "tex/tree.hpp"

namespace write_up {

class builder {
 public:
  builder(const std::vector<token>& tokens, const limits& cap)
      : t_(tokens), cap_(cap), match_(matches(tokens)), end_(tokens.size()) {
    while (end_ > 0 && t_[end_ - 1].kind == token_kind::end) --end_;
  }

  bool has_formulas();

  pieces text();

  pieces formula();

 private:
  struct range {
    std::size_t from, to;
    bool closed = true;
  };

  // Counts how deep the tree grows.
  struct deeper {
    explicit deeper(builder& b) : b(b) {
      if (++b.depth_ > b.cap_.nesting) {
        --b.depth_;
        throw complaint(trouble::too_much, b.t_[std::min(b.i_, b.t_.size() - 1)].where,
                        "brackets nested more than " + std::to_string(b.cap_.nesting) + " deep");
      }
    }
    ~deeper() { --b.depth_; }
    deeper(const deeper&) = delete;
    deeper& operator=(const deeper&) = delete;
    builder& b;
  };

  template <class F>
  auto within(range r, F&& read) {
    const std::size_t i = i_;
    const std::size_t end = end_;
    i_ = r.from;
    end_ = std::min(r.to, end);
    auto out = read();
    i_ = i;
    end_ = end;
    return out;
  }

  void skip_space();

  // The tokens of one argument, without its braces; moves behind it.
  range argument();

  void skip_brackets();

  std::string letters(range r) const;

  // The name of the environment whose \begin or \end is at k, without its star.
  std::string name_at(std::size_t k) const;

  static bool opens_formula(const std::string& name);

  span from(std::size_t first) const;

  piece broken(std::size_t at, const std::string& why) const;

  piece unclear(std::size_t at) const;

  void text_piece(pieces& out);

  // What both modes read alike: what is not printed, or not plainly. True if it was that.
  bool takes_apart(const command& c, std::size_t first, pieces& out, bool in_text);

  // A formula in a text, with its marks.
  piece whole_formula();

  // The pieces of a formula up to the end of the range; in a fence up to its closing bracket.
  pieces sequence(bool in_fence);

  // A group for an argument: braces around one symbol say nothing.
  void group(range r, std::size_t first, pieces& out);

  void formula_piece(pieces& out);

  void bracket_or_sign(const std::string& sign, std::size_t first, pieces& out);

  // Between brackets and in cells a \quad is a space, or else nobody knows where one entry ends.
  void gaps_in(pieces& all) const;

  void command_piece(pieces& out);

  // \mkern-1.5mu
  void skip_length();

  void font(const std::string& style, std::size_t first, pieces& out);

  void accent(const std::string& mark, std::size_t first, pieces& out);

  // \text{if $z > 0$}: at the top level a piece of its own, which parts formulas; deeper its words stand in the row.
  void words(std::size_t first, pieces& out);

  // The words and formulas of the text that ends the row, without notes in brackets, into the row.
  static void flatten(pieces& out);

  void note(const std::string& name, std::size_t first, pieces& out);

  void read_note(std::size_t first, pieces& out);

  void environment_piece(std::size_t first, pieces& out);

  pieces rows();

  const std::vector<token>& t_;
  const limits& cap_;
  std::vector<std::size_t> match_;
  std::size_t i_ = 0;
  std::size_t end_;
  int depth_ = 0;
  int nested_ = 0;  // rows around this one in the formula
};

}  // namespace write_up
