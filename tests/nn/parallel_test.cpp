// Training on several threads: the same bits for any number of them.
#include <doctest/doctest.h>

#include <cstdlib>

#include <xgrad/nn/nn.hpp>

#include "support.hpp"

namespace nn = xg::nn;
using array = xt::xarray<double>;
using test::contains;
using test::message_of;

namespace {

struct model {
  nn::linear<double> hidden{5, 7}, out{7, 3};
  nn::batch_norm<double> norm{7};
  nn::dropout drop{0.25};
  auto operator()(const auto& x, nn::pass p = nn::eval) const { return out(drop(norm(xg::relu(hidden(x)), p), p)); }
};
model made() {
  model net;
  nn::rng rng(5);
  nn::he(net, rng);
  return net;
}
struct plain {  // without dropout and batch norm, which see the part
  nn::linear<double> hidden{5, 7}, out{7, 3};
  auto operator()(const auto& x) const { return out(xt::tanh(hidden(x))); }
};
struct small {
  nn::linear<double> hidden, out{6, 3};
  nn::dropout drop{0.25};
  auto operator()(const auto& x, nn::pass p = nn::eval) const { return out(drop(xt::tanh(hidden(x)), p)); }
};
plain made_plain() {
  plain net;
  nn::rng rng(6);
  nn::xavier(net, rng);
  return net;
}
constexpr auto loss_of = [](const auto& m, const auto& x, const auto& y, nn::pass p) {
  return xg::cross_entropy(m(x, p), y);
};
constexpr auto plain_loss = [](const auto& m, const auto& x, const auto& y) { return xg::cross_entropy(m(x), y); };

nn::dataset<double> data(std::size_t n) {
  nn::dataset<double> d{test::generator(1).array({n, 5}), xt::xarray<std::int64_t>::from_shape({n})};
  for (std::size_t i = 0; i < n; ++i) d.y(i) = std::int64_t(i * i % 3);
  return d;
}

std::vector<double> numbers(const auto& net) {
  std::vector<double> all;
  for (const auto& p : nn::parameters(net)) all.insert(all.end(), p.memory->value, p.memory->value + p.size());
  return all;
}

}  // namespace

TEST_CASE("the same bits for one thread and for several") {
  const auto d = data(54);
  const auto run = [&](std::size_t threads) {
    model net = made();
    nn::rng rng(3);
    nn::adamw opt(net, {.lr = 0.05, .clip_norm = 0.5});
    nn::parallel_step step(net, loss_of, {.threads = threads, .parts = 3});
    std::vector<double> all;
    for (int epoch = 0; epoch < 4; ++epoch)
      for (auto [x, y] : nn::batches(d, 16, rng)) all.push_back(step(opt, x, y, nn::training(rng)));
    all.push_back(step.loss(d.x, d.y));
    for (const double p : numbers(net)) all.push_back(p);
    return all;
  };
  const auto one = run(1);
  CHECK(one.front() > one[14]);
  for (int again = 0; again < 3; ++again) CHECK(run(2) == one);
  CHECK(run(3) == one);
  CHECK(run(8) == one);  // more than there are parts
  CHECK(run(0) == one);
}

TEST_CASE("one part is nn::step, bit for bit; several are it but for rounding") {
  const auto d = data(23);
  plain a = made_plain(), b = a, c = a;
  nn::adamw opt_a(a, {.lr = 0.01}), opt_b(b, {.lr = 0.01}), opt_c(c, {.lr = 0.01});
  nn::step step(a, plain_loss);
  nn::parallel_step whole(b, plain_loss, {.threads = 2, .parts = 1}), cut(c, plain_loss, {.threads = 2, .parts = 4});
  for (int i = 0; i < 10; ++i) {
    const double loss = step(opt_a, d.x, d.y);
    CHECK(whole(opt_b, d.x, d.y) == loss);
    CHECK(cut(opt_c, d.x, d.y) == doctest::Approx(loss).epsilon(1e-12));
  }
  CHECK(numbers(a) == numbers(b));
  const auto na = numbers(a), nc = numbers(c);
  for (std::size_t i = 0; i < na.size(); ++i) CHECK(na[i] == doctest::Approx(nc[i]).epsilon(1e-9));
}

TEST_CASE("gradients are the mean over the samples, whatever the parts' sizes; several batches add up") {
  struct {
    nn::weight<double> w{{1}, 2.0};
  } net;
  const auto square = [](const auto& m, const auto& x) { return xg::mean(xt::square(m.w.on(x) - x)); };
  nn::parallel_step step(net, square, {.threads = 2, .parts = 3});  // of 2, 3 and 3 samples, or so
  nn::sgd opt(net, {.lr = 0.5});
  const auto x = test::shaped({8, 1}, {1, 2, 3, 4, 5, 6, 7, 8});
  const double loss = step(opt, x);  // d/dw mean (w - x)² = 2 (w - mean x)
  CHECK(loss == doctest::Approx((1 + 0 + 1 + 4 + 9 + 16 + 25 + 36) / 8.0));
  CHECK(net.w.value()(0) == doctest::Approx(4.5));
  CHECK(step.add(opt, test::shaped({2, 1}, {1, 2})) == doctest::Approx((3.5 * 3.5 + 2.5 * 2.5) / 2));
  step.add(opt, test::shaped({1, 1}, {9}));
  opt.step();
  CHECK(net.w.value()(0) == doctest::Approx(4.5 - 0.5 * (2 * (4.5 - 1.5) + 2 * (4.5 - 9)) / 2));
}

