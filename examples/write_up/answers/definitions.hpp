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

}  // namespace write_up
