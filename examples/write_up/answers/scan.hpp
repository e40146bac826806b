// A write-up as printed tokens, and the answers taken from it: what both ways of finding answers share.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "answers/document.hpp"
#include "tex/groups.hpp"

namespace write_up {

class scan : protected groups {
 public:
  explicit scan(const std::string& text);

  document result() { return std::move(up_); }

 protected:
  /// The text between the brackets at i; moves i behind them.
  std::string label_at(std::size_t& i) const;

  void remark(const std::string& text);

  /// A later answer to the same question takes the place of an earlier one.
  void add(raw_answer a);

  raw_answer cut(const std::string& id, std::size_t from, std::size_t to, bool marked) const;

  document up_;
  std::size_t first_ = 0;  ///< of the document's body
  std::size_t last_ = static_cast<std::size_t>(-1);
  std::vector<token> outside_;  ///< since the last answer

 private:
  std::map<std::string, std::size_t> latest_;
};

/// Finds answers by headings, lists and numbers at the beginning of a line.
document read_free_form(const std::string& text);

}  // namespace write_up
