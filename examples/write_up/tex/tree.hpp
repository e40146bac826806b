// The tree of printed matter: what a reader sees, every node with its place. Built once from the tokens; whoever reads
// it walks nodes and counts no braces.
#pragma once

#include <string>
#include <vector>

#include "tex/source.hpp"

namespace write_up {

struct piece {
  enum class kind {
    letter,  ///< `text`; an accent belongs to it: "\\hat y"
    digit,
    sign,   ///< any other character or command
    word,   ///< of a text, or a name such as diag set upright in a formula
    group,  ///< {children}
    fence,  ///< children between the brackets `text` and `close`, which is empty where none closes
    up,     ///< children above the line
    down,
    call,     ///< \frac: every child is the group of an argument
    table,    ///< matrix or cases: children are rows, groups of cells, which are groups
    text,     ///< children: what a text holds, in a formula
    formula,  ///< children, in a text
    broken,   ///< `text` says why it cannot be read
    space,
    paragraph,
    end
  } is = kind::end;
  std::string text;
  span where{};
  std::vector<piece> child{};
  std::string close{};
  bool styled = false;  ///< in a font of its own, which makes a 1 an indicator; of a script: it stands without braces
  bool display = false;
  bool of_text = false;  ///< a word of \text{…}
  bool struck = false;   ///< broken, because it is crossed out

  bool sign(std::string_view t) const { return (is == kind::sign || is == kind::letter) && text == t; }
};

using pieces = std::vector<piece>;

/// True if there are marks of mathematics outside \text{…}.
bool has_formulas(const std::vector<token>& tokens);

/// Words, signs and formulas of a text. The macros are expanded already.
pieces tree_of_text(const std::vector<token>& tokens, const limits& cap);

/// The same where all of it is mathematics.
pieces tree_of_formula(const std::vector<token>& tokens, const limits& cap);

/// The tree of a formula in LaTeX without macros.
pieces tree_of_formula(const std::string& latex);

/// The letters, digits and signs of pieces, scripts with ^ and _.
std::string spelled(const pieces& all);

/// "If," is "if": the letters of a word, small.
std::string lowered(const std::string& word);

/// True for a space or the end of a paragraph.
bool is_blank(const piece& p);

/// True for \quad and \qquad.
bool is_gap(const piece& p);

/// An operator a formula may go on with.
bool is_operator(const piece& p);

/// The canonical name of a function ("relu", "diag", …) that a word names, "" if it names none.
std::string known_function(const std::string& word);

}  // namespace write_up
