// Checkpoints: the same numbers as without, from less memory.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::line_below;
using test::message_of;
using test::near;
using var = xg::var<double>;

namespace {

const array start{0.3, -0.7, 1.1}, weights{1.5, -0.5, 0.25};

/// A few steps that keep what they compute.
var steps(const var& x, const var& w, int n) {
  var y = x;
  for (int k = 0; k < n; ++k) y = xt::tanh(y * w) + xt::sin(y);
  return y;
}

struct outcome {
  array value, dx, dw;
  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome run(const auto& f) {
  xg::tape<double> t;
  const auto x = t.variable(start), w = t.variable(weights);
  const var y = f(x, w);
  t.backward(xg::sum(xt::square(y)));
  return {y.value(), x.grad(), w.grad()};
}

}  // namespace

TEST_CASE("a checkpoint gives the same numbers, nested too, and what it captures its gradient") {
  const outcome plain = run([](const var& x, const var& w) { return steps(steps(x, w, 4), w, 3); });
  CHECK(plain == run([](const var& x, const var& w) {
          return steps(xg::checkpoint([](const var& a, const var& b) { return steps(a, b, 4); }, x, w), w, 3);
        }));
  CHECK(plain == run([](const var& x, const var& w) {
          const var y = xg::checkpoint([w](const var& a) { return steps(a, w, 4); }, x);
          return xg::checkpoint([w](const var& a) { return steps(a, w, 3); }, y);
        }));
  CHECK(plain == run([](const var& x, const var& w) {
          return xg::checkpoint(
              [w](const var& a) {
                const var y = xg::checkpoint([](const var& b, const var& v) { return steps(b, v, 4); }, a, w);
                return steps(y, w, 3);
              },
              x);
        }));
  CHECK(plain == run([](const var& x, const var& w) {
          return xg::checkpoint([](std::span<const var> v) { return steps(steps(v[0], v[1], 4), v[1], 3); },
                                std::vector<var>{x, w});
        }));
}

TEST_CASE("a checkpoint whose result is an input, an expression, or does not depend on all") {
  xg::tape<double> t;
  const auto x = t.variable(start), w = t.variable(weights);
  const var same = xg::checkpoint([](const var& a, const var&) { return a; }, x, w);
  t.backward(xg::sum(same * same * x));
  CHECK(near(x.grad(), array(3 * start * start)));
  CHECK(array(w.grad()) == array(0 * start));
  const var product = xg::checkpoint([](const var& a, const var& b) { return a * b; }, 2 * x, w);
  t.backward(xg::sum(product));
  CHECK(array(x.grad()) == array(2 * weights));
}

TEST_CASE("a checkpoint is replayed, and swept again") {
  xg::tape<double> t;
  const auto x = t.variable(start), w = t.variable(weights);
  const auto f = [](const var& a, const var& b) { return steps(a, b, 5); };
  const var l = xg::sum(xt::square(xg::checkpoint(f, x, w)));
  for (double scale : {1.0, 0.5, -2.0}) {
    t.set(x, scale * start);
    t.replay();
    xg::tape<double> fresh;
    const auto a = fresh.variable(array(scale * start)), b = fresh.variable(weights);
    const var m = xg::sum(xt::square(f(a, b)));
    fresh.backward(m);
    for (int twice = 0; twice < 2; ++twice) {
      t.backward(l);
      CHECK(l.item() == m.item());
      CHECK(array(x.grad()) == array(a.grad()));
      CHECK(array(w.grad()) == array(b.grad()));
    }
    t.backward(l, {w});
    CHECK(array(w.grad()) == array(b.grad()));
  }
}

TEST_CASE("every order and forward tangents pass through a checkpoint") {
  const auto of = [](bool kept) {
    xg::tape<double> t;
    const auto x = t.variable(start), w = t.variable(weights);
    const auto f = [w](const var& a) { return steps(a, w, 3); };
    const var l = xg::sum(xt::square(kept ? f(x) : xg::checkpoint(f, x)));
    const var g = xg::gradient(l, x);
    const var h = xg::gradient(xg::sum(g * weights), w);
    const var third = xg::gradient(xg::sum(h), x), j = xg::jvp(l, {x, w}, {weights, start});
    return std::vector<array>{g.value(), h.value(), third.value(), j.value()};
  };
  const auto kept = of(true), dropped = of(false);
  for (std::size_t k = 0; k < kept.size(); ++k) CHECK(xt::allclose(kept[k], dropped[k], 1e-13, 0));
  CHECK(xg::gradcheck([](const var& x) { return xg::checkpoint([](const var& a) { return xt::sin(a) * a; }, x); },
                      start));
}

TEST_CASE("draws in a checkpoint are the same when computed again, and others at a replay") {
  const auto record = [](xg::tape<double>& t, const var& x, xg::rng& from, bool kept) {
    const auto f = [&t, &from](const var& a) {
      const var noisy = a * xg::normal(t, {3}, from);
      const auto inner = [&t, &from](const var& b) { return b * xg::normal(t, {3}, from) * b; };
      return xg::checkpoint(inner, noisy) + xg::uniform(t, {3}, from) * a;
    };
    return xg::sum(kept ? var(f(x)) : xg::checkpoint(f, x));
  };
  xg::rng one(7), two(7);
  xg::tape<double> t, u;
  const auto x = t.variable(start), y = u.variable(start);
  const var kept = record(t, x, one, true), dropped = record(u, y, two, false);
  std::vector<double> seen;
  for (int round = 0; round < 3; ++round) {
    if (round > 0) t.replay(), u.replay();
    CHECK(kept.item() == dropped.item());
    for (double before : seen) CHECK(kept.item() != before);
    seen.push_back(kept.item());
    for (int twice = 0; twice < 2; ++twice) {
      t.backward(kept), u.backward(dropped);
      CHECK(array(x.grad()) == array(y.grad()));
    }
  }
}

TEST_CASE("a parameter that is borrowed in a checkpoint gets its gradient; store stores once") {
  xg::parameter<double> p(weights, "p"), kept(array{0, 0, 0});
  xg::tape<double> t;
  const auto x = t.variable(start);
  const var y = xg::checkpoint(
      [&](const var& a) {
        const var b = a * t.borrow(p);
        xg::store(b, kept);
        return b;
      },
      x);
  CHECK(array(kept.value()) == array(start * weights));
  const auto version = kept.version();
  t.backward(xg::sum(xt::square(y)));
  CHECK(kept.version() == version);
  CHECK(array(t.borrow(p).grad()) == array(2 * start * weights * start));
  p.write() *= 2;
  t.replay();
  CHECK(array(kept.value()) == array(2 * start * weights));
}

TEST_CASE("a checkpoint keeps neither values nor adjoints of what it computes") {
  const auto peak = [](bool kept) {
    xg::tape<double> t;
    const auto w = t.variable(xt::ones<double>({1000}));
    const auto segment = [w](const var& a) {
      var y = a;
      for (int k = 0; k < 16; ++k) y = xt::tanh(y * w);
      return y;
    };
    var y = t.variable(xt::ones<double>({1000}));
    for (int k = 0; k < 16; ++k) y = kept ? segment(y) : xg::checkpoint(segment, y);
    t.backward(xg::sum(y));
    return t.memory();
  };
  CHECK(peak(false) < peak(true) / 3);  // 16 results and those of one segment, instead of 256
}

TEST_CASE("a checkpoint that goes wrong says so") {
  xg::tape<double> t;
  const auto x = t.variable(start);
  const std::size_t nodes = t.nodes();
  CHECK_THROWS_AS(xg::checkpoint([](const var&) -> var { throw std::runtime_error("no"); }, x), std::runtime_error);
  CHECK(t.nodes() == nodes);
  int calls = 0;
  const var y = xg::checkpoint([&](const var& a) { return ++calls > 1 ? var(xg::sum(a)) : var(a * a); }, x);
  CHECK(contains(message_of<xg::shape_error>([&] { t.backward(xg::sum(y)); }),
                 "first and one of () when it was called again; it must record the same each time"));
  CHECK(contains(message_of<xg::tape_error>([&] { xg::checkpoint([](const var& a) { return a; }, var(2.0)); }),
                 "checkpoint: none of the operands is a variable"));
}

TEST_CASE("checkpoint: operands that depend on each other are counted once, at every order") {
  xg::tape<double> t;
  const auto x = t.variable(3.0);
  const xg::var c = x * x;
  const xg::var captured = xg::checkpoint([c](const auto&v) { return v * c; }, x),
                given = xg::checkpoint([](const auto&v, const auto&w) { return v * w; }, x, c),
                twice = xg::checkpoint([](const auto&v, const auto&w) { return v * w * v; }, x, x);
  for (const xg::var<double>& y : {captured, given, twice}) {
    t.backward(y);
    CHECK(x.grad()() == 27);
    const xg::var g = xg::gradient(y, x);
    CHECK(g.item() == 27);
    CHECK(xg::gradient(g, x).item() == 18);
    CHECK(xg::jvp(y, x, 1).item() == 27);
    CHECK(xg::jvp(g, x, 1).item() == 18);
    const xg::tape<double>::no_gradient_scope constants(t);
    CHECK(xg::gradient(y, x).item() == 27);
  }
}
