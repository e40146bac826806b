// Random numbers that are the same to the last bit on every platform: made from Philox by additions, multiplications,
// divisions and square roots alone, which IEEE 754 rounds in one way only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <xgrad/core/tape/random.hpp>

namespace xg::nn::detail {

/// A sequence of random numbers: those of a seed, a stream of it, and a name, the path of a parameter say. None of
/// them depends on what else was drawn.
class sequence {
 public:
  sequence(std::uint64_t seed, std::uint32_t stream, std::string_view name = {});
  /// ... and a number instead of the name.
  sequence(std::uint64_t seed, std::uint32_t stream, std::uint64_t number);
  /// 64 random bits.
  std::uint64_t bits();
  /// Evenly spread over [0, 1): a multiple of 2⁻⁵³.
  double unit() { return double(bits() >> 11) * 0x1p-53; }
  /// A whole number below n > 0, each equally likely.
  std::uint64_t below(std::uint64_t n);

 private:
  xg::detail::philox_block counter_, block_{};
  xg::detail::philox_key key_;
  unsigned left_ = 0;
};

/// low + (high - low)·u
void fill_uniform(sequence& from, double low, double high, std::span<double> to);
void fill_normal(sequence& from, double mean, double deviation, std::span<double> to);
/// A matrix of `rows` × `columns` whose rows (if there are no more of them than columns, else whose columns) are
/// orthonormal, evenly distributed among all such: normal numbers, made orthogonal by Gram and Schmidt, twice.
void fill_orthogonal(sequence& from, std::size_t rows, std::size_t columns, double gain, std::span<double> to);

/// 0, 1, ..., n - 1 in an order of chance: Fisher and Yates.
std::vector<std::size_t> permutation(sequence& from, std::size_t n);

}  // namespace xg::nn::detail
