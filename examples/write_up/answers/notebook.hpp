// What a write-up has said so far: names of its own, and symbols of the sheet to which it gives another meaning.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "answers/candidate.hpp"

namespace write_up {

class notebook {
 public:
  explicit notebook(const limits& cap);

  /// Text outside the answers, before the first answer of a part or after one of it.
  void read_outside(const statements& s, int part);

  /// What may be used in an answer to `q`, to be appended to.
  std::vector<definition>& known(const question& q) { return known_[static_cast<std::size_t>(q.part)]; }

  /// The statements of an answer with names brought to the left, `y - h^3 = δ`, and those given to the result,
  /// `∂l/∂h^2 = δ W^3 =: g`, taken off. To be called before the answer is picked.
  statements prepared(statements s, const question& q);

  /// What the answer to `q` has defined holds in the other part, too, unless it is about the sheet's own symbols.
  void share(const question& q, std::size_t known_before);

  /// A wrong answer to 2.1 that names δ says what the answers behind it mean by δ: they follow from it.
  void answered(const question& q, const candidate& c, const statements& s);

 private:
  bool is_defined(const std::string& name) const;
  void define(const node& left, const node& right, int part);
  void redefine(const statement& s, int part);

  limits cap_;
  std::array<std::vector<definition>, 3> known_;  ///< by part; 0 is not used
};

}  // namespace write_up
