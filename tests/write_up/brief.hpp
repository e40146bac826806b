// How much of the long tests is run.
#pragma once

namespace test {

/// Under sanitizers, which are slow: shorter inputs and fewer of them, and LaTeX is not run. `./xg test --long` runs
/// all under them too.
inline constexpr bool brief = WRITE_UP_BRIEF;

}  // namespace test
