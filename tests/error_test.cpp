// Every error names the op, what was met, what was expected, and the user's line. Anomaly mode.
#include <doctest/doctest.h>

#include <limits>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;
using var = xg::var<double>;

static_assert(std::is_base_of_v<std::runtime_error, xg::error>);
static_assert(std::is_base_of_v<xg::error, xg::shape_error> && std::is_base_of_v<xg::error, xg::tape_error>);
static_assert(std::is_base_of_v<xg::error, xg::value_error> && std::is_base_of_v<xg::error, xg::io_error>);

namespace {

/// Expects that f throws an E whose message has all the parts.
template <class E, class F>
void expect(F f, std::initializer_list<std::string> parts) {
  const std::string message = message_of<E>(f);
  CAPTURE(message);
  for (const std::string& part : parts) {
    CAPTURE(part);
    CHECK(contains(message, part));
  }
}

}  // namespace

TEST_CASE("elementwise: shapes that do not broadcast") {
  xg::tape<double> t;
  const auto a = t.variable(xt::ones<double>({2, 3})), b = t.variable(xt::ones<double>({4})),
             c = t.variable(xt::ones<double>({2}));
  std::string where = line_below();
  expect<xg::shape_error>([&] { return var(a + b); },
                          {"+: (2, 3) and (4) do not broadcast", "extents must be equal or 1", where});
  where = line_below();
  expect<xg::shape_error>([&] { return var(xt::tanh(a) * 2 + a * b); },
                          {"*: (2, 3) and (4)", " in tanh(v0) * 2 + v0 * v1", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::mean(xt::square(a - c)); }, {"-: (2, 3) and (2)", "square(v0 - v2)", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::sum(a / b, {0}); }, {"/: (2, 3) and (4)", where});
  where = line_below();
  expect<xg::shape_error>([&] { return var(xt::where(a > 0, a, b)); }, {"where: ", "(4)", where});
  where = line_below();
  expect<xg::shape_error>([&] { return var(a + xt::ones<double>({5})); }, {"+: (2, 3) and (5)", where});
}

TEST_CASE("the line is that of the statement, not of its parts, and of the right file") {
  xg::tape<double> t;
  const auto a = t.variable(xt::ones<double>({2, 3})), b = t.variable(xt::ones<double>({4}));
  const auto e = a + b;
  const auto f = xt::exp(e);
  const std::string where = line_below();
  expect<xg::shape_error>([&] { return var(f); }, {where, "error_test.cpp"});
}

TEST_CASE("losses take equal shapes only") {
  xg::tape<double> t;
  const auto p = t.variable(xt::ones<double>({3, 1})), y = t.constant(xt::ones<double>({3}));
  std::string where = line_below();
  expect<xg::shape_error>([&] { xg::mean(xg::squared_error(p, y)); },
                          {"squared_error: (3, 1) and (3) differ", "same shape", where});
  where = line_below();
  expect<xg::shape_error>([&] { return var(xg::squared_error(p * 2, 1.0)); },
                          {"squared_error: (3, 1) and () differ", where});
  where = line_below();
  expect<xg::shape_error>([&] { return var(xg::squared_error(p + y, y)); },
                          {"squared_error: (3, 3) and (3) differ", where});
  CHECK(xg::mean(xg::squared_error(p, xt::ones<double>({3, 1}) * 3)).item() == 4);
}

TEST_CASE("matmul: shapes") {
  xg::tape<double> t;
  const auto a = t.variable(xt::ones<double>({2, 4})), b = t.variable(xt::ones<double>({3, 5})),
             v = t.variable(xt::ones<double>({3})), s = t.variable(1.0), cube = t.variable(xt::ones<double>({2, 2, 2}));
  std::string where = line_below();
  expect<xg::shape_error>([&] { xg::matmul(a, b); },
                          {"matmul: (2, 4) × (3, 5): inner dimensions 4 and 3 differ", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::matmul(a, xg::transpose(b)); },
                          {"matmul: (2, 4)", "(3, 5)ᵀ", "inner dimensions 4 and 5 differ", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::matmul(xg::transpose(a), v); },
                          {"(2, 4)ᵀ × (3)", "inner dimensions 2 and 3", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::matmul(s, a); }, {"matmul: () × (2, 4)", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::matmul(a, s); }, {"matmul: (2, 4) × ()", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::matmul(cube, xt::ones<double>({2, 3, 2})); }, {"× (2, 3, 2): inner", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::matmul(a, xt::ones<double>({2, 2})); }, {"(2, 4) × (2, 2)", where});
}

