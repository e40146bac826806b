// The hook: xtensor's operators and elementwise functions on variables build `expr<F, E...>`.
//
// An expression holds handles and values, never references: it can be kept, copied and returned. Nothing throws while
// it is built (xtensor's operators are noexcept); errors come when it is recorded.
#pragma once

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <tuple>
#include <utility>

#include <xgrad/core/expression/lanes.hpp>
#include <xgrad/core/expression/variable.hpp>

namespace xg {

/// The derivative rule of the elementwise functor F; specialised once per function (see rule.hpp).
template <class F>
struct rule;

template <class F>
concept has_rule = requires {
  rule<F>::name;
};

/// A number in an expression.
template <class U>
struct number_operand {
  U value;
};

/// A plain xtensor expression among variables: evaluated and held by value. An error in evaluating it is kept for the
/// recording.
template <class U>
struct array_operand {
  std::shared_ptr<const xt::xarray<U>> value;
  std::exception_ptr error;
};

/// How an operand is held. Any class with this library's tag that converts to a variable can stand in an expression.
template <class X>
struct operand {
  static_assert(xt::is_xexpression<X>::value,
                "xgrad: an operand is neither a variable, a real number, nor an xtensor expression");
  using type = array_operand<typename X::value_type>;
  [[gnu::always_inline]] static type hold(const X& x) noexcept {
    try {
      return {std::make_shared<const xt::xarray<typename X::value_type>>(x), nullptr};
    } catch (...) {
      return {nullptr, std::current_exception()};
    }
  }
};
template <differentiable X>
struct operand<X> {
  using type = X;
  static const X& hold(const X& x) noexcept { return x; }
};
template <class U>
requires std::is_arithmetic_v<U>
struct operand<U> {
  using type = number_operand<U>;
  static type hold(U x) noexcept { return {x}; }
};
template <class CT>
struct operand<xt::xscalar<CT>> : operand<std::decay_t<CT>> {};

namespace detail {

template <class... E>
struct scalar_of;  // the number type of the first differentiable operand
template <differentiable E, class... Rest>
struct scalar_of<E, Rest...> {
  using type = typename E::scalar_type;
};
template <class E, class... Rest>
struct scalar_of<E, Rest...> : scalar_of<Rest...> {};

template <class T, class E>
inline constexpr bool same_precision = true;
template <class T, differentiable E>
inline constexpr bool same_precision<T, E> = std::same_as<T, typename E::scalar_type>;
template <class T, std::floating_point U>
inline constexpr bool same_precision<T, array_operand<U>> = std::same_as<T, U>;

template <class T, class E>
inline constexpr bool is_real_operand = true;
template <class T, class U>
inline constexpr bool is_real_operand<T, array_operand<U>> = std::is_convertible_v<U, T>;
template <class T, class U>
inline constexpr bool is_real_operand<T, number_operand<U>> = std::is_convertible_v<U, T>;

}  // namespace detail

/// An elementwise expression: functor F applied to operands held by value.
template <class F, class... E>
struct expr : detail::bare<expr<F, E...>> {
  using functor = F;
  using scalar_type = typename detail::scalar_of<E...>::type;
  static_assert(has_rule<F>,
                "xgrad: no derivative rule for this function on variables; specialise xg::rule<F> for its functor");
  static_assert((detail::same_precision<scalar_type, E> && ...),
                "xgrad: float and double are mixed in one expression; convert the plain array with xt::cast<float> or "
                "xt::cast<double>, or make both variables on tapes of one type");
  static_assert((detail::is_real_operand<scalar_type, E> && ...),
                "xgrad: an operand is neither a real number nor an array of real numbers");

  std::tuple<E...> operands;

  /// The first operand that is not a plain number or array.
  static constexpr std::size_t first_variable = [] {
    constexpr std::array<bool, sizeof...(E)> is{differentiable<E>...};
    return std::size_t(std::find(is.begin(), is.end(), true) - is.begin());
  }();

  /// xtensor's own way to make an expression: a functor (which must carry no state) and the operands.
  template <class... A>
  requires(sizeof...(A) == sizeof...(E)) [[gnu::always_inline]] explicit expr(const auto&, const A&... a) noexcept
      : operands(operand<A>::hold(a)...) {}
  expr(const expr&) = default;
  expr& operator=(const expr&) & = default;
  template <class X>
  void operator=(const X&) && {
    expr::template refuse_assignment<X>();
  }

