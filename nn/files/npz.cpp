// NumPy's npz: a zip file (APPNOTE.TXT 6.3.3) of npy arrays (numpy.lib.format, version 1.0).
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

#include <xgrad/core/memory/error.hpp>
#include <xgrad/nn/data/gzip.hpp>
#include <xgrad/nn/files/tensors.hpp>

namespace xg::nn::detail {

namespace {

[[noreturn]] void not_npz(const std::string& path, const std::string& why) {
  throw io_error(path + ": is not an npz file, or damaged: " + why);
}

// ---- Writing

class little_endian {
 public:
  little_endian& u16(std::size_t x) { return number(x, 2); }
  little_endian& u32(std::size_t x) { return number(x, 4); }
  little_endian& text(std::string_view s) {
    bytes_.append(s);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }

 private:
  little_endian& number(std::size_t x, int n) {
    for (int i = 0; i < n; ++i) bytes_.push_back(char(x >> (8 * i) & 0xff));
    return *this;
  }
  std::string bytes_;
};

std::string npy_header(const tensor& t) {
  std::string text = "{'descr': '";
  text += t.type == dtype::f32 ? "<f4" : "<f8";
  text += "', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < t.shape.size(); ++i)
    text += std::to_string(t.shape[i]) + (i + 1 < t.shape.size() ? ", " : t.shape.size() == 1 ? "," : "");
  text += "), }";
  text.append((64 - (10 + text.size() + 1) % 64) % 64, ' ');
  text += '\n';
  little_endian head;
  head.text("\x93NUMPY").text(std::string_view("\x01\x00", 2)).u16(text.size());
  return head.bytes() + text;
}

constexpr std::size_t dos_date = 33;  // 1 January 1980: files of equal content are equal

// ---- Reading

class reader {
 public:
  reader(std::span<const unsigned char> file, const std::string& path) : file_(file), path_(path) {}
  std::span<const unsigned char> at(std::size_t offset, std::size_t size) const {
    if (offset > file_.size() || size > file_.size() - offset)
      not_npz(path_,
              "it ends before byte " + std::to_string(offset) + " + " + std::to_string(size) + "; was it cut off?");
    return file_.subspan(offset, size);
  }
  std::size_t number(std::size_t offset, int n) const {
    const auto bytes = at(offset, std::size_t(n));
    std::size_t x = 0;
    for (int i = 0; i < n; ++i) x |= std::size_t(bytes[std::size_t(i)]) << (8 * i);
    return x;
  }

 private:
  std::span<const unsigned char> file_;
  const std::string& path_;
};

/// What follows `'key':` in a header, up to the end of its value.
std::string_view value_of(std::string_view header, std::string_view key, const std::string& path,
                          const std::string& name) {
  const std::string quoted = "'" + std::string(key) + "'";
  const std::size_t at = header.find(quoted);
  const std::size_t colon = at == std::string_view::npos ? at : header.find(':', at + quoted.size());
  if (colon == std::string_view::npos) not_npz(path, name + ": its header has no " + quoted);
  std::string_view rest = header.substr(colon + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  const std::size_t end = rest.starts_with('(') ? rest.find(')') : rest.find_first_of(",}");
  if (end == std::string_view::npos) not_npz(path, name + ": its header does not end");
  return rest.substr(0, end + (rest.starts_with('(')));
}

tensor read_npy(std::span<const unsigned char> npy, const std::string& name, const std::string& path) {
  if (npy.size() < 10 || std::memcmp(npy.data(), "\x93NUMPY", 6) != 0) not_npz(path, name + ": is not an npy array");
  const bool old = npy[6] == 1;
  const std::size_t start = old ? 10 : 12;
  if (npy.size() < start) not_npz(path, name + ": its header is cut off");
  std::size_t length = 0;
  for (std::size_t i = start; i-- > 8;) length = length << 8 | npy[i];
  if (length > npy.size() - start) not_npz(path, name + ": its header is cut off");
  const std::string_view header(reinterpret_cast<const char*>(npy.data() + start), length);
  tensor t;
  t.name = name;
  t.type_name = std::string(value_of(header, "descr", path, name));
  t.type = t.type_name == "'<f4'" ? dtype::f32 : t.type_name == "'<f8'" ? dtype::f64 : dtype::other;
  std::string_view list = value_of(header, "shape", path, name);
  std::size_t count = 1;
  const char *at = list.data(), *end = list.data() + list.size();
  while (at != end) {
    if (*at < '0' || *at > '9') {
      ++at;
      continue;
    }
    std::size_t extent = 0;
    const auto read = std::from_chars(at, end, extent);
    if (read.ec != std::errc() || __builtin_mul_overflow(count, extent, &count) || t.shape.size() == 32)
      not_npz(path, name + ": its shape is " + std::string(list.substr(0, 80)));
    t.shape.push_back(extent);
    at = read.ptr;
  }
  t.data = npy.data() + start + length;
  t.bytes = npy.size() - start - length;
  if (t.type == dtype::other) return t;  // whoever wants it will say so
  if (t.shape.size() > 1 && value_of(header, "fortran_order", path, name) != "False")
    throw io_error(path + ": " + name + " is in Fortran's order; save it as np.ascontiguousarray(a)");
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, t.type == dtype::f32 ? sizeof(float) : sizeof(double), &bytes) || bytes != t.bytes)
    not_npz(path, name + ": has " + std::to_string(t.bytes) + " bytes of data, which is not what its shape " +
                      to_string(t.shape) + " needs");
  return t;
}

}  // namespace

