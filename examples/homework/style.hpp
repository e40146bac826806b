// How a terminal is printed to.
#pragma once

#include <cstddef>
#include <string>

namespace homework {

/// How to print. On a terminal: in colour, unless the user has set NO_COLOR or the terminal is dumb, and no wider than
/// it is.
struct style {
  bool colour = false;
  std::size_t columns = 0;  ///< 0: as wide as need be
  std::string good(const std::string& text) const;
  std::string bad(const std::string& text) const;
  std::string strong(const std::string& text) const;
};

/// The style for standard output.
style style_of_stdout();

}  // namespace homework
