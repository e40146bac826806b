// What makes a functor a function: `inline constexpr elementwise<relu_fun> relu;`
#pragma once

#include <utility>

#include <xgrad/core/expression/expression.hpp>

namespace xg {

// Functions that xtensor has too (sum, mean, transpose, view, square, cube) are templates whose operand is taken by
// value, as V<P...>: that is more special than xtensor's E&&, so that a call finds this library's where both are
// visible. What xtensor does not have are function objects.

/// A function object that applies functor F element by element, to variables (then it builds a differentiable
/// expression) and to plain xtensor expressions and numbers among them. An object, not a function template, so that
/// xtensor's functions of the same name cannot make a call ambiguous.
template <class F>
struct elementwise {
  template <class... E>
  requires(xt::is_xexpression<std::decay_t<E>>::value || ...) auto operator()(E&&... operands) const noexcept {
    return xt::detail::make_xfunction<F>(std::forward<E>(operands)...);
  }
};

}  // namespace xg
