// Where gradients end, and functions whose gradient is the user's own.
#pragma once

#include <array>
#include <tuple>
#include <vector>

#include <xgrad/core/derivative/function.hpp>
#include <xgrad/core/tape/tape.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

struct stop_gradient_fun {
  template <class V>
  V operator()(V x) const {
    return x;
  }
};
template <>
struct rule<stop_gradient_fun> {
  static constexpr const char* name = "stop_gradient";
  static constexpr const char* c_code = "a";
  static constexpr bool compiled = true, selects = true;
  static auto backward(auto, auto, auto) { return std::tuple(no_gradient); }
};
/// stop_gradient(x): x, through which no gradient and no tangent flows, of any order; part of the statement it stands
/// in. (torch: detach.)
inline constexpr elementwise<stop_gradient_fun> stop_gradient;

namespace detail {

template <class T>
using gradient_function =
    std::function<std::vector<var<T>>(const var<T>& g, const var<T>& y, std::span<const var<T>> xs)>;

template <class T>
var<T> record_custom(function_of_vars<T> f, gradient_function<T> vjp, std::span<const var<T>> xs,
                     const std::source_location& where);

/// The first parameter of a function object that is no template.
template <class R, class C, class A, class... Rest>
std::type_identity<std::decay_t<A>> first_parameter(R (C::*)(A, Rest...) const);
template <class R, class C, class A, class... Rest>
std::type_identity<std::decay_t<A>> first_parameter(R (C::*)(A, Rest...));
template <class F>
constexpr bool takes_plain_values() {
  if constexpr (requires { first_parameter(&F::operator()); })
    return plain_value<typename decltype(first_parameter(&F::operator()))::type>;
  else
    return false;
}

/// The value of a variable, as the number or the array that a parameter is.
template <class T>
struct plain_argument {
  const var<T>& of;
  operator T() const { return of.item(); }
  operator xt::xarray<T>() const { return of.value(); }
};

/// What vjp returned, as a list.
template <class T, class Arch, class D>
void append_gradients(std::vector<var<T>>& list, const D& d) {
  if constexpr (differentiable<D> || plain_number<D>)
    list.push_back(result_of_function<T, Arch>(d));
  else if constexpr (requires { std::tuple_size<D>::value; })
    std::apply([&](const auto&... each) { (append_gradients<T, Arch>(list, each), ...); }, d);
  else if constexpr (std::ranges::range<D>)
    for (const auto& each : d) append_gradients<T, Arch>(list, each);
  else
    static_assert(never<D>,
                  "xgrad: the gradient of custom_gradient(f, vjp) is a variable or an expression, for several operands "
                  "a std::tuple, std::array or std::vector of them, one for each");
}

}  // namespace detail

/// custom_gradient(f, vjp): a function of variables that computes what f does and has the gradient that vjp says:
/// vjp(g, y, x...), from g = dL/dy and y = f(x...) in variables, returns dL/dx, for several x a std::tuple of them; a
/// number stands for an array of it. It is linear in g, and good for any order. f takes variables, or, where its
/// parameters are numbers or xt::xarrays by name, plain values, and returns such: any code at all. The tape keeps the
/// result alone. To use a variable in f that is not among the x, and to which a gradient would flow, is a tape_error,
/// for it would get none.
///
///   const auto clipped = xg::custom_gradient([](const auto& x) { return x * 1; },
///                                            [](const auto& g, const auto&, const auto&) { return xt::clip(g, -1, 1);
///                                            });
template <class F, class G>
auto custom_gradient(F f, G vjp, const std::source_location& where = std::source_location::current()) {
  return [ f = std::move(f), vjp = std::move(vjp), where ]<differentiable... X>(const X&... x) {
    using Arch = detail::simd_arch;
    using T = std::common_type_t<typename X::scalar_type...>;
    static_assert((std::same_as<T, typename X::scalar_type> && ...),
                  "xgrad: float and double are mixed in one operation");
    const std::array<var<T>, sizeof...(X)> xs{recorded<Arch>(x, where)...};
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      const auto value = [=](std::span<const var<T>> v) -> var<T> {
        if constexpr (detail::takes_plain_values<F>())
          return v[0].owner().constant(f(detail::plain_argument<T>{v[K]}...), where);
        else
          return detail::result_of_function<T, Arch>(f(v[K]...));
      };
      const auto gradient = [vjp](const var<T>& g, const var<T>& y, std::span<const var<T>> v) {
        std::vector<var<T>> list;
        detail::append_gradients<T, Arch>(list, vjp(g, y, v[K]...));
        return list;
      };
      return detail::record_custom<T>(value, gradient, xs, where);
    }
    (std::index_sequence_for<X...>{});
  };
}

}  // namespace xg
