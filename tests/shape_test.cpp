// Shapes: broadcasting, reductions, arrays without elements, and how loops over them are merged.
#include <doctest/doctest.h>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;
using shape_type = std::vector<std::size_t>;

namespace {

/// Where position `at` of a row-major space reads an array that broadcasts into it.
std::size_t broadcast_offset(std::size_t at, const shape_type& space, const shape_type& shape) {
  std::size_t offset = 0, stride = 1;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const std::size_t extent = space[space.size() - 1 - d], own = shape[shape.size() - 1 - d];
    if (own != 1) offset += at % extent * stride;
    at /= extent;
    stride *= own;
  }
  return offset;
}

std::size_t count_of(const shape_type& shape) {
  std::size_t n = 1;
  for (std::size_t extent : shape) n *= extent;
  return n;
}

/// A random shape that broadcasts into the space: fewer dimensions, some of extent 1.
shape_type narrowed(const shape_type& space, test::generator& random) {
  shape_type shape(space.begin() + std::ptrdiff_t(random.integer(0, space.size())), space.end());
  for (std::size_t& extent : shape)
    if (random.integer(0, 2) == 0) extent = 1;
  return shape;
}

shape_type common(const std::vector<shape_type>& shapes) {
  xg::shape_t all;
  for (const shape_type& s : shapes) REQUIRE(xg::broadcast_into(all, xg::shape_t(s.begin(), s.end())));
  return {all.begin(), all.end()};
}

}  // namespace

TEST_CASE("two operands of random shapes broadcast as in xtensor; adjoints are summed back") {
  test::generator random(11);
  for (int round = 0; round < 1500; ++round) {
    shape_type space(random.integer(0, 5));
    for (std::size_t& extent : space) extent = random.integer(0, 4);
    const array a = random.array(narrowed(space, random)), b = random.array(narrowed(space, random), 1, 2);
    const shape_type sa(a.shape().begin(), a.shape().end()), sb(b.shape().begin(), b.shape().end()),
        out = common({sa, sb});
    CAPTURE(xg::to_string(test::shape_of(a)));
    CAPTURE(xg::to_string(test::shape_of(b)));

    xg::tape<double> t;
    const auto x = t.variable(a), y = t.variable(b);
    const xg::var z = x / y;
    REQUIRE(z.shape() == out);
    const array expected = a / b;
    REQUIRE(test::distance(z.value(), expected) < 1e-15);

    const array seed = random.array(out);
    array da = xt::zeros_like(a), db = xt::zeros_like(b);
    for (std::size_t i = 0; i < count_of(out); ++i) {
      const std::size_t ia = broadcast_offset(i, out, sa), ib = broadcast_offset(i, out, sb);
      da.flat(ia) += seed.flat(i) / b.flat(ib);
      db.flat(ib) -= seed.flat(i) * a.flat(ia) / (b.flat(ib) * b.flat(ib));
    }
    for (int sweep = 0; sweep < 2; ++sweep) {
      t.backward(z, seed);
      REQUIRE(test::distance(x.grad(), da) < 1e-12);
      REQUIRE(test::distance(y.grad(), db) < 1e-12);
    }
    const auto recorded = xg::gradient(z, {x, y}, xg::seed(seed));
    REQUIRE(test::distance(recorded[0].value(), da) < 1e-12);
    REQUIRE(test::distance(recorded[1].value(), db) < 1e-12);
  }
}

