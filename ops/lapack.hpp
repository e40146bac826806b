// LAPACK and BLAS on single row-major matrices in plain memory, in the library's own terms. LAPACK keeps matrices
// column by column and sees a row-major one transposed: each function says what that makes of its factors. For the
// library's own sources.
#pragma once

#include <cstddef>

#include <xgrad/core/tape/contract.hpp>

namespace xg::detail::lapack {

/// In the place of the number of a row: there is none.
inline constexpr std::size_t none = ~std::size_t(0);

/// A (n, n) becomes the factors of Aᵀ = P L U by getrf; `pivots[i]` is the column of A that column i was exchanged
/// with. Returns the number of the first pivot that is zero, or none. `memory` is for n numbers.
template <class T>
std::size_t factor_lu(std::size_t n, T* a, T* pivots, int* memory);
/// B (n, k) becomes A⁻¹ B, or A⁻ᵀ B, from A's factors.
template <class T>
void solve_lu(std::size_t n, std::size_t k, const T* lu, const T* pivots, bool transpose, T* b);

/// Which triangle of a matrix a solution reads, and how.
struct triangle {
  bool lower = true, transpose = false, unit = false;
};
/// B (n, k) becomes A⁻¹ B; the diagonal of A has no zeros.
template <class T>
void solve_triangular(triangle how, std::size_t n, std::size_t k, const T* a, T* b);

/// The lower triangle of A (n, n) becomes L, A = L Lᵀ, by potrf. Returns the order of the first leading minor that is
/// not positive less one, or none.
template <class T>
std::size_t factor_cholesky(std::size_t n, T* a);

/// Memory to work in, for matrices of one size.
template <class T>
struct work {
  T* numbers = nullptr;
  int* whole = nullptr;
  int size = 0, whole_size = 0;
};

/// Eigenvalues w in ascending order, and eigenvectors as the columns of A (n, n), of which the lower triangle is read:
/// syevd. False if it did not converge.
template <class T>
work<T> eigen_work(workspace& w, std::size_t n);
template <class T>
bool eigen(const work<T>& memory, std::size_t n, T* a, T* values);

/// A (m, n) = U diag(s) V, U (m, k), s descending, V (k, n), k = min(m, n): gesdd. A is lost. False if it did not
/// converge.
template <class T>
work<T> svd_work(workspace& w, std::size_t m, std::size_t n);
template <class T>
bool svd(const work<T>& memory, std::size_t m, std::size_t n, T* a, T* u, T* s, T* v);

/// A (m, n), m >= n, = Q R: Q (m, n) in the place of A, R (n, n): gelqf of Aᵀ.
template <class T>
work<T> qr_work(workspace& w, std::size_t m, std::size_t n);
template <class T>
void qr(const work<T>& memory, std::size_t m, std::size_t n, T* a, T* r);

}  // namespace xg::detail::lapack
