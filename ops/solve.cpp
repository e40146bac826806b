#include <xgrad/ops/solve.hpp>

#include <xgrad/ops/matrix_stack.hpp>
#include <xgrad/ops/view.hpp>

namespace xg::detail {

template <class T>
var<T> record_solve(const var<T>& a, const var<T>& b, const std::source_location& where) {
  ledger<T>& l = a.ledger(where);
  const line_scope line(l, where);
  try {  // before the factors: a singular matrix is no matter where shapes do not fit
    solution_shape(a.shape(), b.dimension(where) == 1 ? stack_shape(b.shape(), {1}) : shape_t(b.shape()));
  } catch (...) {
    rethrow_named("solve", where);
  }
  const var<T> lu = record_lu(lu_of::solve, a, where);
  if (b.dimension(where) != 1) return record_solve_lu(a, lu, b, false, where);
  const var<T> x = record_solve_lu(a, lu, var<T>(reshape(b, {-1, 1}, where)), false, where);
  return reshape(x, stack_shape(leading(x.shape()), {rows_of(x.shape())}), where);
}
template <class T>
var<T> record_inverse(const var<T>& a, const std::source_location& where) {
  const line_scope line(a.ledger(where), where);
  attempt recording(a.ledger(where));
  return recording.keep(record_inverse_lu(lu_of::inverse, a, record_lu(lu_of::inverse, a, where), where));
}

template var<float> record_solve(const var<float>&, const var<float>&, const std::source_location&);
template var<double> record_solve(const var<double>&, const var<double>&, const std::source_location&);
template var<float> record_inverse(const var<float>&, const std::source_location&);
template var<double> record_inverse(const var<double>&, const std::source_location&);

}  // namespace xg::detail
