// The public check of derivatives: right ones pass, planted mistakes are found and named, kinks are told from errors.
#include <doctest/doctest.h>

#include <sstream>

#include <xtensor/xview.hpp>

#include "homework_network.hpp"
#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::line_below;

namespace {

using kind = xg::gradcheck_result::kind;
using var = xg::var<double>;

enum class mistake { none, sign, factor, zero, wrong_operand, axis, detached };

/// a ⊙ column sums of b, whose derivatives have a mistake: in both of its ways, or in one.
struct planted_op {
  static constexpr const char* name = "planted";
  mistake in_kernel, in_vjp;

  xg::shape_t shape(xg::shape_view a, xg::shape_view) const { return a; }
  void forward(xg::array<double> y, xg::array<const double> a, xg::array<const double> b) const {
    for (std::size_t i = 0; i < y.size; ++i) {
      y.data[i] = 0;
      for (std::size_t k = 0; k < a.size; ++k) y.data[i] += a.data[i] * b.data[k * a.size + i];
    }
  }
  void backward(xg::array<const double> g, xg::array<const double>, xg::array<const double> a,
                xg::array<const double> b, xg::adjoint<double> da, xg::adjoint<double> db) const {
    const std::size_t n = a.size;
    da.add_each([&](std::size_t i) {
      double sum = 0;
      for (std::size_t k = 0; k < n; ++k) sum += b.data[k * n + i];
      const double d = g.data[i] * sum;
      return in_kernel == mistake::sign     ? -d
             : in_kernel == mistake::factor ? 1.01 * d
             : in_kernel == mistake::zero   ? 0
                                            : d;
    });
    db.add_each([&](std::size_t i) {
      const std::size_t column = in_kernel == mistake::axis ? i / n : i % n;
      return g.data[column] * (in_kernel == mistake::wrong_operand ? b.data[i] : a.data[column]);
    });
  }
  var vjp(std::size_t k, const var& g, const var&, const var& a, const var& b) const {
    if (k == 0) {
      var d = g * xg::sum(b, 0);
      if (in_vjp == mistake::sign) d = -d;
      if (in_vjp == mistake::factor) d = 1.01 * d;
      if (in_vjp == mistake::zero) d = 0 * d;
      return in_vjp == mistake::detached ? var(g * xt::eval(xt::sum(b.value(), 0))) : d;
    }
    const var one = b.owner().constant(xt::ones<double>(xg::shape_t(b.shape())));
    if (in_vjp == mistake::wrong_operand) return b * g;
    if (in_vjp == mistake::axis) return one * xg::reshape(g * a, {-1, 1});
    return one * (g * a);
  }
};

struct lost_sum_op {
  static constexpr const char* name = "lost_sum";
  xg::shape_t shape(xg::shape_view, xg::shape_view m) const { return m; }
  void forward(xg::array<double> y, xg::array<const double> a, xg::array<const double> m) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = a.data[i % a.size] * m.data[i];
  }
  var vjp(std::size_t k, const var& g, const var&, const var& a, const var& m) const {
    return k == 1 ? var(g * a) : xg::view(g * m, {0});
  }
};

struct one_wrong_op {
  static constexpr const char* name = "one_wrong";
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = x.data[i] * x.data[i];
  }
  var vjp(const var& g, const var&, const var& x) const {
    array f = xt::ones<double>(xg::shape_t(x.shape()));
    f.flat(777) = 0.9;
    return g * 2 * x * f;
  }
};

struct bent_op {
  static constexpr const char* name = "bent";
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = std::max(x.data[i], 0.0);
  }
  var vjp(const var& g, const var&, const var& x) const { return xt::where(x > 0, 1.1 * g, 0); }
};

struct stale_op {  // its forward computes once
  static constexpr const char* name = "stale";
  std::vector<double> first{};
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) {
    if (first.empty())
      for (std::size_t i = 0; i < x.size; ++i) first.push_back(3 * x.data[i]);
    std::copy(first.begin(), first.end(), y.data);
  }
  var vjp(const var& g, const var&, const var&) const { return 3 * g; }
};

