// The tape: leaves, sweeps, replay and forgetting.
#include <doctest/doctest.h>

#include <array>
#include <thread>

#include "homework_network.hpp"
#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using test::network;
using array = xt::xarray<double>;

static_assert(!std::is_copy_constructible_v<xg::tape<double>> && !std::is_move_constructible_v<xg::tape<double>>);
static_assert(sizeof(xg::var<double>) == 16 && std::is_trivially_copyable_v<xg::var<double>>);

TEST_CASE("a leaf copies the values of any xtensor expression or number") {
  xg::tape<double> t;
  array a{{1., 2., 3.}, {4., 5., 6.}};
  const auto x = t.variable(a);
  a(0, 0) = 100;
  CHECK(test::identical(x.value(), array{{1., 2., 3.}, {4., 5., 6.}}));
  CHECK(x.shape() == xg::shape_t{2, 3});
  CHECK(x.size() == 6);
  CHECK(x.dimension() == 2);

  const xt::xarray<double, xt::layout_type::column_major> columns = array{{1., 2., 3.}, {4., 5., 6.}};
  CHECK(test::identical(t.constant(columns).value(), array{{1., 2., 3.}, {4., 5., 6.}}));
  CHECK(test::identical(t.constant(xt::transpose(columns)).value(), array{{1., 4.}, {2., 5.}, {3., 6.}}));
  CHECK(test::identical(t.variable(2 * xt::strided_view(columns, {1}) + 1).value(), array{9., 11., 13.}));
  CHECK(test::identical(t.variable(xt::xarray<int>{1, -2}).value(), array{1., -2.}));
  CHECK(t.variable(3).item() == 3);
  CHECK(t.variable(2.5f).dimension() == 0);
  CHECK(t.nodes() == 0);
  CHECK(t.variables() == 7);
  CHECK(x.requires_grad());
  CHECK_FALSE(t.constant(a).requires_grad());
}

TEST_CASE("an expression that cannot be evaluated makes no leaf") {
  xg::tape<double> t;
  const array a{1., 2., 3.}, b{1., 2.};
  CHECK_THROWS(t.variable(a + b));
  CHECK(t.variables() == 0);
}

TEST_CASE("a stale mark throws tape_error instead of cutting into what was recorded since") {
  xg::tape<double> t;
  const auto start = t.mark();
  t.variable(array{1., 2., 3.});
  t.variable(1.0);
  const auto later = t.mark();
  t.rewind(later);  // nothing to do
  CHECK(t.variables() == 2);
  t.rewind(start);
  std::string where = line_below();
  std::string m = message_of<xg::tape_error>([&] { t.rewind(later); });
  CHECK(contains(m, "rewound to an earlier place"));
  CHECK(contains(m, where));

  const auto x = t.variable(xt::xarray<double>(xt::arange<double>(100)));  // the tape grows past the stale mark
  const auto y = t.variable(2.0), z = t.variable(3.0);
  where = line_below();
  m = message_of<xg::tape_error>([&] { t.rewind(later); });
  CHECK(contains(m, "rewound to an earlier place"));
  CHECK(contains(m, where));
  const auto w = t.variable(xt::xarray<double>(-xt::ones<double>({100})));
  CHECK(test::identical(x.value(), xt::arange<double>(100)));
  CHECK(w.value()(99) == -1);
  CHECK(y.item() + z.item() == 5);

  t.clear();
  CHECK(contains(message_of<xg::tape_error>([&] { t.rewind(start); }), "cleared"));
}

TEST_CASE("marks nest") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.});
  const auto outer = t.mark();
  const xg::var a = x * 2;
  const auto inner = t.mark();
  for (int i = 0; i < 10; ++i) {
    const xg::var b = a * double(i);
    t.backward(xg::sum(b));
    CHECK(x.grad()(0) == 2 * i);
    t.rewind(inner);
  }
  CHECK(test::identical(a.value(), array{2., 4., 6.}));
  t.rewind(outer);
  CHECK_THROWS_AS(a.value(), xg::tape_error);
  CHECK(x.value()(2) == 3);
}

