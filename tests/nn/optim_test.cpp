// Optimisers: the trajectories of PyTorch's (tests/oracle/optimisers.py), groups, clipping, averages, and misuse.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>

#include <xgrad/nn/nn.hpp>

#include "support.hpp"

namespace nn = xg::nn;
using array = xt::xarray<double>;
using test::contains;
using test::message_of;

namespace {

/// The problem of the oracle.
struct problem {
  struct model {
    nn::weight<double> w{{2, 3}}, b{{2}};
  } net;
  array x = array::from_shape({6, 3}), y = array::from_shape({6, 2});

  problem() {
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t j = 0; j < 3; ++j) x(i, j) = (double((7 * i + 3 * j) % 11) - 5) / 5;
      for (std::size_t j = 0; j < 2; ++j) y(i, j) = (double((5 * i + 4 * j) % 7) - 3) / 4;
    }
    array w = array::from_shape({2, 3});
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 3; ++j) w(i, j) = (double((2 * i + 5 * j) % 9) - 4) / 8;
    net.w.set(w);
    net.b.set(array{0.1, -0.2});
  }
  static auto loss(const model& m, const auto& x, const auto& y) {
    const xg::var z = xg::matmul(x, xg::transpose(m.w.on(x)));
    return xg::mean(xt::square(xt::tanh(z + m.b.on(x)) - y));
  }
  std::vector<double> numbers() const {
    std::vector<double> all(net.w.data(), net.w.data() + 6);
    all.insert(all.end(), net.b.data(), net.b.data() + 2);
    return all;
  }
};

using fixture = std::map<int, std::vector<double>>;  // by step
fixture fixture_of(const std::string& name) {
  std::ifstream file(NN_FIXTURES "/optimisers.txt");
  fixture found;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string first;
    int step = 0;
    words >> first >> step;
    if (first != name) continue;
    for (double x; words >> x;) found[step].push_back(x);
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return 1e300;
  double d = 0;
  for (std::size_t i = 0; i < a.size(); ++i) d = std::max(d, std::abs(a[i] - b[i]));
  return d;
}

/// The largest distance to PyTorch's numbers in 200 steps.
template <class Make>
double follow(const std::string& name, Make make) {
  problem p;
  auto opt = make(p.net);
  nn::step step(p.net, [](const auto& m, const auto& x, const auto& y) { return problem::loss(m, x, y); });
  const fixture expected = fixture_of(name);
  double worst = 0;
  for (int i = 1; i <= 200; ++i) {
    step(*opt, p.x, p.y);
    if (expected.contains(i)) worst = std::max(worst, distance(p.numbers(), expected.at(i)));
  }
  CHECK(opt->steps() == 200);
  return worst;
}
template <template <class> class O, class Options>
double follow(const std::string& name, const Options& options) {
  return follow(name, [&](auto& net) { return std::make_unique<O<double>>(net, options); });
}

}  // namespace

TEST_CASE("200 steps as PyTorch makes them") {
  constexpr double enough = 1e-10;
  CHECK(follow<nn::sgd>("sgd", nn::sgd_options{.lr = 0.1}) < enough);
  CHECK(follow<nn::sgd>("sgd_momentum", nn::sgd_options{.lr = 0.05, .momentum = 0.9, .decay = 0.01}) < enough);
  CHECK(follow<nn::sgd>("sgd_nesterov", nn::sgd_options{.lr = 0.05, .momentum = 0.9, .nesterov = true, .decay = 0.01}) <
        enough);
  CHECK(follow<nn::sgd>("sgd_clip_norm", nn::sgd_options{.lr = 0.1, .clip_norm = 0.05}) < enough);
  CHECK(follow<nn::sgd>("sgd_clip_value", nn::sgd_options{.lr = 0.1, .clip_value = 0.02}) < enough);
  CHECK(follow<nn::adagrad>("adagrad", nn::adagrad_options{.lr = 0.1, .lr_decay = 0.01, .decay = 0.01}) < enough);
  CHECK(follow<nn::rmsprop>("rmsprop", nn::rmsprop_options{.lr = 0.005, .decay = 0.01}) < enough);
  CHECK(follow<nn::rmsprop>("rmsprop_centered", nn::rmsprop_options{.lr = 0.002, .momentum = 0.5, .centered = true}) <
        enough);
  CHECK(follow<nn::adam>("adam", nn::adam_options{.lr = 0.02, .decay = 0.01}) < enough);
  CHECK(follow<nn::adamw>("adamw", nn::adamw_options{.lr = 0.02, .decay = 0.1}) < enough);
  CHECK(follow<nn::nadam>("nadam", nn::nadam_options{.lr = 0.02, .decay = 0.01}) < enough);
  CHECK(follow<nn::lion>("lion", nn::lion_options{.lr = 0.01, .decay = 0.1}) < enough);
  CHECK(follow<nn::lbfgs>("lbfgs", nn::lbfgs_options{.history = 5}) < enough);
}