TEST_CASE("three operands of random shapes, elementwise and summed over random axes") {
  test::generator random(12);
  for (int round = 0; round < 1500; ++round) {
    shape_type space(random.integer(0, 5));
    for (std::size_t& extent : space) extent = random.integer(0, 4);
    const array a = random.array(narrowed(space, random)), b = random.array(narrowed(space, random)),
                c = random.array(narrowed(space, random));
    const shape_type sa(a.shape().begin(), a.shape().end()), sb(b.shape().begin(), b.shape().end()),
        sc(c.shape().begin(), c.shape().end()), out = common({sa, sb, sc});
    CAPTURE(xg::to_string(test::shape_of(a)));
    CAPTURE(xg::to_string(test::shape_of(b)));
    CAPTURE(xg::to_string(test::shape_of(c)));

    std::vector<std::ptrdiff_t> axes;
    shape_type kept = out, rest;
    for (std::size_t d = 0; d < out.size(); ++d) {
      if (random.integer(0, 1)) {
        axes.push_back(std::ptrdiff_t(d) - (random.integer(0, 1) ? std::ptrdiff_t(out.size()) : 0));
        kept[d] = 1;
      } else {
        rest.push_back(out[d]);
      }
    }

    xg::tape<double> t;
    const auto x = t.variable(a), y = t.variable(b), w = t.variable(c);
    const xg::var z = x * y + w;
    const auto s = xg::sum(x * y + w, axes);
    REQUIRE(z.shape() == out);
    REQUIRE(s.shape() == rest);
    const array seed = random.array(rest);
    array value = array::from_shape(out), total = xt::zeros<double>(rest), da = xt::zeros_like(a),
          db = xt::zeros_like(b), dc = xt::zeros_like(c);
    for (std::size_t i = 0; i < count_of(out); ++i) {
      const std::size_t ia = broadcast_offset(i, out, sa), ib = broadcast_offset(i, out, sb),
                        ic = broadcast_offset(i, out, sc), is = broadcast_offset(i, out, kept);
      const volatile double product =
          a.flat(ia) * b.flat(ib);  // not to be fused with the sum, as it is not in a kernel
      value.flat(i) = product + c.flat(ic);
      total.flat(is) += value.flat(i);
      da.flat(ia) += seed.flat(is) * b.flat(ib);
      db.flat(ib) += seed.flat(is) * a.flat(ia);
      dc.flat(ic) += seed.flat(is);
    }
    REQUIRE(test::identical(z.value(), value));
    REQUIRE(test::distance(s.value(), total) < 1e-12);
    for (int sweep = 0; sweep < 2; ++sweep) {
      t.backward(s, seed);
      REQUIRE(test::distance(x.grad(), da) < 1e-12);
      REQUIRE(test::distance(y.grad(), db) < 1e-12);
      REQUIRE(test::distance(w.grad(), dc) < 1e-12);
    }
    const auto recorded = xg::gradient(s, {x, y, w}, xg::seed(seed));
    REQUIRE(test::distance(recorded[0].value(), da) < 1e-12);
    REQUIRE(test::distance(recorded[1].value(), db) < 1e-12);
    REQUIRE(test::distance(recorded[2].value(), dc) < 1e-12);
  }
}

TEST_CASE("loops over neighbouring dimensions are merged where every operand allows it") {
  xg::arena memory;
  const auto plan = [&](const xg::shape_t& space, const std::vector<xg::shape_t>& operands) {
    std::vector<xg::shape_view> views(operands.begin(), operands.end());
    return *xg::walk::make(memory, space, views);
  };
  const xg::shape_t space{2, 3, 4, 5};
  CHECK(plan(space, {space, space}).row == 120);
  CHECK(plan(space, {space, space}).outer == 0);
  CHECK(plan(space, {space, {}}).row == 120);
  CHECK(plan(space, {space, {4, 5}}).row == 20);
  CHECK(plan(space, {space, {4, 5}}).outer == 1);
  CHECK(plan(space, {space, {2, 3, 1, 1}}).row == 20);
  CHECK(plan(space, {space, {2, 3, 1, 1}}).outer == 1);
  CHECK(plan(space, {space, {3, 1, 5}}).row == 5);
  CHECK(plan(space, {space, {3, 1, 5}}).outer == 3);
  CHECK(plan({7, 1, 5}, {{7, 1, 5}, {1, 5}}).row == 5);
  CHECK(plan({1, 5, 1}, {{1, 5, 1}, {5, 1}}).outer == 0);
  CHECK(plan({}, {{}, {}}).row == 1);
  CHECK(plan({2, 0, 3}, {{2, 0, 3}}).count == 0);
}

