// How long loops are split into parts, which may be computed side by side.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include <xgrad/core/memory/shape.hpp>

namespace xg {

/// Elements that are a part's worth of elementwise work: less is done before another thread has woken up.
inline constexpr std::size_t part_elements = 16384;

/// How many rows, planes, images, ... of so many elements make a part.
inline std::size_t rows_in_part(std::size_t elements) {
  return std::max(part_elements / std::max(elements, std::size_t(1)), std::size_t(1));
}

/// Parts of a walk: stretches along one of its dimensions. Their number follows from the shapes, so that they are the
/// same whoever computes them.
struct walk_split {
  std::size_t dimension = 0;  // an outer one, or, being their number, the row
  std::size_t parts = 1;
  std::size_t length = 0;    // positions along it in a part; the last one has what is left
  std::uint64_t shared = 0;  // bit k: operand k, which is written to, has the same elements in every part

  /// For a walk over so many operands. `written` are those that are written to, whose `sizes` say what a part needs
  /// besides for each that it shares. The parts are as many as the work is worth, as long as merging what they share is
  /// little beside it.
  static walk_split of(const walk& w, std::size_t operands, std::uint64_t written, std::span<const std::size_t> sizes);
};

/// One part, as a walk of its own.
class walk_part {
 public:
  walk_part(const walk& w, std::size_t operands, const walk_split& s, std::size_t part);
  walk_part(const walk_part&) = delete;
  walk_part& operator=(const walk_part&) = delete;

  const walk& rows() const { return rows_; }
  /// Where each operand begins.
  const std::ptrdiff_t* begin() const { return begin_.data(); }

 private:
  walk rows_;
  xt::svector<std::size_t, 8> extent_;
  xt::svector<std::ptrdiff_t, 16> begin_;
};

}  // namespace xg
