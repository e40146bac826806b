// y += x, -=, *=, /=: the handle y then names the new variable y + x, as in `y = y + x`. Nothing on the tape is
// changed; other handles go on naming what they named, and the shape of y may grow by broadcasting.
#pragma once

#include <functional>

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/arithmetic.hpp>

namespace xg {

namespace detail {

/// The right side of `y += x`, with the line it is written on, which operators cannot learn otherwise.
template <class T>
struct right_side {
  template <class X, class Arch = simd_arch>
  requires(differentiable<X> || std::is_arithmetic_v<X> || xt::is_xexpression<X>::value)
      right_side(const X& x, const std::source_location& w = std::source_location::current())
      : where(w) {
    if constexpr (differentiable<X>) {
      static_assert(std::same_as<typename X::scalar_type, T>, "xgrad: float and double are mixed in one operation");
      value = recorded<Arch>(x, where);
    } else if constexpr (std::is_arithmetic_v<X>) {
      value = x;
    } else {
      static_assert(same_precision<T, array_operand<typename X::value_type>>,
                    "xgrad: float and double are mixed in one operation; convert the plain array with xt::cast");
      array = [&x](tape<T>& t, const std::source_location& line) { return t.constant(x, line); };
    }
  }
  var<T> on(const var<T>& y) const { return array ? array(y.owner(where), where) : value; }

  var<T> value;
  std::function<var<T>(tape<T>&, const std::source_location&)> array;  // lives no longer than the operator's call
  std::source_location where;
};

/// y = F(y, x), by the kernel that is compiled in the library.
template <class F, class T>
var<T>& update(var<T>& y, const right_side<T>& x) {
  const std::array<var<T>, 2> operands{y, x.on(y)};
  return y = library_op<F, T, 2>().apply(operands.data(), x.where);
}

template <class V>
concept const_var = std::is_const_v<V> && is_var<std::remove_const_t<V>>;

template <class V, class X>
constexpr void refuse_update() {
  static_assert(never<V, X>,
                "xgrad: y += x lets the handle y name the new variable y + x, which a const handle cannot; declare it "
                "without const, xg::var y = ..., or give the sum a handle of its own, xg::var z = y + x");
}

}  // namespace detail

template <class T>
var<T>& operator+=(var<T>& y, const std::type_identity_t<detail::right_side<T>>& x) {
  return detail::update<xt::detail::plus>(y, x);
}
template <class T>
var<T>& operator-=(var<T>& y, const std::type_identity_t<detail::right_side<T>>& x) {
  return detail::update<xt::detail::minus>(y, x);
}
template <class T>
var<T>& operator*=(var<T>& y, const std::type_identity_t<detail::right_side<T>>& x) {
  return detail::update<xt::detail::multiplies>(y, x);
}
template <class T>
var<T>& operator/=(var<T>& y, const std::type_identity_t<detail::right_side<T>>& x) {
  return detail::update<xt::detail::divides>(y, x);
}

// On an element or a view, which are copies.
template <class T, class X>
void operator+=(var<T>&&, const X&) {
  var<T>::template refuse_assignment<X>();
}
template <class T, class X>
void operator-=(var<T>&&, const X&) {
  var<T>::template refuse_assignment<X>();
}
template <class T, class X>
void operator*=(var<T>&&, const X&) {
  var<T>::template refuse_assignment<X>();
}
template <class T, class X>
void operator/=(var<T>&&, const X&) {
  var<T>::template refuse_assignment<X>();
}

// On a handle that is const and stays with its variable.
template <detail::const_var V, class X>
void operator+=(V&, const X&) {
  detail::refuse_update<V, X>();
}
template <detail::const_var V, class X>
void operator-=(V&, const X&) {
  detail::refuse_update<V, X>();
}
template <detail::const_var V, class X>
void operator*=(V&, const X&) {
  detail::refuse_update<V, X>();
}
template <detail::const_var V, class X>
void operator/=(V&, const X&) {
  detail::refuse_update<V, X>();
}

}  // namespace xg
