// Borrowed leaves, and what is stored to a parameter.
#include <doctest/doctest.h>

#include <thread>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::message_of;
using test::near;
using var = xg::var<double>;

TEST_CASE("a borrowed parameter is not copied, and is one variable") {
  xg::parameter<double> p(array{1, 2, 3}, "weight");
  xg::tape<double> t;
  const auto w = t.borrow(p), again = t.borrow(p);
  CHECK(w.id() == again.id());
  CHECK(w.value().data() == p.data());
  CHECK(w.name() == "weight");
  const var y = xg::sum(w * w);
  t.backward(y);
  CHECK(near(w.grad(), array{2, 4, 6}));
  p.write() -= 0.5 * w.grad();
  CHECK(contains(message_of<xg::tape_error>([&] { t.backward(y); }), "the leaf weight"));
  CHECK_THROWS_AS(y.item(), xg::tape_error);
  t.replay();
  CHECK(y.item() == 0);
  CHECK(contains(message_of<xg::tape_error>([&] { t.set(w, array{1, 2, 3}); }), "is borrowed"));
}

TEST_CASE("recorded anew after a change, a borrowed parameter is up to date") {
  xg::parameter<double> p(2.0);
  xg::tape<double> t;
  const auto start = t.mark();
  const auto w = t.borrow(p);
  const auto after = t.mark();
  for (int step = 0; step < 3; ++step) {
    t.rewind(after);
    const var y = w * w;
    t.backward(y);
    p.write() *= 2;
  }
  CHECK(p.value()() == 16);
  t.rewind(start);
  CHECK((t.borrow(p) * 1).item() == 16);
}

TEST_CASE("copies of parameters are deep; assignment keeps the place") {
  xg::parameter<double> p(array{1, 2});
  const xg::parameter<double> best = p;
  xg::tape<double> t;
  const var y = xg::sum(t.borrow(p));
  p.set(array{5, 6});
  CHECK(best.value()(0) == 1);
  const double* place = p.data();
  p = best;
  CHECK(p.data() == place);
  t.replay();
  CHECK(y.item() == 3);
  CHECK(contains(message_of<xg::shape_error>([&] { p.set(array{1, 2, 3}); }), "set: the new value has shape (3)"));
  CHECK(contains(message_of<xg::tape_error>([&] {
                   xg::parameter<double> none;
                   t.borrow(none);
                 }),
                 "the parameter is empty"));
}

TEST_CASE("a frozen parameter is a constant") {
  xg::parameter<double> p(array{1, 2});
  xg::tape<double> t;
  const auto frozen = t.freeze(p), free = t.borrow(p);
  CHECK_FALSE(frozen.requires_grad());
  CHECK(free.requires_grad());
  CHECK_FALSE(t.borrow(std::as_const(p)).requires_grad());
  const var y = xg::sum(frozen * free);
  t.backward(y);
  CHECK(near(free.grad(), array{1, 2}));
}

TEST_CASE("tapes outlive a parameter they borrow") {
  xg::tape<double> t;
  var y;
  {
    xg::parameter<double> p(array{1, 2});
    y = xg::sum(t.borrow(p));
  }
  t.replay();
  CHECK(y.item() == 3);
}

TEST_CASE("two tapes on two threads borrow one parameter") {
  xg::parameter<double> p(array{1, 2, 3});
  array g[2];
  const auto work = [&](int i) {
    xg::tape<double> t;
    const auto w = t.borrow(p);
    const var y = xg::sum(w * w * double(i + 1));
    for (int k = 0; k < 100; ++k) {
      t.backward(y);
      t.replay();
    }
    g[i] = w.grad();
  };
  std::thread a(work, 0), b(work, 1);
  a.join();
  b.join();
  CHECK(near(g[0], array{2, 4, 6}));
  CHECK(near(g[1], array{4, 8, 12}));
}

TEST_CASE("store writes when it is recorded and when it is replayed, not when values are computed again") {
  xg::parameter<double> running(array{0, 0});
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0});
  xg::store(x * 2, running);
  CHECK(near(running.value(), array{2, 4}));
  t.set(x, array{3, 4});
  t.replay();
  CHECK(near(running.value(), array{6, 8}));
  t.ledger().recomputes = true;
  t.set(x, array{0, 0});
  t.replay();
  t.ledger().recomputes = false;
  CHECK(near(running.value(), array{6, 8}));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::store(xg::sum(x), running); }),
                 "store: the variable has shape ()"));
  const var average = 0.9 * t.freeze(running) + 0.1 * x;
  xg::store(average, running);
  CHECK(near(running.value(), array{5.4, 7.2}));
}
