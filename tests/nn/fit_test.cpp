// Training: fit, its log, early ends, Ctrl-C; checkpoints, from which it goes on with the same bits.
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <xgrad/nn/nn.hpp>

#include "folder.hpp"
#include "support.hpp"

namespace nn = xg::nn;
using array = xt::xarray<double>;
using test::contains;
using test::folder;
using test::message_of;

namespace {

struct model {
  nn::linear<double> hidden{4, 6}, out{6, 3};
  nn::batch_norm<double> norm{6};
  nn::dropout drop{0.25};
  auto operator()(const auto& x, nn::pass p = nn::eval) const { return out(drop(norm(xt::tanh(hidden(x)), p), p)); }
};
model made() {
  model net;
  nn::rng rng(5);
  nn::xavier(net, rng);
  return net;
}
constexpr auto loss = [](const auto& m, const auto& x, const auto& y, nn::pass p) {
  return xg::cross_entropy(m(x, p), y);
};

struct parts {
  nn::dataset<double> train, validation;
};
parts flowers() {
  nn::rng rng(3);
  auto [train, validation] = nn::split(nn::iris<double>(), {.7, .3}, rng);
  const nn::standardiser scale(train.x);
  train.x = scale(train.x), validation.x = scale(validation.x);
  return {train, validation};
}

/// All numbers of a model, averages included.
std::vector<double> numbers(const auto& net) {
  std::vector<double> all;
  for (const auto& p : nn::parameters(net)) all.insert(all.end(), p.memory->value, p.memory->value + p.size());
  return all;
}

std::vector<std::string> lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> all;
  for (std::string line; std::getline(file, line);) all.push_back(line);
  return all;
}

}  // namespace

TEST_CASE("fit: trains, watches, keeps the best, writes a log") {
  const folder here;
  const parts data = flowers();
  for (const char* name : {"log.csv", "log.jsonl"}) {
    model net = made();
    nn::adamw opt(net, {.lr = 0.02});
    nn::rng rng(1);
    std::uint64_t called = 0;
    const auto result = nn::fit(net, opt, loss, data.train, data.validation, rng,
                                {.epochs = 12,
                                 .batch = 20,
                                 .metrics = {{"accuracy", [&] { return nn::accuracy(net, data.validation); }}},
                                 .log = here / name,
                                 .after_epoch = [&](const nn::epoch& e) { return e.number == ++called; },
                                 .progress = nn::progress::none});
    CHECK(result.end == nn::fit_result::finished);
    REQUIRE(result.epochs.size() == 12);
    CHECK(result.epochs.back().loss < 0.5 * result.epochs.front().loss);
    CHECK(nn::accuracy(net, data.validation) > 0.85);
    double least = 1e9;
    for (const auto& e : result.epochs) least = std::min(least, *e.validation_loss);
    CHECK(*result.epochs[result.best - 1].validation_loss == least);
    nn::step evaluate(net, loss);
    CHECK(evaluate.loss(data.validation.x, data.validation.y) == doctest::Approx(least).epsilon(1e-12));
    const auto log = lines(here / name);
    if (std::string(name) == "log.csv") {
      REQUIRE(log.size() == 13);
      CHECK(log[0] == "epoch,loss,validation_loss,accuracy,lr,seconds");
      double first = 0;
      CHECK(std::sscanf(log[1].c_str(), "1,%lf,", &first) == 1);
      CHECK(first == result.epochs[0].loss);
    } else {
      REQUIRE(log.size() == 12);
      CHECK(contains(log[11], "{\"epoch\":12,\"loss\":"));
      CHECK(contains(log[11], "\"accuracy\":"));
    }
  }
}

TEST_CASE("fit goes on from its checkpoint, with the bits of a training that was not interrupted") {
  const folder here;
  const parts data = flowers();
  const auto train = [&](std::uint64_t epochs, const std::string& checkpoint, auto watch) {
    model net = made();
    nn::nadam opt(net, {.lr = 0.01, .clip_norm = 1});
    opt.follow(nn::cosine(60));
    nn::rng rng(1);
    const auto result = nn::fit(net, opt, loss, data.train, data.validation, rng,
                                {.epochs = epochs,
                                 .batch = 16,
                                 .last = nn::last::drop,
                                 .accumulate = 2,
                                 .metrics = {{"none", watch}},
                                 .keep_best = false,
                                 .checkpoint = checkpoint,
                                 .progress = nn::progress::none});
    return std::pair(numbers(net), result);
  };
  const auto nothing = [] { return 0.5; };
  const auto [whole, all] = train(6, {}, nothing);
  const std::string path = here / "run.safetensors";
  train(2, path, nothing);
  train(3, path, nothing);
  // Ctrl-C after epoch 4 was counted: seen in epoch 5.
  void (*const before)(int) = std::signal(SIGINT, SIG_IGN);
  std::uint64_t calls = 0;
  const auto [ended, interrupted] = train(6, path, [&] {
    if (++calls == 1) std::raise(SIGINT);
    return 0.5;
  });
  CHECK(interrupted.end == nn::fit_result::interrupted);
  CHECK(interrupted.epochs.size() == 4);
  const bool as_it_was = std::signal(SIGINT, before) == SIG_IGN;
  CHECK(as_it_was);
  const auto [again, result] = train(6, path, nothing);
  CHECK(again == whole);
  REQUIRE(result.epochs.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(result.epochs[i].loss == all.epochs[i].loss);
    CHECK(*result.epochs[i].validation_loss == *all.epochs[i].validation_loss);
  }
  CHECK(result.best == all.best);

  const auto other = [&] {
    model net = made();
    nn::sgd opt(net, {.lr = 0.1});
    nn::rng rng(1);
    nn::fit(net, opt, loss, data.train, data.validation, rng, {.checkpoint = path});
  };
  CHECK(contains(message_of<xg::io_error>(other), "was saved with the optimiser nadam, not sgd"));
}

