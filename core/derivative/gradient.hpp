// Gradients as variables: the backward pass is itself recorded, so that it can be differentiated again, to any order.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include <xgrad/core/tape/tape.hpp>

namespace xg {

/// The adjoints of one recorded backward pass, as variables; what `node::record_backward` reads and adds to.
template <class T>
class adjoint_vars {
 public:
  /// Adjoints between y and the variables xs, starting with `seed` at y; as far as nodes from number `first` on lie
  /// between them.
  adjoint_vars(const detail::ledger<T>& l, const slot<T>& y, const var<T>& seed, std::span<const slot<T>* const> xs,
               std::size_t first = 0);

  /// None yet, for slots with ids in [first, last]; see `want`.
  adjoint_vars(std::uint32_t first, std::uint32_t last)
      : first_(first), wanted_(last + 1 - first, 0), adjoint_(last + 1 - first) {}

  /// Is this slot one of the xs, or computed from one? Other slots need no adjoint.
  bool wants(const slot<T>& s) const { return knows(s) && wanted_[s.id - first_]; }
  /// The adjoint of a slot that is wanted; an empty handle if nothing has reached it.
  const var<T>& of(const slot<T>& s) const { return adjoint_[s.id - first_]; }
  /// Has anything reached it?
  bool reached(const slot<T>& s) const { return knows(s) && of(s).valid(); }
  /// Something has reached it, by its parts, which have the adjoints; its own stays a plain number.
  void reach(const slot<T>& s) { adjoint_[s.id - first_] = var<T>(T(0)); }
  /// Adds a contribution of the slot's shape.
  void add(const slot<T>& s, const var<T>& contribution);

  void want(const slot<T>& s) { wanted_[s.id - first_] = 1; }
  /// Forgets the adjoint, and that one was wanted.
  void forget(const slot<T>& s) {
    wanted_[s.id - first_] = 0;
    adjoint_[s.id - first_] = {};
  }

 private:
  bool knows(const slot<T>& s) const { return s.id - first_ < adjoint_.size(); }  // an id before the first wraps around

  std::uint32_t first_;
  std::vector<char> wanted_;
  std::vector<var<T>> adjoint_;
};

namespace detail {
/// The number of the first node whose result has this id or a later one.
template <class T>
std::uint32_t first_node_from(const ledger<T>& l, std::uint32_t id);
extern template std::uint32_t first_node_from(const ledger<float>&, std::uint32_t);
extern template std::uint32_t first_node_from(const ledger<double>&, std::uint32_t);

/// `first`: only nodes from this number on are looked at, so that the xs are independent of each other, whatever one
/// was computed from another by nodes before.
template <class T>
std::vector<var<T>> gradient(const var<T>& y, const var<T>* seed, std::span<const var<T>> xs,
                             const std::source_location& where, std::size_t first = 0);
extern template std::vector<var<float>> gradient(const var<float>&, const var<float>*, std::span<const var<float>>,
                                                 const std::source_location&, std::size_t);
extern template std::vector<var<double>> gradient(const var<double>&, const var<double>*, std::span<const var<double>>,
                                                  const std::source_location&, std::size_t);
}  // namespace detail

/// What a gradient starts from, dL/dy in y's shape: `gradient(y, x, seed(g))`. g is a variable (the result can be
/// differentiated by it), an expression, a number, or an array.
template <class G>
class seed {
 public:
  explicit seed(const G& g) : value_(g) {}

  template <class Arch, class T>
  var<T> on(detail::ledger<T>& l, const std::source_location& where) const {
    if constexpr (differentiable<G>)
      return recorded<Arch>(value_, where);
    else
      return detail::make_leaf<Arch>(l, value_, false, where);
  }

 private:
  G value_;
};

/// gradient(y, x), gradient(y, {a, b}), gradient(y, xs), each also with a seed as last argument: dy/dx for each x, as
/// variables of the shapes of the xs, recorded on the same tape. xs is a std::vector or any other contiguous range of
/// variables. y is a variable or an expression of one element, or a seed of y's shape gives dL/dy. An x that y does not
/// depend on gets zeros. Throws shape_error, tape_error.
struct gradient_t {
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  std::vector<var<T>> operator()(const Y& y, std::initializer_list<std::type_identity_t<named_variable<T>>> xs,
                                 const std::source_location& where = std::source_location::current()) const {
    return detail::gradient<T>(recorded<Arch>(y, where), nullptr, detail::variables_of(xs), where);
  }
  template <differentiable Y, class G, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  std::vector<var<T>> operator()(const Y& y, std::initializer_list<std::type_identity_t<named_variable<T>>> xs,
                                 const seed<G>& g,
                                 const std::source_location& where = std::source_location::current()) const {
    return seeded<Arch, T>(y, detail::variables_of(xs), g, where);
  }
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  std::vector<var<T>> operator()(const Y& y, const std::type_identity_t<std::span<const var<T>>>& xs,
                                 const std::source_location& where = std::source_location::current()) const {
    return detail::gradient<T>(recorded<Arch>(y, where), nullptr, xs, where);
  }
  template <differentiable Y, class G, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  std::vector<var<T>> operator()(const Y& y, const std::type_identity_t<std::span<const var<T>>>& xs, const seed<G>& g,
                                 const std::source_location& where = std::source_location::current()) const {
    return seeded<Arch, T>(y, xs, g, where);
  }
  template <differentiable Y, differentiable X, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  var<T> operator()(const Y& y, const X& x, const std::source_location& where = std::source_location::current()) const {
    static_assert(is_var<X>, "xgrad: a gradient is by a variable; record the expression first: xg::var x = ...");
    return detail::gradient<T>(recorded<Arch>(y, where), nullptr, {&x, 1}, where).front();
  }
  template <differentiable Y, differentiable X, class G, class T = typename Y::scalar_type,
            class Arch = detail::simd_arch>
  var<T> operator()(const Y& y, const X& x, const seed<G>& g,
                    const std::source_location& where = std::source_location::current()) const {
    static_assert(is_var<X>, "xgrad: a gradient is by a variable; record the expression first: xg::var x = ...");
    return seeded<Arch, T>(y, {&x, 1}, g, where).front();
  }

  /// A third argument that is no seed by name: was it meant as one, or as another variable to differentiate by?
  template <differentiable Y, class X, differentiable G>
  auto operator()(const Y& y, const X&, const G&) const {
    refuse_unnamed_seed<Y, X, G>();
    return recorded<detail::simd_arch>(y, {});
  }
  template <differentiable Y, differentiable G, class T = typename Y::scalar_type>
  std::vector<var<T>> operator()(const Y&, std::initializer_list<std::type_identity_t<named_variable<T>>>,
                                 const G&) const {
    refuse_unnamed_seed<Y, T, G>();
    return {};
  }

 private:
  template <class Y, class X, class G>
  static constexpr void refuse_unnamed_seed() {
    static_assert(
        detail::never<Y, X, G>,
        "xgrad: the third argument of a gradient is a seed and must say so: gradient(y, x, xg::seed(g)) with g "
        "= dL/dy; to differentiate by several variables put them in braces: gradient(y, {a, b})");
  }
  template <class Arch, class T, class Y, class G>
  static std::vector<var<T>> seeded(const Y& y, std::span<const var<T>> xs, const seed<G>& g,
                                    const std::source_location& where) {
    const var<T> from = recorded<Arch>(y, where), start = g.template on<Arch>(from.ledger(where), where);
    return detail::gradient<T>(from, &start, xs, where);
  }
};
inline constexpr gradient_t gradient;

}  // namespace xg
