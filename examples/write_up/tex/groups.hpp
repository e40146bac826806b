// Tokens with their braces matched: what reads tokens, and not the tree, stands on this and counts no braces itself.
#pragma once

#include <string>
#include <vector>

#include "tex/source.hpp"

namespace write_up {

/// For every { and \begin the index of its } or \end; the number of tokens if there is none. The one place
/// that counts braces.
std::vector<std::size_t> matches(const std::vector<token>& tokens);

class groups {
 protected:
  void read(std::vector<token> tokens);

  std::size_t skip_space(std::size_t i) const;

  /// One past the group at i (after blanks); behind the blanks where there is none.
  std::size_t behind_group(std::size_t i) const;

  /// One past the [brackets] at i (after blanks); i where there are none.
  std::size_t behind_brackets(std::size_t i) const;

  /// The text of the group at i, without its mathematics.
  std::string spelled(std::size_t i) const;

  std::vector<token> tokens_;

 private:
  std::vector<std::size_t> ends_;
};

}  // namespace write_up