struct sample {
  array a{0.4, -1.3, 0.7}, b{{1, 2, 3}, {0.5, -0.25, 1.5}, {2, 1, -1}};
};

xg::gradcheck_result check(mistake in_kernel, mistake in_vjp, int order = 2) {
  const sample s;
  return xg::gradcheck(
      {.order = order},
      [&](const var& a, const var& b) {
        a.named("a");
        const var y = xg::record(planted_op{in_kernel, in_vjp}, xt::tanh(a), b);
        return xt::sin(y) * a;
      },
      s.a, s.b);
}

}  // namespace

TEST_CASE("gradcheck: right derivatives") {
  const sample s;
  const auto r = xg::gradcheck([](const auto& a, const auto& b) { return xg::sum(xt::tanh(a * b), 1); }, s.a, s.b);
  CHECK(r);
  INFO(r.text());
  CHECK(r.compared() == 4);
  CHECK(r.max_error() < 1e-9);
  CHECK(contains(r.text(), "gradcheck: ok; 4 directional derivatives"));
  CHECK(check(mistake::none, mistake::none));

  xg::tape<double> values;
  const test::network net;
  CHECK(xg::gradcheck(
      [&](const auto& W1, const auto& W2, const auto& W3, const auto& x) {
        const var h1 = xg::relu(xg::matmul(x, xg::transpose(W1))), h2 = xg::relu(xg::matmul(h1, xg::transpose(W2)));
        return xg::mean(xg::squared_error(xg::matmul(h2, xg::transpose(W3)), net.y)) / 2;
      },
      net.W1, net.W2, net.W3, net.x));
}

TEST_CASE("gradcheck: several results, of any shape; numbers, whole numbers, views, float") {
  CHECK(xg::gradcheck([](const var& a, const var& b) { return std::tuple(a * b, xt::exp(a), xg::sum(b)); }, 0.5,
                      array{1, 2}));
  CHECK(xg::gradcheck([](const var& a) { return std::vector<var>{a * a, xt::sin(a)}; }, array{1, 2}));
  CHECK(xg::gradcheck([](const var& a, const var& b) { return a * a * b; }, 3, xt::xarray<int>{1, 2}));
  const array m{{1, 2}, {3, 4}};
  CHECK(xg::gradcheck([](const var& a) { return xt::log(a); }, xt::view(m, xt::all(), 1)));
  CHECK(xg::gradcheck([](const auto& a, const auto& b) { return xt::tanh(a * b) / (2 + xt::cos(a)); },
                      xt::xarray<float>{0.1f, 0.5f}, 2));
  const auto wrong = xg::gradcheck([](const xg::var<float>& a) { return a * a.item(); }, 0.7f);
  CHECK(wrong.count(kind::error) == 1);
  CHECK(xg::gradcheck([](const var& a) { return a; }, 1.0));
  CHECK(xg::gradcheck([](const var&) { return 3.0 + var(0.0); }, 1.0));  // a number
}

TEST_CASE("gradcheck: nothing to differentiate by, and what does not depend on its input") {
  CHECK(xg::gradcheck([](const var& a) { return xt::exp(a); }, array::from_shape({0, 3})));
  CHECK(xg::gradcheck([](const var& a, const var& b) { return xg::sum(a, 0) + b; }, array::from_shape({0, 3}), 1.0));
  CHECK(xg::gradcheck([](const var& a, const var&) { return a * a; }, 2.0, 5.0));
  CHECK(xg::gradcheck([](const var& a) { return xt::equal(a, 1); }, 2.0));
}

TEST_CASE("gradcheck: tiny and large numbers") {
  CHECK(xg::gradcheck([](const var& a) { return xt::log(a); }, array{1e-6, 1}));
  CHECK(xg::gradcheck([](const var& a) { return xt::sin(a); }, array{1e4, 2}));
  CHECK(xg::gradcheck([](const var& a) { return a * a; }, array{1e-200, 1e-190}));
  CHECK(xg::gradcheck([](const var& a) { return 1e8 + a * a; }, array{1, 2}));
  CHECK(xg::gradcheck([](const var& a) { return xt::exp(a); }, array{-300, 1}));
}

