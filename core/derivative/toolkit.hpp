// Derivatives of functions, for numbers and arrays: the tape is made, used and forgotten inside. f takes a variable for
// each x and returns a variable, an expression or a number; x is a number or an array (whole numbers become floating
// point ones), where f takes several a std::tuple of them. Derivatives by a number are numbers, by an array arrays
// (xt::xarray); f is called once in each call. (jvp of a function stands beside that of variables, forward.hpp.)
#pragma once

#include <memory>
#include <string>

#include <xgrad/core/derivative/forward.hpp>
#include <xgrad/core/derivative/function.hpp>
#include <xgrad/core/derivative/products.hpp>

namespace xg {

namespace detail {

/// A function, recorded at some place on a tape of its own.
template <class T>
class recorded_function {
 public:
  /// `op` is who asks, for messages.
  recorded_function(const function_of_vars<T>& f, const arrays<T>& at, const char* op,
                    const std::source_location& where);

  tape<T> on;
  std::vector<var<T>> x;
  var<T> y;

  /// Throws shape_error unless f returned one element.
  void require_scalar() const;
  /// The gradient by each x, as variables.
  std::vector<var<T>> gradient();
  xt::xarray<T> value() const { return y.value(); }
  /// One long vector of what is to have the shapes of the xs. Throws shape_error.
  std::vector<T> flat_like_x(const arrays<T>& v, const char* what) const;
  /// The other way round.
  arrays<T> shaped_like_x(const std::vector<T>& flat) const;

 private:
  const char* op_;
  std::source_location where_;
};

/// What the functions below do, without the types of f and x.
template <class T>
struct toolkit {
  using function = function_of_vars<T>;
  using line = std::source_location;

  static std::pair<T, arrays<T>> value_and_gradient(const function& f, const arrays<T>& at, const char* op, line where);
  static arrays<T> pull_back(recorded_function<T>& f, const xt::xarray<T>& g, line where);
  static xt::xarray<T> push_forward(const function& f, const arrays<T>& at, const arrays<T>& u, line where);
  static arrays<T> hessian_product(const function& f, const arrays<T>& at, const arrays<T>& v, line where);
  static arrays<T> jacobians(const function& f, const arrays<T>& at, direction d, line where);
  /// [i][j]: d²y/dx_i dx_j.
  static std::vector<arrays<T>> hessians(const function& f, const arrays<T>& at, line where);
};
extern template struct toolkit<float>;
extern template struct toolkit<double>;

template <class... X>
using point_of =
    std::conditional_t<sizeof...(X) == 1, std::tuple_element_t<0, std::tuple<X..., void>>, std::tuple<X...>>;

template <class F, class X, class U, class Arch>
struct function_jvp {
  static auto of(const F& f, const X& x, const U& u, const std::source_location& where) {
    using P = point<X>;
    using T = typename P::scalar;
    static_assert(point<U>::count == P::count, "xgrad: jvp(f, x, u): there is one tangent u for each x");
    return toolkit<T>::push_forward(of_list<T, Arch, P::count>(f), P::template list<T>(x),
                                    point<U>::template list<T>(u), where);
  }
};

template <class T, class P, class Arch, class F>
arrays<T> jacobians_of(const F& f, const P& x, direction d, const std::source_location& where) {
  return toolkit<T>::jacobians(of_list<T, Arch, point<P>::count>(f), point<P>::template list<T>(x), d, where);
}
template <class P, class T>
auto one_or_tuple(const arrays<T>& list) {
  return point<P>::each([&](auto k) { return list[k]; });
}

}  // namespace detail

/// value_and_grad(f)(x...): the number f(x...) and its gradient: `const auto [l, g] = xg::value_and_grad(loss)(w);`
/// Of several xs g is a std::tuple. Throws shape_error where f returns more than one element.
template <class F>
auto value_and_grad(F f, const std::source_location& where = std::source_location::current()) {
  return [f = std::move(f), where]<class... X>(const X&... x) {
    static_assert((detail::plain_value<X> && ...),
                  "xgrad: value_and_grad(f)(x...) and grad(f)(x...) take numbers and arrays; variables on a tape have "
                  "xg::gradient(y, x)");
    using T = detail::scalar_of_point<X...>;
    auto [value, list] = detail::toolkit<T>::value_and_gradient(detail::of_list<T, detail::simd_arch, sizeof...(X)>(f),
                                                                {detail::as_array<T>(x)...}, "value_and_grad", where);
    return std::pair(value, detail::in_form_of<detail::point_of<X...>>(list));
  };
}

/// grad(f)(x...): the gradient of f, as a function: of one x in its form, of several a std::tuple.
template <class F>
auto grad(F f, const std::source_location& where = std::source_location::current()) {
  return [f = std::move(f), where]<class... X>(const X&... x) {
    static_assert((detail::plain_value<X> && ...),
                  "xgrad: value_and_grad(f)(x...) and grad(f)(x...) take numbers and arrays; variables on a tape have "
                  "xg::gradient(y, x)");
    using T = detail::scalar_of_point<X...>;
    return detail::in_form_of<detail::point_of<X...>>(
        detail::toolkit<T>::value_and_gradient(detail::of_list<T, detail::simd_arch, sizeof...(X)>(f),
                                               {detail::as_array<T>(x)...}, "grad", where)
            .second);
  };
}

/// f at x, and its vector-Jacobian products: what `vjp` returns.
template <class T, class P>
class pullback {
 public:
  explicit pullback(std::unique_ptr<detail::recorded_function<T>> f) : f_(std::move(f)) {}
  /// f(x).
  xt::xarray<T> value() const { return f_->value(); }
  /// gᵀ J, for g of the shape of f(x), as often as wanted. Throws shape_error.
  template <class G>
  auto operator()(const G& g, const std::source_location& where = std::source_location::current()) const {
    static_assert(detail::plain_value<G>, "xgrad: vjp(f, x)(g): g is a number or an array of the shape of f(x)");
    return detail::in_form_of<P>(detail::toolkit<T>::pull_back(*f_, detail::as_array<T>(g), where));
  }

