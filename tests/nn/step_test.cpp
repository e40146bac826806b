// The training step: recorded once for each shape, replayed after, without allocations.
#include <doctest/doctest.h>

#include <xgrad/nn/nn.hpp>

#include "support.hpp"

namespace nn = xg::nn;
using test::contains;
using test::message_of;

namespace {

struct model {
  nn::linear<float> hidden{5, 4}, out{4, 3};
  nn::dropout drop{0.5};
  xg::var<float> operator()(const auto& x, nn::pass p = nn::eval) const { return out(drop(xg::relu(hidden(x)), p)); }
};
auto loss_of = [](const auto& m, const auto& x, const auto& y, nn::pass p) { return xg::cross_entropy(m(x, p), y); };
model made(unsigned seed = 1) {
  model net;
  nn::rng rng(seed);
  nn::he(net, rng);
  return net;
}
nn::dataset<float> data(std::size_t n) {
  nn::dataset<float> d{xt::xarray<float>::from_shape({n, 5}), xt::xarray<std::int64_t>::from_shape({n})};
  for (std::size_t i = 0; i < d.x.size(); ++i) d.x.flat(i) = float((i * 7 % 13)) / 13 - 0.4f;
  for (std::size_t i = 0; i < n; ++i) d.y(i) = std::int64_t(i % 3);
  return d;
}

}  // namespace

TEST_CASE("a step does what is done by hand") {
  model net = made(), by_hand = net;
  const auto d = data(6);
  nn::adamw opt(net), other(by_hand);
  nn::step step(net, loss_of);
  xg::tape<float> t;
  const auto x = t.constant(d.x);
  const auto y = t.indices(d.y);
  const xg::var<float> loss = loss_of(by_hand, x, y, nn::eval);
  for (int i = 0; i < 5; ++i) {
    if (i) t.replay();
    t.backward(loss);
    CHECK(step(opt, d.x, d.y) == loss.item());
    other.step(t);
  }
  CHECK(test::identical(net.hidden.weight.value(), by_hand.hidden.weight.value()));
  CHECK(step.loss(d.x, d.y) < 1.2f);
}

TEST_CASE("once warm, a step allocates nothing") {
  model net = made();
  const auto d = data(40);
  nn::rng rng(2);
  nn::adamw opt(net, {.clip_norm = 1});
  opt.follow(nn::cosine(1000));
  nn::step step(net, loss_of);
  int records = 0;
  const auto round = [&] {
    nn::batches all(d, 16);
    std::size_t during = 0;
    for (auto [x, y] : all) {
      const std::size_t before = test::allocations();
      step(opt, x, y, nn::training(rng));
      during += test::allocations() - before;
      ++records;
    }
    return during;
  };
  CHECK(round() > 0);
  CHECK(round() == 0);
  CHECK(records == 6);
}

TEST_CASE("two runs with one seed are the same to the bit; dropout differs from step to step") {
  const auto d = data(12);
  const auto run = [&](std::uint64_t seed) {
    nn::rng rng(seed);
    model net;
    nn::he(net, rng);
    nn::adamw opt(net);
    nn::step step(net, loss_of);
    std::vector<float> losses;
    for (int i = 0; i < 6; ++i)
      for (auto [x, y] : nn::batches(d, 5, rng)) losses.push_back(step(opt, x, y, nn::training(rng)));
    return losses;
  };
  CHECK(run(3) == run(3));
  CHECK(run(3) != run(4));
  model net = made();
  nn::rng rng(1);
  nn::sgd opt(net, {.lr = 1e-12});
  nn::step step(net, loss_of);
  CHECK(step(opt, d.x, d.y, nn::training(rng)) != step(opt, d.x, d.y, nn::training(rng)));
  CHECK(step(opt, d.x, d.y) == doctest::Approx(step(opt, d.x, d.y)));
}

TEST_CASE("a model that got other weights is recorded anew") {
  model net = made(1);
  const auto d = data(6);
  nn::sgd opt(net, {.lr = 0.1});
  nn::step step(net, loss_of);
  const float first = step.loss(d.x, d.y);
  net = made(2);  // the same shapes: moved, so other memory
  const float other = step.loss(d.x, d.y);
  CHECK(other != first);
  CHECK(other == nn::step(net, loss_of).loss(d.x, d.y));
  CHECK(contains(message_of<xg::tape_error>([&] { step(opt, d.x, d.y); }), "none of its parameters is on this tape"));
}

TEST_CASE("a step on a pool of threads takes the same steps") {
  const auto d = data(20000);
  const auto trained = [&](xg::thread_pool* pool) {
    model net = made();
    nn::rng rng(2);
    nn::adamw opt(net);
    nn::step step(net, loss_of);
    for (int i = 0; i < 4; ++i) {
      if (pool && i == 1) step.use(*pool);  // what was recorded before as well
      step(opt, d.x, d.y, nn::training(rng));
    }
    return xt::xarray<float>(net.hidden.weight.value());
  };
  const auto alone = trained(nullptr);
  xg::thread_pool pool(3);
  CHECK(test::identical(trained(&pool), alone));
  CHECK_FALSE(test::identical(alone, made().hidden.weight.value()));
}

TEST_CASE("a tied weight is one variable") {
  struct {
    nn::weight<double> w{{2, 2}, 0.5};
  } net;
  nn::step step(net,
                [](const auto& m, const auto& x) { return xg::sum(xg::matmul(xg::matmul(x, m.w.on(x)), m.w.on(x))); });
  nn::sgd opt(net, {.lr = 1});
  step(opt, xt::xarray<double>(xt::ones<double>({1, 2})));
  // d/dw of 1ᵀ w w 1 is 1 (w 1)ᵀ + (wᵀ 1) 1ᵀ = 2 for each element
  CHECK(net.w.value()(0, 1) == doctest::Approx(0.5 - 2));
}

TEST_CASE("evaluation: predictions in parts, accuracy, confusion") {
  const model net = made();
  const auto d = data(10);
  const auto whole = nn::predict(net, d.x), parts = nn::predict(net, d.x, 3);
  CHECK(test::distance(whole, parts) < 1e-6);
  CHECK(whole.shape(1) == 3);
  const auto table = nn::confusion(net, d);
  std::size_t right = 0;
  for (std::size_t i = 0; i < 3; ++i) right += table(i, i);
  CHECK(nn::accuracy(net, d) == doctest::Approx(double(right) / 10));
  CHECK(xt::sum(table)() == 10);
  auto wrong = d;
  wrong.y = xt::xarray<std::int64_t>::from_shape({9});
  CHECK(contains(message_of<xg::shape_error>([&] { nn::accuracy(net, wrong); }), "expected (10), one for each sample"));
}
