#include <xgrad/ops/triangular.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/lapack.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>

namespace xg {

namespace {

using namespace detail;

template <class T>
struct triangular_op {
  static constexpr const char* name = "solve_triangular";
  triangular_options options;
  triangular_of function;
  matrix_list a_{}, b_{};
  std::size_t n = 0, k = 0, count = 0;

  const char* label() const { return function == triangular_of::lstsq ? "lstsq" : name; }
  shape_t shape(shape_view a, shape_view b) const { return solution_shape(a, b); }
  void plan(workspace& w, shape_view a, shape_view b) {
    const shape_t stack = common_stack(a, b);
    n = rows_of(b), k = columns_of(b), count = count_of(stack);
    a_ = matrix_list(w, stack, leading(a), n * n);
    b_ = matrix_list(w, stack, leading(b), n * k);
  }
  void forward(array<T> y, array<const T> a, array<const T> b) const {
    if (!options.unit) check_diagonal(a);
    for (std::size_t i = 0; i < count; ++i) {
      T* x = y.data + i * n * k;
      std::copy_n(b.data + b_.offset[i], n * k, x);
      lapack::solve_triangular({options.lower, options.transpose, options.unit}, n, k, a.data + a_.offset[i], x);
    }
  }
  // A X = B: dL/dB = A⁻ᵀ G, dL/dA = -(dL/dB) Xᵀ, of which the triangle.
  std::array<var<T>, 2> vjps(std::span<const bool> wanted, const var<T>& g, const var<T>& y, const var<T>& a,
                             const var<T>& b) const {
    const std::source_location line = g.ledger().line;
    std::array<var<T>, 2> d;
    const var<T> to_b = record_solve_triangular(a, g, other_way(), line, function);
    if (wanted[0]) {
      const var<T> to_a =
          options.transpose ? record_matmul<T>({y}, {to_b, true}, line) : record_matmul<T>({to_b}, {y, true}, line);
      d[0] = -triangle(summed_to(to_a, a.shape()));
    }
    if (wanted[1]) d[1] = summed_to(to_b, b.shape());
    return d;
  }
  // dX = A⁻¹ (dB - dA X).
  var<T> jvp(std::size_t operand, const var<T>& u, const var<T>& y, const var<T>& a, const var<T>&) const {
    const std::source_location line = u.ledger().line;
    if (operand == 1) return record_solve_triangular(a, u, options, line, function);
    const var<T> moved = -record_matmul<T>({triangle(u), options.transpose}, {y}, line);
    return record_solve_triangular(a, moved, options, line, function);
  }
  void describe(node_writer& w) const {
    w.attribute("triangle", options.lower ? "lower" : "upper");
    if (options.transpose) w.attribute("transpose", "first");
    if (options.unit) w.attribute("diagonal", "ones");
  }

 private:
  triangular_options other_way() const { return {options.lower, !options.transpose, options.unit}; }
  var<T> triangle(const var<T>& x) const {
    return weigh_triangles(x, T(options.lower), T(!options.unit), T(!options.lower));
  }
  void check_diagonal(array<const T> a) const {
    for (std::size_t i = 0; i < count_of(leading(a.shape)); ++i) {
      const T* matrix = a.data + i * n * n;
      T limit = 0;
      if (function == triangular_of::lstsq) {
        for (std::size_t j = 0; j < n; ++j) limit = std::max(limit, std::abs(matrix[j * (n + 1)]));
        limit *= T(n) * std::numeric_limits<T>::epsilon();
      }
      for (std::size_t j = 0; j < n; ++j) {
        if (!(std::abs(matrix[j * (n + 1)]) <= limit)) continue;
        const std::string at = std::to_string(j);
        if (function == triangular_of::lstsq)
          throw value_error("the matrix has not full rank: column " + at + " of the factored matrix (0 to " +
                            std::to_string(n - 1) + ") depends on those before it, to rounding" +
                            which_matrix(i, leading(a.shape)));
        throw value_error("the matrix is singular: element (" + at + ", " + at + ") of its diagonal is zero" +
                          which_matrix(i, leading(a.shape)));
      }
    }
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_solve_triangular(const var<T>& a, const var<T>& b, const triangular_options& options,
                               const std::source_location& where, triangular_of function) {
  ledger<T>& l = a.ledger(where);
  const line_scope line(l, where);
  const triangular_op<T> op{options, function};
  if (b.dimension(where) != 1) return record(op, a, b, where);
  const var<T> x = record(op, a, var<T>(reshape(b, {-1, 1}, where)), where);
  return reshape(x, stack_shape(leading(x.shape()), {rows_of(x.shape())}), where);
}

template <class T>
var<T> weigh_triangles(const var<T>& x, T below, T on, T above) {
  const std::size_t m = rows_of(x.shape()), n = columns_of(x.shape());
  xt::xarray<T> weight = xt::zeros<T>({m, n});
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < n; ++j) weight(i, j) = j < i ? below : j == i ? on : above;
  const var<T> w = x.owner().constant(weight);
  return xt::where(w, x * w, T(0));
}

template var<float> record_solve_triangular(const var<float>&, const var<float>&, const triangular_options&,
                                            const std::source_location&, triangular_of);
template var<double> record_solve_triangular(const var<double>&, const var<double>&, const triangular_options&,
                                             const std::source_location&, triangular_of);
template var<float> weigh_triangles(const var<float>&, float, float, float);
template var<double> weigh_triangles(const var<double>&, double, double, double);

}  // namespace detail

}  // namespace xg