TEST_CASE("a wrong trajectory is noticed") {
  CHECK(follow<nn::adam>("adamw", nn::adam_options{.lr = 0.02, .decay = 0.1}) > 1e-3);
  CHECK(follow<nn::sgd>("sgd", nn::sgd_options{.lr = 0.1000001}) > 1e-8);
}

TEST_CASE("schedules as PyTorch has them") {
  const auto worst = [](const std::string& name, const nn::schedule& s) {
    const std::vector<double> expected = fixture_of(name).at(0);
    double d = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) d = std::max(d, std::abs(s(i) - expected[i]));
    return d;
  };
  CHECK(worst("step_decay", nn::step_decay(30)) < 1e-12);
  CHECK(worst("cosine", nn::cosine(100)) < 1e-12);
  CHECK(worst("one_cycle", nn::one_cycle(100)) < 1e-12);
  CHECK(nn::cosine(100)(1000) == doctest::Approx(0));
  CHECK(nn::cosine(110, {.warm_up = 10, .last = 0.5})(4) == 0.5);
  CHECK(nn::cosine(110, {.warm_up = 10, .last = 0.5})(109) > 0.5);
  CHECK(nn::warm_up(4)(1) == 0.5);
  CHECK(nn::warm_up(4)(9) == 1);

  problem p;
  nn::sgd opt(p.net, {.lr = 1});
  nn::plateau plateau({.factor = 0.5, .patience = 3});
  std::vector<double> rates;
  for (int i = 0; i < 40; ++i) {
    plateau(opt, 1.0 / (1 + std::min(i, 10)) + (i % 3) * 1e-6);
    rates.push_back(opt.lr());
  }
  CHECK(distance(rates, fixture_of("plateau").at(0)) < 1e-12);
  CHECK_THROWS_AS(nn::step_decay(0), xg::value_error);
}

TEST_CASE("a schedule is followed, a learning rate changed") {
  problem p, q;
  nn::sgd opt(p.net, {.lr = 0.1}), by_hand(q.net, {.lr = 1});
  opt.follow(nn::step_decay(2, 0.5));
  nn::step step(p.net, [](const auto& m, const auto& x, const auto& y) { return problem::loss(m, x, y); });
  nn::step other(q.net, [](const auto& m, const auto& x, const auto& y) { return problem::loss(m, x, y); });
  for (int i = 0; i < 6; ++i) {
    by_hand.lr(0.1 * std::pow(0.5, i / 2));
    CHECK(step(opt, p.x, p.y) == other(by_hand, q.x, q.y));
  }
  CHECK(distance(p.numbers(), q.numbers()) < 1e-15);
}

TEST_CASE("groups have rates of their own, and frozen parts keep their values") {
  problem p;
  const std::vector<double> before = p.numbers();
  nn::step step(p.net, [](const auto& m, const auto& x, const auto& y) { return problem::loss(m, x, y); });
  nn::adamw opt(p.net, {.lr = 0.1, .decay = 0, .groups = {{.on = "b", .lr = 0.01}}});
  step(opt, p.x, p.y);  // the first step of Adam is lr long in each element
  CHECK(std::abs(p.numbers()[0] - before[0]) == doctest::Approx(0.1).epsilon(1e-4));
  CHECK(std::abs(p.numbers()[6] - before[6]) == doctest::Approx(0.01).epsilon(1e-4));
  nn::freeze(p.net, "w");
  const std::vector<double> frozen = p.numbers();
  step(opt, p.x, p.y);
  CHECK(p.numbers()[0] == frozen[0]);
  CHECK(p.numbers()[6] != frozen[6]);

  // Decay is of weights of rank 2 and more, unless a group says otherwise.
  struct {
    nn::weight<double> w{{1, 1}, 1}, b{{1}, 1}, c{{1}, 1};
  } ones;
  nn::sgd shrink(ones, {.lr = 0.5, .decay = 1, .groups = {{.on = "c", .decay = 1}}});
  nn::step none(ones,
                [](const auto& m, const auto& x) { return xg::sum(0 * (m.w.on(x) + m.b.on(x) + m.c.on(x)) * x); });
  none(shrink, array(array{1}));
  CHECK(ones.w.value()(0, 0) == 0.5);
  CHECK(ones.b.value()(0) == 1);
  CHECK(ones.c.value()(0) == 0.5);
}

