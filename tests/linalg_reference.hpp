// Plain linear algebra in loops, which the ops are held against: no BLAS, no LAPACK.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include <xtensor/xview.hpp>

#include "op_table.hpp"

namespace test::plain {

using matrix = xt::xarray<double>;

inline matrix zeros(std::size_t m, std::size_t n) { return xt::zeros<double>({m, n}); }
inline matrix identity(std::size_t n) { return xt::eye<double>(n); }
inline matrix transposed(const matrix& a) {
  matrix t = zeros(a.shape(1), a.shape(0));
  for (std::size_t i = 0; i < a.shape(0); ++i)
    for (std::size_t j = 0; j < a.shape(1); ++j) t(j, i) = a(i, j);
  return t;
}
inline matrix product(const matrix& a, const matrix& b) {
  matrix c = zeros(a.shape(0), b.shape(1));
  for (std::size_t i = 0; i < c.shape(0); ++i)
    for (std::size_t j = 0; j < c.shape(1); ++j)
      for (std::size_t k = 0; k < a.shape(1); ++k) c(i, j) += a(i, k) * b(k, j);
  return c;
}

/// A⁻¹ B by Gauss and Jordan, and the determinant of A.
struct elimination {
  matrix x;
  double det = 1;

  elimination(matrix a, matrix b) {
    const std::size_t n = a.shape(0), k = b.shape(1);
    for (std::size_t c = 0; c < n; ++c) {
      std::size_t p = c;
      for (std::size_t i = c; i < n; ++i)
        if (std::abs(a(i, c)) > std::abs(a(p, c))) p = i;
      if (p != c) {
        for (std::size_t j = 0; j < n; ++j) std::swap(a(p, j), a(c, j));
        for (std::size_t j = 0; j < k; ++j) std::swap(b(p, j), b(c, j));
        det = -det;
      }
      det *= a(c, c);
      for (std::size_t i = 0; i < n; ++i) {
        if (i == c) continue;
        const double f = a(i, c) / a(c, c);
        for (std::size_t j = 0; j < n; ++j) a(i, j) -= f * a(c, j);
        for (std::size_t j = 0; j < k; ++j) b(i, j) -= f * b(c, j);
      }
    }
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < k; ++j) b(i, j) /= a(i, i);
    x = b;
  }
};
inline matrix solve(const matrix& a, const matrix& b) { return elimination(a, b).x; }
inline double det(const matrix& a) { return elimination(a, zeros(a.shape(0), 1)).det; }

/// The lower factor, by columns.
inline matrix cholesky(const matrix& a) {
  const std::size_t n = a.shape(0);
  matrix l = zeros(n, n);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = j; i < n; ++i) {
      double s = a(i, j);
      for (std::size_t k = 0; k < j; ++k) s -= l(i, k) * l(j, k);
      l(i, j) = i == j ? std::sqrt(s) : s / l(j, j);
    }
  return l;
}

/// Eigenvalues in ascending order and eigenvectors as columns, of a symmetric matrix: Jacobi's rotations.
struct jacobi {
  std::vector<double> w;
  matrix v;

  explicit jacobi(matrix a) : v(identity(a.shape(0))) {
    const std::size_t n = a.shape(0);
    for (int sweep = 0; sweep < 30; ++sweep)
      for (std::size_t p = 0; p < n; ++p)
        for (std::size_t q = p + 1; q < n; ++q) {
          if (a(p, q) == 0) continue;
          const double theta = (a(q, q) - a(p, p)) / (2 * a(p, q));
          const double t = (theta < 0 ? -1 : 1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
          const double c = 1 / std::sqrt(t * t + 1), s = t * c;
          matrix r = identity(n);
          r(p, p) = r(q, q) = c, r(p, q) = s, r(q, p) = -s;
          a = product(product(transposed(r), a), r);
          v = product(v, r);
        }
    std::vector<std::size_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return a(i, i) < a(j, j); });
    const matrix unsorted = v;
    for (std::size_t i = 0; i < n; ++i) {
      w.push_back(a(order[i], order[i]));
      for (std::size_t k = 0; k < n; ++k) v(k, i) = unsorted(k, order[i]);
    }
  }
  /// V diag(f(w)) Vᵀ
  matrix of(const std::function<double(double)>& f) const {
    matrix scaled = v;
    for (std::size_t i = 0; i < w.size(); ++i)
      for (std::size_t k = 0; k < w.size(); ++k) scaled(k, i) *= f(w[i]);
    return product(scaled, transposed(v));
  }
};

