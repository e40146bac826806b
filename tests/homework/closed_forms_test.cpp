// The closed forms against numbers worked out by hand, and against differences of a forward pass written in plain
// loops.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>
#include <random>

#include "closed_forms.hpp"
#include "problem.hpp"
#include "questions.hpp"

using homework::matrix;
using homework::point;

namespace {

double distance(const matrix<double>& a, const matrix<double>& b) {
  if (a.shape() != b.shape()) return std::numeric_limits<double>::infinity();
  return a.size() == 0 ? 0 : xt::amax(xt::abs(a - b))();
}

// A network in plain loops: a third road, which shares nothing with the other two.
struct loops {
  std::vector<matrix<double>> W;
  matrix<double> x, y;

  // The values of the layer `to`, from the values h of the layer `from`.
  matrix<double> layer(matrix<double> h, std::size_t from, std::size_t to) const {
    for (std::size_t i = from; i < to; ++i) {
      matrix<double> next({h.shape(0), W[i].shape(0)}, 0.0);
      for (std::size_t k = 0; k < h.shape(0); ++k)
        for (std::size_t u = 0; u < W[i].shape(0); ++u) {
          for (std::size_t j = 0; j < h.shape(1); ++j) next(k, u) += h(k, j) * W[i](u, j);
          if (i + 1 < W.size() && next(k, u) < 0) next(k, u) = 0;
        }
      h = next;
    }
    return h;
  }
  double loss_from(const matrix<double>& h, std::size_t from) const {
    const matrix<double> out = layer(h, from, W.size());
    double sum = 0;
    for (std::size_t k = 0; k < out.size(); ++k) sum += std::pow(out.flat(k) - y.flat(k), 2);
    return sum / (2 * double(y.shape(0)));
  }
};

// df/dv by central differences. Everything here is piecewise quadratic in one element, so away from kinks only rounding
// errs.
matrix<double> differences(matrix<double>& v, const std::function<double()>& f) {
  constexpr double step = 1e-4;
  matrix<double> result(v.shape());
  for (std::size_t k = 0; k < v.size(); ++k) {
    const double before = v.flat(k);
    v.flat(k) = before + step;
    const double above = f();
    v.flat(k) = before - step;
    const double below = f();
    v.flat(k) = before;
    result.flat(k) = (above - below) / (2 * step);
  }
  return result;
}

matrix<double> cut(const matrix<double>& a, std::size_t row, std::size_t rows, std::size_t column,
                   std::size_t columns) {
  return xt::view(a, xt::range(row, row + rows), xt::range(column, column + columns));
}

// What each question asks, by differences.
std::map<std::string, matrix<double>> by_differences(loops net, int part) {
  std::map<std::string, matrix<double>> d;
  matrix<double> h1 = net.layer(net.x, 0, 1), h2 = net.layer(net.x, 0, 2), h3 = net.layer(net.x, 0, 3);
  const auto loss = [&] { return net.loss_from(net.x, 0); };
  const matrix<double> W1 = differences(net.W[0], loss), W2 = differences(net.W[1], loss),
                       W3 = differences(net.W[2], loss);
  const matrix<double> dh1 = differences(h1, [&] { return net.loss_from(h1, 1); });
  const matrix<double> dh2 = differences(h2, [&] { return net.loss_from(h2, 2); });
  const matrix<double> dh3 = differences(h3, [&] { return net.loss_from(h3, 3); });
  if (part == 2)
    return {{"2.1", dh3}, {"2.2", cut(W3, 0, 1, 0, 1)},
            {"2.3", W3},  {"2.4", cut(dh2, 0, dh2.shape(0), 0, 1)},
            {"2.5", dh2}, {"2.6", W2},
            {"2.7", W2},  {"2.8", dh1}};
  const matrix<double> h2_W2 = differences(net.W[1], [&] { return net.layer(net.x, 0, 2)(0, 0); });
  matrix<double> h2_h1({2, 3});
  for (std::size_t i = 0; i < 2; ++i)
    xt::row(h2_h1, std::ptrdiff_t(i)) = xt::row(differences(h1, [&] { return net.layer(h1, 1, 2)(0, i); }), 0);
  return {{"1.1", cut(W3, 0, 1, 0, 1)},
          {"1.2", cut(W3, 0, 1, 1, 1)},
          {"1.3", W3},
          {"1.4", cut(dh2, 0, 1, 0, 1)},
          {"1.5", dh2},
          {"1.7", cut(h2_W2, 0, 1, 0, 3)},
          {"1.8", cut(h2_W2, 1, 1, 0, 3)},
          {"1.9", h2_W2},
          {"1.10", W2},
          {"1.11", W2},
          {"1.12", cut(h2_h1, 0, 1, 0, 3)},
          {"1.13", h2_h1},
          {"1.14", dh1},
          {"1.15", dh1},
          {"1.16", W1},
          {"1.17", W1}};
}

// Can the differences be trusted here? They must not step over a kink; and where a hidden layer is wholly dead, the
// next one sits on its kink.
bool smooth(const loops& net) {
  const point<double> p(net.W, net.x, net.y);
  for (std::size_t i = 1; i + 1 < net.W.size(); ++i)
    for (std::size_t k = 0; k < net.x.shape(0); ++k)
      if (xt::all(xt::equal(xt::row(p.h[i], std::ptrdiff_t(k)), 0.0))) return false;
  return homework::distance_to_kink(net.W, net.x) > 1e-2;
}

matrix<double> random_matrix(std::mt19937_64& random, std::size_t rows, std::size_t columns) {
  matrix<double> a({rows, columns});
  for (double& v : a) v = std::uniform_real_distribution<double>(-1, 1)(random);
  return a;
}

}  // namespace

