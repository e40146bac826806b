// Fixed points and roots: sizes, starts and dampings, and what is said where there is no solution.
#include <doctest/doctest.h>

#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::distance;
using test::line_below;
using test::message_of;

TEST_CASE("fixed_point, root: sizes, starts and dampings") {
  xg::tape<double> t;
  const auto x = t.variable(array{1, 4, 9});
  const xg::var z = xg::root([](const auto& v, const auto& s) { return v * v - s; }, array{1, 1, -1}, x);
  CHECK(distance(z.value(), array{1, 2, -3}) < 1e-13);  // which root depends on the start
  const auto none = t.variable(array::from_shape({0}));
  CHECK(xg::root([](const auto& v, const auto& s) { return v - s; }, array::from_shape({0}), none).size() == 0);
  CHECK(
      xg::fixed_point([](const auto& v, const auto& s) { return 0.5 * v - s; }, array::from_shape({0}), none).size() ==
      0);
  // z = 3 - 2 z diverges; damped by a half it is z = 1.5 - z / 2.
  const auto s = t.variable(3.0);
  const xg::var damped =
      xg::fixed_point([](const auto& v, const auto& c) { return c - 2 * v; }, 0.0, s, {.damping = 0.5});
  CHECK(distance(damped.item(), 1.0) < 1e-11);
  CHECK(distance(xg::gradient(damped, s).item(), 1 / 3.0) < 1e-11);
  // Tiny and huge numbers: tolerances are relative.
  for (const double scale : {1e-150, 1e-20, 1e20, 1e150}) {
    const auto c = t.variable(scale);
    const xg::var y = xg::fixed_point([](const auto& v, const auto& w) { return 0.5 * v + w; }, 0.0, c);
    CHECK(distance(y.item(), 2 * scale) < 1e-11);
    t.backward(y * 1e-30);
    CHECK(distance(c.grad()(), 2e-30) < 1e-11);
    if (scale < 1e-100 || scale > 1e100) continue;  // their cubes are no numbers
    const xg::var r = xg::root([](const auto& v, const auto& w) { return v * v * v - w * w * w; }, 2 * scale, c);
    CHECK(distance(r.item(), scale) < 1e-11);
  }
}

TEST_CASE("fixed_point, root: what goes wrong is said in words") {
  xg::tape<double> t;
  const auto x = t.variable(3.0);
  const std::size_t before = t.variables();
  const auto repelled = [](const auto& z, const auto& c) { return c - z; };
  const std::string line = line_below();
  std::string text = message_of<xg::value_error>([&] { xg::fixed_point(repelled, 0.0, x); });
  CHECK(text ==
        "fixed_point: no convergence after 1000 steps: f(z) - z is still 3 in its largest element, z 0; f may be "
        "no contraction (a smaller `damping` may help), or allow more `max_steps` " +
            line);
  text = message_of<xg::value_error>(
      [&] { xg::fixed_point([](const auto& z, const auto& c) { return c + z * z; }, 1.0, x); });
  CHECK(contains(text, "fixed_point: f(z) is no longer finite after "));
  text = message_of<xg::value_error>([&] { xg::root([](const auto& z, const auto& c) { return z * z + c; }, 1.0, x); });
  CHECK(contains(text, "root: "));
  CHECK(contains(text, "try another z0"));
  text = message_of<xg::value_error>([&] { xg::root([](const auto& z, const auto& c) { return z * z - c; }, 0.0, x); });
  CHECK(contains(text, "root: the Jacobian df/dz is singular in step 1, where f(z) is 3 in its largest element"));
  text = message_of<xg::value_error>(
      [&] { xg::root([](const auto& z, const auto& c) { return xt::log(z) - c; }, -1.0, x); });
  CHECK(contains(text, "f(z) is not finite at z0"));
  // A root where the Jacobian vanishes has a value and no gradient.
  const auto zero = t.variable(0.0);
  const xg::var r = xg::root([](const auto& z, const auto& c) { return z * z - c; }, 0.0, zero);
  CHECK(r.item() == 0);
  CHECK(contains(message_of<xg::value_error>([&] { t.backward(r); }), "the Jacobian df/dz is singular"));
  // A fixed point that is not attracting has one too: z = z.
  const xg::var any = xg::fixed_point([](const auto& z, const auto& c) { return z + 0 * c; }, 1.0, x);
  CHECK(contains(message_of<xg::value_error>([&] { t.backward(any); }), "no convergence"));

  text = message_of<xg::shape_error>([&] {
    xg::fixed_point([](const auto& z, const auto& c) { return z * c * array{1, 2}; }, 0.0, x);
  });
  CHECK(contains(text, "fixed_point: f returned shape (2) for z of shape (); they must be equal"));
  text = message_of<xg::value_error>(
      [&] { xg::fixed_point([](const auto& z, const auto& c) { return z * c; }, 0.0, x, {.damping = 2}); });
  CHECK(contains(text, "damping 2: all must be positive, and damping at most 1"));
  CHECK(t.variables() == before + 3);
}