TEST_CASE("reshape, transpose and views: shapes and indices") {
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({2, 3}));
  // Each statement stays on the line after `where`.
  // clang-format off
  std::string where = line_below();
  expect<xg::shape_error>([&] { xg::reshape(x, {4, 2}); }, {"reshape: (2, 3) to {4, 2}", "6 elements", "8", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::reshape(x, {4, -1}); },
                          {"reshape: (2, 3) to {4, -1}", "not a multiple of 4", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::reshape(x, {-1, -1}); }, {"only one extent can be -1", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::reshape(x, {-2, 3}); }, {"must not be negative", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::reshape(x, {0, -1}); }, {"reshape: (2, 3) to {0, -1}", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::transpose(x, {0, 0}); },
                          {"transpose: the axes {0, 0}", "2 axes of shape (2, 3)", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::transpose(x, {0}); }, {"transpose: the axes {0}", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::transpose(x, {0, 2}); }, {"transpose: the axes {0, 2}", where});
  where = line_below();
  expect<xg::shape_error>([&] { xg::view(x, {0, 1, 0}); }, {"view: ", "(2, 3)", where});
  where = line_below();
  expect<xg::value_error>([&] { xg::view(x, {0, 3}); },
                          {"view: index 3 is out of range for axis 1 of shape (2, 3)", where});
  where = line_below();
  expect<xg::value_error>([&] { xg::view(x, {xt::ellipsis(), -4}); },
                          {"view: index -4 is out of range for axis 1", where});
  where = line_below();
  expect<xg::value_error>([&] { xg::view(x, {xt::newaxis(), 2}); },
                          {"view: index 2 is out of range for axis 0", where});
  where = line_below();
  expect<xg::value_error>([&] { x(2, 0); }, {"element: index 2 is out of range for axis 0 of shape (2, 3)", where});
  where = line_below();
  expect<xg::value_error>([&] { x(0, -4); }, {"element: index -4 is out of range for axis 1 of shape (2, 3)", where});
  where = line_below();
  expect<xg::shape_error>([&] { x(0); }, {"element: 1 indices for shape (2, 3)", "one per dimension", where});
  where = line_below();
  expect<xg::shape_error>([&] { x(0, 0, 0); }, {"element: 3 indices for shape (2, 3)", where});
  // clang-format on
}

TEST_CASE("backward, item and seeds: shapes") {
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({2, 3}));
  std::string where = line_below();
  expect<xg::shape_error>([&] { t.backward(x * 2); }, {"backward: the variable has shape (2, 3)", "sum, mean", where});
  where = line_below();
  expect<xg::shape_error>([&] { t.backward(x, xt::ones<double>({3})); },
                          {"backward: the seed has shape (3), the variable (2, 3)", where});
  where = line_below();
  expect<xg::shape_error>([&] { t.backward(x, 1.0); }, {"backward: the seed has shape (), the variable (2, 3)", where});
  where = line_below();
  expect<xg::shape_error>([&] { x.item(); }, {"item: the variable has shape (2, 3)", "one element", where});
}

// ---- Anomaly mode
// -----------------------------------------------------------------------------------------------------------

TEST_CASE("anomaly mode names the first statement with a NaN or an infinity") {
  xg::tape<double> t;
  t.detect_anomaly();
  const auto x = t.variable(array{1., -2., 3.}), zero = t.variable(array{1., 1., 0.});
  std::string where = line_below();
  expect<xg::value_error>([&] { return var(xt::log(x) + 1); },
                          {"anomaly: the value of log(v0) + 1 is NaN at flat index 1", where});
  where = line_below();
  expect<xg::value_error>([&] { return var(x / zero); },
                          {"anomaly: the value of v0 / v1 is infinite at flat index 2", where});
  where = line_below();
  expect<xg::value_error>([&] { xg::sum(x / zero); }, {"anomaly: the value of sum(v0 / v1) is infinite", where});
  const auto big = t.variable(test::shaped({1, 1}, {1e200}));
  where = line_below();
  expect<xg::value_error>([&] { xg::matmul(big, big); }, {"anomaly: the value of matmul(v2, v2) is infinite", where});
  CHECK(t.nodes() == 0);  // what failed is not on the tape
  CHECK(t.variables() == 3);
  const var fine = x * zero;
  CHECK(fine.size() == 3);
}

