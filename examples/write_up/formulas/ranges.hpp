// Where indices run: j = 1, 2, 3; k ∈ {1, …, m}; 1 ≤ i ≤ 2.
#pragma once

#include <string>
#include <vector>

#include "tex/tree.hpp"

namespace write_up {

/// "for j = 1, 2, 3": where the answer is said to hold.
struct said_range {
  std::string letter;
  int first = 0;  ///< 0: no range we understand
  int last = 0;
  bool to_m = false;  ///< to the last sample
  span where;
};

/// The ranges that begin at piece i, commas between them and all; moves i behind them. None, and i stays, where the row
/// says something else or goes on behind them.
std::vector<said_range> ranges_at(const pieces& row, std::size_t& i);

}  // namespace write_up