  /// What the variable says that this expression becomes, recorded anew by each call: `xg::var y = a * b;` records it
  /// once.
  template <class Arch = detail::simd_arch>
  auto value(const std::source_location& where = std::source_location::current()) const {
    return record<Arch>(*this, where).value(where);
  }
  template <class Arch = detail::simd_arch>
  scalar_type item(const std::source_location& where = std::source_location::current()) const {
    return record<Arch>(*this, where).item(where);
  }
  template <class Arch = detail::simd_arch>
  shape_t shape(const std::source_location& where = std::source_location::current()) const {
    return record<Arch>(*this, where).shape(where);
  }
  template <class Arch = detail::simd_arch>
  std::size_t shape(index_at axis) const {
    return record<Arch>(*this, axis.where).shape(axis);
  }
  template <class Arch = detail::simd_arch>
  std::size_t dimension(const std::source_location& where = std::source_location::current()) const {
    return record<Arch>(*this, where).dimension(where);
  }

  /// The variable that this expression becomes, with a name: `const xg::var h = (W * x).named("h");`
  template <class Arch = detail::simd_arch>
  var<scalar_type> named(std::string_view name,
                         const std::source_location& where = std::source_location::current()) const {
    return record<Arch>(*this, where).named(name, where);
  }

  /// One node on the tape of the operands, its kernels for Arch.
  template <class Arch>
  static var<scalar_type> record(const expr& e, const std::source_location& where);
};

namespace detail {

/// The ledger of an operand's tape; null where it is on none: numbers, arrays, empty handles.
template <class X>
auto ledger_if_any(const X& x) {
  if constexpr (!differentiable<X>) {
    return nullptr;
  } else if constexpr (requires { x.operands; }) {
    return std::apply(
        [](const auto&... operands) {
          ledger<typename X::scalar_type>* found = nullptr;
          ((found || (found = ledger_if_any(operands))), ...);
          return found;
        },
        x.operands);
  } else if constexpr (is_var<X>) {
    return x.on_tape() ? &x.ledger() : nullptr;
  } else {
    return &x.ledger();
  }
}

/// That of a variable, or of the first variable in an expression. Throws tape_error if there is none.
template <differentiable X>
auto& ledger_of(const X& x, const std::source_location& where) {
  if constexpr (requires { x.operands; }) {
    if (auto* l = ledger_if_any(x)) [[likely]]
      return *l;
    return ledger_of(std::get<X::first_variable>(x.operands), where);
  } else {
    return x.ledger(where);
  }
}

}  // namespace detail

// The overloads for variables of what rules say (lanes.hpp has those for numbers).
template <differentiable X>
auto keep_where(const auto& condition, const X& a) {
  return xt::where(condition, a, 0);
}
template <differentiable X>
auto zero_where(const auto& condition, const X& a) {
  return xt::where(condition, 0, a);
}
template <differentiable X>
auto choose(const auto& condition, const X& a, const auto& b) {
  return xt::where(condition, a, b);
}
template <differentiable X>
auto is_equal(const X& a, const auto& b) {
  return xt::equal(a, b);
}

/// Records the expression and prints its values.
template <differentiable X, class Arch = detail::simd_arch>
requires(!is_var<X>) std::ostream& operator<<(std::ostream& out, const X& e) {
  if constexpr (requires { e.operands; })
    return out << X::template record<Arch>(e, std::source_location());
  else
    return out << var<typename X::scalar_type>(e);
}

/// `a == b` would have to be one truth value; element by element it is xt::equal.
template <class A, class B>
requires(differentiable<A> || differentiable<B>) bool operator==(const A&, const B&) {
  static_assert(detail::never<A, B>,
                "xgrad: == of variables is not recorded; write xt::equal(a, b) to compare element by element, or "
                "a.value() == b.value() for one truth value");
  return false;
}
template <class A, class B>
requires(differentiable<A> || differentiable<B>) bool operator!=(const A&, const B&) {
  static_assert(detail::never<A, B>,
                "xgrad: != of variables is not recorded; write xt::not_equal(a, b) to compare element by element, or "
                "a.value() != b.value() for one truth value");
  return false;
}

/// The functor that stands for F in expressions; rules of the library use it to give xtensor's lambdas a name.
template <class F>
struct canonical_functor : std::type_identity<F> {};

}  // namespace xg

/// xtensor's extension point: the expression that a functor on operands with our tag becomes.
template <class F, class... E>
struct xt::detail::select_xfunction_expression<xg::expression_tag, F, E...> {
  using type = xg::expr<typename xg::canonical_functor<F>::type, typename xg::operand<std::decay_t<E>>::type...>;
};
