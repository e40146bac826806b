// Forward tangents: jvp.
#include <doctest/doctest.h>

#include <limits>

#include "homework_network.hpp"
#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::distance;
using test::line_below;
using test::message_of;

namespace {

/// x².
struct square_op {
  static constexpr const char* name = "my_square";

  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = x.data[i] * x.data[i];
  }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>& x) const {
    return 2 * g * x;
  }
};

/// The same with a tangent of its own, which counts its calls.
struct pushing_op : square_op {
  int* calls;
  explicit pushing_op(int* c) : calls(c) {}
  xg::var<double> jvp(const xg::var<double>& u, const xg::var<double>&, const xg::var<double>& x) const {
    ++*calls;
    return 2 * u * x;
  }
};

/// a b + c of numbers that stand in one place each; no tangent of its own, a constant in its vjp.
struct bilinear_op {
  static constexpr const char* name = "bilinear";
  xg::shape_t shape(xg::shape_view a, xg::shape_view, xg::shape_view) const { return a; }
  void forward(xg::array<double> y, xg::array<const double> a, xg::array<const double> b,
               xg::array<const double> c) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = a.data[i] * b.data[i] + c.data[i];
  }
  xg::var<double> vjp(std::size_t k, const xg::var<double>& g, const xg::var<double>&, const xg::var<double>& a,
                      const xg::var<double>& b, const xg::var<double>&) const {
    return k == 0 ? xg::var(g * b) : k == 1 ? xg::var(g * a) : g;
  }
};

/// a - b, marked as linear.
struct difference_op {
  static constexpr const char* name = "difference";
  static constexpr bool linear = true;
  xg::shape_t shape(xg::shape_view a, xg::shape_view) const { return a; }
  void forward(xg::array<double> y, xg::array<const double> a, xg::array<const double> b) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = a.data[i] - b.data[i];
  }
  xg::var<double> vjp(std::size_t k, const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&,
                      const xg::var<double>&) const {
    return k == 0 ? g : xg::var(-g);
  }
};

}  // namespace

TEST_CASE("jvp: a tangent is a variable, an expression, a number or an array") {
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0}), s = t.variable(3.0), u = t.variable({10.0, 20.0});
  const xg::var y = s * xt::square(x);
  CHECK(xg::jvp(y, x, u).value() == array{60, 240});
  CHECK(xg::jvp(y, x, u * 2).value() == array{120, 480});
  CHECK(xg::jvp(y, x, array{1, 1}).value() == array{6, 12});
  CHECK(xg::jvp(y, s, 2).value() == array{2, 8});
  CHECK(xg::jvp(y, {x, s}, {u, 1.0}).value() == array{61, 244});
  CHECK(xg::jvp(y, {x, s}, {u / 10, 0.5}).value() == array{6.5, 26});
  CHECK(xg::jvp(y, {x}, {array{1, 0}}).value() == array{6, 0});
  CHECK(xg::jvp(s * xt::square(x), s, 1).value() == array{1, 4});  // of an expression
  const std::vector<xg::var<double>> xs{x, s}, us{u, t.constant(1.0)};
  CHECK(xg::jvp(y, xs, us).value() == array{61, 244});
  const xg::var z = xg::sum(x);
  const auto both = xg::jvp({y, z}, {x, s}, {u, 1.0});
  CHECK(both[0].value() == array{61, 244});
  CHECK(both[1].item() == 30);
  CHECK(xg::jvp(std::vector{y, z}, xs, us)[1].item() == 30);
}

TEST_CASE("jvp: what y does not depend on moves nothing") {
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0}), other = t.variable(1.0);
  const xg::var y = xt::exp(x);
  CHECK(xg::jvp(y, other, 1).value() == array{0, 0});
  const auto later = t.variable(1.0);
  CHECK(xg::jvp(y, later, 1).value() == array{0, 0});
  CHECK(xg::jvp(xt::equal(x, 1), x, x).value() == array{0, 0});  // a condition
  CHECK(xg::jvp(x, x, array{5, 6}).value() == array{5, 6});      // x itself
}

