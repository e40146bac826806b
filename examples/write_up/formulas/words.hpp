// The words of a write-up that say what a formula beside them is; English and German, in small letters.
#pragma once

#include <string>

namespace write_up {

bool introduces_definition(const std::string& word);  ///< let, where, with
bool introduces_condition(const std::string& word);   ///< for, all
bool introduces_case(const std::string& word);        ///< if, otherwise
bool introduces_result(const std::string& word);      ///< then, so, we
bool negates(const std::string& word);                ///< not, minus, twice: the formula behind is another one
bool takes_back(const std::string& word);             ///< wrong, times: the same, behind the formula
bool spoils(const std::string& word);                 ///< opposite, undefined: anywhere in the sentence behind it
bool gives_reason(const std::string& word);           ///< since, because, using: what follows explains
bool takes_all_back(const std::string& word);         ///< wrong, correction: in any sentence behind the formula
bool harmless_not(const std::string& word);  ///< "not" before it says nothing about the formula: differentiable
bool connects(const std::string& word);      ///< may stand alone in \text{…} between formulas: and, chain
bool is_filler(const std::string& word);     ///< of, the, is: keeps what the word before it said

/// The first word of a sentence that sets a task: compute, what.
bool asks_for(const std::string& w);

/// can, may: behind "you" they give leave, "you can use …".
bool is_able(const std::string& w);

/// answer, solution, Lösung, …: what comes is no question any more.
bool announces_answer(const std::string& w);

/// True if a text without formulas, in small letters without blanks, says that nothing was found: todo, idontknow.
bool says_nothing(const std::string& letters);

}  // namespace write_up