TEST_CASE("fit ends when there is nothing better, and refuses what cannot be") {
  const parts data = flowers();
  model net = made();
  nn::adam opt(net, {.lr = 1e-3});
  nn::rng rng(1);
  double worse = 0;
  nn::fit_options options{.epochs = 20,
                          .metrics = {{"score", [&] { return --worse; }}},
                          .watch = "score",
                          .patience = 3,
                          .progress = nn::progress::none};
  const auto result = nn::fit(net, opt, loss, data.train, {}, rng, options);
  CHECK(result.end == nn::fit_result::no_better);
  CHECK(result.epochs.size() == 4);
  CHECK(result.best == 1);
  CHECK_FALSE(result.epochs[0].validation_loss);
  options.after_epoch = [](const nn::epoch&) { return false; };
  CHECK(nn::fit(net, opt, loss, data.train, {}, rng, options).end == nn::fit_result::stopped);

  const auto refused = [&](const nn::fit_options& o) {
    return message_of<xg::value_error>([&] { nn::fit(net, opt, loss, data.train, {}, rng, o); });
  };
  CHECK(contains(refused({.metrics = options.metrics, .watch = "scores"}),
                 "there is no metric \"scores\"; there are: score"));
  CHECK(contains(refused({.batch = 0}), "the batch is 0"));
  CHECK(contains(refused({.checkpoint = "run.npz"}), "must end in .safetensors"));

  const auto before = numbers(net);
  auto broken = data.train;
  broken.x(40, 2) = std::numeric_limits<double>::quiet_NaN();
  const std::string where = test::line_below(2);
  const std::string m =
      message_of<xg::value_error>([&] { nn::fit(net, opt, loss, broken, {}, rng, {.progress = nn::progress::none}); });
  CHECK(contains(m, "the loss is "));
  CHECK(contains(m, "of epoch 1"));
  CHECK(contains(m, where));
  CHECK(numbers(net) == before);
}

TEST_CASE("gradients of several batches make one step") {
  const parts data = flowers();
  const auto plain = [](const auto& m, const auto& x, const auto& y) { return xg::cross_entropy(m(x), y); };
  model one = made(), several = made();
  nn::sgd opt1(one, {.lr = 0.5, .momentum = 0.9}), opt2(several, {.lr = 0.5, .momentum = 0.9});
  nn::step step1(one, plain), step2(several, plain);
  const auto& [train, validation] = data;
  for (int round = 0; round < 3; ++round) {
    step1(opt1, train.x, train.y);
    double sum = 0;
    for (auto [x, y] : nn::batches(train, 35)) sum += step2.add(opt2, x, y);
    opt2.step();
    CHECK(opt2.steps() == opt1.steps());
    CHECK(sum > 0);
  }
  const auto a = numbers(one), b = numbers(several);
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-12));
  CHECK(contains(message_of<xg::tape_error>([&] { opt2.step(); }), "no gradients were added"));
}

TEST_CASE_TEMPLATE("optimisers go on from a checkpoint as if nothing had been", O, nn::adamw<double>, nn::nadam<double>,
                   nn::lion<double>, nn::rmsprop<double>, nn::adagrad<double>, nn::lbfgs<double>) {
  const folder here;
  const parts data = flowers();
  const auto plain = [](const auto& m, const auto& x, const auto& y) { return xg::cross_entropy(m(x), y); };
  model net = made();
  O opt(net);
  nn::rng rng(8);
  rng.next_stream();
  nn::step step(net, plain);
  for (int i = 0; i < 5; ++i) step(opt, data.train.x, data.train.y);
  const std::string path = here / "five.safetensors";
  nn::save_checkpoint(path, net, opt, rng, 77);
  for (int i = 0; i < 5; ++i) step(opt, data.train.x, data.train.y);

  model again;
  O other(again);
  nn::rng fresh(8);
  CHECK(nn::load_checkpoint(path, again, other, fresh) == 77);
  CHECK(fresh.streams() == 1);
  CHECK(other.steps() == 5);
  nn::step go_on(again, plain);
  for (int i = 0; i < 5; ++i) go_on(other, data.train.x, data.train.y);
  CHECK(numbers(again) == numbers(net));
}

TEST_CASE("a checkpoint that does not fit changes nothing") {
  const folder here;
  const parts data = flowers();
  model net = made();
  nn::adam opt(net, {.lr = 0.01});
  nn::rng rng(8);
  nn::step step(net, loss);
  step(opt, data.train.x, data.train.y);
  const std::string path = here / "one.safetensors";
  nn::save_checkpoint(path, net, opt, rng);

  struct wider {
    nn::linear<double> hidden{4, 7}, out{7, 3};
  } other;
  nn::adam opt2(other, {.lr = 0.25});
  const auto before = numbers(other);
  const std::string m = message_of<xg::io_error>([&] { nn::load_checkpoint(path, other, opt2, rng); });
  CHECK(contains(m, "hidden.weight"));
  CHECK(numbers(other) == before);
  CHECK(opt2.lr() == 0.25);
  CHECK(opt2.steps() == 0);
  nn::rng seed9(9);
  CHECK(contains(message_of<xg::io_error>([&] { nn::load_checkpoint(path, net, opt, seed9); }), "the seed 8, not 9"));
  nn::save(net, here / "model.safetensors");
  CHECK(contains(message_of<xg::io_error>([&] { nn::load_checkpoint(here / "model.safetensors", net, opt, rng); }),
                 "is no checkpoint"));
}
