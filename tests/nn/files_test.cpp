// Models in files: there and back, strict, and careful with what is damaged.
#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <xgrad/nn/files/tensors.hpp>
#include <xgrad/nn/nn.hpp>

#include "folder.hpp"
#include "support.hpp"

namespace nn = xg::nn;
using test::contains;
using test::folder;
using test::message_of;

namespace {

template <class T>
struct model {
  nn::linear<T> hidden{3, 2}, out{2, 1};
  nn::weight<T> scale{xg::shape_t{}, T(2)};
  nn::weight<T> nothing{{0, 3}};
};
template <class T>
model<T> made() {
  model<T> net;
  nn::rng rng(5);
  nn::he(net, rng);
  nn::constant(net, 0.25, "*.bias");
  return net;
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void put(const std::string& path, const std::string& bytes) {
  std::filesystem::remove(path);  // a file that is cut short and written again is brought to the disk, which takes long
  std::ofstream(path, std::ios::binary) << bytes;
}
std::string safetensors(const std::string& header, const std::string& data = {}) {
  std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

}  // namespace

TEST_CASE_TEMPLATE("a model is what it was, after save and load", T, float, double) {
  const folder here;
  const auto net = made<T>();
  for (const char* name : {"net.safetensors", "net.npz"}) {
    const std::string path = here / name;
    nn::save(net, path);
    model<T> other;
    nn::load(other, path);
    CHECK(test::identical(net.hidden.weight.value(), other.hidden.weight.value()));
    CHECK(test::identical(net.out.bias.value(), other.out.bias.value()));
    CHECK(other.scale.value()() == 2);
    nn::save(other, here / ("again_" + std::string(name)));
    CHECK(content(path) == content(here / ("again_" + std::string(name))));
  }
  CHECK(std::distance(std::filesystem::directory_iterator(here.path), {}) == 4);  // no temporary file stays
}

TEST_CASE("a recorded tape notices what is loaded") {
  const folder here;
  auto net = made<double>();
  nn::save(net, here / "net.npz");
  xg::tape<double> t;
  const xg::var y = xg::sum(net.hidden(t.constant(xt::ones<double>({1, 3}))));
  const double before = y.item();
  nn::constant(net, 0);
  nn::load(net, here / "net.npz");
  CHECK_THROWS_AS(y.item(), xg::tape_error);
  t.replay();
  CHECK(y.item() == before);
}

TEST_CASE("loading is strict, and lists what differs on both sides") {
  const folder here;
  struct {
    nn::linear<double> hidden{3, 2}, out{4, 1}, more{2, 2};
    nn::weight<double> scale{xg::shape_t{}};
  } other;
  nn::save(made<double>(), here / "net.safetensors");
  const std::string where = test::line_below();
  const std::string m = message_of<xg::io_error>([&] { nn::load(other, here / "net.safetensors"); });
  CHECK(contains(m, "net.safetensors does not fit the model " + where));
  CHECK(contains(m, "\n  not in the file:\n    more.weight (2, 2)\n    more.bias (2)"));
  CHECK(contains(m, "\n  not in the model:\n    nothing (0, 3)"));
  CHECK(contains(m, "\n  different:\n    out.weight is (1, 4) in the model, (1, 2) in the file"));
  CHECK(other.hidden.weight.value()(0, 0) == 0);  // nothing was loaded
  model<float> single;
  CHECK(contains(message_of<xg::io_error>([&] { nn::load(single, here / "net.safetensors"); }),
                 "hidden.weight is float (F32) in the model, F64 in the file"));
}

TEST_CASE("what cannot be read or written") {
  const folder here;
  auto net = made<double>();
  CHECK(contains(message_of<xg::io_error>([&] { nn::load(net, here / "none.npz"); }), "No such file or directory"));
  CHECK(contains(message_of<xg::io_error>([&] { nn::save(net, here / "no/net.npz"); }), "cannot be written"));
  CHECK(contains(message_of<xg::io_error>([&] { nn::save(net, here / "net.bin"); }), "write .safetensors or .npz"));
  CHECK(contains(message_of<xg::io_error>([&] { nn::load(net, here.path.string() + "/../x.npz"); }), "x.npz"));
}

TEST_CASE("a file cut off anywhere is an error, not a crash") {
  const folder here;
  auto net = made<double>();
  for (const char* name : {"net.safetensors", "net.npz"}) {
    nn::save(net, here / name);
    const std::string whole = content(here / name);
    for (std::size_t n = 0; n < whole.size(); ++n) {
      put(here / ("cut_" + std::string(name)), whole.substr(0, n));
      CHECK_THROWS_AS(nn::load(net, here / ("cut_" + std::string(name))), xg::io_error);
    }
  }
}

TEST_CASE("a file with any byte changed is refused or loaded, without a crash") {
  const folder here;
  auto net = made<double>();
  for (const char* name : {"net.safetensors", "net.npz"}) {
    nn::save(net, here / name);
    const std::string whole = content(here / name), path = here / ("bad_" + std::string(name));
    for (std::size_t i = 0; i < whole.size(); ++i)
      for (const char bit : {char(1), char(0x80), char(0x10)}) {
        std::string bytes = whole;
        bytes[i] = char(bytes[i] ^ bit);
        put(path, bytes);
        try {
          nn::load(net, path);
        } catch (const xg::io_error&) {
        }
      }
  }
}

TEST_CASE("absurd headers are refused before anything is allocated") {
  const folder here;
  auto net = made<double>();
  const std::string path = here / "bad.safetensors";
  const auto refused = [&](const std::string& bytes) {
    put(path, bytes);
    return message_of<xg::io_error>([&] { nn::load(net, path); });
  };
  std::string huge(16, '\xff');
  CHECK(contains(refused(huge), "its header is said to have 18446744073709551615 bytes, but only 8 follow"));
  CHECK(contains(refused(safetensors("[]")), "not a JSON object"));
  CHECK(contains(refused(safetensors("{\"a\":3}")), "\"a\" is not {dtype, shape, data_offsets"));
  CHECK(
      contains(refused(safetensors(R"({"a":{"dtype":"F64","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}})")),
               "larger than any memory"));
  CHECK(contains(
      refused(safetensors(R"({"a":{"dtype":"F64","shape":[1000000],"data_offsets":[0,8000000]}})", "12345678")),
      "bytes 0 to 8000000 of the data, of which there are 8"));
  CHECK(contains(refused(safetensors(R"({"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}})", "12345678")),
                 "\"a\" has 8 bytes; its shape (2) and dtype F64 need 16"));
  CHECK(contains(refused(safetensors(R"({"a":{"dtype":"F65","shape":[],"data_offsets":[0,8]}})", "12345678")),
                 "unknown dtype \"F65\""));
  CHECK(contains(refused(safetensors(R"({"a":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}})", "12345678")),
                 "an extent of \"a\" is -1"));
  CHECK(contains(refused(safetensors(R"({"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]},)"
                                     R"("b":{"dtype":"F64","shape":[],"data_offsets":[4,12]}})",
                                     "123456789012")),
                 "\"a\" and \"b\" overlap"));
  CHECK(contains(refused(safetensors(std::string(100000, '['))), "nested too deeply"));
}