inline array singular_values(const matrix& a) {
  const bool tall = a.shape(0) >= a.shape(1);
  const jacobi j(tall ? product(transposed(a), a) : product(a, transposed(a)));
  array s = array::from_shape({j.w.size()});
  for (std::size_t i = 0; i < s.size(); ++i) s(i) = std::sqrt(j.w[s.size() - 1 - i]);
  return s;
}
/// Gram and Schmidt, twice.
inline std::pair<matrix, matrix> orthogonalised(const matrix& a) {
  const std::size_t m = a.shape(0), n = std::min(m, a.shape(1));
  matrix q = zeros(m, n);
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<double> v(m);
    for (std::size_t i = 0; i < m; ++i) v[i] = a(i, j);
    for (int twice = 0; twice < 2; ++twice)
      for (std::size_t k = 0; k < j; ++k) {
        double c = 0;
        for (std::size_t i = 0; i < m; ++i) c += q(i, k) * v[i];
        for (std::size_t i = 0; i < m; ++i) v[i] -= c * q(i, k);
      }
    double norm = 0;
    for (const double x : v) norm += x * x;
    for (std::size_t i = 0; i < m; ++i) q(i, j) = v[i] / std::sqrt(norm);
  }
  matrix r = product(transposed(q), a);
  for (std::size_t i = 0; i < r.shape(0); ++i)
    for (std::size_t j = 0; j < i; ++j) r(i, j) = 0;
  return {q, r};
}
/// The solution of least squares, and that of least norm, by the normal equations.
inline matrix least_squares(const matrix& a, const matrix& b) {
  const matrix t = transposed(a);
  if (a.shape(0) >= a.shape(1)) return solve(product(t, a), product(t, b));
  return product(t, solve(product(a, t), b));
}
inline matrix exponential(const matrix& a) {
  matrix sum = identity(a.shape(0)), power = sum;
  for (int k = 1; k < 60; ++k) sum += power = product(power, a) / double(k);
  return sum;
}
/// f of each matrix of a stack; or of each in one stack with the only one, or that in the same place, of another.
inline array each(const std::function<array(const std::vector<matrix>&)>& f, const std::vector<array>& stacks) {
  std::size_t deepest = 0;
  for (std::size_t k = 0; k < stacks.size(); ++k)
    if (stacks[k].dimension() > stacks[deepest].dimension() ||
        (stacks[k].dimension() == 3 && stacks[k].shape(0) > stacks[deepest].shape(0)))
      deepest = k;
  if (stacks[deepest].dimension() == 2) return f(stacks);
  array all;
  const std::size_t count = stacks[deepest].shape(0);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<matrix> one;
    for (const array& s : stacks)
      one.push_back(s.dimension() == 2 ? s : array(xt::view(s, s.shape(0) == 1 ? 0 : i, xt::all(), xt::all())));
    const array y = f(one);
    if (i == 0) {
      std::vector<std::size_t> shape{count};
      shape.insert(shape.end(), y.shape().begin(), y.shape().end());
      all = array::from_shape(shape);
    }
    std::copy(y.begin(), y.end(), all.begin() + std::ptrdiff_t(i * y.size()));
  }
  return all;
}

/// Well-conditioned matrices made of any: 0.3 x + 2 I; and positive definite ones, 0.1 (x + xᵀ) + 2 I.
inline matrix regular(const matrix& x) { return 0.3 * x + 2 * identity(x.shape(0)); }
template <class T>
xg::var<T> regular(const xg::var<T>& x) {
  return 0.3 * x + 2 * xt::xarray<T>(xt::eye<T>(x.shape(-1)));
}

}  // namespace test::plain
