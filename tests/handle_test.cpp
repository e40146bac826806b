// Handles that name nothing: empty, cleared, rewound past, or of another tape.
#include <doctest/doctest.h>

#include <sstream>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;

TEST_CASE("an empty handle says that it is empty, and where") {
  xg::tape<double> t;
  const auto x = t.variable(1.0);
  const xg::var<double> empty;
  CHECK_FALSE(empty.valid());
  for (const std::string& m :
       {message_of<xg::tape_error>([&] { empty.value(); }), message_of<xg::tape_error>([&] { empty.grad(); }),
        message_of<xg::tape_error>([&] { empty.item(); }), message_of<xg::tape_error>([&] { empty.shape(); }),
        message_of<xg::tape_error>([&] { empty.owner(); })})
    CHECK(contains(m, "empty xg::var"));

  std::string where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { xg::var<double>(empty * x); }), where));
  where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { xg::var<double>(x * empty); }), where));
  where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { t.backward(empty); }), where));
  where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { t.backward(empty, 1.0); }), where));
  where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { t.set(empty, 1.0); }), where));
  where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { xg::sum(empty); }), where));
  where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { xg::matmul(empty, x); }), where));
  where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { xg::transpose(empty); }), where));
  where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { xg::gradient(empty, x); }), where));
  where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { xg::gradient(x, empty); }), where));
  CHECK(t.nodes() == 0);
}

TEST_CASE("a handle from before clear() says that it was forgotten, and where") {
  xg::tape<double> t;
  auto x = t.variable(array{1., 2.});
  t.clear();
  t.variable(array{3., 4.});  // takes the same place
  const std::string name = "v" + std::to_string(x.id()) + " was forgotten";
  const auto check = [&](const std::string& message, const std::string& where) {
    CHECK(contains(message, name));
    CHECK(contains(message, "clear()"));
    CHECK(contains(message, where));
  };
  CHECK(contains(message_of<xg::tape_error>([&] { x.value(); }), name));
  CHECK(contains(message_of<xg::tape_error>([&] { x.grad(); }), name));
  CHECK(contains(message_of<xg::tape_error>([&] { x.item(); }), name));
  CHECK(contains(message_of<xg::tape_error>([&] { x.shape(); }), name));
  std::string where = line_below();
  check(message_of<xg::tape_error>([&] { xg::var<double>(x + 1); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { t.backward(x, array{1., 1.}); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { t.set(x, array{1., 1.}); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::mean(x); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::matmul(x, x); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::matmul(x, xg::transpose(x)); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::gradient(x, x); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::reshape(x, {2, 1}); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::view(x, {xt::range(0, 1)}); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { x(0); }), where);
  CHECK(t.nodes() == 0);
}

TEST_CASE("a handle from after the mark is forgotten by rewind; one from before it stays") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.});
  const xg::var h = x * x;
  const auto mark = t.mark();
  const xg::var late = h * 2, scalar = xg::sum(late);
  const auto late_leaf = t.variable(5.0);
  t.backward(scalar);
  CHECK(test::identical(x.grad(), array{4., 8., 12.}));
  t.rewind(mark);
  CHECK(t.nodes() == 1);
  CHECK(t.variables() == 2);
  for (int fill = 0; fill < 3; ++fill) t.variable(array{9., 9., 9.});  // takes the same places
  CHECK(contains(message_of<xg::tape_error>([&] { late.value(); }), "rewind()"));
  CHECK(contains(message_of<xg::tape_error>([&] { late_leaf.item(); }), "rewind()"));
  const std::string where = line_below();
  const std::string m = message_of<xg::tape_error>([&] { xg::var<double>(x * scalar); });
  CHECK(contains(m, "v" + std::to_string(scalar.id()) + " was forgotten by clear() or rewind()"));
  CHECK(contains(m, where));

  CHECK(test::identical(h.value(), array{1., 4., 9.}));
  t.backward(xg::sum(h));
  CHECK(test::identical(x.grad(), array{2., 4., 6.}));
}

TEST_CASE("a handle of another tape is refused by name and line") {
  xg::tape<double> t, other;
  const auto x = t.variable(array{1., 2.}), unused = other.variable(0.0), y = other.variable(array{3., 4.});
  (void)unused;
  const auto check = [&](const std::string& message, const std::string& where) {
    CHECK(contains(message, "lives on another tape"));
    CHECK(contains(message, where));
  };
  std::string where = line_below();
  const std::string m = message_of<xg::tape_error>([&] { xg::var<double>(x * 2 + y); });
  check(m, where);
  CHECK(contains(m, "v" + std::to_string(y.id())));
  where = line_below();
  check(message_of<xg::tape_error>([&] { t.backward(y, array{1., 1.}); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { t.backward(other.variable(1.0)); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { t.set(y, array{1., 1.}); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::sum(x * y); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::matmul(x, y); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::gradient(xg::sum(x), y); }), where);
  where = line_below();
  check(message_of<xg::tape_error>([&] { xg::gradient(x, x, xg::seed(y)); }), where);
  xg::var<double> z = x;
  z = y;  // assigning a handle is no statement
  CHECK(&z.owner() == &other);
}

TEST_CASE("a variable prints as its values do") {
  xg::tape<double> t;
  const auto x = t.variable(xt::xarray<double>{{1., 2.}, {3., 4.5}});
  std::ostringstream out;
  out << x << ' ' << xg::sum(x);
  CHECK(out.str() == "{{ 1. ,  2. },\n { 3. ,  4.5}}  10.5");
  CHECK_THROWS_AS(out << xg::var<double>(), xg::tape_error);
}

TEST_CASE("a const variable keeps its gradient (autodiff #311)") {
  xg::tape<double> t;
  const xg::var x = t.variable(3.0);
  const xg::var y = x * x;
  t.backward(y);
  CHECK(x.grad()() == 6);
}
