// The words of a write-up that say what a formula beside them is; English and German, in small letters.
#pragma once

#include <string>

namespace homework::check {

bool introduces_definition(const std::string& word);  ///< let, where, with
bool introduces_condition(const std::string& word);   ///< for, all
bool introduces_case(const std::string& word);        ///< if, otherwise
bool introduces_result(const std::string& word);      ///< then, so, we
bool negates(const std::string& word);                ///< not, minus, twice: the formula behind is another one
bool takes_back(const std::string& word);             ///< wrong, times: the same, behind the formula
bool is_filler(const std::string& word);              ///< of, the, is: keeps what the word before it said

}  // namespace homework::check