 private:
  std::unique_ptr<detail::recorded_function<T>> f_;
};

/// vjp(f, x): f is computed once; vjp(f, x)(g) is gᵀ J, in the form of x.
template <class F, class P, class Arch = detail::simd_arch>
auto vjp(const F& f, const P& x, const std::source_location& where = std::source_location::current()) {
  using T = typename detail::point<P>::scalar;
  return pullback<T, P>(std::make_unique<detail::recorded_function<T>>(
      detail::of_list<T, Arch, detail::point<P>::count>(f), detail::point<P>::template list<T>(x), "vjp", where));
}

/// hvp(f, x, v): the Hessian-vector product H v, in the form of x, forward over reverse: it costs a few gradients,
/// whatever the size of x. f returns one element. Throws shape_error.
template <class F, class P, class V, class Arch = detail::simd_arch>
auto hvp(const F& f, const P& x, const V& v, const std::source_location& where = std::source_location::current()) {
  using T = typename detail::point<P>::scalar;
  static_assert(detail::point<V>::count == detail::point<P>::count, "xgrad: hvp(f, x, v): there is one v for each x");
  return detail::in_form_of<P>(detail::toolkit<T>::hessian_product(detail::of_list<T, Arch, detail::point<P>::count>(f),
                                                                   detail::point<P>::template list<T>(x),
                                                                   detail::point<V>::template list<T>(v), where));
}

/// jacobian(f, x): dy/dx, of the shape of y followed by that of x; a std::tuple of these for a std::tuple x. By columns
/// (forward) where x has fewer elements than y, else by rows (reverse): jacobian_forward and jacobian_reverse are one
/// or the other.
template <class F, class P, class Arch = detail::simd_arch>
auto jacobian(const F& f, const P& x, const std::source_location& where = std::source_location::current()) {
  using T = typename detail::point<P>::scalar;
  return detail::one_or_tuple<P>(detail::jacobians_of<T, P, Arch>(f, x, detail::direction::shorter, where));
}
template <class F, class P, class Arch = detail::simd_arch>
auto jacobian_forward(const F& f, const P& x, const std::source_location& where = std::source_location::current()) {
  using T = typename detail::point<P>::scalar;
  return detail::one_or_tuple<P>(detail::jacobians_of<T, P, Arch>(f, x, detail::direction::forward, where));
}
template <class F, class P, class Arch = detail::simd_arch>
auto jacobian_reverse(const F& f, const P& x, const std::source_location& where = std::source_location::current()) {
  using T = typename detail::point<P>::scalar;
  return detail::one_or_tuple<P>(detail::jacobians_of<T, P, Arch>(f, x, detail::direction::reverse, where));
}

/// hessian(f, x): d²y/dx², of the shape of x twice, a number for a number; for a std::tuple x a std::tuple of
/// std::tuples, std::get<j>(std::get<i>(H)) being d²y/dx_i dx_j. f returns one element. Throws shape_error.
template <class F, class P, class Arch = detail::simd_arch>
auto hessian(const F& f, const P& x, const std::source_location& where = std::source_location::current()) {
  using point = detail::point<P>;
  using T = typename point::scalar;
  const auto blocks =
      detail::toolkit<T>::hessians(detail::of_list<T, Arch, point::count>(f), point::template list<T>(x), where);
  return point::each([&](auto i) {
    return point::each([&](auto j) {
      constexpr bool number = detail::plain_number<typename point::template part<i>> &&
                              detail::plain_number<typename point::template part<j>>;
      return detail::as_like<std::conditional_t<number, T, xt::xarray<T>>>(blocks[i][j]);
    });
  });
}

}  // namespace xg
