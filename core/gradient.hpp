// Gradients as variables: the backward pass is itself recorded, so that it can be differentiated again, to any order.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include <xgrad/core/tape.hpp>

namespace xg {

/// The adjoints of one recorded backward pass, as variables; what `node::record_backward` reads and adds to.
template <class T>
class adjoint_vars {
 public:
  /// Adjoints between y and the variables xs, starting with `seed` at y.
  adjoint_vars(tape<T>& t, const slot<T>& y, const var<T>& seed, std::span<const slot<T>* const> xs);

  /// Is this slot one of the xs, or computed from one? Other slots need no adjoint.
  bool wants(const slot<T>& s) const { return wanted_[s.id]; }
  /// The adjoint of a slot; an empty handle if nothing has reached it.
  const var<T>& of(const slot<T>& s) const { return adjoint_[s.id]; }
  /// Adds a contribution of the slot's shape.
  void add(const slot<T>& s, const var<T>& contribution);

 private:
  tape<T>& tape_;
  std::vector<char> wanted_;
  std::vector<var<T>> adjoint_;
};

namespace detail {
template <class T>
std::vector<var<T>> gradient(const var<T>& y, const var<T>* seed, std::span<const var<T>> xs,
                             const std::source_location& where);
extern template std::vector<var<float>> gradient(const var<float>&, const var<float>*, std::span<const var<float>>,
                                                 const std::source_location&);
extern template std::vector<var<double>> gradient(const var<double>&, const var<double>*, std::span<const var<double>>,
                                                  const std::source_location&);
}  // namespace detail

/// gradient(y, x), gradient(y, {a, b}), gradient(y, xs), each also with a seed as last argument: dy/dx for each x, as
/// variables of the shapes of the xs, recorded on the same tape. xs is a std::vector or any other contiguous range of
/// variables. y is a variable or an expression of one element, or `seed` (a variable of y's shape)
/// gives dL/dy. An x that y does not depend on gets zeros. Throws shape_error, tape_error.
struct gradient_t {
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  std::vector<var<T>> operator()(const Y& y, std::initializer_list<std::type_identity_t<named_variable<T>>> xs,
                                 const std::source_location& where = std::source_location::current()) const {
    return detail::gradient<T>(recorded<Arch>(y, where), nullptr, variables(xs), where);
  }
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  std::vector<var<T>> operator()(const Y& y, std::initializer_list<std::type_identity_t<named_variable<T>>> xs,
                                 const std::type_identity_t<var<T>>& seed,
                                 const std::source_location& where = std::source_location::current()) const {
    return detail::gradient<T>(recorded<Arch>(y, where), &seed, variables(xs), where);
  }
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  std::vector<var<T>> operator()(const Y& y, const std::type_identity_t<std::span<const var<T>>>& xs,
                                 const std::source_location& where = std::source_location::current()) const {
    return detail::gradient<T>(recorded<Arch>(y, where), nullptr, xs, where);
  }
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  std::vector<var<T>> operator()(const Y& y, const std::type_identity_t<std::span<const var<T>>>& xs,
                                 const std::type_identity_t<var<T>>& seed,
                                 const std::source_location& where = std::source_location::current()) const {
    return detail::gradient<T>(recorded<Arch>(y, where), &seed, xs, where);
  }
  template <differentiable Y, differentiable X, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const Y& y, const X& x, const std::source_location& where = std::source_location::current()) const {
    static_assert(is_var<X>, "xgrad: a gradient is by a variable; record the expression first: xg::var x = ...");
    return detail::gradient<T>(recorded<Arch>(y, where), nullptr, {&x, 1}, where).front();
  }
  template <differentiable Y, differentiable X, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const Y& y, const X& x, const std::type_identity_t<var<T>>& seed,
                    const std::source_location& where = std::source_location::current()) const {
    static_assert(is_var<X>, "xgrad: a gradient is by a variable; record the expression first: xg::var x = ...");
    return detail::gradient<T>(recorded<Arch>(y, where), &seed, {&x, 1}, where).front();
  }

 private:
  template <class T>
  static std::vector<var<T>> variables(std::initializer_list<named_variable<T>> xs) {
    std::vector<var<T>> list;
    for (const named_variable<T>& x : xs) list.push_back(x.variable);
    return list;
  }
};
inline constexpr gradient_t gradient;

}  // namespace xg
