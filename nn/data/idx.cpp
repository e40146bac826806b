#include <xgrad/nn/data/idx.hpp>

#include <algorithm>

#include <xgrad/nn/data/gzip.hpp>
#include <xgrad/nn/files/tensors.hpp>

namespace xg::nn {

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw io_error(path + ": is not an idx file, or damaged: " + why);
}

/// The shape, and how many bytes all has, the header included.
struct header {
  shape_t shape;
  std::size_t start = 4, size = 0;
};

header header_of(std::span<const unsigned char> data, const std::string& path) {
  if (data.size() < 4 || data[0] != 0 || data[1] != 0) refuse(path, "it does not begin with two zeros");
  if (data[2] != 8) refuse(path, "its numbers are of type " + std::to_string(data[2]) + "; only bytes (8) are read");
  const std::size_t rank = data[3];
  header h;
  h.start += 4 * rank;
  if (data.size() < h.start) refuse(path, "its header is cut off");
  std::size_t count = 1, span = 1;  // the span: as if no extent were 0, which strides are made of
  for (std::size_t i = 0; i < rank; ++i) {
    std::size_t extent = 0;
    for (std::size_t k = 0; k < 4; ++k) extent = extent << 8 | data[4 + 4 * i + k];
    h.shape.push_back(extent);
    count *= extent;
    if (__builtin_mul_overflow(span, std::max(extent, std::size_t(1)), &span) || span >> 48 != 0)
      refuse(path, "its shape is larger than any memory");
  }
  h.size = h.start + count;
  return h;
}

}  // namespace

xt::xarray<std::uint8_t> detail::idx_array(std::span<const unsigned char> file, const std::string& path) {
  std::string unpacked;
  std::span<const unsigned char> data = file;
  if (data.size() > 2 && data[0] == 0x1f && data[1] == 0x8b) {
    const auto bytes = [&] {
      return std::span(reinterpret_cast<const unsigned char*>(unpacked.data()), unpacked.size());
    };
    constexpr std::size_t longest_header = 4 + 4 * 255;
    unpacked = unzipped_start(data, longest_header, path);
    // Its header says how long it is: nothing beyond that is unpacked.
    unpacked = unzipped(data, std::max(header_of(bytes(), path).size, longest_header), path);
    data = bytes();
  }
  const header h = header_of(data, path);
  data = data.subspan(h.start);
  const std::size_t count = h.size - h.start;
  if (data.size() != count)
    refuse(path, "its shape " + to_string(h.shape) + " needs " + std::to_string(count) + " bytes, and " +
                     std::to_string(data.size()) + " follow" + (data.size() < count ? "; was it cut off?" : ""));
  xt::xarray<std::uint8_t> values = xt::xarray<std::uint8_t>::from_shape(h.shape);
  std::copy(data.begin(), data.end(), values.begin());
  return values;
}

xt::xarray<std::uint8_t> read_idx(const std::string& path) { return detail::idx_array(detail::read_file(path), path); }

template <class T>
dataset<T> mnist(const std::string& images, const std::string& labels) {
  const xt::xarray<std::uint8_t> x = read_idx(images), y = read_idx(labels);
  if (x.dimension() != 3)
    throw io_error(images + ": has shape " + to_string(shape_of(x)) + "; images have (n, rows, columns)");
  if (y.dimension() != 1 || y.shape(0) != x.shape(0))
    throw io_error(labels + ": has shape " + to_string(shape_of(y)) + "; expected (" + std::to_string(x.shape(0)) +
                   "), one label for each of the images in " + images);
  dataset<T> data;
  data.x = xt::cast<T>(x) / T(255);
  data.y = xt::cast<std::int64_t>(y);
  return data;
}

template dataset<float> mnist(const std::string&, const std::string&);
template dataset<double> mnist(const std::string&, const std::string&);

}  // namespace xg::nn
