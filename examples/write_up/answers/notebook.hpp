// What a write-up has said so far: names of its own, and symbols of the sheet it uses in another meaning.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "answers/candidate.hpp"

namespace write_up {

class notebook {
 public:
  explicit notebook(const limits& cap);

  /// Text outside the answers, before the first answer of a part or after one of it.
  void read_outside(const statements& s, int part);

  /// Text behind the last answer: what it says of the sheet's symbols, it says of all answers.
  void read_behind(const statements& s);

  /// What may be used in an answer to `q`, to be appended to.
  std::vector<definition>& known(const question& q) { return known_[static_cast<std::size_t>(q.part)]; }

  /// The statements of an answer with names brought to the left, `y - h^3 = δ`, and those given to the result,
  /// `∂l/∂h^2 = δ W^3 =: g`, taken off. To be called before the answer is picked.
  statements prepared(statements s, const question& q);

  /// What the answer to `q` has defined holds in the other part, too, unless it is about the sheet's own symbols.
  void share(const question& q, std::size_t known_before);

  /// An answer to 2.1 says what δ is from there on.
  void answered(const question& q, const candidate& c, const statements& s, bool right);

  /// Why a right answer may mean something else: it uses a symbol that the write-up gives another meaning.
  std::optional<complaint> doubt_about(const question& q, const candidate& c) const;

 private:
  struct doubt {
    std::string symbol;
    int part = 0;  ///< 0: both
    complaint why;
  };

  bool is_defined(const std::string& name) const;
  void define(const node& left, const node& right, int part);
  void claim_about_sheet(const statement& s, int part);
  void doubted(const statement& s, int part);

  limits cap_;
  std::array<std::vector<definition>, 3> known_;  ///< by part; 0 is not used
  std::vector<doubt> doubts_;
};

}  // namespace write_up
