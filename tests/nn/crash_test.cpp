// A training that is killed while it saves: its checkpoint is whole at any time.
#include <doctest/doctest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include <xgrad/nn/nn.hpp>

#include "effort.hpp"
#include "folder.hpp"
#include "support.hpp"

namespace nn = xg::nn;

namespace {

struct large {
  nn::linear<double> layer{200, 150};
};

ino_t inode_of(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

/// All numbers of a checkpoint are those of its position: of the model, and of what the optimiser remembers.
void require_whole(const std::string& path) {
  large net;
  nn::adam opt(net);
  nn::rng random(1);
  const double position = double(nn::load_checkpoint(path, net, opt, random));  // throws for a damaged one
  const auto weights = net.layer.weight.value();
  REQUIRE(xt::amin(weights)() == position);
  REQUIRE(xt::amax(weights)() == position);
  REQUIRE(net.layer.bias.value()(149) == position);
  REQUIRE(opt.lr() == 1 / (1 + position));
  REQUIRE(double(random.streams()) == position);
}

}  // namespace

TEST_CASE("a checkpoint is whole, whenever the program that saves it is killed") {
  const test::folder here;
  const std::string path = here / "run.safetensors";
  large net;
  nn::adam opt(net);
  const auto save = [&](int i) {
    nn::constant(net, i);
    opt.lr(1 / (1.0 + i));
    nn::save_checkpoint(path, net, opt, nn::rng(1, std::uint32_t(i)), std::uint64_t(i));
  };
  save(0);
  constexpr int rounds = test::how_much == test::effort::all ? 1'000 : test::how_much == test::effort::normal ? 25 : 5;
  int while_saving = 0;
  for (int round = 0; round < rounds; ++round) {
    const pid_t child = ::fork();
    if (child == 0) try {
        for (int i = round * 100 + 1;; ++i) save(i);
      } catch (...) {
        ::_exit(1);
      }
    REQUIRE(child > 0);
    const auto before = inode_of(path);
    for (int i = 0; i < 30'000 && inode_of(path) == before; ++i) ::usleep(1'000);  // until it has saved once
    ::usleep(useconds_t(round * 7919 % 20'000));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    CAPTURE(round);
    require_whole(path);
    for (const auto& entry : std::filesystem::directory_iterator(here.path))
      if (entry.path().extension() == ".tmp") {  // it was killed before this one got its name
        ++while_saving;
        std::filesystem::remove(entry.path());
      }
  }
  if (rounds >= 100) CHECK(while_saving > 0);  // fewer may all miss it
  MESSAGE(while_saving << " of " << rounds << " were killed while a file was being written");
}
