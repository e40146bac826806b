#include <xgrad/ops/gemm.hpp>

#include <algorithm>
#include <concepts>

#include <cblas.h>

namespace xg {

namespace {

// Products of up to this many multiplications are faster in the plain loop than in a BLAS call.
constexpr std::size_t small_product = 128;

// N columns of C, their sums in registers. Matrices are read by their steps, transposed or not; k is at least 1.
template <std::size_t N, class T>
void columns(std::size_t m, std::size_t k, std::size_t n, const T* a, std::size_t a_row, std::size_t a_column, const T* b,
             std::size_t b_row, std::size_t b_column, T* c, bool assign) {
  for (std::size_t i = 0; i < m; ++i, a += a_row, c += n) {
    T sum[N];
    for (std::size_t j = 0; j < N; ++j) sum[j] = a[0] * b[j * b_column];
    const T *x = a, *y = b;
    for (std::size_t p = 1; p < k; ++p) {
      x += a_column, y += b_row;
      for (std::size_t j = 0; j < N; ++j) sum[j] += *x * y[j * b_column];
    }
    for (std::size_t j = 0; j < N; ++j) c[j] = assign ? sum[j] : c[j] + sum[j];
  }
}

template <class T>
void small_gemm(const matrix<T>& a, const matrix<T>& b, T* c, bool assign) {
  const std::size_t m = a.height(), k = a.width(), n = b.width();
  const std::size_t a_row = a.transpose ? 1 : a.columns, a_column = a.transpose ? a.columns : 1;
  const std::size_t b_row = b.transpose ? 1 : b.columns, b_column = b.transpose ? b.columns : 1;
  const auto block = [&]<std::size_t N>(std::size_t j) {
    columns<N>(m, k, n, a.data, a_row, a_column, b.data + j * b_column, b_row, b_column, c + j, assign);
  };
  std::size_t j = 0;
  for (; j + 4 <= n; j += 4) block.template operator()<4>(j);
  if (n - j == 3) block.template operator()<3>(j);
  else if (n - j == 2) block.template operator()<2>(j);
  else if (n - j == 1) block.template operator()<1>(j);
}

}  // namespace

template <class T>
void gemm(const matrix<T>& a, const matrix<T>& b, T* c, bool assign) {
  const std::size_t m = a.height(), k = a.width(), n = b.width();
  if (k == 0) {
    if (assign) std::fill_n(c, m * n, T(0));
    return;
  }
  if (m * n * k <= small_product) return small_gemm(a, b, c, assign);
  const auto blas = [&](auto function) {
    const auto flag = [](const matrix<T>& x) { return x.transpose ? CblasTrans : CblasNoTrans; };
    function(CblasRowMajor, flag(a), flag(b), blasint(m), blasint(n), blasint(k), T(1), a.data, blasint(a.columns), b.data,
             blasint(b.columns), assign ? T(0) : T(1), c, blasint(n));
  };
  if constexpr (std::same_as<T, double>) blas(cblas_dgemm);
  else blas(cblas_sgemm);
}

template void gemm(const matrix<float>&, const matrix<float>&, float*, bool);
template void gemm(const matrix<double>&, const matrix<double>&, double*, bool);

}  // namespace xg
