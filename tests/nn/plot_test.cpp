// The course of a training as a picture: what gnuplot is told, and what is said where it is missing or fails.
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include <xgrad/nn/nn.hpp>

#include "folder.hpp"
#include "support.hpp"

namespace nn = xg::nn;
using test::contains;
using test::folder;
using test::message_of;

namespace {

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// While it lives, programs are looked for in this place first, or there alone.
class path_variable {
 public:
  explicit path_variable(const std::string& place, bool alone) {
    ::setenv("PATH", alone ? place.c_str() : (place + ":" + before_).c_str(), 1);
  }
  ~path_variable() { ::setenv("PATH", before_.c_str(), 1); }
  path_variable(const path_variable&) = delete;
  path_variable& operator=(const path_variable&) = delete;

 private:
  std::string before_ = std::getenv("PATH") ? std::getenv("PATH") : "";
};

/// A program of this name, in the language of sh.
void make_program(const std::string& path, const std::string& text) {
  std::ofstream(path) << "#!/bin/sh\n" << text;
  ::chmod(path.c_str(), 0755);
}

std::vector<nn::epoch> three() {
  std::vector<nn::epoch> epochs;
  for (std::uint64_t i = 1; i <= 3; ++i)
    epochs.push_back({.number = i, .loss = 1.0 / double(i), .validation_loss = 1.5, .metrics = {0.5}, .best = i == 2});
  return epochs;
}

}  // namespace

TEST_CASE("gnuplot draws the losses, and each metric below") {
  const folder here;
  // In the place of gnuplot: what it was told is the picture.
  make_program(here / "gnuplot", "out=$(sed -n \"s/^set output '\\(.*\\)'$/\\1/p\" \"$1\")\ncp \"$1\" \"$out\"\n");
  const path_variable found(here.path.string(), false);
  nn::plot(three(), {"it's good"}, here / "curves.svg");
  const std::string told = content(here / "curves.svg");
  CHECK(contains(told, "set terminal svg size 720,660"));
  CHECK(contains(told, "\n1 1 1.5 0.5\n2 0.5 1.5 0.5\n3 0.333333333 1.5 0.5\n"));
  CHECK(contains(told, "set xrange [1:3]"));
  CHECK(contains(told, "set arrow from 2, graph 0"));
  CHECK(contains(told, "using 1:3"));
  CHECK(contains(told, "title 'it''s good'"));

  std::ofstream(here / "log.csv") << "epoch,loss,accuracy,lr,seconds\n1,0.5,0.25,1,0\n2,nan,0.75,1,0\n";
  nn::plot(here / "log.csv", here / "of_log.png");
  const std::string of_log = content(here / "of_log.png");
  CHECK(contains(of_log, "set terminal pngcairo"));
  CHECK(contains(of_log, "\n1 0.5 NaN 0.25\n2 NaN NaN 0.75\n"));
  CHECK(contains(of_log, "title 'accuracy'"));
  CHECK_FALSE(contains(of_log, "using 1:3 "));
  CHECK_FALSE(contains(of_log, "set arrow"));

  std::ofstream(here / "other.csv") << "a,b\n1,2\n";
  CHECK(contains(message_of<xg::io_error>([&] { nn::plot(here / "other.csv", here / "x.svg"); }),
                 "other.csv is no log of nn::fit"));
}

TEST_CASE("without gnuplot, or where it fails, there are words") {
  const folder here;
  {
    const path_variable none(here.path.string(), true);
    const std::string where = test::line_below();
    const std::string m = message_of<xg::io_error>([&] { nn::plot(three(), {"a"}, here / "curves.svg"); });
    CHECK(contains(
        m, "the program gnuplot, which draws the curves, is not installed (Debian: apt-get install gnuplot-nox)"));
    CHECK(contains(m, where));
    struct {
      nn::linear<double> out{4, 3};
    } net;
    nn::constant(net, 0.1);
    nn::sgd opt(net, {.lr = 0.1});
    nn::rng rng(1);
    const auto loss = [](const auto& model, const auto& x, const auto& y) {
      return xg::cross_entropy(model.out(x), y);
    };
    const auto iris = nn::iris<double>();
    const auto fit = [&] { nn::fit(net, opt, loss, iris, {}, rng, {.epochs = 1, .plot = here / "curves.svg"}); };
    CHECK(contains(message_of<xg::io_error>(fit), "is not installed"));
    CHECK(opt.steps() == 0);  // it did not begin
  }
  make_program(here / "gnuplot", "echo 'this is no script' >&2\nexit 1\n");
  const path_variable found(here.path.string(), false);
  CHECK(contains(message_of<xg::io_error>([&] { nn::plot(three(), {"a"}, here / "curves.svg"); }),
                 "gnuplot fails: this is no script"));
  CHECK(
      contains(message_of<xg::io_error>([&] { nn::plot(three(), {"a"}, here / "curves.pdf"); }), "write .svg or .png"));
  CHECK(contains(message_of<xg::value_error>([&] { nn::plot({}, {}, here / "curves.svg"); }), "no epochs"));
  CHECK(contains(message_of<xg::value_error>([&] { nn::plot(three(), {}, here / "curves.svg"); }), "has 1 metrics"));
}

TEST_CASE("the real gnuplot, where it is installed") {
  if (std::system("command -v gnuplot >/dev/null 2>&1") != 0) {
    MESSAGE("gnuplot is not installed: not tested");
    return;
  }
  const folder here;
  nn::plot(three(), {"accuracy"}, here / "curves.svg");
  CHECK(contains(content(here / "curves.svg"), "<svg"));
  nn::plot(three(), {"accuracy"}, here / "curves.png");
  CHECK(content(here / "curves.png").starts_with("\x89PNG"));
  auto one = three();
  one.resize(1);
  nn::plot(one, {"accuracy"}, here / "one.svg");
  CHECK(contains(content(here / "one.svg"), "<svg"));
}