TEST_CASE("closed forms by hand, on the default sample") {
  // x = (7, 3.2, 4.7, 1.4), z1 = (1.61, -0.43, 0.34), z2 = (0.771, 0.179), h3 = 1.363, y = 1, delta = 0.363
  const homework::problem p = homework::make_problem({});
  const std::map<std::string, matrix<double>> one{
      {"1.1", {{0.279873}}},
      {"1.2", {{0.064977}}},
      {"1.3", {{0.279873, 0.064977}}},
      {"1.4", {{0.726}}},
      {"1.5", {{0.726, -0.363}}},
      {"1.6", {{0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}}},
      {"1.7", {{1.61, 0, 0.34}}},
      {"1.8", {{0, 0, 0}}},
      {"1.9", {{1.61, 0, 0.34}, {0, 0, 0}}},
      {"1.10", {{1.16886, 0, 0.24684}, {-0.58443, 0, -0.12342}}},
      {"1.11", {{1.16886, 0, 0.24684}, {-0.58443, 0, -0.12342}}},
      {"1.12", {{0.5, 0.2, -0.1}}},
      {"1.13", {{0.5, 0.2, -0.1}, {-0.1, -0.5, 1}}},
      {"1.14", {{0.3993, 0.3267, -0.4356}}},
      {"1.15", {{0.3993, 0.3267, -0.4356}}},
      {"1.16", {{2.7951, 1.27776, 1.87671, 0.55902}, {0, 0, 0, 0}, {-3.0492, -1.39392, -2.04732, -0.60984}}},
      {"1.17", {{2.7951, 1.27776, 1.87671, 0.55902}, {0, 0, 0, 0}, {-3.0492, -1.39392, -2.04732, -0.60984}}},
  };
  // The second sample: x = (6.3, 3.3, 6, 2.5), z1 = (2.02, 0.37, -0.4), z2 = (1.084, -0.387), h3 = 2.168, y = 2
  const std::map<std::string, matrix<double>> two{
      {"2.1", {{0.1815}, {0.084}}},
      {"2.2", {{0.2309925}}},
      {"2.3", {{0.2309925, 0.0324885}}},
      {"2.4", {{0.363}, {0.168}}},
      {"2.5", {{0.363, -0.1815}, {0.168, -0.084}}},
      {"2.6", {{0.92379, 0.06216, 0.12342}, {-0.292215, 0, -0.06171}}},
      {"2.7", {{0.92379, 0.06216, 0.12342}, {-0.292215, 0, -0.06171}}},
      {"2.8", {{0.19965, 0.16335, -0.2178}, {0.084, 0.0336, -0.0168}}},
  };
  const point<double> part1(p.weights, p.x1, p.y1), part2(p.weights, p.x2, p.y2);
  std::size_t checked = 0;
  for (const auto& q : homework::sheet_questions<double>()) {
    CAPTURE(q.text.id);
    const auto& by_hand = q.part == 1 ? one : two;
    REQUIRE(by_hand.count(q.text.id) == 1);
    CHECK(distance(q.by_formula(q.part == 1 ? part1 : part2), by_hand.at(q.text.id)) < 1e-13);
    ++checked;
  }
  CHECK(checked == 25);
  CHECK(homework::loss(part1) == doctest::Approx(0.0658845).epsilon(1e-13));
  CHECK(homework::loss(part2) == doctest::Approx(0.03999825).epsilon(1e-13));
}

