#include <xgrad/core/derivative/implicit.hpp>

#include <xgrad/core/derivative/equation_solver.hpp>
#include <xgrad/core/derivative/function_run.hpp>

namespace xg::detail {

namespace {

// z = f(z, x) and 0 = f(z, x) have the same transpose but for the kind: with J = ∂f/∂z it is u = g + Jᵀ u and
// 0 = g + Jᵀ u, an equation of the same kind for u, and dL/dx = (∂f/∂x)ᵀ u.
template <class T>
struct implicit_problem {
  equation kind;
  equation_function<T> f;
  xt::xarray<T> start;
  solve_options options;
  std::source_location where;

  const char* name() const { return kind == equation::root ? "root" : "fixed_point"; }

  var<T> compute(ledger<T>& l, const std::vector<var<T>>& xs) {
    return equation_solver<T>(
               l, kind, [&](const var<T>& z) { return f(z, xs); }, start, options, where)
        .solve();
  }

  std::vector<var<T>> transposed(ledger<T>& l, const std::vector<var<T>>& xs, const var<T>& z, const var<T>& g,
                                 const std::vector<var<T>>& wanted) {
    const std::size_t first = l.nodes.size();
    const var<T> y = [&] {
      const gradient_scope flow(l, true);
      return l.handle(*l.slot_of(f(z, xs), where, name()));
    }();
    const auto adjoint_equation = [y, z, g, first, line = where](const var<T>& u, std::span<const var<T>>) {
      return add(g, gradient<T>(y, &u, {&z, 1}, line, first).front());
    };
    const xt::xarray<T> zeros = xt::zeros<T>(shape_t(z.shape()));
    const var<T> u = record_function<T>(l, implicit_problem{kind, adjoint_equation, zeros, options, where}, {}, where);
    return gradient<T>(y, &u, wanted, where, first);
  }
};

}  // namespace

template <class T>
var<T> record_solution(equation kind, equation_function<T> f, const xt::xarray<T>& start, std::span<const var<T>> xs,
                       const solve_options& options, const std::source_location& where) {
  ledger<T>& l = ledger_of_list(xs, kind == equation::root ? "root" : "fixed_point", where);
  return record_function<T>(l, implicit_problem<T>{kind, std::move(f), start, options, where}, xs, where);
}

template var<float> record_solution(equation, equation_function<float>, const xt::xarray<float>&,
                                    std::span<const var<float>>, const solve_options&, const std::source_location&);
template var<double> record_solution(equation, equation_function<double>, const xt::xarray<double>&,
                                     std::span<const var<double>>, const solve_options&, const std::source_location&);

}  // namespace xg::detail
