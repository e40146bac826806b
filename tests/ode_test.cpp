// odeint: solutions against closed forms, and their derivatives through the tape and by the adjoint method.
#include <doctest/doctest.h>

#include <cmath>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::distance;
using test::line_below;
using test::message_of;

namespace {

const std::vector<xg::ode_options> every_way{{},
                                             {.adjoint = true},
                                             {.method = xg::ode_method::rk4, .steps = 100},
                                             {.method = xg::ode_method::rk4, .steps = 100, .adjoint = true}};

}  // namespace

TEST_CASE("odeint: y' = -k y, value, gradient and Hessian, every way") {
  const double k = 0.7, y0 = 2, t = 1.5, e = std::exp(-k * t);
  for (const xg::ode_options& how : every_way) {
    const auto f = [&](const auto& rate, const auto& start) {
      return xg::odeint([](const auto&, const auto& y, const auto& r) { return -r * y; }, start, {0, t}, rate, how)(1);
    };
    const auto [value, g] = xg::value_and_grad(f)(k, y0);
    CHECK(distance(value, y0 * e) < 1e-8);
    CHECK(distance(std::get<0>(g), -t * y0 * e) < 1e-7);
    CHECK(distance(std::get<1>(g), e) < 1e-7);
    const auto [hk, hy] = xg::hessian(f, std::tuple(k, y0));
    CHECK(distance(std::get<0>(hk), t * t * y0 * e) < 1e-6);
    CHECK(distance(std::get<1>(hk), -t * e) < 1e-6);
    CHECK(distance(std::get<0>(hy), -t * e) < 1e-6);
    CHECK(std::abs(std::get<1>(hy)) < 1e-7);
    const auto [vk, vy] = xg::hvp(f, std::tuple(k, y0), std::tuple(1.0, -1.0));
    CHECK(distance(vk, t * t * y0 * e + t * e) < 1e-6);
    CHECK(distance(vy, -t * e) < 1e-6);
  }
}

TEST_CASE("odeint: an oscillator at many times, each with a gradient; forwards and backwards in time") {
  const std::vector<double> times{0, 0.1, 0.7, 1, 2.5, 6};
  for (const double direction : {1.0, -1.0}) {
    std::vector<double> at = times;
    for (double& s : at) s *= direction;
    for (const xg::ode_options& how : every_way) {
      xg::tape<double> t;
      const auto y0 = t.variable({1.0, 0.5}), w = t.variable(1.3);
      const xg::var y =
          xg::odeint([](const auto&, const auto& v,
                        const auto& omega) { return xg::stack(xt::xtuple(v(1), -omega * omega * v(0)), 0); },
                     y0, at, w, how);
      REQUIRE(y.shape() == xg::shape_t{6, 2});
      array expected = array::from_shape({6, 2}), weights = test::generator(2).array({6, 2});
      double by_w = 0, by_first = 0;
      for (std::size_t i = 0; i < 6; ++i) {
        const double s = at[i], c = std::cos(1.3 * s), d = std::sin(1.3 * s);
        expected(i, 0) = c + 0.5 / 1.3 * d;
        expected(i, 1) = -1.3 * d + 0.5 * c;
        by_w += weights(i, 0) * (-s * d - 0.5 / 1.69 * d + 0.5 / 1.3 * s * c) +
                weights(i, 1) * (-d - 1.3 * s * c - 0.5 * s * d);
        by_first += weights(i, 0) * c - weights(i, 1) * 1.3 * d;
      }
      CHECK(distance(y.value(), expected) < 1e-6);
      t.backward(xg::sum(weights * y));
      CHECK(distance(w.grad()(), by_w) < 1e-5);
      CHECK(distance(y0.grad()(0), by_first) < 1e-5);
    }
  }
}

TEST_CASE("odeint: fourth order, and dense times as exact as the steps") {
  // y' = y cos t, y = e^{sin t}.
  const auto f = [](const auto& t, const auto& y) { return y * xt::cos(t); };
  const auto error = [&](const std::vector<double>& times, const xg::ode_options& how) {
    xg::tape<double> t;
    const xg::var y = xg::odeint(f, t.variable(1.0), times, how);
    double worst = 0;
    for (std::size_t i = 0; i < times.size(); ++i)
      worst = std::max(worst, std::abs(y.value()(i) - std::exp(std::sin(times[i]))));
    return worst;
  };
  const double coarse = error({0, 2}, {.method = xg::ode_method::rk4, .steps = 10}),
               fine = error({0, 2}, {.method = xg::ode_method::rk4, .steps = 20});
  CHECK(coarse / fine > 12);
  CHECK(coarse / fine < 24);
  std::vector<double> many;
  for (int i = 0; i <= 200; ++i) many.push_back(0.05 * i);
  CHECK(error(many, {}) < 1e-6);
  CHECK(error(many, {.rtol = 1e-11, .atol = 1e-12}) < 1e-9);
  CHECK(error({0, 10}, {}) < 1e-6);
}

