// The student's own \newcommand, \def, \let and \DeclareMathOperator, expanded under a cap; what is not printed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tex/source.hpp"

namespace write_up {

struct macro {
  int arguments = 0;
  bool first_is_optional = false;
  std::vector<token> first;  ///< what #1 is if it is left out
  std::vector<token> body;   ///< #1 is the symbol token "#" and the digit after it
  bool understood = true;    ///< false: it means something, but we cannot tell what
  std::size_t from = 0;      ///< it holds behind this offset of the write-up
};

/// All definitions, in the order of the write-up. A name means what its last definition before the place says.
class macro_table {
 public:
  void add(const std::string& name, macro m) { all_[name].push_back(std::move(m)); }
  /// The meaning of a name at an offset of the write-up, nullptr if it has none of its own there.
  const macro* find(const std::string& name, std::size_t offset) const;

 private:
  std::map<std::string, std::vector<macro>> all_;
};

/// The macros that a package in common use would define: \pdv{l}{h}.
macro_table package_macros();

/// Takes the macro definitions out of `tokens` and into `table`, the mark \answer included.
std::vector<token> take_macros(const std::vector<token>& tokens, macro_table& table);

/// `tokens` with every macro of the table replaced. Expanded tokens carry the place of the call. Throws a complaint
/// where the caps are met or an argument is missing.
std::vector<token> expand(const std::vector<token>& tokens, const macro_table& table, const limits& cap);

}  // namespace write_up
