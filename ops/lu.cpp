#include <xgrad/ops/lu.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/lapack.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>

namespace xg {

namespace {

using namespace detail;

/// x y, and so on; of each the last two axes may be read transposed.
template <class T>
var<T> times(const factor<T>& x, const factor<T>& y) {
  return record_matmul(x, y, x.of.ledger().line);
}

const char* name_of(lu_of function) { return std::array{"solve", "inverse", "det", "slogdet"}[std::size_t(function)]; }
value_error singular(lu_of function, std::size_t pivot, std::size_t n, std::size_t matrix, shape_view leading) {
  std::string s = "the matrix is singular: pivot " + std::to_string(pivot);
  s += n == 1 ? std::string() : " (of 0 to " + std::to_string(n - 1) + ")";
  s += " is zero" + which_matrix(matrix, leading);
  if (function == lu_of::det) s += "; second derivatives of a determinant need an inverse";
  if (function == lu_of::slogdet) s += "; where the determinant is zero, its logarithm has no gradient";
  return value_error(s);
}

template <class T>
struct lu_op {
  static constexpr const char* name = "lu";  // not an op: a constant that solve, inverse and det record
  lu_of function;
  int* exchanged = nullptr;

  const char* label() const { return name_of(function); }
  shape_t shape(shape_view a) const {
    require_square(a);
    return stack_shape(leading(a), {rows_of(a) + 1, rows_of(a)});
  }
  void plan(workspace& w, shape_view a) { exchanged = w.array<int>(rows_of(a)); }
  void forward(array<T> y, array<const T> a) const {
    require_finite(a);
    const std::size_t n = rows_of(a.shape), count = count_of(leading(a.shape));
    for (std::size_t i = 0; i < count; ++i) {
      T *lu = y.data + i * (n + 1) * n, *pivots = lu + n * n;
      std::copy_n(a.data + i * n * n, n * n, lu);
      const std::size_t zero = lapack::factor_lu(n, lu, pivots, exchanged);
      if (zero != lapack::none && function == lu_of::solve) throw singular(function, zero, n, i, leading(a.shape));
    }
  }
  var<T> vjp(const var<T>&, const var<T>&, const var<T>& a) const { return zeros_like(a); }
  void describe(node_writer& w) const { w.attribute("result", "LU factors"); }
};

template <class T>
struct solve_op {
  static constexpr const char* name = "solve";
  bool transpose = false;
  matrix_list a_{}, b_{};
  std::size_t n = 0, k = 0, count = 0;

  shape_t shape(shape_view a, shape_view, shape_view b) const { return solution_shape(a, b); }
  void plan(workspace& w, shape_view a, shape_view, shape_view b) {
    const shape_t stack = common_stack(a, b);
    n = rows_of(b), k = columns_of(b), count = count_of(stack);
    a_ = matrix_list(w, stack, leading(a), n * (n + 1));
    b_ = matrix_list(w, stack, leading(b), n * k);
  }
  void forward(array<T> y, array<const T>, array<const T> lu, array<const T> b) const {
    for (std::size_t i = 0; i < count; ++i) {
      const T* factors = lu.data + a_.offset[i];
      T* x = y.data + i * n * k;
      std::copy_n(b.data + b_.offset[i], n * k, x);
      lapack::solve_lu(n, k, factors, factors + n * n, transpose, x);
    }
  }
  // A X = B: dL/dB = A⁻ᵀ G, dL/dA = -(dL/dB) Xᵀ.
  std::array<var<T>, 3> vjps(std::span<const bool> wanted, const var<T>& g, const var<T>& y, const var<T>& a,
                             const var<T>& lu, const var<T>& b) const {
    std::array<var<T>, 3> d;
    const var<T> to_b = record_solve_lu(a, lu, g, !transpose, g.ledger().line);
    if (wanted[0]) {
      const var<T> to_a = transpose ? times<T>({y}, {to_b, true}) : times<T>({to_b}, {y, true});
      d[0] = -summed_to(to_a, a.shape());
    }
    if (wanted[1]) d[1] = zeros_like(lu);
    if (wanted[2]) d[2] = summed_to(to_b, b.shape());
    return d;
  }
  // dX = A⁻¹ (dB - dA X).
  var<T> jvp(std::size_t operand, const var<T>& u, const var<T>& y, const var<T>& a, const var<T>& lu,
             const var<T>&) const {
    if (operand == 1) return zeros_like(y);
    const var<T> moved = operand == 0 ? var<T>(-times<T>({u, transpose}, {y})) : u;
    return record_solve_lu(a, lu, moved, transpose, u.ledger().line);
  }
  void describe(node_writer& w) const {
    if (transpose) w.attribute("transpose", "first");
  }
};

template <class T>
struct inverse_op {
  static constexpr const char* name = "inverse";
  lu_of function;

  const char* label() const { return name_of(function); }
  shape_t shape(shape_view a, shape_view) const { return a; }
  void forward(array<T> y, array<const T> a, array<const T> lu) const {
    const std::size_t n = rows_of(a.shape);
    std::fill_n(y.data, y.size, T(0));
    for (std::size_t i = 0; i < count_of(leading(a.shape)); ++i) {
      const T* factors = lu.data + i * (n + 1) * n;
      T* x = y.data + i * n * n;
      for (std::size_t j = 0; j < n; ++j) {
        if (factors[j * n + j] == 0) throw singular(function, j, n, i, leading(a.shape));
        x[j * n + j] = 1;
      }
      lapack::solve_lu(n, n, factors, factors + n * n, false, x);
    }
  }
  // dA⁻¹ = -A⁻¹ dA A⁻¹.
  var<T> vjp(std::size_t k, const var<T>& g, const var<T>& y, const var<T>&, const var<T>& lu) const {
    if (k == 1) return zeros_like(lu);
    return -times<T>({y, true}, {times<T>({g}, {y, true})});
  }
  var<T> jvp(std::size_t k, const var<T>& u, const var<T>& y, const var<T>&, const var<T>&) const {
    if (k == 1) return zeros_like(y);
    return -times<T>({y}, {times<T>({u}, {y})});
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_lu(lu_of function, const var<T>& a, const std::source_location& where) {
  const detail::gradient_scope constant(a.ledger(where), false);
  return record(lu_op<T>{function}, a, where);
}
template <class T>
var<T> record_solve_lu(const var<T>& a, const var<T>& lu, const var<T>& b, bool transpose,
                       const std::source_location& where) {
  return record(solve_op<T>{transpose}, a, lu, b, where);
}
template <class T>
var<T> record_inverse_lu(lu_of function, const var<T>& a, const var<T>& lu, const std::source_location& where) {
  return record(inverse_op<T>{function}, a, lu, where);
}

template var<float> record_lu(lu_of, const var<float>&, const std::source_location&);
template var<double> record_lu(lu_of, const var<double>&, const std::source_location&);
template var<float> record_solve_lu(const var<float>&, const var<float>&, const var<float>&, bool,
                                    const std::source_location&);
template var<double> record_solve_lu(const var<double>&, const var<double>&, const var<double>&, bool,
                                     const std::source_location&);
template var<float> record_inverse_lu(lu_of, const var<float>&, const var<float>&, const std::source_location&);
template var<double> record_inverse_lu(lu_of, const var<double>&, const var<double>&, const std::source_location&);

}  // namespace detail

}  // namespace xg
