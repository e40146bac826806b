// The parser's inside, shared by parser.cpp (operators), parser_atoms.cpp (what a formula is made of),
// parser_functions.cpp, parser_derivatives.cpp, parser_forms.cpp (sums, matrices, cases) and parser_scripts.cpp
// (superscripts and subscripts).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "formulas/parser.hpp"

namespace write_up {

// How tightly an infix operator binds.
namespace power {
inline constexpr int condition = 5;  // z > 0, i = 1
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

class parser {
 public:
  parser(const std::vector<token>& tokens, const limits& cap);

  node expression(int min_power);
  bool at_end() const { return here_ >= tokens_.size(); }
  const token& peek(std::size_t ahead = 0) const;
  bool at(std::string_view text) const { return peek().text == text && peek().kind != token_kind::word; }
  bool accept(std::string_view text);
  [[noreturn]] void fail(const std::string& expected) const;

 private:
  friend class nesting_guard;

  // parser.cpp
  node prefix();
  bool starts_operand() const;
  std::string infix_operator(int& binding) const;
  void append(node& left, const std::string& op, node right, node_kind kind) const;
  void expect(std::string_view text);

  // parser_atoms.cpp
  node operand();
  node postfix(node base);
  node atom();
  node letter();
  node number();
  node command();
  node bracket(const std::string& open, const std::string& close);
  node fraction();
  bool differential_follows() const;
  void take_differential();
  node derivative_fraction();
  node derivative_prefix();
  bool inline_derivative(node& out);
  node numerator();
  node big_sum();
  void lower_limit(std::vector<std::string>& letters, node& lower, node& upper, bool& below, bool& above);
  bool list_of_terms(const node& lower, node& upper);
  node environment();
  node matrix(const std::string& name);
  node cases();
  node condition();
  node styled();
  node accented(const token& accent);
  std::size_t indicator_length() const;
  node group();
  token take();
  std::string spelled_group();

  // parser_functions.cpp
  node function(const std::string& name, span where);
  node indicator(span where);
  node condition_in_brackets();
  bool set_follows() const;
  std::string positive_numbers();
  node of_argument(node condition);
  bool arguments_follow() const;
  void skip_arguments();
  bool skip_parameters();
  node prediction(span where);

  // parser_scripts.cpp
  scripts take_scripts(bool letters_are_layers);
  void superscript(scripts& s, bool letters_are_layers);
  void superscript_item(scripts& s, bool letters_are_layers);
  bool transpose_mark();
  node at_argument(node slope);
  std::vector<subscript> subscripts();
  void subscript_item(std::vector<subscript>& out);
  node finish(node base, const scripts& s) const;

  std::vector<token> tokens_;
  std::size_t here_ = 0;
  int depth_ = 0;
  std::size_t work_ = 0;
  std::set<std::size_t> no_derivative_;  // where one was tried in vain: never twice, or trying doubles at every level
  const limits& cap_;
  token end_;
};

// Counts the nesting; throws beyond the cap.
class nesting_guard {
 public:
  explicit nesting_guard(parser& p) : p_(p) {
    if (++p_.depth_ > p_.cap_.nesting) {
      const span where = p_.peek().where;
      --p_.depth_;
      throw complaint(trouble::too_much, where,
                      "brackets nested more than " + std::to_string(p_.cap_.nesting) + " deep");
    }
  }
  ~nesting_guard() { --p_.depth_; }
  nesting_guard(const nesting_guard&) = delete;
  nesting_guard& operator=(const nesting_guard&) = delete;

 private:
  parser& p_;
};

node make(node_kind kind, span where, std::vector<node> child = {});
node make_number(double value, span where);
node make_name(const std::string& text, span where);
node make_apply(const std::string& function, span where, std::vector<node> arguments);

bool opens_bracket(const token& t);
// The bracket that closes `open`.
std::string closer(const std::string& open);

// The canonical name of a known function ("relu", "diag", …), "" if there is none.
std::string known_function(const std::string& spelled);

}  // namespace write_up