TEST_CASE("set gives leaves new values of the same shape, and replay recomputes") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.}), c = t.constant(array{1., 1., 1.}), s = t.variable(2.0);
  const xg::var y = xg::sum(x * c * s);
  const std::size_t nodes = t.nodes();
  t.set(x, array{4., 5., 6.});
  t.replay();
  CHECK(y.item() == 30);
  t.set(c, 2 * xt::ones<double>({3}));
  t.set(s, 10);
  t.replay();
  CHECK(y.item() == 300);
  t.backward(y);
  CHECK(test::identical(x.grad(), array{20., 20., 20.}));
  CHECK(s.grad()() == 30);
  CHECK(t.nodes() == nodes);

  std::string where = line_below();
  std::string m = message_of<xg::tape_error>([&] { t.set(y, 1.0); });
  CHECK(contains(m, " is the result of a statement; only leaves"));
  CHECK(contains(m, where));
  where = line_below();
  m = message_of<xg::shape_error>([&] { t.set(x, array{{1., 2., 3.}}); });
  CHECK(contains(m, "set: the new value has shape (1, 3), the variable (3)"));
  CHECK(contains(m, where));
  CHECK_THROWS_AS(t.set(x, 1.0), xg::shape_error);
  CHECK(test::identical(x.value(), array{4., 5., 6.}));
}

TEST_CASE("replay after set equals recording anew, bit for bit") {
  const network net;
  test::generator random(1);
  xg::tape<double> t, fresh;
  const auto everything = [](xg::tape<double>&, const network::recorded& r) {
    xg::var<double> logits = xg::matmul(r.W1, xg::transpose(r.x)) + xg::view(r.W1, {xt::all(), xt::range(1, 2)});
    xg::var<double> column_means = xg::mean(xt::tanh(r.W1) * r.x, {0});
    return xg::sum(xt::exp(logits * .1)) + xg::sum(column_means / 3) + r.loss + xg::reshape(r.W2, {3, 2})(2, 1);
  };
  const auto r = net.record(t);
  const xg::var y = everything(t, r);
  for (int round = 0; round < 5; ++round) {
    network other = net;
    other.W1 = random.array({3, 4}), other.W2 = random.array({2, 3}), other.W3 = random.array({1, 2}),
    other.x = random.array({1, 4});
    t.set(r.W1, other.W1), t.set(r.W2, other.W2), t.set(r.W3, other.W3), t.set(r.x, other.x);
    t.replay();
    t.backward(y);
    fresh.clear();
    const auto f = other.record(fresh);
    const xg::var z = everything(fresh, f);
    fresh.backward(z);
    CHECK(y.item() == z.item());
    CHECK(r.loss.item() == f.loss.item());
    CHECK(test::identical(r.W1.grad(), f.W1.grad()));
    CHECK(test::identical(r.W2.grad(), f.W2.grad()));
    CHECK(test::identical(r.W3.grad(), f.W3.grad()));
  }
}

TEST_CASE("clear forgets everything; the tape starts anew") {
  xg::tape<double> t;
  for (int round = 0; round < 1000; ++round) {
    const auto x = t.variable(array{1., 2., 3.});
    CHECK_THROWS_AS(x.grad(), xg::tape_error);  // no backward in this round yet
    t.backward(xg::sum(x * double(round)));
    CHECK(x.id() == 0);
    CHECK(x.grad()(1) == round);
    t.clear();
    CHECK(t.nodes() == 0);
    CHECK(t.variables() == 0);
    CHECK_THROWS_AS(x.value(), xg::tape_error);
  }
}

TEST_CASE("a failed statement leaves the tape as it was") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.}), y = t.variable(array{1., 2.});
  const xg::var z = xg::sum(x * x);
  const std::size_t nodes = t.nodes(), variables = t.variables();
  for (int i = 0; i < 3; ++i) {
    CHECK_THROWS_AS(xg::var<double>(x * array{1., 2., 3.} + y), xg::shape_error);
    CHECK_THROWS_AS(xg::matmul(x, y), xg::shape_error);
    CHECK_THROWS_AS(xg::sum(x, {1}), xg::shape_error);
    CHECK_THROWS_AS(xg::reshape(x, {2, 2}), xg::shape_error);
  }
  CHECK(t.nodes() == nodes);
  CHECK(t.variables() == variables);
  t.backward(z);
  CHECK(test::identical(x.grad(), array{2., 4., 6.}));
}

