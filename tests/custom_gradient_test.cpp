// Where gradients end, and gradients of the user's own: stop_gradient, custom_gradient.
#include <doctest/doctest.h>

#include <cmath>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::distance;
using test::message_of;

TEST_CASE("stop_gradient: the value alone, in every order and direction") {
  const auto f = [](const auto& s) { return s * s * xg::stop_gradient(s); };
  CHECK(xg::value_and_grad(f)(3.0) == std::pair(27.0, 18.0));
  CHECK(xg::hessian(f, 3.0) == 6);
  CHECK(xg::jvp(f, 3.0, 1.0)() == 18);
  CHECK(xg::grad([](const auto& s) { return xg::stop_gradient(s); })(3.0) == 0);
  // Also by constants, and where no gradient flows anyway: inside a gradient that is evaluated on numbers.
  xg::tape<double> t;
  const auto c = t.constant(3.0);
  CHECK(xg::gradient(f(c), c).item() == 18);
  // In a fixed point: z = z̄ / 2 + x, of which the adjoint equation sees x alone.
  const auto solved = [](const auto& x) {
    return xg::fixed_point([](const auto& z, const auto& v) { return 0.5 * xg::stop_gradient(z) + v; }, 0.0, x);
  };
  CHECK(distance(xg::grad(solved)(1.0), 1.0) < 1e-11);
}

TEST_CASE("custom_gradient: a function with a gradient of the user's own") {
  // log(1 + eˣ), its gradient written so that nothing overflows.
  const auto log1pexp =
      xg::custom_gradient([](const auto& x) { return xt::log(1 + xt::exp(x)); },
                          [](const auto& g, const auto&, const auto& x) { return g * xg::sigmoid(x); });
  const double s = 1 / (1 + std::exp(-0.5));
  CHECK(distance(xg::value_and_grad(log1pexp)(0.5).first, std::log(1 + std::exp(0.5))) < 1e-15);
  CHECK(distance(xg::grad(log1pexp)(0.5), s) < 1e-15);
  CHECK(distance(xg::hessian(log1pexp, 0.5), s * (1 - s)) < 1e-14);
  CHECK(distance(xg::jvp(log1pexp, 0.5, 2.0)(), 2 * s) < 1e-15);
  CHECK(xg::grad(log1pexp)(1000.0) == 1);
  CHECK(xg::gradcheck(log1pexp, array{-1, 0.3, 2}).ok());
  CHECK(xg::gradcheck([&](const auto& x) { return log1pexp(2 * x) * x; }, array{-1, 0.3, 2}).ok());

  // It is taken at its word: a straight-through estimator.
  const auto rounded = xg::custom_gradient([](const array& x) { return array(xt::round(x)); },
                                           [](const auto& g, const auto&, const auto&) { return g; });
  CHECK(xg::grad([&](const auto& x) { return xg::sum(x * rounded(x)); })(array{1.2, 2.7}) == array{1 + 1.2, 3 + 2.7});

  // Several operands: plain code for the value, a number for a gradient that is zero.
  const auto scaled = xg::custom_gradient(
      [](const array& a, const array& b) { return array(a * b(0)); },
      [](const auto& g, const auto&, const auto&, const auto& b) { return std::tuple(g * b(0), 0.0); });
  const auto [ga, gb] =
      xg::grad([&](const auto& a, const auto& b) { return xg::sum(scaled(a, b)); })(array{1, 2}, array{3});
  CHECK(ga == array{3, 3});
  CHECK(gb == array{0});
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0}), b = t.variable(array{3});
  const xg::var y = scaled(x, b);
  t.set(b, array{5});
  t.replay();
  CHECK(y.value() == array{5, 10});

  const std::string captured = message_of<xg::tape_error>([&] {
    xg::custom_gradient([&](const auto& v) { return v * b; },
                        [](const auto& g, const auto&, const auto&) { return g; })(x);
  });
  CHECK(contains(captured, "which is none of its operands, so that no gradient would flow to it"));
  const auto wrong = xg::custom_gradient([](const auto& v) { return xg::sum(v); },
                                         [](const auto& g, const auto&, const auto&) { return g; });
  CHECK(contains(message_of<xg::shape_error>([&] { xg::gradient(wrong(x), x); }),
                 "custom_gradient: vjp returned shape () for operand 0 of shape (2)"));
  const auto few = xg::custom_gradient([](const auto& v, const auto& w) { return v * w; },
                                       [](const auto& g, const auto&, const auto&, const auto&) { return g; });
  CHECK(contains(message_of<xg::shape_error>([&] { xg::gradient(xg::sum(few(x, b)), x); }),
                 "vjp returned 1 gradients for 2 operands"));
}
