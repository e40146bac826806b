// Variables that are defined by an equation: fixed points and roots. Their gradients come from the implicit function
// theorem, not from the steps of the solver; they are recorded in variables and may be differentiated to any order.
#pragma once

#include <xgrad/core/derivative/function.hpp>
#include <xgrad/core/tape/tape.hpp>

namespace xg {

struct solve_options {
  double tolerance = 0;  ///< the last step, relative to the largest element so far; 0: 1e-12 for double, 1e-5 for float
  int max_steps = 0;     ///< 0: 1000 for a fixed point, 50 for a root
  double damping = 1;    ///< fixed_point: z ← (1 - damping) z + damping f(z), in (0, 1]
};

namespace detail {

enum class equation { fixed_point, root };
/// z = f(z, x...) or 0 = f(z, x...).
template <class T>
using equation_function = std::function<var<T>(const var<T>& z, std::span<const var<T>> xs)>;

template <class T>
var<T> record_solution(equation kind, equation_function<T> f, const xt::xarray<T>& start, std::span<const var<T>> xs,
                       const solve_options& options, const std::source_location& where);
extern template var<float> record_solution(equation, equation_function<float>, const xt::xarray<float>&,
                                           std::span<const var<float>>, const solve_options&,
                                           const std::source_location&);
extern template var<double> record_solution(equation, equation_function<double>, const xt::xarray<double>&,
                                            std::span<const var<double>>, const solve_options&,
                                            const std::source_location&);

template <class Arch, class F, class Z, class... X>
auto solution(equation kind, F f, const Z& start, const solve_options& options, const std::source_location& where,
              const X&... x) {
  using T = std::common_type_t<typename X::scalar_type...>;
  static_assert((std::same_as<T, typename X::scalar_type> && ...),
                "xgrad: float and double are mixed in one operation");
  static_assert(plain_value<Z>, "xgrad: the place where a solver starts is plain numbers; write z.value()");
  const std::array<var<T>, sizeof...(X)> xs{recorded<Arch>(x, where)...};
  return record_solution<T>(
      kind,
      [f = std::move(f)](const var<T>& z, std::span<const var<T>> v) mutable {
        return [&]<std::size_t... K>(std::index_sequence<K...>) { return result_of_function<T, Arch>(f(z, v[K]...)); }
        (std::index_sequence_for<X...>{});
      },
      as_array<T>(start), xs, options, where);
}

}  // namespace detail

/// fixed_point(f, z0, x...), of one to three variables or expressions x: the z with z = f(z, x...), found by repeating
/// z ← f(z, x...) from z0 (numbers of z's shape) until it no longer changes. f must be a contraction near z. The
/// gradient by the xs, and by what f captures, is that of z, not of the steps: it solves u = g + (∂f/∂z)ᵀ u in the same
/// way. Bai, Kolter and Koltun, "Deep equilibrium models" (2019). A replay solves again, from z0. Throws value_error
/// where it does not converge, shape_error, tape_error.
template <class F, class Z, differentiable A, class Arch = detail::simd_arch>
auto fixed_point(F f, const Z& z0, const A& a, const solve_options& options = {},
                 const std::source_location& where = std::source_location::current()) {
  return detail::solution<Arch>(detail::equation::fixed_point, std::move(f), z0, options, where, a);
}
template <class F, class Z, differentiable A, differentiable B, class Arch = detail::simd_arch>
auto fixed_point(F f, const Z& z0, const A& a, const B& b, const solve_options& options = {},
                 const std::source_location& where = std::source_location::current()) {
  return detail::solution<Arch>(detail::equation::fixed_point, std::move(f), z0, options, where, a, b);
}
template <class F, class Z, differentiable A, differentiable B, differentiable C, class Arch = detail::simd_arch>
auto fixed_point(F f, const Z& z0, const A& a, const B& b, const C& c, const solve_options& options = {},
                 const std::source_location& where = std::source_location::current()) {
  return detail::solution<Arch>(detail::equation::fixed_point, std::move(f), z0, options, where, a, b, c);
}

/// root(f, z0, x...), of one to three variables or expressions x: a z with f(z, x...) = 0, f having as many elements as
/// z, found by Newton's method with step halving from z0 (numbers of z's shape): for small systems, as each step makes
/// the whole Jacobian. The gradient by the xs, and by what f captures, is dz = -(∂f/∂z)⁻¹ ∂f/∂x dx. Which root is
/// found depends on z0. A replay solves again, from z0. Throws value_error where it does not converge, and where the
/// Jacobian is singular on the way or at the root; shape_error, tape_error.
template <class F, class Z, differentiable A, class Arch = detail::simd_arch>
auto root(F f, const Z& z0, const A& a, const solve_options& options = {},
          const std::source_location& where = std::source_location::current()) {
  return detail::solution<Arch>(detail::equation::root, std::move(f), z0, options, where, a);
}
template <class F, class Z, differentiable A, differentiable B, class Arch = detail::simd_arch>
auto root(F f, const Z& z0, const A& a, const B& b, const solve_options& options = {},
          const std::source_location& where = std::source_location::current()) {
  return detail::solution<Arch>(detail::equation::root, std::move(f), z0, options, where, a, b);
}
template <class F, class Z, differentiable A, differentiable B, differentiable C, class Arch = detail::simd_arch>
auto root(F f, const Z& z0, const A& a, const B& b, const C& c, const solve_options& options = {},
          const std::source_location& where = std::source_location::current()) {
  return detail::solution<Arch>(detail::equation::root, std::move(f), z0, options, where, a, b, c);
}

}  // namespace xg
