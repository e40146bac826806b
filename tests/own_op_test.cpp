// Structured ops of a user's own: what they may look like, and what becomes of their exceptions.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::line_below;
using test::message_of;

namespace {

using vector = xg::array<double>;
using const_vector = xg::array<const double>;

/// y = 3x, whose members say nothing about its name.
struct triple_op {
  static constexpr const char* name = "triple";
  int label = 7;  // the user's own

  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(vector y, const_vector x) const {
    for (std::size_t i = 0; i < x.size; ++i) y.data[i] = 3 * x.data[i];
  }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&) const { return g * 3; }
};

struct text_label_op : triple_op {
  const char* label = nullptr;
};
struct array_label_op : triple_op {
  array label{1., 2.};
};

/// Counts its calls; its members are not const, and not plain functions.
struct counting_op {
  static constexpr const char* name = "counting";
  int* kernels;
  int* vjps;

  xg::shape_t shape(xg::shape_view x) { return x; }
  void forward(vector y, const_vector x) { std::copy_n(x.data, x.size, y.data); }
  xg::var<double> vjp(xg::var<double> g, xg::var<double>, xg::var<double>) {
    ++*vjps;
    return g * 1.0;
  }
  template <class A, class D>
  void backward(const A& g, const A&, const A&, const D& dx) {
    ++*kernels;
    if (dx) dx.add_each([&](std::size_t i) { return g.data[i]; });
  }
};

struct refused : std::runtime_error {
  using std::runtime_error::runtime_error;
  int code = 42;
};
struct refused_value : xg::value_error {
  using xg::value_error::value_error;
};

/// The identity, which throws an E for numbers below zero where it is told to.
template <class E>
struct positive_op {
  static constexpr const char* name = "positive";
  bool in_forward = true;

  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(vector y, const_vector x) const {
    if (in_forward) check(x);
    std::copy_n(x.data, x.size, y.data);
  }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&) const { return g; }
  void backward(const_vector g, const_vector, const_vector x, xg::adjoint<double> dx) const {
    check(x);
    dx.add_each([&](std::size_t i) { return g.data[i]; });
  }
  static void check(const const_vector& x) {
    for (std::size_t i = 0; i < x.size; ++i)
      if (x.data[i] < 0) throw E("element " + std::to_string(i) + " is negative");
  }
};

template <class E>
void expect_named() {
  xg::tape<double> t;
  const auto x = t.variable(array{1., -2.});
  const std::size_t nodes = t.nodes(), variables = t.variables();
  std::string where = line_below();
  const std::string m = message_of<E>([&] { xg::record(positive_op<E>{}, x); });
  CHECK(m == "positive: element 1 is negative " + where);
  CHECK(t.nodes() == nodes);
  CHECK(t.variables() == variables);
  t.set(x, array{1., 2.});

  where = line_below();
  const xg::var y = xg::record(positive_op<E>{}, x);  // then replayed, with the line of the recording
  t.set(x, array{-1., 2.});
  CHECK(message_of<E>([&] { t.replay(); }) == "positive: element 0 is negative " + where);
  CHECK_THROWS_AS(y.value(), xg::tape_error);  // not replayed yet
  t.set(x, array{4., 5.});
  t.replay();
  CHECK(test::identical(y.value(), array{4., 5.}));
  t.backward(xg::sum(y * y));
  CHECK(test::identical(x.grad(), array{8., 10.}));
}

template <class E>
void expect_kept() {
  xg::tape<double> t;
  const auto x = t.variable(array{1., -2.});
  CHECK(message_of<E>([&] { xg::record(positive_op<E>{}, x); }) == "element 1 is negative");
  CHECK(t.nodes() == 0);
  CHECK(xg::sum(x).item() == -1);
}

}  // namespace

TEST_CASE("a data member called label is the user's own") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  const xg::var a = xg::record(triple_op{}, x), b = xg::record(text_label_op{}, x), c = xg::record(array_label_op{}, x);
  for (const auto& y : {a, b, c}) CHECK(test::identical(y.value(), array{3., 6.}));
  t.set(x, array{2., 2.});
  CHECK(contains(message_of<xg::tape_error>([&] { c.value(); }), "but triple(v0)"));
}

TEST_CASE("a kernel is used whether its members are const, templates, or neither") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2.});
  int kernels = 0, vjps = 0;
  const xg::var y = xg::sum(xg::record(counting_op{&kernels, &vjps}, x));
  t.backward(y);
  CHECK(test::identical(x.grad(), array{1., 1.}));
  CHECK(kernels == 1);
  CHECK(vjps == 0);
  xg::gradient(y, x);
  CHECK(vjps == 1);
}

TEST_CASE("exceptions of the library's and the standard's own types get the op's name and the user's line") {
  expect_named<xg::value_error>();
  expect_named<xg::shape_error>();
  expect_named<xg::error>();
  expect_named<std::runtime_error>();
  expect_named<std::invalid_argument>();
  expect_named<std::out_of_range>();
}

TEST_CASE("exceptions of the user's own types arrive as they are") {
  expect_kept<refused>();
  expect_kept<refused_value>();
  xg::tape<double> t;
  const auto x = t.variable(array{-1., 2.});
  try {
    xg::record(positive_op<refused>{}, x);
    FAIL_CHECK("nothing thrown");
  } catch (const refused& e) {
    CHECK(e.code == 42);
  }
}

TEST_CASE("an exception in a kernel names the op; there are no gradients then, and the next sweep is sound") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., -2.});
  const std::string where = line_below();
  const xg::var y = xg::record(positive_op<xg::value_error>{.in_forward = false}, x);
  const std::string m = message_of<xg::value_error>([&] { t.backward(xg::sum(y)); });
  CHECK(m == "positive: element 1 is negative " + where);
  CHECK(contains(message_of<xg::tape_error>([&] { x.grad(); }), "ended in an error"));
  t.backward(xg::sum(x * x));
  CHECK(test::identical(x.grad(), array{2., -4.}));
}

namespace {

/// A product whose kernel serves its second operand first.
struct second_first_op {
  static constexpr const char* name = "second_first";
  xg::shape_t shape(xg::shape_view a, xg::shape_view) const { return a; }
  void forward(xg::array<double> y, xg::array<const double> a, xg::array<const double> b) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = a.data[i] * b.data[i];
  }
  xg::var<double> vjp(std::size_t k, const xg::var<double>& g, const xg::var<double>&, const xg::var<double>& a,
                      const xg::var<double>& b) const {
    return g * (k == 0 ? b : a);
  }
  void backward(xg::array<const double> g, xg::array<const double>, xg::array<const double> a,
                xg::array<const double> b, xg::adjoint<double> da, xg::adjoint<double> db) const {
    if (db) db.add_each([&](std::size_t i) { return g.data[i] * a.data[i]; });
    if (da) da.add_each([&](std::size_t i) { return g.data[i] * b.data[i]; });
  }
};

}  // namespace

TEST_CASE("a kernel may serve one variable given twice in any order") {
  xg::tape<double> t;
  const auto x = t.variable(array{1., 2., 3.});
  t.backward(xg::sum(xg::record(second_first_op{}, x, x)));
  CHECK(test::identical(x.grad(), array{2., 4., 6.}));
}
