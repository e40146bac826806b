// The judgement of one formula: compared with the truth at every point, and if it is wrong, why.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "answers/candidate.hpp"
#include "check.hpp"

namespace write_up {

/// What is kept of an answer for the ones after it.
struct given_answer {
  candidate chosen;
  value_table values;
  std::size_t definitions = 0;  ///< how many definitions it could use
};

using given_answers = std::map<std::string, given_answer>;

/// The earlier wrong answer whose formula `chosen` repeats, and ("1.5", or several joined by ", ") from which `given`
/// would be right, "" if none.
std::string follows_from(const question& q, const candidate& chosen, const value_table& given,
                         const given_answers& wrong_before, const std::vector<definition>& definitions, meter& work);

/// Fills result, mistake, message, hint and example of `f`. A wrong answer with values is added to `wrong`.
void judge(const question& q, const candidate& c, const std::vector<definition>& definitions, given_answers& wrong,
           meter& work, finding& f);

}  // namespace write_up
