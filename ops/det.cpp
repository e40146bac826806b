#include <xgrad/ops/det.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/lapack.hpp>
#include <xgrad/ops/lu.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>
#include <xgrad/ops/reduce.hpp>

namespace xg {

namespace {

using namespace detail;

/// One number for each matrix of a stack, to be multiplied by the matrices.
template <class T>
var<T> for_matrices(const var<T>& x) {
  return reshaped(x, stack_shape(x.shape(), {1, 1}));
}

/// What the factors of one matrix say of its determinant.
template <class T>
struct determinant {
  T sign = 1, value = 1, log_of_abs = 0;
  bool singular = false;

  determinant(std::size_t n, const T* lu, const T* pivots) {
    for (std::size_t i = 0; i < n; ++i) {
      const T u = lu[i * (n + 1)];
      if (std::size_t(pivots[i]) != i) sign = -sign;
      if (u < 0) sign = -sign;
      singular |= u == 0;
      value *= std::abs(u);
      log_of_abs += std::log(std::abs(u));
    }
    value *= sign;
    if (singular) sign = value = 0, log_of_abs = -std::numeric_limits<T>::infinity();
  }
};
template <class T>
void each_determinant(array<const T> a, array<const T> lu, const auto& f) {
  const std::size_t n = rows_of(a.shape);
  for (std::size_t i = 0; i < count_of(leading(a.shape)); ++i) {
    const T* factors = lu.data + i * (n + 1) * n;
    f(i, determinant<T>(n, factors, factors + n * n));
  }
}

template <class T>
var<T> record_cofactors(const var<T>& a, const var<T>& lu);

template <class T>
struct det_op {
  static constexpr const char* name = "det";
  shape_t shape(shape_view a, shape_view) const { return leading(a); }
  void forward(array<T> y, array<const T> a, array<const T> lu) const {
    each_determinant(a, lu, [&](std::size_t i, const determinant<T>& d) { y.data[i] = d.value; });
  }
  var<T> vjp(std::size_t k, const var<T>& g, const var<T>&, const var<T>& a, const var<T>& lu) const {
    if (k == 1) return zeros_like(lu);
    return for_matrices(g) * record_cofactors(a, lu);
  }
};

/// The derivative of det by each element: det(A) A⁻ᵀ where A has an inverse. From the singular values else:
/// A = U diag(s) V has the cofactors det(U) det(V) U diag(products of the other s) V.
template <class T>
struct cofactors_op {
  static constexpr const char* name = "cofactors";  // not an op: what the derivative of det records
  lapack::work<T> memory{};
  T *copy = nullptr, *u = nullptr, *s = nullptr, *v = nullptr;
  int* exchanged = nullptr;

  const char* label() const { return "det"; }
  shape_t shape(shape_view a, shape_view) const { return a; }
  void plan(workspace& w, shape_view a, shape_view) {
    const std::size_t n = rows_of(a);
    memory = lapack::svd_work<T>(w, n, n);
    copy = w.array<T>(n * (n + 1)), u = w.array<T>(n * n), v = w.array<T>(n * n), s = w.array<T>(n);
    exchanged = w.array<int>(n);
  }
  void forward(array<T> y, array<const T> a, array<const T> lu) const {
    const std::size_t n = rows_of(a.shape);
    each_determinant(a, lu, [&](std::size_t i, const determinant<T>& d) {
      T* c = y.data + i * n * n;
      if (d.singular) return from_singular_values(n, a.data + i * n * n, c);
      const T* factors = lu.data + i * (n + 1) * n;
      std::fill_n(c, n * n, T(0));
      for (std::size_t j = 0; j < n; ++j) c[j * (n + 1)] = d.value;
      lapack::solve_lu(n, n, factors, factors + n * n, true, c);
    });
  }
  // C = d A⁻ᵀ: <G, dC> = <<A⁻ᵀ, G> C - C Gᵀ A⁻ᵀ, dA>.
  var<T> vjp(std::size_t k, const var<T>& g, const var<T>& y, const var<T>& a, const var<T>& lu) const {
    return k == 0 ? along(g, y, a, lu) : zeros_like(lu);
  }
  // The second derivative of det is symmetric.
  var<T> jvp(std::size_t k, const var<T>& t, const var<T>& y, const var<T>& a, const var<T>& lu) const {
    return k == 0 ? along(t, y, a, lu) : zeros_like(y);
  }

