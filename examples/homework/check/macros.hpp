// The student's own \newcommand, \def, \let and \DeclareMathOperator, expanded under a cap.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "source.hpp"

namespace homework::check {

struct macro {
  int arguments = 0;
  bool first_is_optional = false;
  std::vector<token> first;  ///< what #1 is if it is left out
  std::vector<token> body;   ///< #1 is the symbol token "#" and the digit after it
};

using macro_table = std::map<std::string, macro>;

/// What stands between \iffalse and \fi, in a comment or a verbatim environment is not printed: gone.
std::vector<token> only_printed(const std::vector<token>& tokens);

/// The macros that a package in common use would define: \pdv{l}{h}.
macro_table package_macros();

/// Takes the macro definitions out of `tokens` and into `table`. The mark \answer is left alone: the checker reads it
/// itself.
std::vector<token> take_macros(const std::vector<token>& tokens, macro_table& table);

/// `tokens` with every macro of the table replaced. Expanded tokens carry the place of the call. Throws a complaint
/// where the caps are met or an argument is missing.
std::vector<token> expand(const std::vector<token>& tokens, const macro_table& table, const limits& cap);

}  // namespace homework::check
