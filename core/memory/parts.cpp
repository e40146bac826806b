#include <xgrad/core/memory/parts.hpp>

namespace xg {

namespace {

constexpr std::size_t most_parts = 256;
constexpr std::size_t enough_parts = 32;     // from here on it matters more what they share
constexpr std::size_t least_of_row = 256;    // whole vectors, and whole cache lines, of any machine
constexpr std::size_t work_per_merged = 16;  // positions for each element that is merged

std::size_t ceil_of(std::size_t a, std::size_t b) { return a / b + (a % b != 0); }

std::ptrdiff_t stride_of(const walk& w, std::size_t operands, std::size_t dimension, std::size_t k) {
  if (dimension == w.outer) return w.fixed >> k & 1 ? 0 : 1;
  return w.stride[dimension * operands + k];
}

}  // namespace

walk_split walk_split::of(const walk& w, std::size_t operands, std::uint64_t written,
                          std::span<const std::size_t> sizes) {
  const std::size_t wanted = std::min(w.count / part_elements, most_parts);
  walk_split best;
  std::size_t best_cost = 0;
  for (std::size_t d = 0; d <= w.outer; ++d) {
    const bool row = d == w.outer;
    const std::size_t extent = row ? w.row : w.extent[d], unit = row ? least_of_row : 1;
    walk_split s{d, std::min(ceil_of(extent, unit), wanted)};
    std::size_t cost = 0;
    for (std::size_t k = 0; k < operands; ++k) {
      if (!(written >> k & 1) || stride_of(w, operands, d, k) != 0) continue;
      s.shared |= std::uint64_t(1) << k;
      cost += sizes[k];
    }
    if (cost != 0) s.parts = std::min(s.parts, w.count / work_per_merged / cost);
    if (s.parts <= 1) continue;
    s.length = ceil_of(ceil_of(extent, s.parts), unit) * unit;
    s.parts = ceil_of(extent, s.length);
    const std::size_t is = std::min(s.parts, enough_parts), was = std::min(best.parts, enough_parts);
    if (is > was || (is == was && cost < best_cost)) best = s, best_cost = cost;
  }
  if (best.parts > 1) return best;
  return {w.outer, 1, w.row, 0};
}

walk_part::walk_part(const walk& w, std::size_t operands, const walk_split& s, std::size_t part)
    : rows_(w), extent_(w.extent, w.extent + w.outer), begin_(operands) {
  const std::size_t first = part * s.length;
  std::size_t& extent = s.dimension == w.outer ? rows_.row : extent_[s.dimension];
  extent = std::min(s.length, extent - first);
  rows_.extent = extent_.data();
  for (std::size_t k = 0; k < operands; ++k) begin_[k] = std::ptrdiff_t(first) * stride_of(w, operands, s.dimension, k);
}

}  // namespace xg
