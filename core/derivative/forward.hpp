// Forward tangents: how y moves when the xs do, as variables, recorded on the tape like everything else, so that they
// can be replayed and differentiated again.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

#include <xgrad/core/derivative/gradient.hpp>

namespace xg {

/// The tangents of one recorded forward pass; what `node::record_forward` reads and adds to.
template <class T>
class tangent_vars {
 public:
  /// For slots with ids in [first, last].
  tangent_vars(std::uint32_t first, std::uint32_t last)
      : first_(first), tangent_(last + 1 - first), adjoints_(first, last) {}

  /// The tangent of a slot; an empty handle for a slot that does not move.
  const var<T>& of(const slot<T>& s) const {
    static constexpr var<T> none{};
    return has(s) ? tangent_[s.id - first_] : none;
  }
  /// Adds a contribution of the slot's shape.
  void add(const slot<T>& s, const var<T>& contribution) {
    if (!has(s)) return;  // another result of an op, recorded after the last that is asked for
    var<T>& sum = tangent_[s.id - first_];
    sum = sum.valid() ? detail::add(sum, contribution) : contribution;
  }
  /// Is the slot one of those that may have a tangent?
  bool has(const slot<T>& s) const { return s.id - first_ < tangent_.size(); }  // an id before the first wraps around
  /// Memory for one node's adjoints; nothing is wanted, and what a node wants it forgets again.
  adjoint_vars<T>& adjoints() { return adjoints_; }

 private:
  std::uint32_t first_;
  std::vector<var<T>> tangent_;
  adjoint_vars<T> adjoints_;
};

/// What a variable's tangent is given as: a variable, an expression, a number, or an array, of the variable's shape.
template <class T>
class tangent {
 public:
  template <class U, class Arch = detail::simd_arch>
  requires(differentiable<U> || std::is_arithmetic_v<U> || requires(const U& u) { u.shape(); })
      tangent(const U& u, const std::source_location& where = std::source_location::current())
      : where_(where) {
    if constexpr (differentiable<U>) {
      static_assert(std::same_as<typename U::scalar_type, T>,
                    "xgrad: a tangent has the precision of the variables; float and double do not mix");
      variable_ = recorded<Arch>(u, where);
    } else if constexpr (std::is_arithmetic_v<U>) {
      variable_ = var<T>(T(u));
    } else {
      static_assert(detail::same_precision<T, array_operand<typename U::value_type>>,
                    "xgrad: a tangent has the precision of the variables; convert the plain array with xt::cast");
      values_ = std::make_shared<const xt::xarray<T>>(xt::cast<T>(u));
    }
  }

  var<T> on(tape<T>& t) const;

 private:
  var<T> variable_;
  std::shared_ptr<const xt::xarray<T>> values_;
  std::source_location where_;
};

namespace detail {
/// `first`: only nodes from this number on are looked at; see gradient.
template <class T>
std::vector<var<T>> jvp(std::span<const var<T>> ys, std::span<const var<T>> xs, std::span<const tangent<T>> us,
                        const std::source_location& where, std::size_t first = 0);
extern template std::vector<var<float>> jvp(std::span<const var<float>>, std::span<const var<float>>,
                                            std::span<const tangent<float>>, const std::source_location&, std::size_t);
extern template std::vector<var<double>> jvp(std::span<const var<double>>, std::span<const var<double>>,
                                             std::span<const tangent<double>>, const std::source_location&,
                                             std::size_t);
}  // namespace detail

/// jvp(y, x, u), jvp(y, {a, b}, {u, v}): the Jacobian-vector product, dy = Σ ∂y/∂x · u, a variable of y's shape on the
/// same tape. Each x has one tangent u of its shape. jvp({y, z}, {a, b}, {u, v}): that of each of several results, in
/// one pass. Instead of lists in braces, std::vectors. Where y does not depend on the xs, it is zeros; where a tangent
/// is zero, so is what it contributes, even where the derivative is infinite. Throws shape_error, tape_error.
struct jvp_t {
  template <differentiable Y, differentiable X, class U, class T = typename Y::scalar_type,
            class Arch = detail::simd_arch>
  var<T> operator()(const Y& y, const X& x, const U& u,
                    const std::source_location& where = std::source_location::current()) const {
    static_assert(is_var<X>, "xgrad: a tangent belongs to a variable; record the expression first: xg::var x = ...");
    const var<T> from = recorded<Arch>(y, where);
    const tangent<T> of_x(u, where);
    return detail::jvp<T>({&from, 1}, {&x, 1}, {&of_x, 1}, where).front();
  }
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const Y& y, std::initializer_list<std::type_identity_t<named_variable<T>>> xs,
                    std::initializer_list<std::type_identity_t<tangent<T>>> us,
                    const std::source_location& where = std::source_location::current()) const {
    const var<T> from = recorded<Arch>(y, where);
    return detail::jvp<T>({&from, 1}, detail::variables_of(xs), {us.begin(), us.size()}, where).front();
  }
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const Y& y, const std::type_identity_t<std::span<const var<T>>>& xs,
                    const std::vector<std::type_identity_t<var<T>>>& us,
                    const std::source_location& where = std::source_location::current()) const {
    const var<T> from = recorded<Arch>(y, where);
    return detail::jvp<T>({&from, 1}, xs, std::vector<tangent<T>>(us.begin(), us.end()), where).front();
  }
  template <class T>
  std::vector<var<T>> operator()(std::initializer_list<var<T>> ys,
                                 std::initializer_list<std::type_identity_t<named_variable<T>>> xs,
                                 std::initializer_list<std::type_identity_t<tangent<T>>> us,
                                 const std::source_location& where = std::source_location::current()) const {
    return detail::jvp<T>({ys.begin(), ys.size()}, detail::variables_of(xs), {us.begin(), us.size()}, where);
  }
  template <class T>
  std::vector<var<T>> operator()(const std::vector<var<T>>& ys,
                                 std::initializer_list<std::type_identity_t<named_variable<T>>> xs,
                                 std::initializer_list<std::type_identity_t<tangent<T>>> us,
                                 const std::source_location& where = std::source_location::current()) const {
    return detail::jvp<T>(ys, detail::variables_of(xs), {us.begin(), us.size()}, where);
  }
  template <class T>
  std::vector<var<T>> operator()(const std::vector<var<T>>& ys, const std::type_identity_t<std::span<const var<T>>>& xs,
                                 const std::vector<std::type_identity_t<var<T>>>& us,
                                 const std::source_location& where = std::source_location::current()) const {
    return detail::jvp<T>(ys, xs, std::vector<tangent<T>>(us.begin(), us.end()), where);
  }
};
inline constexpr jvp_t jvp;

}  // namespace xg
