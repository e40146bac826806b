// The contract of structured ops: plans, lists of operands, several results, aliases, vjps.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::line_below;
using test::message_of;
using test::near;

namespace {

using to = xg::array<double>;
using from = xg::array<const double>;
using var = xg::var<double>;

/// Σ k·x_k over a list.
struct weighted_op {
  static constexpr const char* name = "weighted";
  int* plans = nullptr;
  double* weights = nullptr;

  xg::shape_t shape(std::span<const xg::shape_view> x) const {
    for (const xg::shape_view& s : x)
      if (!(s == x.front())) throw xg::shape_error(xg::to_string(s) + " differs from " + xg::to_string(x.front()));
    return x.front();
  }
  void plan(xg::workspace& w, std::span<const xg::shape_view> x) {
    if (plans) ++*plans;
    weights = w.array<double>(x.size());
    for (std::size_t k = 0; k < x.size(); ++k) weights[k] = double(k + 1);
  }
  void forward(to y, std::span<const from> x) const {
    std::fill_n(y.data, y.size, 0.0);
    for (std::size_t k = 0; k < x.size(); ++k)
      for (std::size_t i = 0; i < y.size; ++i) y.data[i] += weights[k] * x[k].data[i];
  }
  var vjp(std::size_t k, const var& g, const var&, std::span<const var>) const { return g * double(k + 1); }
};
struct weighted_kernel_op : weighted_op {
  void backward(from g, from, std::span<const from>, std::span<const xg::adjoint<double>> dx) const {
    for (std::size_t k = 0; k < dx.size(); ++k)
      if (dx[k]) dx[k].add_each([&](std::size_t i) { return weights[k] * g.data[i]; });
  }
};

/// x², its sum, and e^x: three results of different shapes.
struct three_op {
  static constexpr const char* name = "three";

  std::array<xg::shape_t, 3> shapes(xg::shape_view x) const { return {x, {}, x}; }
  void forward(std::span<const to> y, from x) const {
    *y[1].data = 0;
    for (std::size_t i = 0; i < x.size; ++i) {
      *y[1].data += y[0].data[i] = x.data[i] * x.data[i];
      y[2].data[i] = std::exp(x.data[i]);
    }
  }
  var vjp(std::span<const var> g, std::span<const var> y, const var& x) const {
    return 2 * x * (g[0] + g[1]) + g[2] * y[2];
  }
};
struct three_kernel_op : three_op {
  void backward(std::span<const from> g, std::span<const from> y, from x, xg::adjoint<double> dx) const {
    dx.add_each(
        [&](std::size_t i) { return 2 * x.data[i] * (g[0].data[i] + *g[1].data) + g[2].data[i] * y[2].data[i]; });
  }
};

/// a·b, whose gradients are made together.
struct product_op {
  static constexpr const char* name = "product";
  int* calls;
  xg::shape_t shape(xg::shape_view a, xg::shape_view) const { return a; }
  void forward(to y, from a, from b) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = a.data[i] * b.data[i];
  }
  std::array<var, 2> vjps(std::span<const bool> wanted, const var& g, const var&, const var& a, const var& b) const {
    ++*calls;
    return {wanted[0] ? var(g * b) : var(), wanted[1] ? var(g * a) : var()};
  }
};

template <class Op>
void check_three() {
  xg::tape<double> t;
  const auto x = t.variable(array{0.5, -1, 2});
  const auto [square, sum, power] = xg::record(Op{}, x);
  CHECK(near(square.value(), array{0.25, 1, 4}));
  CHECK(sum.item() == 5.25);
  CHECK(near(power.value(), array(xt::exp(x.value()))));
  const array e = xt::exp(x.value());

  t.backward(xg::sum(square * power) + 3 * sum);
  CHECK(near(x.grad(), array((2 * x.value() + x.value() * x.value()) * e + 6 * x.value())));
  CHECK(near(square.grad(), e));
  CHECK(sum.grad()() == 3);

  t.backward(sum);  // one of them alone: the others are zero, whatever the last sweep left
  CHECK(near(x.grad(), array(2 * x.value())));
  CHECK(near(power.grad(), array{0, 0, 0}));
  t.backward(xg::sum(power));
  CHECK(near(x.grad(), e));
  t.backward(xg::sum(square * power), {square});  // limited to a part
  CHECK(near(square.grad(), e));
  CHECK_THROWS_AS(x.grad(), xg::tape_error);
  t.backward(xg::sum(square * power), {x});
  CHECK(near(x.grad(), array((2 * x.value() + x.value() * x.value()) * e)));

  const var g = xg::gradient(xg::sum(square * power), x), h = xg::gradient(xg::sum(g), x);
  CHECK(near(g.value(), array((2 * x.value() + x.value() * x.value()) * e)));
  CHECK(near(h.value(), array((2 + 4 * x.value() + x.value() * x.value()) * e)));
  CHECK(near(xg::gradient(sum, x).value(), array(2 * x.value())));
  CHECK(near(xg::gradient(xg::sum(square * power), square).value(), e));

  t.set(x, array{1, 2, 3});
  CHECK(contains(message_of<xg::tape_error>([&] { power.value(); }), "was set"));
  t.replay();
  CHECK(sum.item() == 14);
  CHECK(near(h.value(), array((2 + 4 * x.value() + x.value() * x.value()) * xt::exp(x.value()))));

  t.detect_anomaly();
  t.backward(xg::sum(power));  // what was not reached is not looked at
  CHECK(near(x.grad(), array(xt::exp(x.value()))));
}

}  // namespace