TEST_CASE("averages") {
  problem p;
  nn::ema ema(p.net, 0.75);
  nn::swa swa(p.net);
  for (const double v : {1.0, 2.0, 6.0}) {
    nn::constant(p.net, v, "b");
    ema.update(p.net);
    swa.update(p.net);
  }
  CHECK(swa.model().b.value()(0) == doctest::Approx(3));
  double a = 0.1;
  for (const double v : {1.0, 2.0, 6.0}) a = 0.75 * a + 0.25 * v;
  CHECK(ema.model().b.value()(0) == doctest::Approx(a));
  CHECK_THROWS_AS(nn::ema(p.net, 1), xg::value_error);
}

TEST_CASE("float as double, and lengths that are no multiple of the lanes") {
  struct {
    nn::weight<float> w{{3, 7}, 1};
  } f;
  struct {
    nn::weight<double> w{{3, 7}, 1};
  } d;
  const auto loss = [](const auto& m, const auto& x) { return xg::mean(xt::square(xt::square(m.w.on(x)) * x)); };
  nn::adamw of(f, {.lr = 0.1, .clip_norm = 0.3});
  nn::adamw od(d, {.lr = 0.1, .clip_norm = 0.3});
  nn::step sf(f, loss);
  nn::step sd(d, loss);
  xt::xarray<float> x = xt::xarray<float>::from_shape({7});
  for (std::size_t i = 0; i < 7; ++i) x(i) = float(i);
  const array xd = xt::cast<double>(x);
  for (int i = 0; i < 20; ++i) sf(of, x), sd(od, xd);
  CHECK(of.gradient_norm() == doctest::Approx(od.gradient_norm()).epsilon(1e-4));
  for (std::size_t i = 0; i < 21; ++i) CHECK(f.w.value().flat(i) == doctest::Approx(d.w.value().flat(i)).epsilon(1e-4));
}

TEST_CASE("misuse of optimisers is told in words") {
  problem p;
  using error = xg::value_error;
  CHECK(contains(message_of<error>([&] { nn::adam opt(p.net, {.groups = {{.on = "weigth"}}}); }),
                 "adam: the pattern \"weigth\" matches no parameter"));
  CHECK(contains(message_of<error>([&] { nn::adam opt(p.net, {.lr = -1}); }), "adam: lr is -1.000000; it must be"));
  CHECK(contains(message_of<error>([&] { nn::adam opt(p.net, {.beta1 = 1}); }), "beta 1.000000 is not in [0, 1)"));
  CHECK(contains(message_of<error>([&] { nn::sgd opt(p.net, {.lr = 1, .nesterov = true}); }), "nesterov needs"));

  nn::sgd opt(p.net, {.lr = 0.1});
  xg::tape<double> t;
  CHECK(contains(message_of<xg::tape_error>([&] { opt.step(t); }), "sgd: no backward has run"));
  const auto x = t.constant(p.x), y = t.constant(p.y);
  const xg::var loss = problem::loss(p.net, x, y);
  t.backward(loss);
  opt.step(t);
  CHECK(contains(message_of<xg::tape_error>([&] { opt.step(t); }),
                 "sgd: w was changed since the gradients were computed"));
  t.replay();
  t.backward(loss);
  opt.step(t);
  problem other;
  nn::sgd wrong(other.net, {.lr = 0.1});
  CHECK(contains(message_of<xg::tape_error>([&] { wrong.step(t); }), "none of its parameters is on this tape"));
  nn::lbfgs newton(p.net);
  t.replay();
  t.backward(loss);
  CHECK(contains(message_of<error>([&] { newton.step(t); }), "lbfgs: its line search needs the loss"));
}