TEST_CASE("arrays without elements") {
  xg::tape<double> t;
  const auto none = t.variable(array::from_shape({0, 3})), row = t.variable(array{1., 2., 3.}), s = t.variable(2.0);
  const xg::var z = none * row * s;
  CHECK(z.shape() == xg::shape_t{0, 3});
  CHECK(z.value().size() == 0);
  const auto total = xg::sum(z);
  CHECK(total.item() == 0);
  t.backward(total);
  CHECK(none.grad().size() == 0);
  CHECK(test::identical(row.grad(), array{0., 0., 0.}));
  CHECK(s.grad()() == 0);
  const auto columns = xg::sum(z, {0});
  CHECK(test::identical(columns.value(), array{0., 0., 0.}));
  t.backward(columns, array{1., 1., 1.});
  CHECK(test::identical(row.grad(), array{0., 0., 0.}));
  CHECK(xg::sum(z, {1}).shape() == xg::shape_t{0});
  CHECK(std::isnan(xg::mean(none).item()));
  CHECK(xg::matmul(none, row).shape() == xg::shape_t{0});
  const auto product = xg::matmul(xg::transpose(none), t.variable(array::from_shape({0, 2})));  // a sum over nothing
  CHECK(test::identical(product.value(), xt::zeros<double>({3, 2})));
  CHECK(xg::reshape(none, {3, 0}).shape() == xg::shape_t{3, 0});
  CHECK(xg::transpose(none).shape() == xg::shape_t{3, 0});
  const auto g = xg::gradient(total, {none, row});
  CHECK(g[0].shape() == xg::shape_t{0, 3});
  CHECK(test::identical(g[1].value(), array{0., 0., 0.}));
  t.replay();
  CHECK(total.item() == 0);
}

TEST_CASE("scalars and arrays of one element keep their dimensions") {
  xg::tape<double> t;
  const auto s = t.variable(2.0), one = t.variable(test::shaped({1}, {3.})),
             corner = t.variable(test::shaped({1, 1}, {4.}));
  CHECK(xg::var<double>(s * s).dimension() == 0);
  CHECK(xg::var<double>(s * one).shape() == xg::shape_t{1});
  const xg::var z = s * one + corner;
  CHECK(z.shape() == xg::shape_t{1, 1});
  CHECK(z.item() == 10);
  t.backward(z);
  CHECK(s.grad()() == 3);
  CHECK(one.grad()(0) == 2);
  CHECK(corner.grad()(0, 0) == 1);
  CHECK(xg::sum(s).item() == 2);
  CHECK(xg::mean(s).item() == 2);
  CHECK(xg::sum(corner).dimension() == 0);
  CHECK(xg::sum(corner, xg::keep_dims).shape() == xg::shape_t{1, 1});
  CHECK(xg::sum(corner, {0}).shape() == xg::shape_t{1});
}

TEST_CASE("sum and mean over axes equal xtensor's") {
  test::generator random(13);
  const array a = random.array({2, 3, 4, 5});
  xg::tape<double> t;
  const auto x = t.variable(a);
  const auto check = [&](const std::vector<std::ptrdiff_t>& axes, const std::vector<std::size_t>& plain) {
    CAPTURE(axes.size());
    CHECK(test::distance(xg::sum(x, axes).value(), array(xt::sum(a, plain))) < 1e-12);
    CHECK(test::distance(xg::sum(x, axes, xt::keep_dims).value(), array(xt::sum(a, plain, xt::keep_dims))) < 1e-12);
    CHECK(test::distance(xg::mean(x, axes).value(), array(xt::mean(a, plain))) < 1e-12);
    CHECK(test::distance(xg::mean(x, axes, xg::keep_dims).value(), array(xt::mean(a, plain, xt::keep_dims))) < 1e-12);
    const auto m = xg::mean(x, axes, xt::keep_dims);
    double n = 1;
    for (std::size_t axis : plain) n *= double(a.shape(axis));
    t.backward(xg::sum(m));
    CHECK(test::distance(x.grad(), array(xt::ones<double>({2, 3, 4, 5}) / n)) < 1e-14);
  };
  check({0}, {0});
  check({-1}, {3});
  check({1, 2}, {1, 2});
  check({-4, 3}, {0, 3});
  check({2, 0}, {0, 2});
  check({3, -3, 0}, {0, 1, 3});
  check({0, 1, 2, 3}, {0, 1, 2, 3});
  CHECK(test::distance(xg::sum(x).item(), xt::sum(a)()) < 1e-12);
  CHECK(test::distance(xg::mean(x).item(), xt::mean(a)()) < 1e-12);
  CHECK(xg::sum(x, xg::keep_dims).shape() == xg::shape_t{1, 1, 1, 1});
  CHECK(test::identical(xg::sum(x, std::vector<int>{}).value(), a));  // no axes: nothing is summed
}