TEST_CASE("jvp: by a result and by what it comes from, as the transpose of gradient") {
  xg::tape<double> t;
  const auto a = t.variable(3.0);
  const xg::var b = a * a, y = a * b;
  CHECK(xg::jvp(y, b, 1).item() == 3);
  CHECK(xg::jvp(y, a, 1).item() == 27);
  CHECK(xg::jvp(y, {a, b}, {1, 1}).item() == 30);
  CHECK(xg::jvp(y, {a, a}, {1, 2}).item() == 81);
  const auto g = xg::gradient(y, {a, b});
  CHECK(g[0].item() + g[1].item() == 30);
}

TEST_CASE("jvp: the homework network, forward over reverse is reverse over reverse, and replays") {
  xg::tape<double> t;
  const auto net = test::network().record(t);
  test::generator random(3);
  const array u = random.array({3, 4}), w = random.array({2, 3});
  const auto g = xg::gradient(net.loss, {net.W1, net.W2});
  CHECK(distance(xg::jvp(net.loss, {net.W1, net.W2}, {u, w}).item(),
                 array(xt::sum(u * g[0].value()))() + array(xt::sum(w * g[1].value()))()) < 1e-14);
  const auto forward = xg::jvp(g, {net.W1, net.W2}, {t.constant(u), t.constant(w)});
  const auto reverse = xg::gradient(xg::sum(g[0] * u) + xg::sum(g[1] * w), {net.W1, net.W2});
  for (const std::size_t k : {0, 1}) CHECK(distance(forward[k].value(), reverse[k].value()) < 1e-13);

  const array moved = net.W1.value() + 0.01 * u;
  t.set(net.W1, moved);
  t.replay();
  for (const std::size_t k : {0, 1}) CHECK(distance(forward[k].value(), reverse[k].value()) < 1e-13);
  xg::tape<double> anew;
  test::network other;
  other.W1 = moved;
  const auto net2 = other.record(anew);
  const auto g2 = xg::gradient(net2.loss, {net2.W1, net2.W2});
  const auto forward2 = xg::jvp(g2, {net2.W1, net2.W2}, {anew.constant(u), anew.constant(w)});
  for (const std::size_t k : {0, 1}) CHECK(test::identical(forward[k].value(), forward2[k].value()));
}

TEST_CASE("jvp: forward over forward over forward") {
  xg::tape<double> t;
  const auto x = t.variable(0.5);
  xg::var y = xt::exp(2 * x);
  for (int order = 0; order < 3; ++order) y = xg::jvp(y, x, 1);
  CHECK(distance(y.item(), 8 * std::exp(1.0)) < 1e-14);
}

TEST_CASE("jvp: structured ops with an own jvp, a mark, or two vjps") {
  xg::tape<double> t;
  int calls = 0;
  const auto x = t.variable({1.0, 2.0}), b = t.variable({3.0, 4.0});
  CHECK(xg::jvp(xg::record(pushing_op(&calls), x), x, b).value() == array{6, 16});
  CHECK(calls == 1);
  CHECK(xg::jvp(xg::record(square_op{}, x), x, b).value() == array{6, 16});
  CHECK(calls == 1);
  const xg::var y = xg::record(bilinear_op{}, x, b, x);
  CHECK(xg::jvp(y, {x, b}, {array{1, 1}, array{10, 100}}).value() == array{3 + 10 + 1, 4 + 200 + 1});
  CHECK(xg::jvp(y, b, array{10, 100}).value() == array{10, 200});
  CHECK(xg::jvp(xg::record(bilinear_op{}, x, x, x), x, array{1, 1}).value() == array{3, 5});
  const xg::var d = xg::record(difference_op{}, x, b);
  CHECK(xg::jvp(d, b, array{10, 100}).value() == array{-10, -100});
  CHECK(xg::jvp(d, {x, b}, {array{1, 1}, array{10, 100}}).value() == array{-9, -99});
  CHECK(xg::jvp(xg::record(difference_op{}, x, x), x, array{1, 1}).value() == array{0, 0});

  // The tangent of such an op is differentiated again: d/dx (2 x u)·w = 2 u w.
  const xg::var s = xg::record(square_op{}, x), dy = xg::jvp(s, x, b);
  CHECK(xg::gradient(xg::sum(dy), {x, b})[0].value() == array{6, 8});
  CHECK(xg::gradient(xg::sum(dy), {x, b})[1].value() == array{2, 4});
}

