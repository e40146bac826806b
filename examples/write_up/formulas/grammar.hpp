// The grammar of formulas: pieces of the tree to the tree of a formula. operators (grammar.cpp), operands
// (grammar_atoms.cpp), scripts (grammar_scripts.cpp), functions and conditions (grammar_functions.cpp), fractions,
// derivatives, sums and tables (grammar_forms.cpp).
#pragma once

#include <string>
#include <vector>

#include "formulas/parser.hpp"
#include "tex/tree.hpp"

namespace write_up {

// How tightly an infix operator binds.
namespace power {
inline constexpr int relation = 10;
inline constexpr int sum = 20;
inline constexpr int product = 30;
}  // namespace power

// What stood above and below a symbol.
struct scripts {
  bool up = false;
  bool down = false;
  bool transposed = false;
  bool prime = false;
  bool layered = false;
  int layer = 0;
  std::string layer_letter;
  std::vector<node> exponent;  // an expression that is no layer: at most one
  std::vector<subscript> sub;
  span where;
};

class grammar {
 public:
  // What all the rows of one formula share.
  struct state {
    const limits& cap;
    int depth = 0;
    std::size_t work = 0;
  };

  /// Reads a row of pieces that ends at `end`.
  grammar(const pieces& row, place end, state& shared);

  node expression(int min_power);
  bool at_end() const { return here_ >= row_.size(); }
  bool at(std::string_view sign) const { return peek().sign(sign); }
  bool accept(std::string_view sign);
  const piece& peek(std::size_t ahead = 0) const;
  void must_end(const std::string& expected) const;
  [[noreturn]] void fail(const std::string& expected) const;

 private:
  using kind = piece::kind;

  const piece& take();
  void expect(std::string_view sign);
  grammar row_of(const piece& p) const { return {p.child, p.where.end, shared_}; }
  node whole(const piece& p, int min_power) const;  ///< all children of a piece as one expression
  bool is(kind k, std::size_t ahead = 0) const { return peek(ahead).is == k; }
  bool opens(std::string_view bracket, std::size_t ahead = 0) const;

  node prefix();
  bool starts_operand() const;
  std::string infix_operator(int& binding) const;
  node operand();
  node postfix(node base);
  node atom();
  node letter();
  node number();
  node symbol();
  node bracket();
  void check_close(const piece& fence) const;

  scripts take_scripts(bool letters_are_layers);
  void superscript(scripts& s, bool letters_are_layers);
  void superscript_item(scripts& s, bool letters_are_layers);
  bool transpose_mark();
  node at_argument(const node& slope);
  std::vector<subscript> subscripts(const piece& down);
  void subscript_items(std::vector<subscript>& out);
  node finish(node base, const scripts& s) const;

  node function(const std::string& name, span where);
  node indicator(span where);
  bool indicator_follows() const;
  node of_argument(node condition);
  std::string positive_numbers();
  node condition_in(const piece& p);
  node condition();
  void skip_arguments();
  bool parameters_follow();
  node prediction(span where);

  node fraction();
  bool differential(std::size_t ahead = 0) const;
  bool inline_derivative_follows() const;
  node inline_derivative();
  node derivative_fraction(const piece& fraction);
  node derivative_prefix();
  node big_sum();
  void below_sum(node& sum, node& lower, node& upper, bool& below, bool& above);
  bool list_of_terms(const node& lower, node& upper);
  node table();
  node matrix(const piece& rows);
  node cases(const piece& rows);

  const pieces& row_;
  place end_;
  state& shared_;
  std::size_t here_ = 0;
  friend class nesting_guard;
};

// Counts the nesting; throws beyond the cap.
class nesting_guard {
 public:
  explicit nesting_guard(const grammar& g);
  ~nesting_guard() { --depth_; }
  nesting_guard(const nesting_guard&) = delete;
  nesting_guard& operator=(const nesting_guard&) = delete;

 private:
  int& depth_;
};

node make(node_kind kind, span where, std::vector<node> child = {});
node make_number(double value, span where);
node make_name(const std::string& text, span where);
node make_apply(const std::string& function, span where, std::vector<node> arguments);

}  // namespace write_up