TEST_CASE("many tapes at once") {
  std::array<xg::tape<double>, 50> tapes;
  std::vector<xg::var<double>> x, y;
  for (std::size_t i = 0; i < tapes.size(); ++i) x.push_back(tapes[i].variable(array{1., double(i)}));
  for (std::size_t i = 0; i < tapes.size(); ++i) y.push_back(xg::sum(x[i] * x[i]));
  for (std::size_t i = tapes.size(); i-- > 0;) tapes[i].backward(y[i]);
  for (std::size_t i = 0; i < tapes.size(); ++i) {
    CHECK(y[i].item() == 1 + double(i * i));
    CHECK(x[i].grad()(1) == 2 * double(i));
  }
}

TEST_CASE("float and double tapes side by side") {
  xg::tape<float> single;
  xg::tape<double> twice;
  const auto x = single.variable(xt::xarray<float>{1.f, 2.f});
  const auto y = twice.variable(array{1., 2.});
  single.backward(xg::sum(x * x * x));
  twice.backward(xg::sum(y * y * y));
  CHECK(test::identical(x.grad(), y.grad()));
}

TEST_CASE("two tapes in two threads give what one gives") {
  const network net;
  const auto train = [&net](array& gradient, double& loss, int rounds) {
    xg::tape<double> t;
    for (int i = 0; i < rounds; ++i) {
      t.clear();
      const auto r = net.record(t);
      t.backward(r.loss);
      gradient = r.W1.grad(), loss = r.loss.item();
    }
  };
  array expected, first, second;
  double expected_loss = 0, first_loss = 0, second_loss = 0;
  train(expected, expected_loss, 1);
  std::thread a([&] { train(first, first_loss, 2000); }), b([&] { train(second, second_loss, 2000); });
  a.join(), b.join();
  CHECK(xt::amax(xt::abs(expected))() > 0);
  CHECK(test::identical(first, expected));
  CHECK(test::identical(second, expected));
  CHECK(first_loss == expected_loss);
  CHECK(second_loss == expected_loss);
}

TEST_CASE("rewind refuses the mark of another tape") {
  xg::tape<double> a, b;
  const auto y = b.variable(1.0);
  CHECK(contains(message_of<xg::tape_error>([&] { b.rewind(a.mark()); }), "taken on another tape"));
  CHECK(y.item() == 1);
}

TEST_CASE("what fails leaves the tape as it was, and no gradients that look like zeros") {
  xg::tape<double> t;
  const auto x = t.variable(array(xt::ones<double>({1, 2}))), y = t.variable(array{0., 1.});
  const std::size_t nodes = t.nodes(), variables = t.variables();
  CHECK_THROWS_AS(xg::matmul(x * 2, array(xt::ones<double>({1, 2}))), xg::shape_error);
  CHECK_THROWS_AS(t.variable(array{1., 2.} + array{1., 2., 3.}), xg::shape_error);
  CHECK_THROWS_AS(t.set(y, array{1., 2.} + array{1., 2., 3.}), xg::shape_error);
  CHECK(t.nodes() == nodes);
  CHECK(t.variables() == variables);
  const xg::var l = xg::sum(xt::sqrt(y));
  t.detect_anomaly();
  CHECK_THROWS_AS(t.backward(l), xg::value_error);
  CHECK(contains(message_of<xg::tape_error>([&] { (void)x.grad(); }), "the last backward ended in an error"));
  const std::size_t before = t.nodes();
  CHECK_THROWS_AS(xg::gradient(l, y), xg::value_error);
  CHECK(t.nodes() == before);
}

TEST_CASE("tapes do not know each other (ADOL-C #35, Adept-2 #17)") {
  xg::tape<double> outer;
  const auto x = outer.variable(2.0);
  const xg::var y = x * x;
  double inner_gradient = 0;
  {
    xg::tape<double> inner;
    const auto z = inner.variable(y.item());
    inner.backward(z * z * z);
    inner_gradient = z.grad()();
  }
  CHECK(inner_gradient == 48);
  outer.backward(y);
  CHECK(x.grad()() == 4);
}
