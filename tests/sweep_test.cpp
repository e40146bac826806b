// Backward sweeps: seeds, fresh adjoints, zeros where nothing arrives, and who assigns first.
#include <doctest/doctest.h>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;

TEST_CASE("backward computes the gradient of one element") {
  xg::tape<double> t;
  const auto a = t.variable(array{1., 2., 3.}), b = t.variable(array{4., 5., 6.});
  const xg::var y = xg::sum(a * b);
  t.backward(y);
  CHECK(test::identical(a.grad(), b.value()));
  CHECK(test::identical(b.grad(), a.value()));
  CHECK(y.grad()() == 1);

  const auto one = t.variable(test::shaped({1, 1, 1}, {7.}));  // one element, three dimensions
  t.backward(xg::square(one));
  CHECK(test::identical(one.grad(), test::shaped({1, 1, 1}, {14.})));

  t.backward(a(1) * 2);
  CHECK(test::identical(a.grad(), array{0., 2., 0.}));

  t.backward(one);  // a leaf by itself
  CHECK(one.grad()(0, 0, 0) == 1);
}

TEST_CASE("backward with a seed computes the vector-Jacobian product") {
  xg::tape<double> t;
  const auto a = t.variable(array{1., 2., 3.});
  const xg::var y = a * a;
  const array seed{1., 10., -1.};
  t.backward(y, seed);
  CHECK(test::identical(a.grad(), array{2., 40., -6.}));
  CHECK(test::identical(y.grad(), seed));
  t.backward(y, 2 * seed);  // an expression
  CHECK(test::identical(a.grad(), array{4., 80., -12.}));
  const xg::var s = xg::sum(a);
  t.backward(s, 3.0);
  CHECK(test::identical(a.grad(), array{3., 3., 3.}));
}

TEST_CASE("a seed computed from the tape's own adjoints is read before it is written") {
  xg::tape<double> t;
  const auto a = t.variable(array{1., 2., 3.});
  const xg::var y = a * 1.0;
  t.backward(y, array{1., 2., 3.});
  t.backward(y, xt::flip(y.grad(), 0));
  CHECK(test::identical(y.grad(), array{3., 2., 1.}));
  CHECK(test::identical(a.grad(), array{3., 2., 1.}));
}

TEST_CASE("each backward gives fresh gradients") {
  xg::tape<double> t;
  const auto a = t.variable(array{1., 2., 3., 4., 5., 6.}), s = t.variable(2.0);
  const xg::var y = xg::sum(a * a * s), z = xg::sum(a);
  for (int round = 0; round < 3; ++round) {
    t.backward(y);
    CHECK(test::identical(a.grad(), array{4., 8., 12., 16., 20., 24.}));
    CHECK(s.grad()() == 91);
    t.backward(z);
    CHECK(test::identical(a.grad(), xt::ones<double>({6})));
    CHECK(s.grad()() == 0);
  }
}

TEST_CASE("adjoints of intermediate variables are readable") {
  xg::tape<double> t;
  const auto a = t.variable(array{1., 2.});
  const xg::var h = a * 3, q = h * h, y = xg::sum(q + h);
  t.backward(y);
  CHECK(test::identical(q.grad(), array{1., 1.}));
  CHECK(test::identical(h.grad(), array{7., 13.}));
  CHECK(test::identical(a.grad(), array{21., 39.}));
}

TEST_CASE("what no gradient reaches has zeros, whatever was there before") {
  xg::tape<double> t;
  const auto a = t.variable(array{1., 2., 3.}), b = t.variable(array{4., 5., 6.}), s = t.variable(2.0);
  const xg::var used = b * s, y = xg::sum(a), z = xg::sum(used * a);
  t.backward(z);
  CHECK(test::identical(b.grad(), array{2., 4., 6.}));
  t.backward(y);
  CHECK(test::identical(b.grad(), array{0., 0., 0.}));
  CHECK(s.grad()() == 0);
  CHECK(test::identical(used.grad(), array{0., 0., 0.}));
  CHECK(z.grad()() == 0);

  const auto late = t.variable(array{1., 2., 3., 4., 5.});  // made after the sweep
  CHECK(test::identical(late.grad(), xt::zeros<double>({5})));
  const auto late_scalar = t.variable(1.0);
  CHECK(late_scalar.grad()() == 0);
  t.backward(z);  // reading zeros has not hidden anything from the next sweep
  CHECK(test::identical(b.grad(), array{2., 4., 6.}));
  CHECK(test::identical(late.grad(), xt::zeros<double>({5})));

  // Memory that an earlier round used for something else.
  t.clear();
  const auto c = t.variable(array{1., 2., 3.});
  const auto d = t.variable(array{1., 2., 3.});
  t.backward(xg::sum(c));
  CHECK(test::identical(d.grad(), array{0., 0., 0.}));
}

