// Variables with names: what messages call them, and how long.
#include <doctest/doctest.h>

#include <limits>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;
using var = xg::var<double>;

TEST_CASE("a variable is called by its name, or by its number") {
  xg::tape<double> t;
  const auto W = t.variable(array{1., 2.}).named("W"), b = t.variable(1.0);
  const var y = W * b;
  CHECK(W.name() == "W");
  CHECK(b.name() == "v1");
  CHECK(y.named("y").name() == "y");
  CHECK(y.id() == 2);
  const var copy = W;  // the name is the variable's, not the handle's
  CHECK(copy.name() == "W");
  W.named("weights");
  CHECK(copy.name() == "weights");
  CHECK(t.ledger().nodes[0]->text(t.ledger().names) == "weights * v1");
  b.named("b");  // before one that was named earlier
  CHECK(t.ledger().nodes[0]->text(t.ledger().names) == "weights * b");

  const std::string where = line_below();
  const std::string m = message_of<xg::value_error>([&] { b.named(""); });
  CHECK(contains(m, "named: the name for b"));
  CHECK(contains(m, "is empty"));
  CHECK(contains(m, where));
  CHECK(b.name() == "b");
  CHECK_THROWS_AS(var().named("x"), xg::tape_error);
  CHECK_THROWS_AS(var(2).named("x"), xg::tape_error);
}

TEST_CASE("messages of statements and ops name their operands") {
  xg::tape<double> t;
  const auto W = t.variable(xt::ones<double>({2, 3})).named("W"), x = t.variable(xt::ones<double>({4})).named("x"),
             u = t.variable(xt::ones<double>({2}));
  CHECK(contains(message_of<xg::shape_error>([&] { var(W + x); }), "+: (2, 3) and (4) do not broadcast"));
  std::string where = line_below();
  std::string m = message_of<xg::shape_error>([&] { var(W + u); });
  CHECK(contains(m, "; in W + v2 "));
  CHECK(m.ends_with(where));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::sum(xt::tanh(W * 2) * x); }), "; in sum(tanh(W * 2) * x) "));
  where = line_below();
  m = message_of<xg::shape_error>([&] { xg::matmul(W, x); });
  CHECK(contains(m, "matmul: (2, 3)"));
  CHECK(contains(m, "; in matmul(W, x) "));
  CHECK(m.ends_with(where));
  CHECK_FALSE(contains(message_of<xg::shape_error>([&] { xg::matmul(u, u * xt::ones<double>({3, 2})); }), "; in"));
}

TEST_CASE("messages of the tape name the variable") {
  xg::tape<double> t;
  const auto W = t.variable(array{1., 2.}).named("W"), k = t.constant(2.0).named("k");
  const var h = (W * k).named("h"), loss = xg::sum(h).named("loss"), c = k * 2;
  CHECK(contains(message_of<xg::shape_error>([&] { t.set(W, 1.0); }), "shape (), the variable W (2)"));
  CHECK(contains(message_of<xg::tape_error>([&] { t.set(h, W.value()); }), "set: h = W * k "));
  CHECK(contains(message_of<xg::shape_error>([&] { t.backward(h); }), "backward: the variable h has shape (2)"));
  CHECK(contains(message_of<xg::shape_error>([&] { t.backward(h, 1.0); }), "the variable h (2)"));
  CHECK(contains(message_of<xg::shape_error>([&] { h.item(); }), "item: the variable h has shape (2)"));
  CHECK(contains(message_of<xg::tape_error>([&] { k.grad(); }), "grad: k "));
  CHECK(contains(message_of<xg::tape_error>([&] { c.grad(); }), "grad: v4 = k * 2 "));
  CHECK(contains(message_of<xg::tape_error>([&] { c.grad(); }), "on constants alone: k "));
  t.backward(loss, {h});
  CHECK(contains(message_of<xg::tape_error>([&] { W.grad(); }), "limited to other variables, and W "));
  t.set(W, array{3., 4.});
  const std::string m = message_of<xg::tape_error>([&] { loss.item(); });
  CHECK(contains(m, "item: the leaf W "));
  CHECK(contains(m, " was set, but W * k "));
}

TEST_CASE("anomaly mode names the variable") {
  xg::tape<double> t;
  t.detect_anomaly();
  const auto p = t.variable(array{1., 0.}).named("p"), q = t.variable(array{4., 0.}).named("q");
  CHECK(contains(message_of<xg::value_error>([&] { xg::sum(1 / p); }), "anomaly: the value of sum(1 / p) is infinite"));
  CHECK(contains(message_of<xg::value_error>([&] {
                   t.set(p, array{std::numeric_limits<double>::quiet_NaN(), 1.});
                 }),
                 "anomaly: the leaf p is NaN"));
  const var r = xg::sum(xt::sqrt(q));
  CHECK(
      contains(message_of<xg::value_error>([&] { t.backward(r); }), "anomaly: the adjoint of q through sum(sqrt(q))"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::gradient(r, q); }), "anomaly: the gradient by q through"));
}

TEST_CASE("names last as long as their variables") {
  xg::tape<double> t, other;
  const auto a = t.variable(1.0).named("a");
  const auto start = t.mark();
  const auto b = t.variable(2.0).named("b");
  a.named("alpha");  // after the mark; the variable is from before it
  t.rewind(start);
  CHECK(a.name() == "alpha");
  const auto c = t.variable(3.0);
  CHECK(c.name() == "v1");
  CHECK(contains(message_of<xg::tape_error>([&] { b.item(); }), "item: v1 was forgotten"));
  c.named("c");
  CHECK(contains(message_of<xg::tape_error>([&] { b.item(); }), "item: v1 was forgotten"));  // not c
  CHECK(contains(message_of<xg::tape_error>([&] { other.backward(c); }), "backward: c lives on another tape"));
  t.clear();
  CHECK(t.variable(1.0).name() == "v0");
  CHECK_THROWS_AS(a.name(), xg::tape_error);
}