 private:
  static var<T> along(const var<T>& g, const var<T>& y, const var<T>& a, const var<T>& lu) {
    const std::source_location line = g.ledger().line;
    const var<T> b = swap_last(record_inverse_lu(lu_of::det, a, lu, line));
    const var<T> turned = record_matmul<T>({y}, {record_matmul<T>({g, true}, {b}, line)}, line);
    return sum(b * g, {-1, -2}, keep_dims) * y - turned;
  }
  T sign_of(std::size_t n, const T* orthogonal) const {
    std::copy_n(orthogonal, n * n, copy);
    lapack::factor_lu(n, copy, copy + n * n, exchanged);
    return determinant<T>(n, copy, copy + n * n).sign;
  }
  void from_singular_values(std::size_t n, const T* a, T* c) const {
    std::copy_n(a, n * n, copy);
    if (!lapack::svd(memory, n, n, copy, u, s, v)) throw value_error("the singular values did not converge");
    const T sign = sign_of(n, u) * sign_of(n, v);
    std::fill_n(c, n * n, T(0));
    for (std::size_t k = 0; k < n; ++k) {
      T others = sign;
      for (std::size_t j = 0; j < n; ++j)
        if (j != k) others *= s[j];
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) c[i * n + j] += u[i * n + k] * others * v[k * n + j];
    }
  }
};

template <class T>
var<T> record_cofactors(const var<T>& a, const var<T>& lu) {
  return record(cofactors_op<T>{}, a, lu, a.ledger().line);
}

template <class T>
struct logabsdet_op {
  static constexpr const char* name = "slogdet";
  shape_t shape(shape_view a, shape_view) const { return leading(a); }
  void forward(array<T> y, array<const T> a, array<const T> lu) const {
    each_determinant(a, lu, [&](std::size_t i, const determinant<T>& d) { y.data[i] = d.log_of_abs; });
  }
  var<T> vjp(std::size_t k, const var<T>& g, const var<T>&, const var<T>& a, const var<T>& lu) const {
    if (k == 1) return zeros_like(lu);
    const std::source_location line = g.ledger().line;
    return for_matrices(g) * swap_last(record_inverse_lu(lu_of::slogdet, a, lu, line));
  }
};

/// 1, -1 or 0.
template <class T>
struct sign_of_det_op {
  static constexpr const char* name = "sign_of_det";  // not an op: the constant result of slogdet
  const char* label() const { return "slogdet"; }
  shape_t shape(shape_view a, shape_view) const { return leading(a); }
  void forward(array<T> y, array<const T> a, array<const T> lu) const {
    each_determinant(a, lu, [&](std::size_t i, const determinant<T>& d) { y.data[i] = d.sign; });
  }
  var<T> vjp(std::size_t k, const var<T>&, const var<T>&, const var<T>& a, const var<T>& lu) const {
    return zeros_like(k == 0 ? a : lu);
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_det(const var<T>& a, const std::source_location& where) {
  const line_scope line(a.ledger(where), where);
  attempt recording(a.ledger(where));
  return recording.keep(record(det_op<T>{}, a, record_lu(lu_of::det, a, where), where));
}

template <class T>
sign_and_logabsdet<T> record_slogdet(const var<T>& a, const std::source_location& where) {
  const line_scope line(a.ledger(where), where);
  attempt recording(a.ledger(where));
  const var<T> lu = record_lu(lu_of::slogdet, a, where);
  const auto sign = [&] {
    const detail::gradient_scope constant(a.ledger(where), false);
    return record(sign_of_det_op<T>{}, a, lu, where);
  };
  return recording.keep(sign_and_logabsdet<T>{sign(), record(logabsdet_op<T>{}, a, lu, where)});
}

template var<float> record_det(const var<float>&, const std::source_location&);
template var<double> record_det(const var<double>&, const std::source_location&);
template sign_and_logabsdet<float> record_slogdet(const var<float>&, const std::source_location&);
template sign_and_logabsdet<double> record_slogdet(const var<double>&, const std::source_location&);

}  // namespace detail

}  // namespace xg
