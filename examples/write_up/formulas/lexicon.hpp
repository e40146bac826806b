// The words of a write-up that say what a formula beside them is; English and German, in small letters.
#pragma once

#include <string>

namespace write_up {

/// What a word may say, as bits.
namespace words {
inline constexpr unsigned definition = 1U << 0U;  ///< let, where, with
inline constexpr unsigned condition = 1U << 1U;   ///< for, all
inline constexpr unsigned a_case = 1U << 2U;      ///< if
inline constexpr unsigned result = 1U << 3U;      ///< then, so, we
inline constexpr unsigned reason = 1U << 4U;      ///< since, because: what follows explains
inline constexpr unsigned negates = 1U << 5U;     ///< not, minus, twice: the formula behind is another one
inline constexpr unsigned takes_back = 1U << 6U;  ///< wrong, times: the same, just behind the formula
inline constexpr unsigned spoils = 1U << 7U;      ///< opposite, undefined: anywhere in the sentence behind it
inline constexpr unsigned retracts = 1U << 8U;    ///< wrong, correction: in any sentence behind it
inline constexpr unsigned harmless = 1U << 9U;    ///< "not" before it says nothing about the formula: differentiable
inline constexpr unsigned filler = 1U << 10U;     ///< of, the, is: keeps what the word before it said
inline constexpr unsigned connects = 1U << 11U;   ///< may stand alone in \text{…} between formulas: and, chain
inline constexpr unsigned asks = 1U << 12U;       ///< compute, what: sets a task
inline constexpr unsigned able = 1U << 13U;       ///< can: behind "you" it gives leave
inline constexpr unsigned answer = 1U << 14U;     ///< answer, solution: what comes is no question any more
inline constexpr unsigned counted = 1U << 15U;    ///< a number behind it only counts: layer 2
inline constexpr unsigned numbered = 1U << 16U;   ///< may stand before a question's number: Aufgabe 1.1
inline constexpr unsigned otherwise = 1U << 17U;  ///< the last of some cases
inline constexpr unsigned names = 1U << 18U;      ///< write … for …
}  // namespace words

/// True if the word has one of these roles.
bool says(const std::string& word, unsigned roles);

/// True if a text without formulas, in small letters without blanks, says that nothing was found: todo, idontknow.
bool says_nothing(const std::string& letters);

}  // namespace write_up
