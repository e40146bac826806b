// Every way the 4-3-2-1 network can be alive and dead, compared on random and on integer points.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "questions.hpp"

namespace homework {

/// Which hidden units are alive for one sample: the bits of z1, then of z2.
struct pattern {
  unsigned z1, z2;
  auto operator<=>(const pattern&) const = default;
};

/// The 29 patterns that can occur. When all of h¹ is dead, z² is exactly 0, and relu'(0) = 0: one pattern. Each of the
/// 7 others of z¹ goes with each of the 4 of z².
std::vector<pattern> reachable_patterns();

struct sweep_options {
  std::size_t points = 20;  // of each kind, for each pattern and each size of batch
  std::uint64_t seed = 1;
  std::function<void(std::size_t)> progress = {};  // told before each pattern, how many are done
};

struct sweep_result {
  std::size_t comparisons = 0, numbers = 0;  // questions answered twice, and how many numbers those were
  std::size_t integer_comparisons = 0, exact = 0;
  std::size_t redrawn = 0;  // points that were too close to a kink
  double worst = 0;         // the largest difference, relative to the scale of `compare`
  double tolerance = 0;
  std::set<pattern> reached;               // counted from what the tape computed
  std::vector<std::string> disagreements;  // the first few, in words
  std::size_t disagreeing = 0;

  bool ok() const {
    return disagreeing == 0 && exact == integer_comparisons && reached.size() == reachable_patterns().size();
  }
};

/// Part 1's questions at every pattern, and part 2's with m = 1, 2, 5, 7, where the first sample of the batch has the
/// pattern. A point closer than kink_margin to a kink is drawn again. On integers all arithmetic is exact, and so must
/// be the agreement: there any difference is a disagreement.
template <class T>
sweep_result sweep(const sweep_options& options, const std::vector<question<T>>& questions);

}  // namespace homework