TEST_CASE("gradcheck: a mistake in both ways is an error, and named") {
  for (const mistake m : {mistake::sign, mistake::factor, mistake::zero, mistake::wrong_operand, mistake::axis}) {
    CAPTURE(int(m));
    const auto r = check(m, m);
    INFO(r.text());
    CHECK_FALSE(r.ok());
    REQUIRE(r.count(kind::error) > 0);
    const std::size_t wrong_by = m == mistake::wrong_operand || m == mistake::axis ? 1 : 0;
    CHECK(r.findings()[0].input == wrong_by);
    CHECK(contains(r.text(), "the derivative of planted("));
    CHECK(contains(r.text(), "by its operand " + std::to_string(wrong_by) + " is wrong (gradcheck_test.cpp:"));
    CHECK(contains(r.text(), wrong_by == 0 ? "input 0 (a), element (0)" : "input 1, element (0, "));
  }
}

TEST_CASE("gradcheck: a mistake in one way is an error, and says which") {
  for (const mistake m : {mistake::sign, mistake::factor, mistake::zero, mistake::wrong_operand, mistake::axis}) {
    CAPTURE(int(m));
    const auto kernel = check(m, mistake::none), vjp = check(mistake::none, m);
    INFO(kernel.text());
    INFO(vjp.text());
    CHECK(kernel.count(kind::error) > 0);
    CHECK(vjp.count(kind::error) > 0);
    CHECK(contains(kernel.text(), "as `backward` computes it, is wrong"));
    CHECK(contains(vjp.text(), "as `gradient` records it, is wrong"));
  }
}

TEST_CASE("gradcheck: a derivative with the right value whose own derivative is wrong is found by the second order") {
  CHECK(check(mistake::none, mistake::detached, 1));
  const auto r = check(mistake::none, mistake::detached);
  INFO(r.text());
  REQUIRE(r.count(kind::error) > 0);
  CHECK(contains(r.text(), "the second derivative of planted("));
  CHECK(contains(r.text(), "of the gradient says"));
  const auto number = xg::gradcheck(
      {.order = 1}, [](const var& a) { return a * a.item(); }, 2.0);
  CHECK(number.count(kind::error) == 1);
  CHECK(number.findings()[0].got == 2);
  CHECK(test::distance(number.findings()[0].expected, 4.0) < 1e-9);
  CHECK(contains(number.text(), "no single statement is wrong by itself"));
}

TEST_CASE("gradcheck: the sum over a broadcast axis is missing") {
  // What a naive op does: the shape of its gradient is made to fit by taking the first row.
  const sample s;
  const auto r = xg::gradcheck([](const var& a, const var& m) { return xg::record(lost_sum_op{}, a, m); }, s.a, s.b);
  CHECK(r.count(kind::error) == 3);  // each element of the first operand
  CHECK(contains(r.text(), "input 0, element (2): backward says"));
  CHECK(contains(r.text(), "lost_sum(v0, v1) by its operand 0 is wrong"));
}

TEST_CASE("gradcheck: one wrong element among a thousand") {
  test::generator random(1);
  const auto r =
      xg::gradcheck([](const var& x) { return xg::record(one_wrong_op{}, x); }, random.array({10, 100}, 1, 2));
  REQUIRE(r.count(kind::error) == 1);
  CHECK(r.findings()[0].element == 777);
  CHECK(contains(r.text(), "element (7, 77)"));
}

TEST_CASE("gradcheck: kinks are told from errors") {
  const auto half = xg::gradcheck([](const var& x) { return xg::relu(x); }, array{-1, 0, 2});
  INFO(half.text());
  CHECK(half.ok());
  CHECK(half.count(kind::kink) == 1);
  CHECK(half.findings()[0].element == 1);
  CHECK(contains(half.text(), "gradcheck: ok but for kinks; 0 wrong, 0 unclear, 1 at kinks"));
  CHECK(contains(half.text(), "input 0, element (1): a kink: the slope is"));

  const auto all = xg::gradcheck([](const var& x) { return xg::relu(x); }, 0.0);
  CHECK_FALSE(all.ok());
  CHECK(contains(all.text(), "nothing was compared; check at another point"));
  CHECK(xg::gradcheck([](const var& x) { return xg::relu(x); }, array{1e-3, -1e-3, 1}));  // beside the kink
  CHECK(xg::gradcheck([](const var& x) { return xg::amax(x); }, array{1, 1.0005, -2}));

  // A kink at one element does not hide the mistake at another.
  const auto both = xg::gradcheck([](const var& x) { return xg::record(bent_op{}, x); }, array{0, 0, 2, -1});
  INFO(both.text());
  CHECK(both.count(kind::error) == 1);
  CHECK(both.count(kind::kink) == 2);
}

