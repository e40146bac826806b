#include <xgrad/ops/gemm.hpp>

#include <algorithm>
#include <concepts>

#include <cblas.h>

namespace xg {

namespace {

// Products of up to this many multiplications are faster in the plain loop.
constexpr std::size_t small_product = 512;

template <class T>
void small_gemm(const matrix<T>& a, const matrix<T>& b, T* c, bool assign) {
  const std::size_t m = a.height(), k = a.width(), n = b.width();
  const std::size_t a_row = a.transpose ? 1 : a.columns, a_column = a.transpose ? a.columns : 1;
  const std::size_t b_row = b.transpose ? 1 : b.columns, b_column = b.transpose ? b.columns : 1;
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      T sum = assign ? T(0) : c[i * n + j];
      for (std::size_t p = 0; p < k; ++p) sum += a.data[i * a_row + p * a_column] * b.data[p * b_row + j * b_column];
      c[i * n + j] = sum;
    }
  }
}

}  // namespace

template <class T>
void gemm(const matrix<T>& a, const matrix<T>& b, T* c, bool assign) {
  const std::size_t m = a.height(), k = a.width(), n = b.width();
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
