#include "readers.hpp"

#include <zlib.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <xgrad/nn/files/tensors.hpp>
#include <xgrad/nn/nn.hpp>

namespace test {

namespace {

namespace nn = xg::nn;
using bytes = std::span<const unsigned char>;

bytes bytes_of(const std::string& s) { return {reinterpret_cast<const unsigned char*>(s.data()), s.size()}; }

/// Refusals are told from everything else here: io_error, and value_error for what a file asks of a model or an
/// optimiser.
template <class F>
void read_or_refuse(F f) {
  try {
    f();
  } catch (const xg::io_error&) {
  } catch (const xg::value_error&) {
  }
}

struct model {
  nn::linear<double> hidden{3, 2}, out{2, 1};
  nn::weight<double> scale{xg::shape_t{}, 2.0};
};

/// The bytes that `write` puts into a file of this ending.
template <class F>
std::string written(const char* ending, F write) {
  const std::string path = (std::filesystem::temp_directory_path() / "xgrad_readers_XXXXXX").string();
  std::string folder = path;
  if (!::mkdtemp(folder.data())) std::abort();
  const std::string file = folder + "/example" + ending;
  write(file);
  std::ifstream in(file, std::ios::binary);
  std::string all{std::istreambuf_iterator<char>(in), {}};
  std::filesystem::remove_all(folder);
  return all;
}

// ---- safetensors

void read_safetensors(bytes file) {
  static model net;
  static const auto parameters = nn::parameters(net);
  read_or_refuse([&] {
    nn::detail::texts about;
    const auto tensors = nn::detail::read_safetensors(file, "f", &about);
    nn::detail::assign_all(parameters, std::span(tensors), "f", std::source_location::current());
  });
}

// ---- npz

std::string little_endian(std::size_t x, int n) {
  std::string s;
  for (int i = 0; i < n; ++i) s.push_back(char(x >> (8 * i) & 0xff));
  return s;
}

/// A zip file of one entry, with the right checksum: so that what is inside is read.
std::string zip_of(bytes npy, bool deflated) {
  const auto* data = npy.data();
  std::string packed(reinterpret_cast<const char*>(data), npy.size());
  if (deflated) {
    z_stream s{};
    if (deflateInit2(&s, 1, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
    packed.resize(deflateBound(&s, uLong(npy.size())));
    s.next_in = const_cast<unsigned char*>(data);
    s.avail_in = uInt(npy.size());
    s.next_out = reinterpret_cast<unsigned char*>(packed.data());
    s.avail_out = uInt(packed.size());
    if (deflate(&s, Z_FINISH) != Z_STREAM_END) std::abort();
    packed.resize(s.total_out);
    deflateEnd(&s);
  }
  const std::string name = "hidden.weight.npy";
  const std::string common = little_endian(20, 2) + little_endian(0, 2) + little_endian(deflated ? 8 : 0, 2) +
                             little_endian(0, 4) + little_endian(crc32_z(0, data, npy.size()), 4) +
                             little_endian(packed.size(), 4) + little_endian(npy.size(), 4) +
                             little_endian(name.size(), 2) + little_endian(0, 2);
  const std::string local = little_endian(0x04034b50, 4) + common + name + packed;
  const std::string directory =
      little_endian(0x02014b50, 4) + little_endian(20, 2) + common + std::string(14, '\0') + name;
  return local + directory + little_endian(0x06054b50, 4) + std::string(4, '\0') + little_endian(1, 2) +
         little_endian(1, 2) + little_endian(directory.size(), 4) + little_endian(local.size(), 4) +
         std::string(2, '\0');
}

void read_npz(bytes file) {
  static model net;
  static const auto parameters = nn::parameters(net);
  const auto read = [&](bytes whole) {
    read_or_refuse([&] {
      std::vector<std::string> unpacked;
      const auto tensors = nn::detail::read_npz(whole, "f", unpacked, 1 << 20);
      nn::detail::assign_all(parameters, std::span(tensors), "f", std::source_location::current());
    });
  };
  read(file);
  for (const bool deflated : {false, true}) read(bytes_of(zip_of(file, deflated)));
}

std::vector<std::string> npz_examples() {
  const std::string header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }                              \n";
  return {written(".npz", [](const std::string& path) { nn::save(model(), path); }),
          "\x93NUMPY" + std::string("\x01\x00", 2) + little_endian(header.size(), 2) + header + std::string(48, '\1')};
}

// ---- idx

void read_idx(bytes file) {
  read_or_refuse([&] { nn::detail::idx_array(file, "f"); });
  // The same as the content of gzip data.
  std::string packed(file.size() + 200, '\0');
  z_stream s{};
  if (deflateInit2(&s, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  packed.resize(deflateBound(&s, uLong(file.size())));
  s.next_in = const_cast<unsigned char*>(file.data());
  s.avail_in = uInt(file.size());
  s.next_out = reinterpret_cast<unsigned char*>(packed.data());
  s.avail_out = uInt(packed.size());
  if (deflate(&s, Z_FINISH) != Z_STREAM_END) std::abort();
  packed.resize(s.total_out);
  deflateEnd(&s);
  read_or_refuse([&] { nn::detail::idx_array(bytes_of(packed), "f"); });
}

std::vector<std::string> idx_examples() {
  using namespace std::string_literals;
  return {
      "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02"s + "\x00\xff\x33\x66"s, "\0\0\x08\x01\0\0\0\x02\x07\x03"s,
      // gzip -n of the last one
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x63\x60\xe0\x60\x64\x60\x60\x60\x62\x67\x06\x00\x64\x6b\xd4\x43\x0a\x00\x00\x00"s};
}

// ---- CSV

void read_csv(bytes file) {
  const std::string text(file.begin(), file.end());
  for (const bool header : {true, false})
    read_or_refuse([&] {
      const nn::csv table(text, "f", {.separator = text.size() % 2 ? ',' : ';', .header = header});
      read_or_refuse([&] { table.numbers<float>(); });
      for (const std::string& name : table.columns()) read_or_refuse([&] { table.labelled<double>(name); });
    });
}

std::vector<std::string> csv_examples() {
  return {"x, y,kind\r\n1,2.5,b\r\n\n-3e2,+4,\"a, \"\"quoted\"\"\"\n 5 ,6,b", "1;2\n3;4\n",
          "\xef\xbb\xbf\"a\"\n\"\"\n"};
}

// ---- Checkpoints

void read_checkpoint(bytes file) {
  static model one, two, best;
  static nn::adam<double> adam(one);
  static nn::lbfgs<double> lbfgs(two);
  const auto read = [&](model& net, nn::optimiser<double>& opt) {
    read_or_refuse([&] {
      nn::rng random(8);
      nn::detail::load_checkpoint(file, "f", nn::parameters(net), {}, opt, random, std::source_location::current());
      // What was taken in is used.
      static xg::tape<double> t;
      t.clear();
      const xg::var<double> x = t.constant(xt::ones<double>({1, 3}));
      const xg::var<double> loss = xg::sum(xt::square(net.out(net.hidden(x)) * net.scale.on(x)));
      opt.step(t, loss);
    });
  };
  read(one, adam);
  read(two, lbfgs);
}

template <class O>
std::string checkpoint_of() {
  return written(".safetensors", [](const std::string& path) {
    model net;
    nn::rng rng(8);
    nn::he(net, rng);
    O opt(net);
    xg::tape<double> t;
    const xg::var<double> x = t.constant(xt::ones<double>({1, 3}));
    const xg::var<double> loss = xg::sum(xt::square(net.out(net.hidden(x)) * net.scale.on(x) - 1.0));
    for (int i = 0; i < 3; ++i) {
      opt.step(t, loss);
      t.replay();
    }
    nn::save_checkpoint(path, net, opt, nn::rng(8), 3);
  });
}

}  // namespace

const std::vector<reader>& readers() {
  static const std::vector<reader> all{
      {"safetensors", read_safetensors,
       [] { return std::vector{written(".safetensors", [](const std::string& path) { nn::save(model(), path); })}; }},
      {"npz", read_npz, npz_examples},
      {"idx", read_idx, idx_examples},
      {"csv", read_csv, csv_examples},
      {"checkpoint", read_checkpoint, [] {
         return std::vector{checkpoint_of<nn::adam<double>>(), checkpoint_of<nn::lbfgs<double>>()};
       }}};
  return all;
}

namespace {

const reader& reader_of(const char* name) {
  for (const reader& r : readers())
    if (std::strcmp(r.name, name) == 0) return r;
  std::abort();
}

}  // namespace

int put_examples(const char* name, int argc, char** argv) {
  if (argc < 2 || !std::filesystem::is_directory(argv[argc - 1])) return 0;
  int i = 0;
  for (const std::string& example : reader_of(name).examples())
    std::ofstream(argv[argc - 1] + ("/example_" + std::to_string(i++)), std::ios::binary) << example;
  return 0;
}

int fuzz(const char* name, const std::uint8_t* data, std::size_t size) {
  reader_of(name).read({data, size});
  return 0;
}

}  // namespace test