TEST_CASE("closed forms against differences") {
  std::mt19937_64 random(5);
  int points = 0;
  while (points < 200) {
    const std::size_t m = 1 + std::size_t(points) % 4;
    loops net{{random_matrix(random, 3, 4), random_matrix(random, 2, 3), random_matrix(random, 1, 2)},
              random_matrix(random, m, 4),
              random_matrix(random, m, 1)};
    if (!smooth(net)) continue;
    const point<double> p(net.W, net.x, net.y);
    ++points;
    CHECK(std::abs(homework::loss(p) - net.loss_from(net.x, 0)) < 1e-13);
    for (int part : {1, 2}) {
      if (part == 1 && m > 1) continue;
      const auto expected = by_differences(net, part);
      for (const auto& q : homework::sheet_questions<double>()) {
        if (q.part != part || q.text.id == "1.6") continue;
        CAPTURE(q.text.id);
        CHECK(distance(q.by_formula(p), expected.at(q.text.id)) < 1e-9);
      }
    }
  }
}

TEST_CASE("1.6: the slope of relu at many x") {
  matrix<double> x({1, 2001});
  for (std::size_t k = 0; k < x.size(); ++k) x(0, k) = (double(k) - 1000) / 250;
  const matrix<double> slope = homework::q1_6(x);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double expected = k > 1000 ? 1 : 0;
    CHECK(slope(0, k) == expected);
    if (k != 1000) {
      const auto relu = [](double v) { return v > 0 ? v : 0; };
      CHECK((relu(x(0, k) + 1e-4) - relu(x(0, k) - 1e-4)) / 2e-4 == doctest::Approx(expected));
    }
  }
  CHECK(slope(0, 1000) == 0);

  xg::tape<double> tape;
  const auto v = tape.variable(x);
  tape.backward(xg::sum(xg::relu(v)));
  CHECK(matrix<double>(v.grad()) == slope);
}

TEST_CASE("layer by layer, for any network") {
  std::mt19937_64 random(9);
  for (const std::vector<std::size_t>& widths :
       std::vector<std::vector<std::size_t>>{{2, 1}, {3, 5, 2}, {4, 3, 2, 1}, {2, 6, 5, 4, 3}}) {
    loops net{{}, random_matrix(random, 3, widths.front()), random_matrix(random, 3, widths.back())};
    do {
      net.W.clear();
      for (std::size_t i = 1; i < widths.size(); ++i) net.W.push_back(random_matrix(random, widths[i], widths[i - 1]));
    } while (!smooth(net));
    const point<double> p(net.W, net.x, net.y);
    for (std::size_t i = 1; i < widths.size(); ++i) {
      CAPTURE(i);
      CHECK(distance(homework::dl_dW(p, i), differences(net.W[i - 1], [&] { return net.loss_from(net.x, 0); })) < 1e-9);
      matrix<double> h = net.layer(net.x, 0, i);
      CHECK(distance(homework::dl_dh(p, i), differences(h, [&] { return net.loss_from(h, i); })) < 1e-9);
    }
  }
}