TEST_CASE("an op takes a list of operands, and plans once") {
  for (const bool kernel : {false, true}) {
    xg::tape<double> t;
    std::vector<var> x;
    for (int k = 0; k < 70; ++k) x.push_back(t.variable(array{1.0 * k, 1}));
    int plans = 0;
    const weighted_op plain{&plans};
    const var y = kernel ? xg::record(weighted_kernel_op{plain}, x) : xg::record(plain, x);
    double expected = 0;
    for (int k = 0; k < 70; ++k) expected += k * (k + 1);
    CHECK(near(y.value(), array{expected, 70 * 71 / 2.}));
    t.backward(xg::sum(y * y), {x[69]});
    CHECK(near(x[69].grad(), array(2 * 70 * y.value())));
    t.backward(xg::sum(y * y));
    for (int k = 0; k < 70; ++k) CHECK(near(x[std::size_t(k)].grad(), array(2 * (k + 1) * y.value())));
    const var g = xg::gradient(xg::sum(y * y), x[69]);
    CHECK(near(xg::gradient(xg::sum(g), x[68]).value(), array{2 * 69 * 70., 2 * 69 * 70.}));
    t.set(x[1], array{5., 1});
    t.replay();
    CHECK(plans == 1);
    CHECK(y.value()(0) == expected + 2 * 4);
  }
}

TEST_CASE("lists with numbers, one variable twice, misfits") {
  xg::tape<double> t;
  const auto a = t.variable(2.0);
  const var y = xg::record(weighted_kernel_op{}, {a, var(3), a});
  CHECK(y.item() == 2 + 6 + 6);
  t.backward(y);
  CHECK(a.grad()() == 4);
  const auto b = t.variable({1.0, 2.0}).named("b");
  const std::size_t before = t.variables();
  const std::string where = line_below();
  const std::string m = message_of<xg::shape_error>([&] { xg::record(weighted_op{}, {a, b}); });
  CHECK(contains(m, "weighted: (2) differs from ()"));
  CHECK(contains(m, where));
  CHECK(t.variables() == before);
  CHECK(contains(message_of<xg::tape_error>([&] { xg::record(weighted_op{}, std::vector<var>{}); }), "weighted: none"));
}

TEST_CASE("an op has several results, which alias one slot") {
  check_three<three_op>();
  check_three<three_kernel_op>();
}

TEST_CASE("parts are cleared and rewound with their node") {
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0});
  const auto start = t.mark();
  for (int round = 0; round < 3; ++round) {
    t.rewind(start);
    const auto [a, b, c] = xg::record(three_kernel_op{}, x);
    CHECK(t.nodes() == 4);
    CHECK(a.value().data() + 2 == b.value().data());
    CHECK(b.value().data() + 1 == c.value().data());
    t.backward(xg::sum(a * c) + b);
  }
}

TEST_CASE("vjps makes all gradients at once") {
  xg::tape<double> t;
  int calls = 0;
  const auto a = t.variable({1.0, 2.0}), b = t.variable({3.0, 4.0});
  const var y = xg::sum(xg::record(product_op{&calls}, a, b));
  t.backward(y);
  CHECK(near(a.grad(), array{3, 4}));
  CHECK(near(b.grad(), array{1, 2}));
  CHECK(calls == 1);
  const auto g = xg::gradient(y, {a, b});
  CHECK(calls == 2);
  CHECK(near(xg::gradient(xg::sum(g[0]), b).value(), array{1, 1}));
  t.backward(y, {b});
  CHECK(near(b.grad(), array{1, 2}));
}

TEST_CASE("reshapes, leading slices and elements are not copied; their adjoints are their own") {
  xg::tape<double> t;
  const auto x = t.variable(array{{1, 2, 3}, {4, 5, 6}});
  const double* data = x.value().data();
  const var flat = xg::reshape(x, {-1}), row = xg::view(x, {1}), wide = xg::view(x, {xt::newaxis(), xt::all()});
  const var element = x(1, 2), column = xg::view(x, {xt::all(), 0});
  CHECK(flat.value().data() == data);
  CHECK(row.value().data() == data + 3);
  CHECK(wide.value().data() == data);
  CHECK(element.value().data() == data + 5);
  CHECK(column.value().data() != data);
  t.backward(xg::sum(flat * flat) + xg::sum(row) * element);
  CHECK(near(flat.grad(), array{2, 4, 6, 8, 10, 12}));
  CHECK(near(row.grad(), array{6, 6, 6}));
  CHECK(near(x.grad(), array{{2, 4, 6}, {14, 16, 18 + 15}}));
  t.set(x, 2 * x.value());
  CHECK_THROWS_AS(row.value(), xg::tape_error);
  t.replay();
  CHECK(near(row.value(), array{8, 10, 12}));
  const auto one = t.variable(test::shaped({1, 1}, {7.}));
  const var scalar = xg::reshape(one, {});
  CHECK(scalar.value().data() == one.value().data());
  t.backward(scalar * scalar);
  CHECK(one.grad()(0, 0) == 14);
}
