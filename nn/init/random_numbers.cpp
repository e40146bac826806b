// Compiled with -ffp-contract=off (see nn/CMakeLists.txt): a fused product and sum would round differently where the
// processor has no such instruction.
#include <xgrad/nn/init/random_numbers.hpp>

#include <algorithm>
#include <cmath>

namespace xg::nn::detail {

namespace {

/// FNV-1a, 64 bits.
std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (char c : text) h = (h ^ std::uint64_t(static_cast<unsigned char>(c))) * 0x100000001b3;
  return h;
}

double dot(const double* a, const double* b, std::size_t n, std::size_t step) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i * step] * b[i * step];
  return sum;
}

}  // namespace

sequence::sequence(std::uint64_t seed, std::uint32_t stream, std::string_view name)
    : sequence(seed, stream, hash(name)) {}
sequence::sequence(std::uint64_t seed, std::uint32_t stream, std::uint64_t number)
    : counter_{0, stream, std::uint32_t(number), std::uint32_t(number >> 32)},
      key_{std::uint32_t(seed) ^ 0x6e6e3a3au, std::uint32_t(seed >> 32)} {}  // apart from what tapes draw from the seed

std::uint64_t sequence::bits() {
  if (left_ == 0) {
    block_ = xg::detail::philox(counter_, key_);
    if (++counter_[0] == 0) ++counter_[1];
    left_ = 2;
  }
  --left_;
  return left_ == 1 ? std::uint64_t(block_[0]) << 32 | block_[1] : std::uint64_t(block_[2]) << 32 | block_[3];
}

std::uint64_t sequence::below(std::uint64_t n) {
  const std::uint64_t limit = ~std::uint64_t(0) - ~std::uint64_t(0) % n;  // what lies above would favour small numbers
  std::uint64_t x = bits();
  while (x >= limit) x = bits();
  return x % n;
}

void fill_uniform(sequence& from, double low, double high, std::span<double> to) {
  for (double& x : to) x = low + (high - low) * from.unit();
}

void fill_normal(sequence& from, double mean, double deviation, std::span<double> to) {
  for (double& x : to) x = mean + deviation * xg::detail::normal_number(from.bits());
}

void fill_orthogonal(sequence& from, std::size_t rows, std::size_t columns, double gain, std::span<double> to) {
  fill_normal(from, 0, 1, to);
  const bool wide = rows <= columns;
  const std::size_t vectors = wide ? rows : columns, length = wide ? columns : rows, step = wide ? 1 : columns;
  const auto vector = [&](std::size_t i) { return to.data() + (wide ? i * columns : i); };
  for (std::size_t i = 0; i < vectors; ++i) {
    double* v = vector(i);
    for (int round = 0; round < 2; ++round) {  // the second one takes away what rounding has left
      for (std::size_t k = 0; k < i; ++k) {
        const double* u = vector(k);
        const double along = dot(u, v, length, step);
        for (std::size_t j = 0; j < length; ++j) v[j * step] -= along * u[j * step];
      }
      const double norm = std::sqrt(dot(v, v, length, step));
      for (std::size_t j = 0; j < length; ++j) v[j * step] /= norm;
    }
  }
  for (double& x : to) x *= gain;
}

std::vector<std::size_t> permutation(sequence& from, std::size_t n) {
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = i;
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[from.below(i)]);
  return order;
}

}  // namespace xg::nn::detail
