// concatenate, stack, split, take.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::line_below;
using test::message_of;
using test::near;
using var = xg::var<double>;

TEST_CASE("a matrix is built from scalars, rows and columns") {
  xg::tape<double> t;
  const auto a = t.variable(1.0), b = t.variable(2.0);
  const var m = xg::stack({xg::stack({a, b}), xg::stack({b, a})});
  CHECK(near(m.value(), array{{1, 2}, {2, 1}}));
  const var determinant = m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0);
  t.backward(determinant);
  CHECK(a.grad()() == 2);
  CHECK(b.grad()() == -4);
  CHECK(xg::gradient(xg::gradient(determinant, b), b).item() == -2);
  const var mixed = xg::stack(xt::xtuple(a, 2 * b, 7.0), 0);
  CHECK(near(mixed.value(), array{1, 4, 7}));
  const array row{9, 9};
  const var tall = xg::concatenate(xt::xtuple(xg::stack({a, b}), row), 0);
  CHECK(near(tall.value(), array{1, 2, 9, 9}));
  CHECK(near(xg::stack({xg::stack({a, b}), xg::stack({b, b})}, -1).value(), array{{1, 2}, {2, 2}}));
}

TEST_CASE("split gives back what concatenate has joined") {
  xg::tape<double> t;
  const auto x = t.variable(array{{1, 2, 3, 4}, {5, 6, 7, 8}});
  const auto columns = xg::split(x, 2, 1);
  REQUIRE(columns.size() == 2);
  CHECK(near(columns[1].value(), array{{3, 4}, {7, 8}}));
  CHECK(near(xg::concatenate(columns, 1).value(), x.value()));
  const auto rows = xg::split(x, 2);
  CHECK(rows[1].value().data() == x.value().data() + 4);
  const auto parts = xg::split(x, {1, -1}, 1);
  REQUIRE(parts.size() == 3);
  CHECK(near(parts[1].value(), array{{2, 3}, {6, 7}}));
  const var y = xg::sum(parts[0] * parts[2]);  // the middle is not reached
  t.backward(y);
  CHECK(near(x.grad(), array{{4, 0, 0, 1}, {8, 0, 0, 5}}));
  const var g = xg::gradient(y, x);
  CHECK(near(g.value(), x.grad()));
  t.set(x, x.value() + 1);
  t.replay();
  CHECK(near(g.value(), array{{5, 0, 0, 2}, {9, 0, 0, 6}}));
}

TEST_CASE("joins and splits that do not fit are told so") {
  xg::tape<double> t;
  const auto a = t.variable(array{{1, 2}}), b = t.variable({1.0, 2.0, 3.0});
  std::string where = line_below();
  std::string m = message_of<xg::shape_error>([&] { xg::concatenate({a, b}); });
  CHECK(contains(m, "concatenate: (1, 2) and (3) (operand 1) do not fit"));
  CHECK(contains(m, where));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::stack({a, b}); }), "stack: (1, 2) and (3)"));
  CHECK(contains(message_of<xg::shape_error>([&] {
                   xg::concatenate({a, a}, 2);
                 }),
                 "axis 2 is out of range for 2 axes"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::split(b, 2); }), "has no 2 equal parts"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::split(b, {2, 1}); }), "split: position 1 for axis 0"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::concatenate(std::vector<var>{}); }), "the list is empty"));
}

TEST_CASE("take: repeated and negative indices, labels changed between replays") {
  xg::tape<double> t;
  const auto x = t.variable(array{{1, 2}, {3, 4}, {5, 6}});
  const auto i = t.indices({2, 0, -1});
  const var y = xg::take(x, i);
  CHECK(near(y.value(), array{{5, 6}, {1, 2}, {5, 6}}));
  const var loss = xg::sum(y * y);
  t.backward(loss);
  CHECK(near(x.grad(), array{{2, 4}, {0, 0}, {20, 24}}));
  const var g = xg::gradient(loss, x), h = xg::gradient(xg::sum(g), x);
  CHECK(near(g.value(), x.grad()));
  CHECK(near(h.value(), array{{2, 2}, {0, 0}, {4, 4}}));
  t.set(i, {1, 1, 1});
  CHECK(contains(message_of<xg::tape_error>([&] { loss.item(); }), "was set"));
  t.replay();
  CHECK(loss.item() == 75);
  CHECK(near(h.value(), array{{0, 0}, {6, 6}, {0, 0}}));
  CHECK(i.value()(2) == 1);
  const var columns = xg::take(x, t.indices(xt::xarray<int>{{1, 1}, {0, 1}}), -1);
  CHECK(columns.shape() == xg::shape_t{3, 2, 2});
  CHECK(columns.value()(2, 1, 0) == 5);
  CHECK(near(xg::take(x, t.indices(1)).value(), array{3, 4}));
}

TEST_CASE("indices of a std::vector and its like") {
  xg::tape<double> t;
  const std::vector<int> words{2, 0};
  const auto i = t.indices(words);
  CHECK(test::identical(i.value(), xt::xarray<std::int64_t>{2, 0}));
  CHECK(t.indices(std::array<unsigned char, 2>{7, 8}).value()(1) == 8);
  CHECK(t.indices(std::span(words).first(1)).shape() == xg::shape_t{1});
  CHECK(t.indices(std::vector<std::size_t>()).size() == 0);
  t.set(i, std::vector<std::int64_t>{1, 1});
  CHECK(i.value()(0) == 1);
  CHECK(contains(message_of<xg::shape_error>([&] { t.set(i, std::vector<int>{1}); }), "(1)"));
  static_assert(!xg::whole_number_list<std::vector<double>> && !xg::whole_number_list<std::string>);
}

TEST_CASE("an index out of range is named, at recording and in a replay") {
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0});
  const auto bad = t.indices({0, 2});
  std::string where = line_below();
  const std::string message = message_of<xg::value_error>([&] { xg::take(x, bad); });
  CHECK(message == "take: the index 2 at flat position 1 is out of range for axis 0 of extent 2 " + where);
  const auto i = t.indices({0, 1});
  where = line_below();
  const var y = xg::take(x, i);
  t.set(i, {0, -3});
  CHECK(message_of<xg::value_error>([&] { t.replay(); }) ==
        "take: the index -3 at flat position 1 is out of range for axis 0 of extent 2 " + where);
  CHECK_THROWS_AS(y.value(), xg::tape_error);
  CHECK(contains(message_of<xg::shape_error>([&] { t.set(i, {1}); }), "set: the new value has shape (1)"));
  CHECK_THROWS_AS(xg::take(x, xg::indices<double>()), xg::tape_error);
  xg::tape<double> other;
  CHECK(contains(message_of<xg::tape_error>([&] { xg::take(x, other.indices({1})); }), "lives on another tape"));
}
