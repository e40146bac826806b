// Checkpoints: a part of a computation of which only the inputs and the result are kept; the backward sweep computes
// what lies between once more. Griewank and Walther, "Revolve" (ACM TOMS 26, 2000), is the classic of the kind.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include <xgrad/core/tape/record.hpp>

namespace xg {

namespace detail {

template <class T>
using checkpointed_function = std::function<var<T>(std::span<const var<T>>)>;

template <class T>
var<T> checkpoint(checkpointed_function<T> f, std::span<const var<T>> xs, const std::source_location& where);
extern template var<float> checkpoint(checkpointed_function<float>, std::span<const var<float>>,
                                      const std::source_location&);
extern template var<double> checkpoint(checkpointed_function<double>, std::span<const var<double>>,
                                       const std::source_location&);

template <class Arch, class F, class... X>
auto checkpoint_of(F f, const std::source_location& where, const X&... x) {
  using T = std::common_type_t<typename X::scalar_type...>;
  static_assert((std::same_as<T, typename X::scalar_type> && ...),
                "xgrad: float and double are mixed in one operation");
  const std::array<var<T>, sizeof...(X)> xs{recorded<Arch>(x, where)...};
  return checkpoint<T>(
      [f = std::move(f)](std::span<const var<T>> v) mutable {
        return [&]<std::size_t... K>(std::index_sequence<K...>) { return recorded<Arch>(f(v[K]...), {}); }
        (std::index_sequence_for<X...>{});
      },
      xs, where);
}

}  // namespace detail

/// checkpoint(f, x...), of one to four variables or expressions, or of a std::vector of variables, which f then takes
/// as a std::span: f(x...), of which the tape keeps the result alone, not what f records on the way. A backward sweep
/// calls f again; so f is copied, and must record the same from the same variables. What it captures gets gradients as
/// x does. Draws in it are the same when computed again, and `store` stores once. May be nested and replayed.
/// Differentiated to higher order (`gradient`, `jvp`) it keeps what f records. f returns one variable or expression.
/// Throws what f throws; tape_error.
template <class F, differentiable A, class Arch = detail::simd_arch>
auto checkpoint(F f, const A& a, const std::source_location& where = std::source_location::current()) {
  return detail::checkpoint_of<Arch>(std::move(f), where, a);
}
template <class F, differentiable A, differentiable B, class Arch = detail::simd_arch>
auto checkpoint(F f, const A& a, const B& b, const std::source_location& where = std::source_location::current()) {
  return detail::checkpoint_of<Arch>(std::move(f), where, a, b);
}
template <class F, differentiable A, differentiable B, differentiable C, class Arch = detail::simd_arch>
auto checkpoint(F f, const A& a, const B& b, const C& c,
                const std::source_location& where = std::source_location::current()) {
  return detail::checkpoint_of<Arch>(std::move(f), where, a, b, c);
}
template <class F, differentiable A, differentiable B, differentiable C, differentiable D,
          class Arch = detail::simd_arch>
auto checkpoint(F f, const A& a, const B& b, const C& c, const D& d,
                const std::source_location& where = std::source_location::current()) {
  return detail::checkpoint_of<Arch>(std::move(f), where, a, b, c, d);
}
template <class F, class T, class Arch = detail::simd_arch>
var<T> checkpoint(F f, const std::vector<var<T>>& xs,
                  const std::source_location& where = std::source_location::current()) {
  return detail::checkpoint<T>(
      [f = std::move(f)](std::span<const var<T>> v) mutable { return recorded<Arch>(f(v), {}); }, xs, where);
}

}  // namespace xg
