// What a write-up says about the symbols of the sheet: is it what the sheet says?
#pragma once

#include <string>
#include <vector>

#include "answers/document.hpp"

namespace write_up {

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

/// The same where the left side names a function: σ'(x) = (x > 0), with any letter for x.
claim_is claimed_of_function(const std::vector<node>& sides);

/// One of both, as the left side asks for.
claim_is claimed_of_sheet(const std::vector<node>& sides, int part, const std::vector<definition>& known = {});

}  // namespace write_up