TEST_CASE("running averages are the mean of the parts'") {
  struct {
    nn::batch_norm<double> norm{1, {.affine = false}};
    nn::weight<double> w{{1}, 1.0};
  } net;
  const auto loss = [](const auto& m, const auto& x, nn::pass p) { return xg::mean(m.norm(x, p) * m.w.on(x)); };
  nn::parallel_step step(net, loss, {.threads = 2, .parts = 2});
  nn::sgd opt(net, {.lr = 0.1});
  nn::rng rng(1);
  const auto x = test::shaped({4, 1}, {1, 3, 10, 14});
  step(opt, x, nn::training(rng));
  CHECK(net.norm.running_mean.value()(0) == doctest::Approx(0.1 * 7));
  CHECK(net.norm.running_var.value()(0) == doctest::Approx(0.9 + 0.1 * (2 + 8) / 2));
  step(opt, x, nn::training(rng));
  CHECK(net.norm.running_mean.value()(0) == doctest::Approx(0.7 * 0.9 + 0.7));
  const auto before = numbers(net);
  step.loss(x);  // evaluation leaves them alone
  CHECK(numbers(net) == before);
}

TEST_CASE("once warm, a step on several threads allocates nothing") {
  small net{.hidden = {5, 6}};
  const auto d = data(40);
  nn::rng rng(2);
  nn::he(net, rng);
  nn::adamw opt(net, {.clip_norm = 1});
  nn::parallel_step step(net, loss_of, {.threads = 2});
  nn::batches all(d, 16);
  const auto round = [&] {
    std::size_t during = 0;
    for (auto [x, y] : all) {
      const std::size_t before = test::allocations();
      step(opt, x, y, nn::training(rng));
      during += test::allocations() - before;
    }
    return during;
  };
  CHECK(round() > 0);
  CHECK(round() == 0);
}

TEST_CASE("what a part throws arrives, and the next batch is computed as if nothing had been") {
  plain net = made_plain();
  nn::sgd opt(net, {.lr = 0.1});
  nn::parallel_step step(net, plain_loss, {.threads = 2, .parts = 2});
  auto d = data(8);
  const double loss = step.loss(d.x, d.y);
  const auto before = numbers(net);
  d.y(6) = 3;
  CHECK(contains(message_of<xg::value_error>([&] { step(opt, d.x, d.y); }), "label"));
  CHECK(numbers(net) == before);
  d.y(6) = 0;
  CHECK(step.loss(d.x, d.y) == loss);

  const auto labels = xt::xarray<std::int64_t>{1, 2};
  const std::string line = test::line_below();
  const std::string shapes = message_of<xg::shape_error>([&] { step(opt, d.x, labels); });
  CHECK(contains(shapes, "have shapes (8, 5) and (2); their first axes count the samples and must be equal"));
  CHECK(contains(shapes, line));
  CHECK(contains(message_of<xg::value_error>([&] { nn::parallel_step none(net, plain_loss, {.parts = 0}); }),
                 "cut into 0 parts"));
}

TEST_CASE("a batch smaller than the parts, and none at all") {
  plain net = made_plain();
  nn::parallel_step step(net, plain_loss, {.threads = 2, .parts = 4});
  const auto d = data(3);
  CHECK(step.loss(d.x, d.y) == doctest::Approx(nn::step(net, plain_loss).loss(d.x, d.y)));
}

TEST_CASE("fit: two runs with one seed are the same to the bit, with 1 and 2 threads") {
  nn::rng order(3);
  const auto parts = nn::split(nn::iris<double>(), {.7, .3}, order);
  const auto run = [&](std::size_t threads) {
    small net{.hidden = {4, 6}};
    nn::rng rng(8);
    nn::xavier(net, rng);
    nn::adamw opt(net, {.lr = 0.02});
    const auto result = nn::fit(net, opt, loss_of, parts[0], parts[1], rng,
                                {.epochs = 5, .batch = 16, .threads = threads, .progress = nn::progress::none});
    auto all = numbers(net);
    for (const auto& e : result.epochs) all.push_back(e.loss), all.push_back(*e.validation_loss);
    return all;
  };
  const auto one = run(1);
  CHECK(run(1) == one);
  CHECK(run(2) == one);
  CHECK(run(0) != one);  // the batch as a whole rounds differently
}