TEST_CASE("NumPy's files are read, packed or not; Python reads ours (read_files.py)") {
  for (const char* name : {"/numpy_plain.npz", "/numpy_compressed.npz"}) {
    model<double> net;
    nn::load(net, std::string(NN_FIXTURES) + name);
    CHECK(test::identical(net.hidden.weight.value(), xt::xarray<double>{{0, 0.125, 0.25}, {0.375, 0.5, 0.625}}));
    CHECK(test::identical(net.hidden.bias.value(), xt::xarray<double>{0.5, -0.5}));
    CHECK(net.scale.value()() == 2.5);
    nn::save(net, "for_python.npz");
    nn::save(net, "for_python.safetensors");
    const std::string whole = content(std::string(NN_FIXTURES) + name);
    for (std::size_t n = 0; n < whole.size(); n += 7) {
      put("cut.npz", whole.substr(0, n));
      CHECK_THROWS_AS(nn::load(net, "cut.npz"), xg::io_error);
    }
  }
}

TEST_CASE("a file is whole, whenever the program that saves it is killed") {
  const folder here;
  const std::string path = here / "net.safetensors";
  struct large {
    nn::linear<double> layer{200, 150};
  } net;
  nn::constant(net, 0);
  nn::save(net, path);
  for (int round = 0; round < 25; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      large mine;
      for (int i = 1;; ++i) {
        nn::constant(mine, i % 1000);
        nn::save(mine, path);
      }
    }
    REQUIRE(child > 0);
    ::usleep(useconds_t(500 + 800 * round));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    large read;
    nn::load(read, path);  // throws for a damaged one
    const double first = read.layer.weight.value()(0, 0);
    CHECK(xt::amax(xt::abs(read.layer.weight.value() - first))() == 0);
    CHECK(read.layer.bias.value()(149) == first);
  }
}
