// The dense matrix product on plain memory.
#pragma once

#include <cstddef>

namespace xg {

/// A matrix as it lies in memory: row-major, `rows` × `columns` as stored; read transposed if asked.
template <class T>
struct matrix {
  const T* data;
  std::size_t rows, columns;
  bool transpose = false;

  std::size_t height() const { return transpose ? columns : rows; }
  std::size_t width() const { return transpose ? rows : columns; }
  matrix transposed() const { return {data, rows, columns, !transpose}; }
};

/// C = A·B (assign) or C += A·B; C is a.height() × b.width(), row-major, and overlaps neither. Small products run in a loop of our own,
/// where the overhead of a BLAS call is larger than the product; the rest is OpenBLAS.
template <class T>
void gemm(const matrix<T>& a, const matrix<T>& b, T* c, bool assign);

extern template void gemm(const matrix<float>&, const matrix<float>&, float*, bool);
extern template void gemm(const matrix<double>&, const matrix<double>&, double*, bool);

}  // namespace xg
