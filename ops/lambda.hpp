// xtensor wraps lambdas in its own functor: xt::square, xt::cube and xt::pow<N> are such lambdas, and users make theirs
// with xt::make_lambda_xfunction. The known ones become functions with a name; any other lambda made of + - * / is
// differentiated by running it on dual numbers.
#pragma once

#include <array>
#include <string_view>

#include <xgrad/ops/elementwise.hpp>

namespace xg {

/// x^N for a whole number N >= 1 known when compiling; `xt::pow<N>` on variables.
template <std::size_t N>
struct int_pow_fun {
  template <class V>
  V operator()(V x) const {
    return xt::detail::pow_impl<N>{}(x);
  }
};
namespace detail {

/// "pow(a, 17)".
template <std::size_t N>
inline constexpr auto c_power = [] {
  std::array<char, 32> text{'p', 'o', 'w', '(', 'a', ',', ' '};
  std::size_t end = 7;
  for (std::size_t rest = N; rest != 0; rest /= 10) ++end;
  text[end] = ')';
  for (std::size_t rest = N; rest != 0; rest /= 10) text[--end] = char('0' + rest % 10);
  return text;
}();

}  // namespace detail

template <std::size_t N>
struct rule<int_pow_fun<N>> {
  static constexpr const char* name = "pow_n";
  static constexpr const char* c_code = detail::c_power<N>.data();
  static auto backward(auto g, auto, auto x) {
    if constexpr (differentiable<decltype(x)>)
      return std::tuple(g * (N * xt::pow(x, N - 1)));
    else
      return std::tuple(g * (decltype(x)(N) * int_pow_fun<N - 1>{}(x)));
  }
};

template <class U>
concept real_number = std::is_arithmetic_v<U>;

/// A value and its derivative: + - * / on both at once, with each other and with numbers. V is a number, lanes, or a
/// variable.
template <class V>
struct dual {
  V value, derivative;

  friend dual operator-(const dual& a) { return {V(-a.value), V(-a.derivative)}; }
  friend dual operator+(const dual& a, const dual& b) { return {V(a.value + b.value), V(a.derivative + b.derivative)}; }
  friend dual operator-(const dual& a, const dual& b) { return {V(a.value - b.value), V(a.derivative - b.derivative)}; }
  friend dual operator*(const dual& a, const dual& b) {
    return {V(a.value * b.value), V(a.derivative * b.value + a.value * b.derivative)};
  }
  friend dual operator/(const dual& a, const dual& b) {
    const V q(a.value / b.value);
    return {q, V((a.derivative - q * b.derivative) / b.value)};
  }
  friend dual operator+(const dual& a, real_number auto b) { return {V(a.value + like(b)), a.derivative}; }
  friend dual operator+(real_number auto a, const dual& b) { return {V(like(a) + b.value), b.derivative}; }
  friend dual operator-(const dual& a, real_number auto b) { return {V(a.value - like(b)), a.derivative}; }
  friend dual operator-(real_number auto a, const dual& b) { return {V(like(a) - b.value), V(-b.derivative)}; }
  friend dual operator*(const dual& a, real_number auto b) { return {V(a.value * like(b)), V(a.derivative * like(b))}; }
  friend dual operator*(real_number auto a, const dual& b) { return b * a; }
  friend dual operator/(const dual& a, real_number auto b) { return {V(a.value / like(b)), V(a.derivative / like(b))}; }
  friend dual operator/(real_number auto a, const dual& b) {
    const V q(like(a) / b.value);
    return {q, V(-(q * b.derivative) / b.value)};
  }

 private:
  /// A number as it stands beside a V.
  static auto like(real_number auto u) {
    if constexpr (differentiable<V>)
      return u;
    else
      return V(u);
  }
};

/// A lambda without captures as a functor.
template <class L>
struct lambda_fun {
  static_assert(std::is_empty_v<L> && std::is_default_constructible_v<L>,
                "xgrad: a lambda with captures cannot be recorded; pass what it captures as an operand");
  template <class... V>
  auto operator()(V... x) const {
    return L{}(x...);
  }
};
template <class L>
struct rule<lambda_fun<L>> {
  static constexpr const char* name = "lambda";
  static auto backward(auto g, auto, auto... x) { return by_each(g, std::index_sequence_for<decltype(x)...>{}, x...); }

 private:
  template <std::size_t... K>
  static auto by_each(auto g, std::index_sequence<K...>, auto... x) {
    return std::tuple(by_operand<K>(g, std::index_sequence<K...>{}, x...)...);
  }
  template <std::size_t K, std::size_t... I>
  static auto by_operand(auto g, std::index_sequence<I...>, auto... x) {
    using V = decltype(g);
    return g * L{}(dual<V>{x, number(g, K == I)}...).derivative;
  }
  template <class V>
  static V number(const V& like, bool one) {
    if constexpr (differentiable<V>)
      return like.owner().constant(one ? 1 : 0);
    else
      return V(one ? 1 : 0);
  }
};

namespace detail {

template <class L>
constexpr std::string_view type_name() {
  return __PRETTY_FUNCTION__;
}
// Depending on the compiler, xtensor has a lambda in `xt::square(...)` or a struct `xt::square_fct`.
template <class L>
constexpr bool is_named(std::string_view name) {
  constexpr std::string_view text = type_name<L>(), is = "L = ";
  constexpr std::size_t at = text.find(is);
  return at != std::string_view::npos && text.substr(at + is.size()).starts_with(name);
}
template <class L>
inline constexpr bool is_square = is_named<L>("xt::square");
template <class L>
inline constexpr bool is_cube = is_named<L>("xt::cube");

}  // namespace detail

template <class L>
struct canonical_functor<xt::detail::lambda_adapt<L>> {
  using type = std::conditional_t<detail::is_square<L>, square_fun,
                                  std::conditional_t<detail::is_cube<L>, cube_fun, lambda_fun<L>>>;
};
template <std::size_t N>
struct canonical_functor<xt::detail::lambda_adapt<xt::detail::pow_impl<N>>> {
  using type = int_pow_fun<N>;
};

}  // namespace xg
