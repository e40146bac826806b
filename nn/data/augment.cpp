// Compiled with -ffp-contract=off (see nn/CMakeLists.txt), as random_numbers.cpp is.
#include <xgrad/nn/data/augment.hpp>

#include <algorithm>
#include <cmath>

#include <xgrad/core/memory/error.hpp>
#include <xgrad/nn/init/random_numbers.hpp>

namespace xg::nn::detail {

void check(const augmentation& how, const shape_t& x, const std::source_location& where) {
  if (!(how.noise >= 0) || !std::isfinite(how.noise))
    throw value_error("augmentation: noise is " + std::to_string(how.noise) + "; it must be finite and not negative" +
                      at_line(where));
  if ((how.shift != 0 || how.flip) && x.size() != 3 && x.size() != 4)
    throw shape_error("augmentation: x has shape " + to_string(x) +
                      "; to be moved or flipped, samples are images: (n, height, width) or (n, channels, height, "
                      "width)" +
                      at_line(where));
}

namespace {

/// A channel, moved by dy rows and dx columns, after it was flipped.
template <class T>
void moved(const T* from, T* to, std::ptrdiff_t height, std::ptrdiff_t width, std::ptrdiff_t dy, std::ptrdiff_t dx,
           bool flip) {
  for (std::ptrdiff_t i = 0; i < height; ++i)
    for (std::ptrdiff_t j = 0; j < width; ++j) {
      const std::ptrdiff_t row = i - dy, column = j - dx;
      const bool inside = row >= 0 && row < height && column >= 0 && column < width;
      to[i * width + j] = inside ? from[row * width + (flip ? width - 1 - column : column)] : T(0);
    }
}

}  // namespace

template <class T>
void augmented(const T* from, T* to, const shape_t& sample, const augmentation& how, sequence& chance) {
  const std::size_t size = count_of(sample);
  if (how.shift != 0 || how.flip) {
    const auto offset = [&] { return std::ptrdiff_t(chance.below(2 * how.shift + 1)) - std::ptrdiff_t(how.shift); };
    const std::ptrdiff_t dy = how.shift ? offset() : 0, dx = how.shift ? offset() : 0;
    const bool flip = how.flip && chance.below(2) == 1;
    const std::size_t height = sample[sample.size() - 2], width = sample[sample.size() - 1], image = height * width;
    for (std::size_t start = 0; start < size; start += image)
      moved(from + start, to + start, std::ptrdiff_t(height), std::ptrdiff_t(width), dy, dx, flip);
  } else {
    std::copy_n(from, size, to);
  }
  if (how.noise != 0)
    for (std::size_t i = 0; i < size; ++i)
      to[i] = T(double(to[i]) + how.noise * xg::detail::normal_number(chance.bits()));
}

template void augmented(const float*, float*, const shape_t&, const augmentation&, sequence&);
template void augmented(const double*, double*, const shape_t&, const augmentation&, sequence&);

}  // namespace xg::nn::detail
