#include <xgrad/nn/data/idx.hpp>

#include <xgrad/nn/data/gzip.hpp>
#include <xgrad/nn/files/tensors.hpp>

namespace xg::nn {

xt::xarray<std::uint8_t> read_idx(const std::string& path) {
  const std::vector<unsigned char> file = detail::read_file(path);
  std::string unpacked;
  std::span<const unsigned char> data = file;
  if (data.size() > 2 && data[0] == 0x1f && data[1] == 0x8b) {
    constexpr std::size_t most = std::size_t(1) << 32;
    unpacked = detail::unzipped(data, most, path);
    data = {reinterpret_cast<const unsigned char*>(unpacked.data()), unpacked.size()};
  }
  const auto refuse = [&](const std::string& why) {
    throw io_error(path + ": is not an idx file, or damaged: " + why);
  };
  if (data.size() < 4 || data[0] != 0 || data[1] != 0) refuse("it does not begin with two zeros");
  if (data[2] != 8) refuse("its numbers are of type " + std::to_string(data[2]) + "; only bytes (8) are read");
  const std::size_t rank = data[3];
  if (data.size() < 4 + 4 * rank) refuse("its header is cut off");
  shape_t shape;
  std::size_t count = 1;
  for (std::size_t i = 0; i < rank; ++i) {
    std::size_t extent = 0;
    for (std::size_t k = 0; k < 4; ++k) extent = extent << 8 | data[4 + 4 * i + k];
    shape.push_back(extent);
    if (__builtin_mul_overflow(count, extent, &count)) refuse("its shape is larger than any memory");
  }
  data = data.subspan(4 + 4 * rank);
  if (data.size() != count)
    refuse("its shape " + to_string(shape) + " needs " + std::to_string(count) + " bytes, and " +
           std::to_string(data.size()) + " follow" + (data.size() < count ? "; was it cut off?" : ""));
  xt::xarray<std::uint8_t> values = xt::xarray<std::uint8_t>::from_shape(shape);
  std::copy(data.begin(), data.end(), values.begin());
  return values;
}

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
