// A small dense matrix: what formulas evaluate to. A number is 1×1, a row vector 1×n.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace write_up {

struct matrix {
  std::size_t rows = 1;
  std::size_t cols = 1;
  std::vector<double> data = {0.0};
  bool exact = false;  ///< known without any rounding: two such values are compared bit for bit

  matrix() = default;
  explicit matrix(double number) : data{number} {}
  matrix(std::size_t r, std::size_t c, double fill = 0) : rows(r), cols(c), data(r * c, fill) {}

  double& operator()(std::size_t i, std::size_t j) { return data[i * cols + j]; }
  double operator()(std::size_t i, std::size_t j) const { return data[i * cols + j]; }
  bool scalar() const { return rows == 1 && cols == 1; }
  bool same_shape(const matrix& o) const { return rows == o.rows && cols == o.cols; }
};

/// "2×3". Batches are compared with 5 and 7 samples, which nothing else in the network has: they are the reader's m.
inline std::string shape_text(const matrix& a) {
  const auto size = [](std::size_t n) { return n == 5 || n == 7 ? std::string("m") : std::to_string(n); };
  return size(a.rows) + "×" + size(a.cols);
}

inline matrix transposed(const matrix& a) {
  matrix t(a.cols, a.rows);
  t.exact = a.exact;
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t j = 0; j < a.cols; ++j) t(j, i) = a(i, j);
  return t;
}

/// Inner dimensions must agree (the caller checks).
inline matrix multiplied(const matrix& a, const matrix& b) {
  matrix c(a.rows, b.cols);
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t k = 0; k < a.cols; ++k)
      for (std::size_t j = 0; j < b.cols; ++j) c(i, j) += a(i, k) * b(k, j);
  return c;
}

template <class F>
matrix mapped(matrix a, F&& f) {
  for (double& v : a.data) v = f(v);
  return a;
}

/// f entry by entry; shapes must agree (the caller checks).
template <class F>
matrix zipped(matrix a, const matrix& b, F&& f) {
  for (std::size_t i = 0; i < a.data.size(); ++i) a.data[i] = f(a.data[i], b.data[i]);
  return a;
}

inline matrix times(const matrix& a, const matrix& b) {
  return zipped(a, b, [](double u, double v) { return u * v; });
}

inline matrix scaled(const matrix& a, double s) {
  return mapped(a, [s](double v) { return s * v; });
}

inline matrix row_of(const matrix& a, std::size_t i) {
  matrix r(1, a.cols);
  r.exact = a.exact;
  for (std::size_t j = 0; j < a.cols; ++j) r(0, j) = a(i, j);
  return r;
}

inline matrix column_of(const matrix& a, std::size_t j) {
  matrix c(a.rows, 1);
  c.exact = a.exact;
  for (std::size_t i = 0; i < a.rows; ++i) c(i, 0) = a(i, j);
  return c;
}

/// Equal shapes and entries: exactly if both are exact, else up to the rounding of a few operations. NaN is equal to
/// nothing.
inline bool agrees(const matrix& a, const matrix& b) {
  if (!a.same_shape(b)) return false;
  const double tolerance = a.exact && b.exact ? 0 : a.exact || b.exact ? 1e-13 : 1e-11;
  double scale = 1e-3;
  for (double v : b.data) scale = std::max(scale, std::abs(v));
  for (std::size_t i = 0; i < a.data.size(); ++i)
    if (!(std::abs(a.data[i] - b.data[i]) <= tolerance * scale)) return false;
  return true;
}

}  // namespace write_up
