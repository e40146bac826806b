// A formula as a tree. Nodes are plain values: a repaired copy of a formula is a copy.
#pragma once

#include <string>
#include <vector>

#include "tex/source.hpp"

namespace write_up {

enum class node_kind {
  number,     ///< `number`; a zero fits every shape
  name,       ///< `text` with an optional layer and subscripts: W^2_{ij}
  index,      ///< child 0 with subscripts: (A^T)_{ij}
  transpose,  ///< child 0
  power,      ///< child 0 to the child 1
  negate,     ///< child 0
  sum,        ///< children with `ops` "+" or "-" between them
  product,   ///< children with `ops` between them: "" (juxtaposed), "\\cdot", "\\times", "*", "\\odot", "/", "\\otimes"
  apply,     ///< function `text` of the children: relu, relu', step, sign, diag, max, min
  relation,  ///< children with `ops` between them: ">", "<", "\\ge", "\\le", "=", "\\ne"
  all_of,    ///< children are conditions, all must hold
  derivative,  ///< of child 0 by child 1
  big_sum,     ///< over `letters` of child 0; child 1 and 2, if there, are the limits
  cases,       ///< children: value, condition, value, condition, …
  otherwise,   ///< the condition that always holds
  matrix,      ///< children row by row, `columns` each; a tuple is one row
  inner        ///< ⟨child 0, child 1⟩
};

/// One place of a subscript: 2, j, or the whole range (· : *).
struct subscript {
  enum class what { number, letter, all } kind = what::all;
  int number = 0;
  std::string letter;
};

struct node {
  node_kind kind = node_kind::number;
  span where;
  std::string text;
  double number = 0;
  std::vector<node> child;
  std::vector<std::string> ops;
  std::vector<std::string> letters;
  std::vector<subscript> sub;
  bool layered = false;      ///< a superscript was given
  int layer = 0;             ///< its number, or the offset to `layer_letter`
  std::string layer_letter;  ///< z^i, h^{i-1}
  bool bracketed = false;    ///< stood in brackets
  int columns = 0;
};

/// Calls visit(n) for every node of the tree, parents first.
template <class F>
void walk(const node& n, F&& visit) {
  visit(n);
  for (const node& c : n.child) walk(c, visit);
}

template <class F>
void walk(node& n, F&& visit) {
  visit(n);
  for (node& c : n.child) walk(c, visit);
}

}  // namespace write_up
