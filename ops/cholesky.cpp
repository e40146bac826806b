#include <xgrad/ops/cholesky.hpp>

#include <string>

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/lapack.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>
#include <xgrad/ops/triangular.hpp>

namespace xg {

namespace {

using namespace detail;

/// Lower triangle, and half of the diagonal: Murray's Φ.
template <class T>
var<T> half_lower(const var<T>& x) {
  return weigh_triangles(x, T(1), T(0.5), T(0));
}

template <class T>
struct cholesky_op {
  static constexpr const char* name = "cholesky";

  shape_t shape(shape_view a) const {
    require_square(a);
    return a;
  }
  void forward(array<T> y, array<const T> a) const {
    require_finite(a);
    const std::size_t n = rows_of(a.shape);
    for (std::size_t m = 0; m < count_of(leading(a.shape)); ++m) {
      const T* from = a.data + m * n * n;
      T* l = y.data + m * n * n;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) l[i * n + j] = j > i ? T(0) : from[i * n + j] / 2 + from[j * n + i] / 2;
      const std::size_t wrong = lapack::factor_cholesky(n, l);
      if (wrong == lapack::none) continue;
      std::string s = "the matrix is not positive definite: its leading minor of order " + std::to_string(wrong + 1);
      throw value_error(s + " of " + std::to_string(n) + " is not positive" + which_matrix(m, leading(a.shape)));
    }
  }
  // dL/dA = L⁻ᵀ Φ(Lᵀ G) L⁻¹, of which the symmetric part.
  var<T> vjp(const var<T>& g, const var<T>& y, const var<T>&) const {
    const std::source_location line = g.ledger().line;
    const var<T> p = half_lower(record_matmul<T>({y, true}, {g}, line));
    return symmetric_part(from_both_sides(p, y, true, line));
  }
  // dL = L Φ(L⁻¹ dA L⁻ᵀ).
  var<T> jvp(const var<T>& u, const var<T>& y, const var<T>&) const {
    const std::source_location line = u.ledger().line;
    return record_matmul<T>({y}, {half_lower(from_both_sides(symmetric_part(u), y, false, line))}, line);
  }

 private:
  /// L⁻¹ X L⁻ᵀ, or L⁻ᵀ X L⁻¹.
  static var<T> from_both_sides(const var<T>& x, const var<T>& l, bool transpose, const std::source_location& line) {
    const triangular_options how{.transpose = transpose};
    const var<T> left = record_solve_triangular(l, x, how, line);
    return swap_last(record_solve_triangular(l, swap_last(left), how, line));
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> symmetric_part(const var<T>& x) {
  return (x + swap_last(x)) / 2;
}

template <class T>
var<T> record_cholesky(const var<T>& a, const std::source_location& where) {
  return record(cholesky_op<T>{}, a, where);
}

template var<float> symmetric_part(const var<float>&);
template var<double> symmetric_part(const var<double>&);
template var<float> record_cholesky(const var<float>&, const std::source_location&);
template var<double> record_cholesky(const var<double>&, const std::source_location&);

}  // namespace detail

}  // namespace xg