TEST_CASE("a sweep from the middle leaves later statements at zero") {
  xg::tape<double> t;
  const auto a = t.variable(array{1., 2., 3.});
  const xg::var h = a * a, y = xg::sum(h * h);
  t.backward(y);
  t.backward(h, array{1., 1., 1.});
  CHECK(test::identical(a.grad(), array{2., 4., 6.}));
  CHECK(y.grad()() == 0);
}

TEST_CASE("constants have no gradient and say so, and where they were made") {
  xg::tape<double> t;
  const std::string made = line_below();
  const auto c = t.constant(array{1., 2.}), x = t.variable(array{3., 4.});
  const xg::var only_constants = c * c + 1, y = xg::sum(c * x);
  CHECK_FALSE(only_constants.requires_grad());
  CHECK(y.requires_grad());
  CHECK(contains(message_of<xg::tape_error>([&] { x.grad(); }), "no backward has run"));
  t.backward(y);
  CHECK(test::identical(x.grad(), array{1., 2.}));
  const std::string direct = message_of<xg::tape_error>([&] { c.grad(); });
  CHECK(contains(direct, "grad: v0 " + made + " is a constant"));
  CHECK(contains(direct, "tape::variable"));
  CHECK(contains(message_of<xg::tape_error>([&] { only_constants.grad(); }), "on constants alone: v0 " + made));
  const std::string where = line_below();
  const std::string m = message_of<xg::tape_error>([&] { t.backward(xg::sum(only_constants)); });
  CHECK(contains(m, "depends on no variable, but on constants alone: v0 " + made));
  CHECK(contains(m, where));
}

TEST_CASE("what has no gradient although it comes from variables says so") {
  xg::tape<double> t;
  const std::string made = line_below();
  const auto x = t.variable(array{3., 4.});
  const std::string recorded = line_below();
  const xg::var positive = x > 0;
  const std::string m = message_of<xg::tape_error>([&] { t.backward(xg::sum(positive)); });
  CHECK(contains(m, "depends on no variable with a gradient: from v0 " + made + " none flows to it"));
  CHECK(contains(message_of<xg::tape_error>([&] { positive.grad(); }), "grad: v1 = v0 > 0 " + recorded));

  xg::var<double> sum = t.constant(1.0);
  for (int i = 0; i < 5; ++i) sum = sum + t.constant(double(i));
  CHECK(contains(message_of<xg::tape_error>([&] { t.backward(sum); }), ", and 3 more; make those"));
}

TEST_CASE("thousands of sweeps over one recording") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3., 4., 5.});
  const xg::var y = x * x, z = xg::sum(y * x);
  for (int round = 0; round < 10'000; ++round) {
    t.backward(y, xt::ones<double>({5}));
    REQUIRE(x.grad()(4) == 10);
    REQUIRE(z.grad()() == 0);
    t.backward(z);
    REQUIRE(x.grad()(4) == 75);
  }
}

