// The checker: a write-up in, one finding per question out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "answers/document.hpp"
#include "verdict/mistake.hpp"

namespace write_up {

enum class verdict {
  right,
  layout,  ///< right up to layout: transposed, entry by entry, written out for m = 2
  wrong,
  unsure,  ///< not understood, or more than one reading; a person must look
  missing
};

const char* to_string(verdict v);

/// ✓, ✗, ? or –, so that a table can be read without colours.
const char* sign_of(verdict v);

/// What the checker found about one answer.
struct finding {
  std::string id;
  verdict result = verdict::missing;
  std::string mistake;  ///< id in all_mistakes(), two joined by "+", "" if none is named
  std::string after;    ///< for follow_through: the earlier question
  std::string message;  ///< one sentence for the reader
  std::string hint;
  span where;          ///< of the answer; for unsure, of what was not understood
  std::string source;  ///< the answer as written
  std::size_t source_offset = 0;
  std::string echo;  ///< as understood, in LaTeX
  std::optional<example> shown;
  double points = 0;
};

/// Points by verdict ("right", "layout", …) or mistake id; the mistake counts before the verdict.
using credit_table = std::map<std::string, double>;
credit_table default_credit();

struct options {
  limits cap;
  credit_table credit = default_credit();
};

struct report {
  std::string file;
  std::vector<finding> findings;  ///< all 25 questions, in order
  std::vector<std::string> remarks;
  double points_each = 2;  ///< for a right answer
  std::size_t steps = 0;   ///< nodes of formulas evaluated: the work it took
  std::string unreadable;  ///< why nothing could be read, "" if something could

  std::size_t count(verdict v) const;
  double points() const;
  double full_points() const { return points_each * static_cast<double>(findings.size()); }
  /// 0 all right, 1 something is not, 2 not readable.
  int exit_code() const;
};

/// Checks a whole write-up. Never throws on bad input: what cannot be read is in the report.
report check_write_up(const std::string& text, const options& o = {});

}  // namespace write_up
