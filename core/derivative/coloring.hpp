// Graph colouring for sparse Jacobians: columns of one colour have no row in common, so that one product with their sum
// gives them all. Curtis, Powell and Reid (1974); Gebremedhin, Manne and Pothen, "What color is your Jacobian?" (2005).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace xg::detail {

/// Where a matrix may be other than zero, row by row; the columns of a row are in order.
struct sparsity {
  std::size_t rows = 0, columns = 0;
  std::vector<std::size_t> row_start{0};  // [rows + 1]
  std::vector<std::uint32_t> column;

  sparsity transposed() const;
  /// Of a square matrix: with what the transpose has, and the diagonal.
  sparsity symmetric() const;
};

struct coloring {
  std::size_t colors = 0;
  std::vector<std::uint32_t> of;  // of each column
};

/// Columns that have a row in common get different colours.
coloring color_columns(const sparsity& s);
/// Of a symmetric pattern, a star colouring: neighbours differ, and no path of four has two colours alone. Each element
/// can then be read from one of its two columns. Fewer colours than color_columns needs: two for an arrow. Coleman and
/// Moré (1984).
coloring color_symmetric(const sparsity& s);

}  // namespace xg::detail