TEST_CASE("jvp: a tangent of zero contributes zero where the derivative is infinite") {
  xg::tape<double> t;
  const auto x = t.variable({0.0, 4.0});
  CHECK(xg::jvp(xt::sqrt(x), x, array{0, 1}).value() == array{0, 0.25});
  CHECK(xg::jvp(xt::sqrt(x), x, array{1, 1}).value()(0) == std::numeric_limits<double>::infinity());
  CHECK(xg::jvp(xt::where(x > 0, xt::log(x), 0), x, array{1, 1}).value() == array{0, 0.25});
  CHECK(xg::jvp(xg::norm_l2(x * 0), x, array{1, 1}).item() == 0);
  CHECK(xg::jvp(xg::relu(x), x, array{1, 1}).value() == array{0, 1});
}

TEST_CASE("jvp: no elements") {
  xg::tape<double> t;
  const auto x = t.variable(array::from_shape({0, 3}));
  CHECK(xg::jvp(xt::exp(x), x, array::from_shape({0, 3})).shape() == xg::shape_t{0, 3});
  CHECK(xg::jvp(xg::sum(x, 0), x, array::from_shape({0, 3})).value() == array{0, 0, 0});
}

TEST_CASE("jvp: a long tape costs its length once") {
  xg::tape<double> t;
  const auto x = t.variable(array{1});
  xg::var y = x;
  for (int i = 0; i < 3000; ++i) y = xg::record(square_op{}, y);
  CHECK(xg::jvp(y, x, array{0}).value() == array{0});
}

TEST_CASE("jvp: errors say what does not fit, and leave the tape as it was") {
  xg::tape<double> t;
  const auto W = t.variable({{1.0, 2.0}, {3.0, 4.0}}).named("W");
  const xg::var y = xt::tanh(W);
  const std::size_t before = t.variables();
  std::string line = line_below();
  std::string message = message_of<xg::shape_error>([&] { xg::jvp(y, W, array{1, 2}); });
  CHECK(message == "jvp: the tangent of W has shape (2), W has (2, 2) " + line);
  line = line_below();
  message = message_of<xg::shape_error>([&] { xg::jvp(y, {W}, {1.0, 2.0}); });
  CHECK(message == "jvp: 1 variables and 2 tangents; each variable has one tangent, of its shape " + line);
  xg::tape<double> other;
  const auto foreign = other.variable(1.0);
  CHECK(contains(message_of<xg::tape_error>([&] { xg::jvp(y, W, foreign); }), "lives on another tape"));
  CHECK(t.variables() == before);
  t.set(W, W.value() * 2);
  CHECK(contains(message_of<xg::tape_error>([&] { xg::jvp(y, W, W); }), "call tape::replay first"));
}

TEST_CASE("jvp: anomaly mode names the statement whose tangent is not finite") {
  xg::tape<double> t;
  t.detect_anomaly();
  const auto x = t.variable({0.0, 4.0}).named("x");
  const std::string line = line_below();
  const xg::var y = xt::sqrt(x);
  CHECK(message_of<xg::value_error>([&] {
          xg::jvp(y, x, array{1, 1});
        }) == "anomaly: the tangent of sqrt(x) is infinite at flat index 0 " + line);
}

TEST_CASE("jvp: float") {
  xg::tape<float> t;
  const auto x = t.variable({1.0f, 2.0f});
  CHECK(xg::jvp(xt::square(x), x, xt::xarray<float>{1, 10}).value() == xt::xarray<float>{2, 40});
  CHECK(xg::jvp(xt::square(x), {x}, {x}).value() == xt::xarray<float>{2, 8});
}
