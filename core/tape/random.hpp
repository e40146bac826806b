// Random numbers: counter-based, so that a number depends on its seed and its place alone, not on who drew before.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace xg {

namespace detail {

using philox_block = std::array<std::uint32_t, 4>;
using philox_key = std::array<std::uint32_t, 2>;

/// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
constexpr philox_block philox(philox_block counter, philox_key key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t(0xD2511F53) * counter[0], b = std::uint64_t(0xCD9E8D57) * counter[2];
    counter = {std::uint32_t(b >> 32) ^ counter[1] ^ key[0], std::uint32_t(b),
               std::uint32_t(a >> 32) ^ counter[3] ^ key[1], std::uint32_t(a)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

/// Four numbers of 32 random bits: those of `block` in a stream's round.
constexpr philox_block random_bits(std::uint64_t seed, std::uint32_t stream, std::uint32_t round, std::uint64_t block) {
  return philox({std::uint32_t(block), std::uint32_t(block >> 32), round, stream},
                {std::uint32_t(seed), std::uint32_t(seed >> 32)});
}

}  // namespace detail

/// Where draws get their numbers: a seed, and a count of the streams that were given out. Each draw recorded with it
/// takes a stream of its own; the same seed and the same order of recording give the same numbers on every platform.
/// Made by the user, and handed to what draws; there is none behind the scenes.
class rng {
 public:
  /// `streams`: how many were given out before, to go on from there.
  explicit rng(std::uint64_t seed, std::uint32_t streams = 0) : seed_(seed), streams_(streams) {}
  std::uint64_t seed() const { return seed_; }
  std::uint32_t streams() const { return streams_; }
  /// The number of the next stream, which is then taken.
  std::uint32_t next_stream() { return streams_++; }

 private:
  std::uint64_t seed_;
  std::uint32_t streams_;
};

namespace detail {

/// Normally distributed, of mean 0 and deviation 1, from 64 random bits; the same to the last bit on every machine.
double normal_number(std::uint64_t bits);

/// The streams that draws took in a part of a computation that is recorded more than once: they are the same each time.
class draw_places {
 public:
  std::uint32_t round = 0;  // how often it was replayed

  /// Begins once more. A part of a part asks that for the streams it has not had before.
  void start(draw_places* whole) {
    whole_ = whole;
    if (whole && streams_.empty()) round = whole->round;
    next_ = 0;
  }
  std::uint32_t take(rng& from) {
    if (next_ == streams_.size()) streams_.push_back(whole_ ? whole_->take(from) : from.next_stream());
    return streams_[next_++];
  }

 private:
  std::vector<std::uint32_t> streams_;
  std::size_t next_ = 0;
  draw_places* whole_ = nullptr;
};

}  // namespace detail

}  // namespace xg