TEST_CASE("an axis out of range or named twice is a shape_error with its line") {
  xg::tape<double> t;
  const auto x = t.variable(xt::ones<double>({2, 3}));
  std::string where = line_below();
  std::string m = message_of<xg::shape_error>([&] { xg::sum(x, {2}); });
  CHECK(contains(m, "sum: axis 2 is out of range for shape (2, 3)"));
  CHECK(contains(m, "-2..1"));
  CHECK(contains(m, where));
  where = line_below();
  m = message_of<xg::shape_error>([&] { xg::mean(x * x, {-3}, xt::keep_dims); });
  CHECK(contains(m, "mean: axis -3 is out of range"));
  CHECK(contains(m, where));
  where = line_below();
  m = message_of<xg::shape_error>([&] { xg::sum(x, {1, -1}); });
  CHECK(contains(m, "named twice"));
  CHECK(contains(m, where));
  CHECK(contains(message_of<xg::shape_error>([&] {
                   xg::sum(x, {0, 0});
                 }),
                 "sum: axis 0 is named twice for shape (2, 3)"));
  where = line_below();
  m = message_of<xg::shape_error>([&] { xg::sum(t.variable(1.0), {0}); });
  CHECK(contains(m, "sum: a scalar has no axis 0"));
  CHECK(contains(m, where));
}

TEST_CASE("more than eight dimensions") {
  test::generator random(14);
  const shape_type shape{2, 1, 2, 1, 2, 1, 2, 1, 2, 3};
  const array a = random.array(shape), b = random.array({3, 1, 1, 1, 2, 1, 1, 1, 2, 1, 3});
  xg::tape<double> t;
  const auto x = t.variable(a), y = t.variable(b);
  const xg::var z = x * y;
  const array expected = a * b;
  CHECK(test::distance(z.value(), expected) < 1e-15);
  CHECK(z.dimension() == 11);
  const auto total = xg::sum(z);
  CHECK(test::distance(total.item(), xt::sum(expected)()) < 1e-12);
  t.backward(total);
  const array da = x.grad(), db = y.grad();
  const auto g = xg::gradient(total, {x, y});
  CHECK(test::distance(g[0].value(), da) < 1e-12);
  CHECK(test::distance(g[1].value(), db) < 1e-12);
  CHECK(test::distance(xt::sum(da * a)(), total.item()) < 1e-12);  // linear in x
  CHECK(test::distance(xt::sum(db * b)(), total.item()) < 1e-12);
  CHECK(xg::sum(x, xg::keep_dims).dimension() == 10);
  CHECK(test::distance(xg::sum(x, {-1, 0}).value(), array(xt::sum(a, {0, 9}))) < 1e-12);
  CHECK(xg::transpose(x).shape() == xg::shape_t{3, 2, 1, 2, 1, 2, 1, 2, 1, 2});
}

TEST_CASE("long rows and tails of every length, in float and double") {
  const auto check = [](auto number, double tolerance) {
    using T = decltype(number);
    test::generator random(15);
    for (std::size_t n = 1; n < 70; ++n) {
      CAPTURE(n);
      const auto a = random.array<T>({n}), b = random.array<T>({3, n});
      xg::tape<T> t;
      const auto x = t.variable(a), y = t.variable(b), s = t.variable(T(.5));
      const auto total = xg::sum(x * y + s);
      REQUIRE(test::distance(double(total.item()), double(xt::sum(a * b)()) + 1.5 * double(n)) < tolerance);
      t.backward(total);
      const xt::xarray<T> da = xt::sum(b, {0}), db = xt::broadcast(a, {std::size_t(3), n});
      REQUIRE(test::distance(x.grad(), da) < tolerance);
      REQUIRE(test::distance(y.grad(), db) < tolerance);
      REQUIRE(s.grad()() == T(3 * n));
    }
  };
  check(0.0, 1e-13);
  check(0.0f, 1e-4);
}

TEST_CASE("a long sum keeps its precision") {
  xg::tape<float> t;
  const auto x = t.variable(xt::xarray<float>(xt::ones<float>({10'000'000}) * .1f));
  CHECK(test::distance(double(xg::sum(x).item()), 1e6) < 1e-5);
  CHECK(test::distance(double(xg::mean(x).item()), .1) < 1e-5);
}
