#include <xgrad/nn/data/gzip.hpp>

#include <zlib.h>

#include <algorithm>
#include <limits>

#include <xgrad/core/memory/error.hpp>

namespace xg::nn::detail {

namespace {

class inflater {
 public:
  explicit inflater(int window_bits) {
    if (inflateInit2(&stream_, window_bits) != Z_OK) throw io_error("zlib cannot be started: out of memory?");
  }
  ~inflater() { inflateEnd(&stream_); }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;
  z_stream& operator*() { return stream_; }

 private:
  z_stream stream_{};
};

std::string unpacked(std::span<const unsigned char> data, std::size_t most, int window_bits, const std::string& name,
                     bool only_start = false) {
  inflater from(window_bits);
  z_stream& s = *from;
  std::string out;
  char piece[1 << 15];
  std::size_t given = 0;
  while (true) {
    if (s.avail_in == 0) {
      const std::size_t n = std::min<std::size_t>(data.size() - given, 1 << 30);
      s.next_in = const_cast<unsigned char*>(data.data() + given);  // zlib does not write to it
      s.avail_in = uInt(n);
      given += n;
    }
    s.next_out = reinterpret_cast<unsigned char*>(piece);
    s.avail_out = sizeof piece;
    const int result = inflate(&s, Z_NO_FLUSH);
    const std::size_t got = sizeof piece - s.avail_out;
    if (result == Z_OK || result == Z_STREAM_END || (result == Z_BUF_ERROR && got > 0)) {
      if (only_start && got >= most - out.size()) return out.append(piece, most - out.size());
      if (got > most - out.size())
        throw io_error(name + ": unpacks to more than the " + std::to_string(most) + " bytes it should have");
      out.append(piece, got);
      if (result != Z_STREAM_END) continue;
      const bool more = s.avail_in != 0 || given != data.size();
      if (!more || window_bits < 0) return out;
      if (inflateReset(&s) != Z_OK) throw io_error(name + ": cannot be unpacked");
      continue;
    }
    if (result == Z_BUF_ERROR && s.avail_in == 0)
      throw io_error(name + ": is cut off: its compressed data ends too early");
    throw io_error(name + ": is damaged: its compressed data cannot be unpacked" +
                   (s.msg ? std::string(" (") + s.msg + ")" : ""));
  }
}

}  // namespace

std::string unzipped(std::span<const unsigned char> data, std::size_t most, const std::string& name) {
  return unpacked(data, most, 16 + MAX_WBITS, name);
}

std::string unzipped_start(std::span<const unsigned char> data, std::size_t most, const std::string& name) {
  return unpacked(data, most, 16 + MAX_WBITS, name, true);
}

std::string inflated(std::span<const unsigned char> data, std::size_t size, const std::string& name) {
  std::string out = unpacked(data, size, -MAX_WBITS, name);
  if (out.size() != size)
    throw io_error(name + ": unpacks to " + std::to_string(out.size()) + " bytes instead of " + std::to_string(size));
  return out;
}

}  // namespace xg::nn::detail
