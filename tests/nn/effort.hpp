// How much of the long tests is run: XGRAD_TEST_EFFORT.
#pragma once

namespace test {

enum class effort { brief, normal, all };
inline constexpr effort how_much = effort::NN_EFFORT;

}  // namespace test
