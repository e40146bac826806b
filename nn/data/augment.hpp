// Images changed a little, by chance, each time they are seen: so that a network does not learn them by heart.
#pragma once

#include <cstddef>
#include <source_location>

#include <xgrad/core/memory/shape.hpp>

namespace xg::nn {

/// What nn::batches does to each sample: {.shift = 2, .flip = true}. Samples to be moved or flipped are images,
/// (height, width) or (channels, height, width). What a sample becomes depends on the seed, on the round and on its
/// place in it alone.
struct augmentation {
  std::size_t shift = 0;  // by up to so many pixels, up or down and to either side; what moves in is 0
  bool flip = false;      // left becomes right, for one of two
  double noise = 0;       // normally distributed, of this deviation, added to each number

  bool any() const { return shift != 0 || flip || noise != 0; }
};

namespace detail {

class sequence;

/// Throws value_error, shape_error for x (n, ...) that has no images.
void check(const augmentation& how, const shape_t& x, const std::source_location& where);
/// A sample of this shape, changed: `to` is other memory than `from`.
template <class T>
void augmented(const T* from, T* to, const shape_t& sample, const augmentation& how, sequence& chance);

}  // namespace detail

}  // namespace xg::nn
