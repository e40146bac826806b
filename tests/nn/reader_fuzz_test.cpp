// The readers of files on changed files, always the same ones: a short run of what fuzz/ does at length.
#include <doctest/doctest.h>

#include <random>

#include <xgrad/nn/files/tensors.hpp>
#include <xgrad/nn/nn.hpp>

#include "effort.hpp"
#include "readers.hpp"
#include "support.hpp"

namespace {

/// Changes a few places of a file, as damage does and as someone who means harm does.
class changes {
 public:
  std::string operator()(std::string file) {
    for (std::size_t n = 1 + below(3); n > 0; --n) change(file);
    return file;
  }

 private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : std::size_t(engine_()) % n; }
  void change(std::string& file) {
    const std::size_t at = below(file.size() + 1), end = std::min(file.size(), at + 1 + below(8));
    switch (below(8)) {
      case 0:  // a bit
        if (at < file.size()) file[at] = char(file[at] ^ (1 << below(8)));
        break;
      case 1:  // bytes that mean much: 0, all bits, signs, brackets
        for (std::size_t i = at; i < end; ++i) file[i] = "\0\xff\x7f\x80[]{}\",:-9\n\r"[below(16)];
        break;
      case 2:  // a number in the text
        for (std::size_t i = 0; i < file.size(); ++i) {
          const std::size_t k = (at + i) % file.size();
          if (file[k] >= '0' && file[k] <= '9') {
            file.replace(k, 1, numbers_[below(std::size(numbers_))]);
            break;
          }
        }
        break;
      case 3:  // cut off
        if (below(4) == 0) file.resize(at);
        break;
      case 4:  // something left out
        file.erase(at, end - at);
        break;
      case 5:  // something twice
        file.insert(at, file.substr(below(file.size() + 1), 1 + below(24)));
        break;
      case 6:  // a length or an offset
        for (std::size_t i = at; i < std::min(file.size(), at + 4); ++i)
          file[i] = char(below(3) == 0 ? 0xff : below(4));
        break;
      default:
        file.insert(at, 1, char(below(256)));
    }
  }

  std::mt19937 engine_{20240229};  // its bits are the same everywhere, unlike the standard distributions
  static constexpr const char* numbers_[] = {
      "0",     "-1",  "4294967296", "9223372036854775807", "18446744073709551615", "99999999999999999999999",
      "1e308", "0.5", "nan"};
};

}  // namespace

TEST_CASE("a changed file is read or refused in the library's own words, and nothing is allocated beyond its size") {
  constexpr int runs = test::how_much == test::effort::brief ? 1'000 : 5'000;
  changes change;
  for (const test::reader& r : test::readers()) {
    CAPTURE(r.name);
    const std::vector<std::string> examples = r.examples();
    REQUIRE(!examples.empty());
    for (int run = 0; run < runs; ++run) {
      const std::string& example = examples[std::size_t(run) % examples.size()];
      const std::string file = run < int(examples.size()) ? example : change(example);
      CAPTURE(run);
      test::largest_allocation();
      CHECK_NOTHROW(r.read({reinterpret_cast<const unsigned char*>(file.data()), file.size()}));
      // npz: a MiB of what is compressed may come first; JSON takes some 16 times its text.
      CHECK(test::largest_allocation() <= (std::size_t(2) << 20) + 64 * file.size());
    }
  }
}

TEST_CASE("the examples are read") {
  // What is changed above was right before: so a reader that refuses everything does not pass.
  const auto of = [](const char* name) {
    for (const test::reader& r : test::readers())
      if (std::string(r.name) == name) return r.examples();
    return std::vector<std::string>();
  };
  const auto bytes = [](const std::string& s) {
    return std::span(reinterpret_cast<const unsigned char*>(s.data()), s.size());
  };
  const auto tensors = of("safetensors"), npz = of("npz"), idx = of("idx"), checkpoints = of("checkpoint");
  CHECK(xg::nn::detail::read_safetensors(bytes(tensors[0]), "f").size() == 5);
  std::vector<std::string> unpacked;
  CHECK(xg::nn::detail::read_npz(bytes(npz[0]), "f", unpacked, 0).size() == 5);
  for (const std::string& file : idx) CHECK(xg::nn::detail::idx_array(bytes(file), "f").size() >= 2);
  CHECK(checkpoints.size() == 2);
  for (const std::string& file : checkpoints) CHECK(xg::nn::detail::read_safetensors(bytes(file), "f").size() > 10);
}
