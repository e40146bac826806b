// Negative controls: a wrong derivative planted behind every operand of every op. The checks of the op table must catch
// each.
#include "op_checks.hpp"

TEST_CASE("negative control: a derivative that is wrong by 1 % behind any operand of an elementwise op is caught") {
  const int caught = test::catch_spoilt(test::elementwise_ops<double>());
  CHECK(caught > 50);
}

TEST_CASE("negative control: a derivative that is wrong by 1 % behind any operand of a structured op is caught") {
  const int caught = test::catch_spoilt(test::structured_ops<double>());
  CHECK(caught > 40);
}
