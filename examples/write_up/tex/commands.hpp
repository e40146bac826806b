// The table of commands: what each one does to what is printed, and how many arguments it takes.
#pragma once

#include <string>

namespace write_up {

enum class role {
  symbol,   ///< a sign of its own; every command that is not in the table
  space,    ///< nothing a reader would read
  gap,      ///< \quad: may part two formulas
  length,   ///< \mkern-1.5mu: a space with a number behind it
  silent,   ///< it and its arguments print nothing
  colour,   ///< the colour is nothing, unless it is white
  font,     ///< a style for its argument
  shift,    ///< \bf: a style for the rest of the group
  accent,   ///< \hat: a mark on one letter
  words,    ///< \text: text in the mathematics
  call,     ///< \frac: a form with arguments
  note,     ///< \underset, \overset, \underbrace: something small beside its argument
  aside,    ///< \footnote, \tag
  hidden,   ///< crosses out, moves or prints only at times: nothing there can be taken at its word
  strike,   ///< crosses out
  arrow,    ///< parts two formulas: \implies, \forall
  heading,  ///< \section and those below it
  defines   ///< \newcommand, \def, …
};

struct command {
  role what = role::symbol;
  int arguments = 0;
  std::string usual;  ///< \dfrac is \frac
};

/// The entry of a command; for the starts of \if… and unknown ones, too.
command command_named(const std::string& name);

/// What an environment is: "display", "matrix", "cases", "counted" and "bullets" (lists), "solution", "unprinted",
/// "arranges" or "" for one that is not known; and how many arguments it takes.
struct environment {
  std::string kind;
  int arguments = 0;
};
environment environment_named(std::string name);

}  // namespace write_up