TEST_CASE("anomaly mode checks leaves") {
  xg::tape<double> t;
  t.detect_anomaly();
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  // Each statement stays on the line after `where`.
  // clang-format off
  std::string where = line_below();
  expect<xg::value_error>([&] { t.variable(array{1., nan}); },
                          {"anomaly: the leaf v", "is NaN at flat index 1", where});
  where = line_below();
  expect<xg::value_error>([&] { t.constant(-infinity); }, {"anomaly: the leaf v", "infinite", where});
  t.clear();
  const auto x = t.variable(array{1., 2.});
  where = line_below();
  expect<xg::value_error>([&] { t.set(x, array{nan, 1.}); }, {"anomaly: the leaf v0 is NaN at flat index 0", where});
  // clang-format on
}

TEST_CASE("anomaly mode checks adjoints") {
  xg::tape<double> t;
  t.detect_anomaly();
  const auto x = t.variable(array{4., 0., 1.});
  const std::string where = line_below();
  const var root = xt::sqrt(x);
  const auto y = xg::sum(root);
  expect<xg::value_error>([&] { t.backward(y); },
                          {"anomaly: the adjoint of v0 through sqrt(v0) is infinite at flat index 1", where});
  t.detect_anomaly(false);
  t.backward(y);
  CHECK(std::isinf(x.grad()(1)));
  CHECK(x.grad()(0) == .25);
}

TEST_CASE("anomaly mode in replay names the line of the recording") {
  xg::tape<double> t;
  t.detect_anomaly();
  const auto x = t.variable(array{1., 2.});
  const std::string where = line_below();
  const var y = 1 / x;
  t.set(x, array{1., 0.});
  expect<xg::value_error>([&] { t.replay(); }, {"anomaly: the value of 1 / v0 is infinite at flat index 1", where});
  t.set(x, array{1., 4.});
  t.replay();
  CHECK(y.value()(1) == .25);
}

TEST_CASE("without anomaly mode NaN and infinity are numbers like others") {
  xg::tape<double> t;
  const auto x = t.variable(array{-1., 0.});
  const var y = xt::log(x);
  CHECK(std::isnan(y.value()(0)));
  CHECK(std::isinf(y.value()(1)));
}

TEST_CASE("anomaly mode in recorded gradients") {
  xg::tape<double> t;
  t.detect_anomaly();
  const auto x = t.variable(array{4., 0.});
  const std::string where = line_below();
  const var root = xt::sqrt(x);
  const auto y = xg::sum(root);
  expect<xg::value_error>([&] { xg::gradient(y, x); }, {"anomaly: ", "infinite", where});
}

TEST_CASE("shapes with more elements than any memory holds are refused") {
  xg::tape<double> t;
  const auto column = [&](std::size_t rank) {
    std::vector<std::size_t> shape(rank, 1);
    shape[0] = 65536;
    return t.variable(array(xt::ones<double>(shape)));
  };
  const auto a = column(4), b = column(3), c = column(2), d = column(1),
             none = t.variable(array(xt::ones<double>({0, 3})));
  CHECK(
      contains(message_of<xg::shape_error>([&] { xg::var<double>(a + b + c + d); }), "more elements than any memory"));
  CHECK_THROWS_AS(xg::reshape(none, {4294967296, 4294967296}), xg::shape_error);
  CHECK(xg::reshape(none, {0, 4294967296}).size() == 0);
}

TEST_CASE("a loss of (N,1) against (N) does not broadcast (pytorch #16045)") {
  xg::tape<double> t;
  const auto prediction = t.variable(xt::ones<double>({4, 1}));
  const array target = xt::ones<double>({4});
  CHECK_THROWS_AS(xg::mean(xg::squared_error(prediction, target)), xg::shape_error);
  CHECK_THROWS_AS(xg::mean(xg::squared_error(target, prediction)), xg::shape_error);
  CHECK(xg::mean(xg::squared_error(xg::reshape(prediction, {-1}), target)).item() == 0);
}

TEST_CASE("an error names shapes and the line without a debug build (xtensor #2013)") {
  xg::tape<double> t;
  const auto a = t.variable(xt::ones<double>({2, 3})), b = t.variable(xt::ones<double>({3, 2}));
  const std::string where = test::line_below();
  const std::string m = message_of<xg::shape_error>([&] { return var(a + b); });
  CHECK(contains(m, "(2, 3)"));
  CHECK(contains(m, "(3, 2)"));
  CHECK(contains(m, where));
}

TEST_CASE("an error in an expression is an exception, not an abort (xtensor #1415)") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  const array a{1., 2.}, b{1., 2., 3.};
  CHECK_THROWS_AS(var(x + (a + b)), xg::shape_error);
  CHECK_THROWS_AS(var(x + b), xg::shape_error);
}
