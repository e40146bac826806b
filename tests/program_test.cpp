// What a statement becomes: one node, whose program prints as the user wrote it.
#include <doctest/doctest.h>

#include "support.hpp"

using test::contains;
using array = xt::xarray<double>;
using var = xg::var<double>;

namespace {

/// The last node's statement.
std::string last_text(const xg::tape<double>& t) { return t.ledger().nodes[t.nodes() - 1]->text(t.ledger().names); }

}  // namespace

TEST_CASE("one statement is one node") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.}), y = t.variable(array{3., 4.});
  const var z = xt::tanh(x * y + 1) / (xt::exp(-x) + 2) - xt::where(x > y, x, y * y);
  CHECK(t.nodes() == 1);
  const auto m = xg::mean(xt::square(z - x) * .5 + y);
  CHECK(t.nodes() == 2);
  const auto product = xg::matmul(x, y);
  CHECK(t.nodes() == 3);
  const auto matrix = t.variable(xt::ones<double>({2, 2}));
  const auto transposed = xg::matmul(xg::transpose(matrix), x);  // read in place
  CHECK(t.nodes() == 4);
  const auto e = x * y + m;  // not recorded yet
  CHECK(t.nodes() == 4);
  var w = e;
  w = w * product;
  CHECK(t.nodes() == 6);
  CHECK(t.variables() == 3 + 6);
  CHECK(transposed.size() == w.size());
}

TEST_CASE("a statement prints as it was written") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.}), y = t.variable(array{3., 4.});  // v0, v1
  const auto text = [&](const auto& e) {
    static_cast<void>(var(e));
    return last_text(t);
  };
  CHECK(text(x + y) == "v0 + v1");
  CHECK(text(xt::tanh(x * y + 0.5)) == "tanh(v0 * v1 + 0.5)");
  CHECK(text((x + y) * x) == "(v0 + v1) * v0");
  CHECK(text(x - (y - x)) == "v0 - (v1 - v0)");
  CHECK(text(x - y - x) == "v0 - v1 - v0");
  CHECK(text(x / (y * x)) == "v0 / (v1 * v0)");
  CHECK(text(-(x + y)) == "-(v0 + v1)");
  CHECK(text(-x * y) == "-v0 * v1");
  CHECK(text(xt::where(x > 0, x, 0)) == "where(v0 > 0, v0, 0)");
  CHECK(text((x + y) > x * y) == "v0 + v1 > v0 * v1");
  CHECK(text(xt::maximum(x, y)) == "maximum(v0, v1)");
  CHECK(text(xg::squared_error(x, y)) == "squared_error(v0, v1)");
  CHECK(text(xt::square(x) + 2) == "square(v0) + 2");
  xg::sum(x * y);
  CHECK(last_text(t) == "sum(v0 * v1)");
  xg::mean(x * y);
  CHECK(last_text(t) == "mean(v0 * v1)");
  xg::mean(t.variable(1.0) * 2);
  CHECK(contains(last_text(t), "mean("));
  xg::matmul(x, y);
  CHECK(last_text(t) == "matmul(v0, v1)");
}
