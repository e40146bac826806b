// What a write-up defines: "let a = …", and what only repeats the sheet.
#pragma once

#include <string>
#include <vector>

#include "answers/document.hpp"

namespace write_up {

/// True if the statement defines something, or repeats the sheet, and so is no answer; a definition is appended. `q` is
/// the question whose answer it stands in, nullptr outside the answers. `only`: it is all there is, and may be the
/// answer after all. Throws a complaint if it gives another meaning to a symbol of the sheet.
bool take_definition(const statement& s, const question* q, bool only, std::vector<definition>& definitions,
                     const limits& cap);

/// The index letters of a formula that neither a sum, nor a definition, nor the list `bound` binds, in alphabetical
/// order.
std::vector<std::string> free_letters(const node& n, const std::vector<definition>& definitions,
                                      std::vector<std::string> bound = {});

enum class claim_is { true_, false_, open };

/// True for the letters the sheet gives a meaning, h W z x y m f l and δ, and for its functions, σ, σ' and the step.
bool given_by_the_sheet(const node& n);

/// True for σ(z), σ'(z), H(z), dσ(z)/dz of anything.
bool names_a_function(const node& n);

/// The symbol whose meaning `n` would fix: "delta", "h", "relu'", "step"; "" if it is none.
std::string symbol_of(const node& n);

/// Whether the sides of an equation are equal in one part of the sheet, at every point and for all values of its index
/// letters. Open where they have no values to compare.
claim_is claimed(const std::vector<node>& sides, int part, const std::vector<definition>& known = {});

/// The same beside an answer to `q`, where `argument` is the x of a function. If `worked`, a right side must be worked
/// out: with a chain left it is open.
claim_is claimed(const std::vector<node>& sides, const question& q, const std::vector<definition>& known, bool worked,
                 const std::string& argument = "x");

/// The same where the left side names a function: σ'(x) = (x > 0), with any letter for x.
claim_is claimed_of_function(const std::vector<node>& sides);

/// One of both, as the left side asks for.
claim_is claimed_of_sheet(const std::vector<node>& sides, int part, const std::vector<definition>& known = {});

}  // namespace write_up
