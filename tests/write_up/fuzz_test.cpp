// The fuzz target on changed answers of the corpus, always the same ones: a short run of what fuzz/run.sh does at
// length.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "brief.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// The answers as students write them, in an order that does not depend on the file system.
std::vector<std::string> answers() {
  std::set<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(WRITE_UP_ANSWERS))
    if (file.path().extension() == ".txt") files.insert(file.path());
  std::vector<std::string> all;
  for (const auto& file : files) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      std::size_t at = 0;
      for (int bars = 0; bars < 4 && at != std::string::npos; ++bars) at = line.find('|', at + 1);
      if (line[0] != '#' && at != std::string::npos) all.push_back(line.substr(at + 1));
    }
  }
  return all;
}

}  // namespace

TEST_CASE("changed answers never crash the checker, and its report holds together") {
  const std::vector<std::string> all = answers();
  REQUIRE(all.size() > 1000);
  std::mt19937 engine(20240229);  // its bits are the same everywhere, unlike the standard distributions
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(engine()) % n; };
  constexpr int runs = test::brief ? 2'000 : 10'000;
  for (int run = 0; run < runs; ++run) {
    std::string text = all[below(all.size())];
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
      const std::string& other = all[below(all.size())];
      const std::string piece = other.substr(below(other.size()), 1 + below(12));
      const std::size_t at = below(text.size() + 1);
      switch (below(3)) {
        case 0:
          text.insert(at, piece);
          break;
        case 1:
          text.erase(at, 1 + below(6));
          break;
        default:
          text.replace(at, 1, piece);
      }
    }
    text.insert(0, 1, static_cast<char>(75 + below(25)));  // which question
    CAPTURE(text);
    CHECK(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()) == 0);
  }
}