TEST_CASE("gradcheck: where the function ends or jumps") {
  const auto end = xg::gradcheck([](const var& x) { return xt::sqrt(x); }, array{0, 4});
  CHECK(end.count(kind::kink) == 1);
  CHECK(contains(end.text(), "the function is not finite on one side"));
  const auto jump = xg::gradcheck([](const var& x) { return xt::where(x < 1, 0, 1) + 0 * x; }, 1.0);
  CHECK_FALSE(jump.ok());
  CHECK(jump.count(kind::error) == 0);
  CHECK(contains(jump.text(), "the function jumps"));
}

TEST_CASE("gradcheck: a value that is not a number") {
  const auto r = xg::gradcheck([](const var& x) { return xt::log(x); }, array{1, -1});
  CHECK_FALSE(r.ok());
  CHECK(contains(r.text(), "result 0 is NaN at flat index 1: no differences can be taken"));
}

TEST_CASE("gradcheck: f must give the same for the same, and a replay what recording gives") {
  double drawn = 0;
  const auto r = xg::gradcheck([&](const var& x) { return x * (drawn += 1); }, 1.0);
  CHECK_FALSE(r.ok());
  CHECK(contains(r.text(), "has other values when f is called again"));

  const auto stale = xg::gradcheck([](const var& x) { return xg::record(stale_op{}, x); }, array{1, 2});
  CHECK_FALSE(stale.ok());
  CHECK(stale.count(kind::error) == 0);
  CHECK(contains(stale.text(), "a replay with other inputs gives other values of result 0"));
  CHECK(xg::gradcheck(
      {.replay = false}, [](const var& x) { return xg::record(stale_op{}, x); }, array{1, 2}));

  // Other ways through f for other values are no fault.
  CHECK(xg::gradcheck([](const var& x) { return x.item() > 2 ? var(x * x) : var(3 * x); }, 2.5));
}

TEST_CASE("gradcheck: the same seed, the same numbers; another seed, others; it prints and throws") {
  const sample s;
  const auto f = [](const var& a) { return xg::record(planted_op{mistake::factor, mistake::factor}, a, sample().b); };
  const auto one = xg::gradcheck({.seed = 5}, f, s.a), same = xg::gradcheck({.seed = 5}, f, s.a),
             other = xg::gradcheck({.seed = 6}, f, s.a);
  CHECK(one.text() == same.text());
  CHECK(one.text() != other.text());
  std::ostringstream out;
  out << one;
  CHECK(out.str() == one.text());
  CHECK(test::message_of<xg::gradient_error>([&] { xg::require_gradients({.seed = 5}, f, s.a); }) == one.text());
  xg::require_gradients([](const var& a) { return a * a; }, 1.0);
}

TEST_CASE("gradcheck: options and results out of range") {
  const auto f = [](const var& a) { return a * a; };
  CHECK(contains(test::message_of<xg::value_error>([&] { xg::gradcheck({.order = 3}, f, 1.0); }),
                 "order is 3; it is 1 or 2"));
  CHECK(contains(test::message_of<xg::value_error>([&] { xg::gradcheck({.tolerance = -1}, f, 1.0); }), "tolerance"));
  CHECK(contains(test::message_of<xg::tape_error>([&] { xg::gradcheck([](const var&) { return var(); }, 1.0); }),
                 "f returned an empty handle"));
  xg::tape<double> other;
  const var foreign = other.variable(1.0);
  CHECK(contains(test::message_of<xg::tape_error>([&] { xg::gradcheck([&](const var&) { return foreign; }, 1.0); }),
                 "f returned a variable of another tape"));
}
