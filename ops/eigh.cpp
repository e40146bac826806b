#include <xgrad/ops/eigh.hpp>

#include <algorithm>
#include <array>

#include <xgrad/ops/cholesky.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/gaps.hpp>
#include <xgrad/ops/lapack.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>
#include <xgrad/ops/reduce.hpp>

namespace xg {

namespace {

using namespace detail;

/// The eigenvalues and vectors of each matrix of a stack, one after the other.
template <class T>
void decompose(const lapack::work<T>& memory, array<const T> a, T* w, T* v) {
  require_finite(a);
  const std::size_t n = rows_of(a.shape);
  for (std::size_t s = 0; s < count_of(leading(a.shape)); ++s) {
    const T* from = a.data + s * n * n;
    T* to = v + s * n * n;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) to[i * n + j] = from[i * n + j] / 2 + from[j * n + i] / 2;
    if (!lapack::eigen(memory, n, to, w + s * n))
      throw value_error("the eigenvalues did not converge" + which_matrix(s, leading(a.shape)));
  }
}

template <class T>
struct eigh_op {
  static constexpr const char* name = "eigh";
  lapack::work<T> memory{};

  std::array<shape_t, 2> shapes(shape_view a) const {
    require_square(a);
    return {stack_shape(leading(a), {rows_of(a)}), shape_t(a)};
  }
  void plan(workspace& w, shape_view a) { memory = lapack::eigen_work<T>(w, rows_of(a)); }
  void forward(std::span<const array<T>> y, array<const T> a) const { decompose(memory, a, y[0].data, y[1].data); }
  // dL/dA = V (diag(gw) + (Vᵀ gV) / gaps) Vᵀ, of which the symmetric part.
  var<T> vjp(std::span<const var<T>> g, std::span<const var<T>> y, const var<T>&) const {
    const std::source_location line = g[0].ledger().line;
    const var<T>&w = y[0], &v = y[1];
    const var<T> rotation = record_over_gaps(gap_of::eigenvalues, record_matmul<T>({v, true}, {g[1]}, line), w, line);
    const var<T> inner = rotation + as_row(g[0]) * unit_matrix(g[0]);
    return symmetric_part(record_matmul<T>({v}, {record_matmul<T>({inner}, {v, true}, line)}, line));
  }
};

template <class T>
struct eigvalsh_op {
  static constexpr const char* name = "eigvalsh";
  lapack::work<T> memory{};
  T* vectors = nullptr;

  shape_t shape(shape_view a) const {
    require_square(a);
    return stack_shape(leading(a), {rows_of(a)});
  }
  void plan(workspace& w, shape_view a) {
    memory = lapack::eigen_work<T>(w, rows_of(a));
    vectors = w.array<T>(count_of(a));
  }
  void forward(array<T> y, array<const T> a) const { decompose(memory, a, y.data, vectors); }
  // dL/dA = V diag(g) Vᵀ.
  void backward(array<const T> g, array<const T>, array<const T> a, adjoint<T> da) const {
    if (!da) return;
    const std::size_t n = rows_of(a.shape);
    for (std::size_t s = 0; s < count_of(leading(a.shape)); ++s) {
      const T *v = vectors + s * n * n, *to_w = g.data + s * n;
      T* d = da.data + s * n * n;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
          T sum = da.assign ? T(0) : d[i * n + j];
          for (std::size_t k = 0; k < n; ++k) sum += v[i * n + k] * to_w[k] * v[j * n + k];
          d[i * n + j] = sum;
        }
    }
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>& a) const {
    const std::source_location line = g.ledger().line;
    const var<T> v = record_eigh(a, line).vectors;
    return record_matmul<T>({var<T>(v * as_row(g))}, {v, true}, line);
  }
  // dw = diag(Vᵀ dA V).
  var<T> jvp(const var<T>& u, const var<T>&, const var<T>& a) const {
    const std::source_location line = u.ledger().line;
    const var<T> v = record_eigh(a, line).vectors;
    return sum(v * record_matmul<T>({u}, {v}, line), -2);
  }
};

}  // namespace

namespace detail {

template <class T>
eigen_system<T> record_eigh(const var<T>& a, const std::source_location& where) {
  const std::array<var<T>, 2> y = record(eigh_op<T>{}, a, where);
  return {y[0], y[1]};
}
template <class T>
var<T> record_eigvalsh(const var<T>& a, const std::source_location& where) {
  return record(eigvalsh_op<T>{}, a, where);
}

template eigen_system<float> record_eigh(const var<float>&, const std::source_location&);
template eigen_system<double> record_eigh(const var<double>&, const std::source_location&);
template var<float> record_eigvalsh(const var<float>&, const std::source_location&);
template var<double> record_eigvalsh(const var<double>&, const std::source_location&);

}  // namespace detail

}  // namespace xg