// The first contribution to an adjoint assigns, later ones add: whatever the order and the kind of use. Each case
// sweeps twice, so that what the first sweep left behind would show.
TEST_CASE("a variable used several times gathers every contribution") {
  for (const std::size_t n : {1u, 3u, 4u, 5u, 8u, 9u, 33u}) {
    CAPTURE(n);
    test::generator random{unsigned(n)};
    const array a = random.array({n}), row = random.array({1, n}), column = random.array({3, 1}),
                one = random.array({1});
    const double s0 = 1.5;
    xg::tape<double> t;
    const auto x = t.variable(a), r = t.variable(row), c = t.variable(column), e = t.variable(one), s = t.variable(s0);
    const auto twice = [&](const xg::var<double>& y) {
      t.backward(y);
      t.backward(xg::sum(x * 100) + xg::sum(r) + xg::sum(c) + e + s);
      t.backward(y);
    };

    twice(xg::sum(x * x * x));  // in one statement, not broadcast
    CHECK(test::distance(x.grad(), 3 * a * a) < 1e-14);

    twice(xg::sum(s * x * s));  // broadcast twice in one statement
    CHECK(test::distance(s.grad()(), 2 * s0 * xt::sum(a)()) < 1e-13);
    CHECK(test::distance(x.grad(), s0 * s0 * xt::ones<double>({n})) < 1e-14);

    twice(xg::sum((s + x) * (e + x)));  // scalar and one-element array
    CHECK(test::distance(s.grad()(), double(n) * one(0) + xt::sum(a)()) < 1e-13);
    CHECK(test::distance(e.grad()(0), double(n) * s0 + xt::sum(a)()) < 1e-13);

    twice(xg::sum(r * c * r + c));  // rows and columns
    CHECK(test::distance(r.grad(), 2 * row * xt::sum(column)()) < 1e-13);
    CHECK(test::distance(c.grad(), xt::sum(row * row)() + double(n) * xt::ones<double>({3, 1})) < 1e-13);

    const xg::var p = x * 2, q = x * x;  // in several statements, in every order of broadcast and not
    twice(xg::sum(c * x) + xg::sum(p) + xg::sum(q));
    CHECK(test::distance(x.grad(), xt::sum(column)() + 2 + 2 * a) < 1e-13);
    const xg::var broadcast = c * x, plain = x * x;
    twice(xg::sum(plain) + xg::sum(broadcast));
    CHECK(test::distance(x.grad(), xt::sum(column)() + 2 * a) < 1e-13);

    twice(xg::matmul(x, x));  // both operands of a structured op
    CHECK(test::distance(x.grad(), 2 * a) < 1e-14);
    twice(xg::matmul(x, x) + xg::sum(x * 3) + x(0) + xg::sum(xg::view(x, {xt::range(0, 1)})) +
          xg::sum(xg::reshape(x, {-1, 1})));
    array expected = 2 * a + 4;
    expected(0) += 2;
    CHECK(test::distance(x.grad(), expected) < 1e-14);
  }
}

TEST_CASE("no_gradient_scope makes results constants") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  xg::var<double> inside;
  {
    const xg::tape<double>::no_gradient_scope scope(t);
    inside = x * x;
    {
      const xg::tape<double>::no_gradient_scope nested(t);
      CHECK_FALSE(xg::sum(x).requires_grad());
    }
    CHECK_FALSE(xg::sum(x).requires_grad());
  }
  CHECK_FALSE(inside.requires_grad());
  CHECK(test::identical(inside.value(), array{1., 4.}));
  const xg::var y = xg::sum(inside * x);
  CHECK(y.requires_grad());
  t.backward(y);
  CHECK(test::identical(x.grad(), array{1., 4.}));  // inside counts as a constant
  CHECK_THROWS_AS(inside.grad(), xg::tape_error);
}

TEST_CASE("replay recomputes what was recorded in a no_gradient_scope") {
  xg::tape<double> t;
  const auto x = t.variable(2.0);
  xg::var<double> y;
  {
    const xg::tape<double>::no_gradient_scope scope(t);
    y = x * x;
  }
  t.set(x, 3.0);
  t.replay();
  CHECK(y.item() == 9);
}

TEST_CASE("a broadcast operand's adjoint has the operand's shape (pytorch #1787, burn #181)") {
  xg::tape<double> t;
  const auto W = t.variable(xt::ones<double>({5, 3})), bias = t.variable(array{1., 2., 3.}),
             column = t.variable(test::shaped({5, 1}, {1., 1., 1., 1., 1.}));
  const xg::var y = W * column + bias;
  t.backward(xg::sum(y));
  CHECK(test::identical(bias.grad(), array{5., 5., 5.}));
  CHECK(test::identical(column.grad(), test::shaped({5, 1}, {3., 3., 3., 3., 3.})));
  CHECK(xg::gradient(xg::sum(y), bias).shape() == xg::shape_t{3});
}

TEST_CASE("backward twice gives the gradient, not twice the gradient (micrograd PR 102, torch/nn #792)") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  const auto y = xg::sum(x * x);
  t.backward(y);
  t.backward(y);
  CHECK(test::identical(x.grad(), array{2., 4.}));
}
