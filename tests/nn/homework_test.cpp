// The homework's network as a model: the same gradients as the closed forms, which never meet a tape.
#include <doctest/doctest.h>

#include <xgrad/nn/nn.hpp>

#include "../../examples/homework/closed_forms.hpp"
#include "support.hpp"

namespace nn = xg::nn;
using homework::matrix;

namespace {

struct network {  // 4-3-2-1, as in examples/iris.cpp
  nn::linear<double> w1{4, 3, {.bias = false}}, w2{3, 2, {.bias = false}}, w3{2, 1, {.bias = false}};
  auto operator()(const auto& x) const { return w3(xg::relu(w2(xg::relu(w1(x))))); }
};
constexpr auto loss = [](const network& net, const auto& x, const auto& y) {
  return xg::mean(xg::squared_error(net(x), y)) / 2;
};

/// The smallest |z| of a hidden unit; where it is tiny, the two roads may round to different sides of the kink. Behind
/// a layer that is dead for a sample all is exactly 0 on both.
double distance_to_kink(const homework::point<double>& p) {
  double least = xt::amin(xt::abs(p.z[1]))();
  for (std::size_t k = 0; k < p.samples(); ++k)
    if (xt::sum(xt::row(p.h[1], std::ptrdiff_t(k)))() > 0)
      least = std::min(least, xt::amin(xt::abs(xt::row(p.z[2], std::ptrdiff_t(k))))());
  return least;
}

struct trial {
  std::vector<matrix<double>> W;
  matrix<double> x, y;
};

/// Is any hidden unit of the layer dead for all samples, and are all of them?
struct deaths {
  bool any, all;
};
deaths deaths_in(const matrix<double>& z) {
  std::size_t dead = 0;
  for (std::size_t j = 0; j < z.shape(1); ++j) {
    bool alive = false;
    for (std::size_t k = 0; k < z.shape(0); ++k) alive = alive || z(k, j) > 0;
    dead += !alive;
  }
  return {dead > 0, dead == z.shape(1)};
}

void check(const trial& at, const homework::point<double>& p) {
  network net;
  net.w1.weight.set(at.W[0]), net.w2.weight.set(at.W[1]), net.w3.weight.set(at.W[2]);
  xg::tape<double> t;
  const auto x = t.variable(at.x);
  const xg::var l = loss(net, x, t.constant(at.y));
  t.backward(l);
  CHECK(l.item() == doctest::Approx(homework::loss(p)).epsilon(1e-13));
  CHECK(test::near(net.w1.weight.on(x).grad(), homework::dl_dW(p, 1)));
  CHECK(test::near(net.w2.weight.on(x).grad(), homework::dl_dW(p, 2)));
  CHECK(test::near(net.w3.weight.on(x).grad(), homework::dl_dW(p, 3)));
  CHECK(test::near(x.grad(), homework::dl_dh(p, 0)));

  // A step of gradient descent, through nn::step.
  nn::step step(net, loss);
  nn::sgd opt(net, {.lr = 0.5});
  CHECK(step(opt, at.x, at.y) == doctest::Approx(homework::loss(p)).epsilon(1e-13));
  const matrix<double> after = at.W[0] - 0.5 * homework::dl_dW(p, 1);
  CHECK(test::distance(net.w1.weight.value(), after) < 1e-12);
}

}  // namespace

TEST_CASE("the gradients are the closed forms', alive or dead, for one sample and for several") {
  test::generator random(9);
  const auto iris = nn::iris<double>();
  int dead_unit = 0, dead_layer = 0, tried = 0;
  for (int i = 0; i < 300; ++i) {
    const std::size_t m = i % 3 == 0 ? 1 : i % 3 == 1 ? 2 : 7, first = random.integer(0, 150 - m);
    const trial at{{random.array({3, 4}), random.array({2, 3}), random.array({1, 2})},
                   xt::view(iris.x, xt::range(first, first + m)),
                   random.array({m, 1}, 0, 2)};
    const homework::point<double> p(at.W, at.x, at.y);
    const deaths one = deaths_in(p.z[1]), two = deaths_in(p.z[2]);
    if (distance_to_kink(p) < 1e-3) continue;
    dead_unit += one.any || two.any;
    dead_layer += one.all || two.all;
    ++tried;
    CAPTURE(i);
    check(at, p);
  }
  CHECK(tried > 150);
  CHECK(dead_unit > 50);
  CHECK(dead_layer > 10);
}

TEST_CASE("the homework's own weights and samples") {
  const auto iris = nn::iris<double>();
  const std::vector<matrix<double>> W{{{0.1, -0.2, 0.3, 0.1}, {-0.3, 0.2, 0.1, 0.4}, {0.2, 0.3, -0.4, -0.1}},
                                      {{0.5, 0.2, -0.1}, {-0.1, -0.5, 1}},
                                      {{2, -1}}};
  for (const std::size_t m : {1u, 2u}) {
    trial at{W, xt::view(iris.x, xt::range(50, 50 + m)), matrix<double>({m, 1}, 1.0)};
    check(at, homework::point<double>(at.W, at.x, at.y));
  }
}