TEST_CASE("odeint: a predator and its prey, against differences; captured and dependent variables") {
  const array start{1.0, 0.8}, rates{1.1, 0.4, 0.4, 0.1};
  for (const bool adjoint : {false, true}) {
    const xg::ode_options how{.method = xg::ode_method::rk4, .steps = 40, .adjoint = adjoint};
    const auto f = [&](const auto& y0, const auto& r) {
      return xg::odeint(
          [](const auto&, const auto& y, const auto& c) {
            return xg::stack(xt::xtuple(c(0) * y(0) - c(1) * y(0) * y(1), c(3) * y(0) * y(1) - c(2) * y(1)), 0);
          },
          y0, {0, 0.5, 1}, r, how);
    };
    const auto captures = [&](const auto& y0, const auto& r) {
      const xg::var twice = y0 * 1;  // depends on another operand
      return xg::odeint(
          [r, twice](const auto&, const auto& y, const auto& first) {
            return xg::stack(xt::xtuple(r(0) * y(0) - first(0) * y(0) * y(1), twice(1) * y(0) * y(1) - r(2) * y(1)), 0);
          },
          y0, {0, 0.5, 1}, y0, how);
    };
    const xg::gradcheck_options check{.order = adjoint ? 1 : 2, .tolerance = 1e-5};
    const auto first = xg::gradcheck(check, f, start, rates), second = xg::gradcheck(check, captures, start, rates);
    CHECK_MESSAGE(first.ok(), first.text());
    CHECK_MESSAGE(second.ok(), second.text());
  }
}

TEST_CASE("odeint: replays; with adjoint it chooses its steps anew") {
  for (const xg::ode_options& how : every_way) {
    xg::tape<double> t;
    const auto k = t.variable(1.0), y0 = t.variable(1.0);
    const xg::var y = xg::odeint([](const auto&, const auto& v, const auto& r) { return -r * v; }, y0, {0, 1}, k, how);
    const xg::var g = xg::gradient(y(1), k);
    t.set(k, 1.2);
    t.replay();
    CHECK(distance(y.value()(1), std::exp(-1.2)) < 1e-7);
    CHECK(distance(g.item(), -std::exp(-1.2)) < 1e-6);
  }
}

TEST_CASE("odeint: the adjoint method keeps the result alone") {
  xg::tape<double> t;
  const auto y0 = t.variable({1.0, 2.0});
  const std::size_t before = t.nodes();
  xg::odeint([](const auto&, const auto& y) { return -y; }, y0, {0, 5}, {.adjoint = true});
  CHECK(t.nodes() == before + 1);
  const xg::var one = xg::odeint([](const auto&, const auto& y) { return -y; }, y0, {3}, {.adjoint = true});
  CHECK(one.shape() == xg::shape_t{1, 2});
  t.backward(xg::sum(one * one));
  CHECK(y0.grad() == array{2, 4});
}

TEST_CASE("odeint: what goes wrong is said in words") {
  xg::tape<double> t;
  const auto y0 = t.variable(1.0);
  const auto square = [](const auto&, const auto& y) { return y * y; };  // infinite at t = 1
  const std::string line = line_below();
  std::string text = message_of<xg::value_error>([&] { xg::odeint(square, y0, {0, 2}); });
  CHECK(contains(text, "odeint: "));
  CHECK(contains(text, "at t = 1.0"));
  CHECK(contains(text, line));
  text = message_of<xg::value_error>([&] { xg::odeint(square, y0, {0, 2}, {.max_steps = 5}); });
  CHECK(contains(text, "odeint: no end after 5 steps, at t = "));
  text = message_of<xg::value_error>([&] { xg::odeint(square, y0, {0, 0.2, 0.1}); });
  CHECK(contains(text, "odeint: time 2, 0.100000, is out of order"));
  text = message_of<xg::value_error>([&] { xg::odeint(square, y0, {}); });
  CHECK(contains(text, "there are no times"));
  text = message_of<xg::shape_error>([&] {
    xg::odeint([](const auto&, const auto& y) { return y * array{1, 2}; }, y0, {0, 1});
  });
  CHECK(contains(text, "odeint: f returned shape (2) for y of shape (); they must be equal"));
  CHECK(t.variables() == 1);
}