void write_npz(const std::string& path, std::span<const tensor> tensors) {
  std::vector<std::string> heads;
  std::string directory;
  std::size_t offset = 0;
  for (const tensor& t : tensors) {
    const std::string name = t.name + ".npy", header = npy_header(t);
    const std::size_t size = header.size() + t.bytes;
    uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(header.data()), header.size());
    crc = crc32_z(crc, t.data, t.bytes);
    if (offset + size + 1024 > 0xffffffff)
      throw io_error(path + ": npz files here have at most 4 GiB; save to .safetensors instead");
    little_endian sizes;  // what the local header and the directory have in common
    sizes.u16(20).u16(0).u16(0).u16(0).u16(dos_date).u32(crc).u32(size).u32(size).u16(name.size()).u16(0);
    heads.push_back(little_endian().u32(0x04034b50).text(sizes.bytes()).text(name).bytes() + header);
    directory += little_endian()
                     .u32(0x02014b50)
                     .u16(20)
                     .text(sizes.bytes())
                     .u16(0)
                     .u16(0)
                     .u16(0)
                     .u32(0)
                     .u32(offset)
                     .text(name)
                     .bytes();
    offset += heads.back().size() + t.bytes;
  }
  if (tensors.size() > 0xffff) throw io_error(path + ": npz files hold at most 65535 arrays");
  directory += little_endian()
                   .u32(0x06054b50)
                   .u16(0)
                   .u16(0)
                   .u16(tensors.size())
                   .u16(tensors.size())
                   .u32(directory.size())
                   .u32(offset)
                   .u16(0)
                   .bytes();
  const auto bytes = [](const std::string& s) {
    return std::span<const unsigned char>(reinterpret_cast<const unsigned char*>(s.data()), s.size());
  };
  std::vector<std::span<const unsigned char>> pieces;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    pieces.push_back(bytes(heads[i]));
    pieces.emplace_back(tensors[i].data, tensors[i].bytes);
  }
  pieces.push_back(bytes(directory));
  write_file(path, pieces);
}

std::vector<tensor> read_npz(std::span<const unsigned char> file, const std::string& path,
                             std::vector<std::string>& unpacked, std::size_t most) {
  const reader in(file, path);
  std::size_t end = file.size() < 22 ? 0 : file.size() - 22 + 1;  // 1 + where the last record starts
  const std::size_t first = file.size() > 22 + 0xffff ? file.size() - 22 - 0xffff : 0;
  while (end > first && in.number(end - 1, 4) != 0x06054b50) --end;
  if (end == first) not_npz(path, "it has no zip directory at its end; was it cut off?");
  const std::size_t record = end - 1, count = in.number(record + 10, 2);
  std::size_t at = in.number(record + 16, 4);
  if (count > file.size() / 46)
    not_npz(path, "its zip directory is said to have " + std::to_string(count) + " entries, more than it has room for");
  unpacked.reserve(count);  // tensors point into them
  std::vector<tensor> tensors;
  for (std::size_t i = 0; i < count; ++i) {
    if (in.number(at, 4) != 0x02014b50) not_npz(path, "its zip directory is damaged");
    const std::size_t flags = in.number(at + 8, 2), method = in.number(at + 10, 2), crc = in.number(at + 16, 4),
                      packed = in.number(at + 20, 4), size = in.number(at + 24, 4), name_size = in.number(at + 28, 2),
                      local = in.number(at + 42, 4);
    const auto name_bytes = in.at(at + 46, name_size);
    std::string name(reinterpret_cast<const char*>(name_bytes.data()), name_size);
    at += 46 + name_size + in.number(at + 30, 2) + in.number(at + 32, 2);
    if (size == 0xffffffff || packed == 0xffffffff)
      throw io_error(path + ": " + name + " has 4 GiB or more, which is not read from npz; use safetensors");
    if (flags & 1) throw io_error(path + ": " + name + " is encrypted");
    if (in.number(local, 4) != 0x04034b50) not_npz(path, name + ": its zip header is damaged");
    const auto data = in.at(local + 30 + in.number(local + 26, 2) + in.number(local + 28, 2), packed);
    std::span<const unsigned char> npy = data;
    if (method == 8) {
      // Deflate packs at most 1032 to 1: what claims more is no more than a claim.
      if (size / 1032 > packed) not_npz(path, name + " claims to unpack to " + std::to_string(size) + " bytes");
      if (size > most)
        throw io_error(path + ": unpacks to far more than the model needs; the array that goes too far is " + name);
      most -= size;
      unpacked.push_back(inflated(data, size, path + ": " + name));
      npy = {reinterpret_cast<const unsigned char*>(unpacked.back().data()), size};
    } else if (method != 0 || packed != size) {
      throw io_error(path + ": " + name + " is packed by method " + std::to_string(method) +
                     "; expected none or deflate");
    }
    if (crc32_z(0, npy.data(), npy.size()) != crc) not_npz(path, name + ": its checksum is wrong");
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    tensors.push_back(read_npy(npy, name, path));
  }
  return tensors;
}

}  // namespace xg::nn::detail
