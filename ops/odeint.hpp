// Ordinary differential equations, with gradients of the solution: through the tape, or by the adjoint method.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include <xgrad/core/derivative/function.hpp>
#include <xgrad/core/tape/op.hpp>

namespace xg {

enum class ode_method {
  dormand_prince,  ///< 5(4), steps of its own choice, times between them by its interpolant of fourth order
  rk4              ///< the classical method of fourth order, `steps` equal steps from each time to the next
};

struct ode_options {
  ode_method method = ode_method::dormand_prince;
  double rtol = 0;        ///< relative error of a step; 0: 1e-8 for double, 1e-4 for float
  double atol = 0;        ///< absolute error of a step; 0: 1e-10 for double, 1e-6 for float
  int steps = 20;         ///< rk4
  int max_steps = 10000;  ///< dormand_prince: in all
  bool adjoint = false;   ///< the gradient by the adjoint method: memory for the result alone, not for the steps
};

namespace detail {

/// dy/dt = f(t, y, x...).
template <class T>
using ode_function = std::function<var<T>(const var<T>& t, const var<T>& y, std::span<const var<T>> xs)>;

template <class T>
var<T> record_ode(ode_function<T> f, const var<T>& y0, std::span<const double> times, std::span<const var<T>> xs,
                  const ode_options& options, const std::source_location& where);

template <class Arch, class F, class Y, class... X>
auto solve_ode(F f, const Y& y0, std::span<const double> times, const ode_options& options,
               const std::source_location& where, const X&... x) {
  using T = typename Y::scalar_type;
  static_assert((std::same_as<T, typename X::scalar_type> && ...),
                "xgrad: float and double are mixed in one operation");
  const std::vector<var<T>> xs{recorded<Arch>(x, where)...};
  return record_ode<T>(
      [f = std::move(f)](const var<T>& t, const var<T>& y, std::span<const var<T>> v) mutable {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
          return result_of_function<T, Arch>(f(t, y, v[K]...));
        }
        (std::index_sequence_for<X...>{});
      },
      recorded<Arch>(y0, where), times, xs, options, where);
}

}  // namespace detail

/// odeint(f, y0, times, x...), of no to two variables or expressions x: y at each of the times, (times, shape of y0),
/// where dy/dt = f(t, y, x...) and y = y0 at the first. Times rise or fall; they are numbers, and no gradient flows to
/// them. f gets t as a variable of one element and returns y's shape.
///
/// The gradient by y0, the xs and what f captures is that of the steps that were taken (their sizes are numbers, and a
/// replay takes the same ones), to any order; or, with `adjoint`, that of the solution: the adjoint equation is solved
/// backwards, as exactly as the tolerances say, also to any order, and a replay chooses its steps anew. Chen et al.,
/// "Neural ordinary differential equations" (2018); Dormand and Prince (1980); Hairer, Nørsett and Wanner, "Solving
/// ordinary differential equations I". Throws value_error where the steps become too small or too many, and for times
/// out of order; shape_error; tape_error.
template <class F, differentiable Y, class Arch = detail::simd_arch>
auto odeint(F f, const Y& y0, const std::vector<double>& times, const ode_options& options = {},
            const std::source_location& where = std::source_location::current()) {
  return detail::solve_ode<Arch>(std::move(f), y0, times, options, where);
}
template <class F, differentiable Y, differentiable A, class Arch = detail::simd_arch>
auto odeint(F f, const Y& y0, const std::vector<double>& times, const A& a, const ode_options& options = {},
            const std::source_location& where = std::source_location::current()) {
  return detail::solve_ode<Arch>(std::move(f), y0, times, options, where, a);
}
template <class F, differentiable Y, differentiable A, differentiable B, class Arch = detail::simd_arch>
auto odeint(F f, const Y& y0, const std::vector<double>& times, const A& a, const B& b, const ode_options& options = {},
            const std::source_location& where = std::source_location::current()) {
  return detail::solve_ode<Arch>(std::move(f), y0, times, options, where, a, b);
}

}  // namespace xg
