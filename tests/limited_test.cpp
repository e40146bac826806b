// backward limited to chosen variables: the right gradients, and no work for the others.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::line_below;
using test::message_of;

namespace {

struct counts {
  int kernels = 0, contributions = 0;
};

/// The product of two arrays of one shape; counts what is asked of it.
struct counted_product {
  static constexpr const char* name = "counted_product";
  counts* count = nullptr;

  xg::shape_t shape(xg::shape_view a, xg::shape_view) const { return a; }
  void forward(xg::array<double> y, xg::array<const double> a, xg::array<const double> b) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = a.data[i] * b.data[i];
  }
  xg::var<double> vjp(std::size_t k, const xg::var<double>& g, const xg::var<double>&, const xg::var<double>& a,
                      const xg::var<double>& b) const {
    ++count->contributions;
    return g * (k == 0 ? b : a);
  }
};

struct counted_kernel : counted_product {
  void backward(xg::array<const double> g, xg::array<const double>, xg::array<const double> a,
                xg::array<const double> b, xg::adjoint<double> da, xg::adjoint<double> db) const {
    ++count->kernels;
    if (da) ++count->contributions, da.add_each([&](std::size_t i) { return g.data[i] * b.data[i]; });
    if (db) ++count->contributions, db.add_each([&](std::size_t i) { return g.data[i] * a.data[i]; });
  }
};

}  // namespace

TEST_CASE_TEMPLATE("a limited sweep does the work for its variables only", Op, counted_product, counted_kernel) {
  xg::tape<double> t;
  counts n;
  Op op;
  op.count = &n;
  const auto x = t.variable(array{1., 2.}), W = t.variable(array{3., 4.}), V = t.variable(array{5., 6.});
  const xg::var h = xg::record(op, x, W), y = xg::record(op, h, V), l = xg::sum(y);  // Σ x W V
  t.backward(l);
  CHECK(n.contributions == 4);

  n = {};
  t.backward(l, {V});  // h is not needed, nor what it is made of
  CHECK(n.contributions == 1);
  CHECK(n.kernels <= 1);
  CHECK(test::identical(V.grad(), array{3., 8.}));

  n = {};
  t.backward(l, {W});
  CHECK(n.contributions == 2);  // by h, by W
  CHECK(test::identical(W.grad(), array{5., 12.}));
  CHECK(test::identical(h.grad(), array{5., 6.}));  // on the way
  CHECK(l.grad()() == 1);

  n = {};
  t.backward(l, {W, V});
  CHECK(n.contributions == 3);
  CHECK(test::identical(W.grad(), array{5., 12.}));
  CHECK(test::identical(V.grad(), array{3., 8.}));

  n = {};
  t.backward(l);  // and everything again
  CHECK(n.contributions == 4);
  CHECK(test::identical(x.grad(), array{15., 24.}));
}

TEST_CASE("the gradient of what was left out is an error, not zeros") {
  xg::tape<double> t;
  const auto W = t.variable(array{1., 2.}), b = t.variable(3.0);
  const std::string made = line_below();
  const auto x = t.variable(array{5., 6.});
  const xg::var left = b * b, l = xg::sum(W * x + left);
  t.backward(l);
  t.backward(l, {W});
  CHECK(test::identical(W.grad(), array{5., 6.}));
  const std::string where = line_below();
  std::string m = message_of<xg::tape_error>([&] { x.grad(); });
  CHECK(contains(m, "grad: the last backward was limited to other variables, and v2 " + made + " is not among them"));
  CHECK(contains(m, where));
  CHECK_THROWS_AS(b.grad(), xg::tape_error);
  CHECK_THROWS_AS(left.grad(), xg::tape_error);
  const auto late = t.variable(1.0);
  CHECK_THROWS_AS(late.grad(), xg::tape_error);

  t.backward(l, {late, W});  // l does not depend on it: zero, as ever
  CHECK(late.grad()() == 0);
  t.backward(l, {late});
  CHECK(late.grad()() == 0);
  CHECK(l.grad()() == 1);
  CHECK_THROWS_AS(W.grad(), xg::tape_error);
  t.backward(l, {});
  CHECK_THROWS_AS(W.grad(), xg::tape_error);
  t.backward(l, {l});
  CHECK(l.grad()() == 1);
  t.backward(l);
  CHECK(b.grad()() == 12);
  CHECK(late.grad()() == 0);
}

TEST_CASE("a list, a vector, a seed, expressions and intermediate variables") {
  xg::tape<double> t;
  const auto a = t.variable(array{1., 2.}), b = t.variable(array{3., 4.});
  const xg::var h = a * a, y = h * b;
  const std::vector<xg::var<double>> list{a, b};
  t.backward(xg::sum(y), list);
  CHECK(test::identical(a.grad(), array{6., 16.}));
  CHECK(test::identical(b.grad(), array{1., 4.}));
  t.backward(y, array{1., 10.}, {a});
  CHECK(test::identical(a.grad(), array{6., 160.}));
  CHECK_THROWS_AS(b.grad(), xg::tape_error);
  t.backward(y, 2 * array{1., 10.}, list);
  CHECK(test::identical(b.grad(), array{2., 80.}));
  t.backward(y, array{1., 10.}, {h});
  CHECK(test::identical(h.grad(), array{3., 40.}));
  CHECK_THROWS_AS(a.grad(), xg::tape_error);  // behind h
  t.backward(xg::sum(y * 2), {b});            // an expression
  CHECK(test::identical(b.grad(), array{2., 8.}));
}

TEST_CASE("a constant in the list is named with the line that made it, and leaves the last gradients alone") {
  xg::tape<double> t;
  const std::string made = line_below();
  const auto c = t.constant(array{1., 2.});
  const auto x = t.variable(array{3., 4.});
  const xg::var l = xg::sum(c * x);
  t.backward(l);
  const std::string where = line_below();
  const std::string m = message_of<xg::tape_error>([&] { t.backward(l, {x, c}); });
  CHECK(contains(m, "backward: v0 " + made + " is a constant"));
  CHECK(contains(m, where));
  CHECK(test::identical(x.grad(), array{1., 2.}));
  xg::tape<double> other;
  CHECK_THROWS_AS(t.backward(l, {other.variable(1.0)}), xg::tape_error);
}

TEST_CASE("a limited sweep that fails gives every adjoint back") {
  xg::tape<double> t;
  const auto x = t.variable(array{0., 1.}), w = t.variable(array{2., 3.});
  const xg::var l = xg::sum(xt::sqrt(x) * w);
  t.detect_anomaly();
  CHECK_THROWS_AS(t.backward(l, {x}), xg::value_error);
  CHECK(w.requires_grad());
  const auto unused = t.variable(1.0);
  t.backward(l, {unused});  // a sweep with nothing to do is none that failed
  CHECK(unused.grad()() == 0);
  t.backward(l, {w});  // what is infinite is not computed
  CHECK(test::identical(w.grad(), array{0., 1.}));
  t.detect_anomaly(false);
  t.backward(l);
  CHECK(test::identical(w.grad(), array{0., 1.}));
}

TEST_CASE("limited sweeps allocate nothing once warm, and survive rewind") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.}), w = t.variable(array{2., 3.});
  const std::vector<xg::var<double>> list{w};
  const auto start = t.mark();
  std::size_t before = 0;
  for (int round = 0; round < 5; ++round) {
    if (round == 2) before = test::allocations();
    t.rewind(start);
    const xg::var l = xg::sum(x * w);
    t.backward(l, list);
    if (w.grad()(1) != 2) FAIL_CHECK("wrong gradient");
  }
  CHECK(test::allocations() == before);
}
