#include <xgrad/ops/lapack.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include <cblas.h>

// LAPACK's own interface; the lengths of strings come last.
extern "C" {
void sgetrf_(const int* m, const int* n, float* a, const int* lda, int* pivots, int* info);
void dgetrf_(const int* m, const int* n, double* a, const int* lda, int* pivots, int* info);
void spotrf_(const char* uplo, const int* n, float* a, const int* lda, int* info, std::size_t);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info, std::size_t);
void ssyevd_(const char* jobz, const char* uplo, const int* n, float* a, const int* lda, float* w, float* work,
             const int* lwork, int* iwork, const int* liwork, int* info, std::size_t, std::size_t);
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w, double* work,
             const int* lwork, int* iwork, const int* liwork, int* info, std::size_t, std::size_t);
void sgesdd_(const char* jobz, const int* m, const int* n, float* a, const int* lda, float* s, float* u, const int* ldu,
             float* vt, const int* ldvt, float* work, const int* lwork, int* iwork, int* info, std::size_t);
void dgesdd_(const char* jobz, const int* m, const int* n, double* a, const int* lda, double* s, double* u,
             const int* ldu, double* vt, const int* ldvt, double* work, const int* lwork, int* iwork, int* info,
             std::size_t);
void sgelqf_(const int* m, const int* n, float* a, const int* lda, float* tau, float* work, const int* lwork,
             int* info);
void dgelqf_(const int* m, const int* n, double* a, const int* lda, double* tau, double* work, const int* lwork,
             int* info);
void sorglq_(const int* m, const int* n, const int* k, float* a, const int* lda, const float* tau, float* work,
             const int* lwork, int* info);
void dorglq_(const int* m, const int* n, const int* k, double* a, const int* lda, const double* tau, double* work,
             const int* lwork, int* info);
}

namespace xg::detail::lapack {

namespace {

/// The function for float or that for double.
template <class T>
constexpr auto of(auto single_precision, auto double_precision) {
  if constexpr (std::same_as<T, float>)
    return single_precision;
  else
    return double_precision;
}

int whole(std::size_t n) {
  if (n > std::size_t(std::numeric_limits<int>::max()))
    throw shape_error("LAPACK has no matrices with extents of 2³¹ or more");
  return int(n);
}
int leading_dimension(std::size_t n) { return std::max(1, whole(n)); }

/// What LAPACK, asked for it, says that it needs; float loses the last digits of large numbers.
template <class T>
int asked(T size) {
  const double with_rounding = std::same_as<T, float> ? double(size) * (1 + 1e-6) : double(size);
  return std::max(1, int(std::min(with_rounding, double(std::numeric_limits<int>::max()))));
}

template <class T>
void exchange_rows(std::size_t n, std::size_t k, const T* pivots, bool descending, T* b) {
  for (std::size_t step = 0; step < n; ++step) {
    const std::size_t i = descending ? n - 1 - step : step, j = std::size_t(pivots[i]);
    if (i != j) std::swap_ranges(b + i * k, b + (i + 1) * k, b + j * k);
  }
}

}  // namespace

template <class T>
std::size_t factor_lu(std::size_t n, T* a, T* pivots, int* exchanged) {
  if (n == 0) return none;
  const int order = whole(n);
  int info = 0;
  of<T>(sgetrf_, dgetrf_)(&order, &order, a, &order, exchanged, &info);
  for (std::size_t i = 0; i < n; ++i) pivots[i] = T(exchanged[i] - 1);
  return info > 0 ? std::size_t(info - 1) : none;
}

// LAPACK has P L U = Aᵀ. Read by rows, L is the upper triangle (with ones on the diagonal), transposed, U the lower.
template <class T>
void solve_lu(std::size_t n, std::size_t k, const T* lu, const T* pivots, bool transpose, T* b) {
  const triangle l{.lower = false, .transpose = transpose, .unit = true}, u{.lower = true, .transpose = transpose};
  if (transpose) {
    exchange_rows(n, k, pivots, false, b);
    solve_triangular(l, n, k, lu, b);
    solve_triangular(u, n, k, lu, b);
  } else {
    solve_triangular(u, n, k, lu, b);
    solve_triangular(l, n, k, lu, b);
    exchange_rows(n, k, pivots, true, b);
  }
}

template <class T>
void solve_triangular(triangle how, std::size_t n, std::size_t k, const T* a, T* b) {
  if (n == 0 || k == 0) return;
  of<T>(cblas_strsm, cblas_dtrsm)(CblasRowMajor, CblasLeft, how.lower ? CblasLower : CblasUpper,
                                  how.transpose ? CblasTrans : CblasNoTrans, how.unit ? CblasUnit : CblasNonUnit,
                                  whole(n), whole(k), T(1), a, whole(n), b, whole(k));
}

template <class T>
std::size_t factor_cholesky(std::size_t n, T* a) {
  if (n == 0) return none;
  const int order = whole(n);
  int info = 0;
  of<T>(spotrf_, dpotrf_)("U", &order, a, &order, &info, 1);
  return info > 0 ? std::size_t(info - 1) : none;
}

template <class T>
work<T> eigen_work(workspace& w, std::size_t n) {
  const int order = whole(n), lda = leading_dimension(n), ask = -1;
  T size{}, unused{};
  int whole_size = 0, info = 0;
  of<T>(ssyevd_, dsyevd_)("V", "U", &order, &unused, &lda, &unused, &size, &ask, &whole_size, &ask, &info, 1, 1);
  const int numbers = asked(size);
  return {w.array<T>(std::size_t(numbers)), w.array<int>(std::size_t(whole_size)), numbers, whole_size};
}
template <class T>
bool eigen(const work<T>& memory, std::size_t n, T* a, T* values) {
  if (n == 0) return true;
  const int order = whole(n);
  int info = 0;
  of<T>(ssyevd_, dsyevd_)("V", "U", &order, a, &order, values, memory.numbers, &memory.size, memory.whole,
                          &memory.whole_size, &info, 1, 1);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) std::swap(a[i * n + j], a[j * n + i]);
  return info == 0;
}

