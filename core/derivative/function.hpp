// A function of variables as plain code calls it: numbers and arrays go in and come out, the tape is nowhere to be
// seen. What the functions of toolkit.hpp have in common.
#pragma once

#include <functional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <xgrad/core/tape/record.hpp>

namespace xg::detail {

/// A function of several variables.
template <class T>
using function_of_vars = std::function<var<T>(std::span<const var<T>>)>;
/// Where it is evaluated, and a gradient by all of them.
template <class T>
using arrays = std::vector<xt::xarray<T>>;

template <class X>
concept plain_number = std::is_arithmetic_v<X>;
template <class X>
concept plain_array = !differentiable<X> && !plain_number<X> && requires(const X& x) {
  typename X::value_type;
  x.shape();
  x.dimension();
};
/// What an argument of a function may be: a number or an array.
template <class X>
concept plain_value = plain_number<X> || plain_array<X>;

template <class U, class X>
inline constexpr bool is_array_of = false;
template <class U, plain_array X>
inline constexpr bool is_array_of<U, X> = std::same_as<typename X::value_type, U>;

/// The number type of the variables: that of the arrays, else that of the numbers; double for whole numbers.
template <class... X>
constexpr auto scalar_of_values() {
  static_assert(!((is_array_of<float, X> || ...) && (is_array_of<double, X> || ...)),
                "xgrad: arrays of float and of double are mixed; convert one with xt::cast");
  if constexpr ((is_array_of<float, X> || ...))
    return float();
  else if constexpr ((is_array_of<double, X> || ...) || (std::same_as<X, double> || ...))
    return double();
  else
    return std::conditional_t<(std::same_as<X, float> || ...), float, double>();
}
template <class... X>
using scalar_of_point = decltype(scalar_of_values<X...>());

/// What a derivative by X is: a number by a number, an array by an array.
template <class T, class X>
using like = std::conditional_t<plain_number<X>, T, xt::xarray<T>>;

template <class T, plain_value X>
xt::xarray<T> as_array(const X& x) {
  if constexpr (plain_number<X>)
    return xt::xarray<T>(T(x));
  else
    return xt::xarray<T>(xt::cast<T>(x));
}
template <class L, class T>
L as_like(const xt::xarray<T>& a) {
  if constexpr (plain_number<L>)
    return a();
  else
    return a;
}

/// The arguments of a function given as one: a number, an array, or a std::tuple of them.
template <class P>
struct point {
  static_assert(
      plain_value<P>,
      "xgrad: the place at which a function is differentiated is a number, an array, or a std::tuple of them; "
      "variables on a tape have xg::gradient(y, x) and xg::jvp(y, x, u)");
  using scalar = scalar_of_point<P>;
  static constexpr std::size_t count = 1;
  template <std::size_t>
  using part = P;

  template <class T>
  static arrays<T> list(const P& p) {
    return {as_array<T>(p)};
  }
  /// f(0), f(1), ...: one result alone, several as a tuple.
  template <class F>
  static auto each(F f) {
    return f(std::integral_constant<std::size_t, 0>());
  }
};
template <class... X>
struct point<std::tuple<X...>> {
  static_assert(
      (plain_value<X> && ...),
      "xgrad: the place at which a function is differentiated is a number, an array, or a std::tuple of them");
  using scalar = scalar_of_point<X...>;
  static constexpr std::size_t count = sizeof...(X);
  template <std::size_t K>
  using part = std::tuple_element_t<K, std::tuple<X...>>;

  template <class T>
  static arrays<T> list(const std::tuple<X...>& p) {
    return std::apply([](const X&... x) { return arrays<T>{as_array<T>(x)...}; }, p);
  }
  template <class F>
  static auto each(F f) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return std::tuple(f(std::integral_constant<std::size_t, K>())...);
    }
    (std::index_sequence_for<X...>{});
  }
};

/// Derivatives in the form of the point they are by: see `like`.
template <class P, class T>
auto in_form_of(const arrays<T>& list) {
  return point<P>::each([&](auto k) { return as_like<like<T, typename point<P>::template part<k>>>(list[k]); });
}

/// What a function gave, as a variable.
template <class T, class Arch, class Y>
var<T> result_of_function(const Y& y) {
  if constexpr (differentiable<Y>) {
    static_assert(std::same_as<typename Y::scalar_type, T>, "xgrad: float and double are mixed in one operation");
    return recorded<Arch>(y, {});
  } else {
    static_assert(plain_number<Y>,
                  "xgrad: a function to be differentiated returns one variable, one expression or a number; several "
                  "results are joined by xg::concatenate or xg::stack");
    return var<T>(y);
  }
}

/// f as a function of a list of N variables; f must live as long.
template <class T, class Arch, std::size_t N, class F>
function_of_vars<T> of_list(const F& f) {
  return [&f](std::span<const var<T>> x) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) { return result_of_function<T, Arch>(f(x[K]...)); }
    (std::make_index_sequence<N>{});
  };
}

}  // namespace xg::detail