// The transpose of A is V' diag(s) U', with V' and U' by columns: U and V by rows.
template <class T>
work<T> svd_work(workspace& w, std::size_t m, std::size_t n) {
  const std::size_t k = std::min(m, n);
  const int height = whole(n), width = whole(m), lda = leading_dimension(n), ldv = leading_dimension(k), ask = -1;
  T size{}, unused{};
  int info = 0, none_used = 0;
  of<T>(sgesdd_, dgesdd_)("S", &height, &width, &unused, &lda, &unused, &unused, &lda, &unused, &ldv, &size, &ask,
                          &none_used, &info, 1);
  const int numbers = asked(size);
  return {w.array<T>(std::size_t(numbers)), w.array<int>(8 * k), numbers, 0};
}
template <class T>
bool svd(const work<T>& memory, std::size_t m, std::size_t n, T* a, T* u, T* s, T* v) {
  const std::size_t k = std::min(m, n);
  if (k == 0) return true;
  const int height = whole(n), width = whole(m), ldv = whole(k);
  int info = 0;
  of<T>(sgesdd_, dgesdd_)("S", &height, &width, a, &height, s, v, &height, u, &ldv, memory.numbers, &memory.size,
                          memory.whole, &info, 1);
  return info == 0;
}

// Aᵀ = L Q', so that A = Q'ᵀ Lᵀ; by rows, LAPACK's L is R and its Q' is Q.
template <class T>
work<T> qr_work(workspace& w, std::size_t m, std::size_t n) {
  const int height = whole(n), width = whole(m), lda = leading_dimension(n), ask = -1;
  T size{}, size_of_q{}, unused{};
  int info = 0;
  of<T>(sgelqf_, dgelqf_)(&height, &width, &unused, &lda, &unused, &size, &ask, &info);
  of<T>(sorglq_, dorglq_)(&height, &width, &height, &unused, &lda, &unused, &size_of_q, &ask, &info);
  const int numbers = asked(std::max(size, size_of_q));
  return {w.array<T>(std::size_t(numbers) + n), nullptr, numbers, 0};
}
template <class T>
void qr(const work<T>& memory, std::size_t m, std::size_t n, T* a, T* r) {
  if (n == 0) return;
  const int height = whole(n), width = whole(m);
  T* tau = memory.numbers + memory.size;
  int info = 0;
  of<T>(sgelqf_, dgelqf_)(&height, &width, a, &height, tau, memory.numbers, &memory.size, &info);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) r[i * n + j] = j < i ? T(0) : a[i * n + j];
  of<T>(sorglq_, dorglq_)(&height, &width, &height, a, &height, tau, memory.numbers, &memory.size, &info);
}

template std::size_t factor_lu(std::size_t, float*, float*, int*);
template void solve_lu(std::size_t, std::size_t, const float*, const float*, bool, float*);
template void solve_triangular(triangle, std::size_t, std::size_t, const float*, float*);
template std::size_t factor_cholesky(std::size_t, float*);
template work<float> eigen_work<float>(workspace&, std::size_t);
template bool eigen(const work<float>&, std::size_t, float*, float*);
template work<float> svd_work<float>(workspace&, std::size_t, std::size_t);
template bool svd(const work<float>&, std::size_t, std::size_t, float*, float*, float*, float*);
template work<float> qr_work<float>(workspace&, std::size_t, std::size_t);
template void qr(const work<float>&, std::size_t, std::size_t, float*, float*);
template std::size_t factor_lu(std::size_t, double*, double*, int*);
template void solve_lu(std::size_t, std::size_t, const double*, const double*, bool, double*);
template void solve_triangular(triangle, std::size_t, std::size_t, const double*, double*);
template std::size_t factor_cholesky(std::size_t, double*);
template work<double> eigen_work<double>(workspace&, std::size_t);
template bool eigen(const work<double>&, std::size_t, double*, double*);
template work<double> svd_work<double>(workspace&, std::size_t, std::size_t);
template bool svd(const work<double>&, std::size_t, std::size_t, double*, double*, double*, double*);
template work<double> qr_work<double>(workspace&, std::size_t, std::size_t);
template void qr(const work<double>&, std::size_t, std::size_t, double*, double*);

}  // namespace xg::detail::lapack
