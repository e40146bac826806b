// Products of arrays other than `matmul`, by NumPy's definitions: each is some reshaping and one product.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/core/tape/op.hpp>
#include <xgrad/ops/function.hpp>

namespace xg {

/// The axes that a tensordot contracts: as many of the last of a as of the first of b, or a list of each.
struct contracted_axes {
  std::vector<std::ptrdiff_t> of_a, of_b;
  std::ptrdiff_t count = 0;
  bool listed = false;

  template <std::integral I>
  contracted_axes(I n) : count(std::ptrdiff_t(n)) {}
  contracted_axes(std::vector<std::ptrdiff_t> a, std::vector<std::ptrdiff_t> b)
      : of_a(std::move(a)), of_b(std::move(b)), listed(true) {}
};

namespace detail {

template <class T>
var<T> record_dot(const var<T>& a, const var<T>& b, const std::source_location& where);
template <class T>
var<T> record_vdot(const var<T>& a, const var<T>& b, const std::source_location& where);
template <class T>
var<T> record_inner(const var<T>& a, const var<T>& b, const std::source_location& where);
template <class T>
var<T> record_outer(const var<T>& a, const var<T>& b, const std::source_location& where);
template <class T>
var<T> record_kron(const var<T>& a, const var<T>& b, const std::source_location& where);
template <class T>
var<T> record_tensordot(const var<T>& a, const var<T>& b, const contracted_axes& axes,
                        const std::source_location& where);

template <class Arch>
auto product_of(const auto& f, const auto& a, const auto& b, const std::source_location& where) {
  auto& l = ledger_of_any(where, a, b);
  const line_scope line(l, where);
  attempt recording(l);
  return recording.keep(f(as_var<Arch>(l, a, where), as_var<Arch>(l, b, where)));
}

}  // namespace detail

/// dot(a, b): the sum of products over the last axis of a and the last but one of b (or its only one): of vectors a
/// scalar, of matrices the matrix product; the result has the other axes of a, then those of b. A scalar multiplies.
/// For stacks of matrices use matmul. Operands of these functions may be variables, expressions, and (one of them)
/// plain xtensor expressions and numbers. Throws shape_error where the extents differ.
struct dot_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const std::source_location& where = std::source_location::current()) const {
    return detail::product_of<Arch>([&](const auto& x, const auto& y) { return detail::record_dot(x, y, where); }, a, b,
                                    where);
  }
};
inline constexpr dot_t dot;

/// vdot(a, b): the sum of the products of all elements, whatever the shapes; a scalar. Throws shape_error where the
/// numbers of elements differ.
struct vdot_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const std::source_location& where = std::source_location::current()) const {
    return detail::product_of<Arch>([&](const auto& x, const auto& y) { return detail::record_vdot(x, y, where); }, a,
                                    b, where);
  }
};
inline constexpr vdot_t vdot;

/// inner(a, b): the sum of products over the last axes of both; the result has the other axes of a, then those of b. A
/// scalar multiplies. Throws shape_error where the last extents differ.
struct inner_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const std::source_location& where = std::source_location::current()) const {
    return detail::product_of<Arch>([&](const auto& x, const auto& y) { return detail::record_inner(x, y, where); }, a,
                                    b, where);
  }
};
inline constexpr inner_t inner;

/// outer(a, b): each element of a (m of them, in row-major order) times each of b (n): (m, n).
struct outer_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const std::source_location& where = std::source_location::current()) const {
    return detail::product_of<Arch>([&](const auto& x, const auto& y) { return detail::record_outer(x, y, where); }, a,
                                    b, where);
  }
};
inline constexpr outer_t outer;

/// kron(a, b): Kronecker's product: b, multiplied by each element of a, in the place of that element; extents are
/// multiplied, and missing leading axes have the extent 1.
struct kron_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const std::source_location& where = std::source_location::current()) const {
    return detail::product_of<Arch>([&](const auto& x, const auto& y) { return detail::record_kron(x, y, where); }, a,
                                    b, where);
  }
};
inline constexpr kron_t kron;

/// tensordot(a, b, 2): the sum of products over the last two axes of a and the first two of b; tensordot(a, b, {{1, 0},
/// {0, 1}}): over axis 1 of a with axis 0 of b, and 0 of a with 1 of b; negative ones count from the end. The result
/// has the other axes of a, then those of b. Throws shape_error where extents differ, an axis is out of range or named
/// twice.
struct tensordot_t {
  template <class A, class B, class Arch = detail::simd_arch>
  requires(differentiable<A> || differentiable<B>) auto operator()(
      const A& a, const B& b, const contracted_axes& axes = 2,
      const std::source_location& where = std::source_location::current()) const {
    return detail::product_of<Arch>(
        [&](const auto& x, const auto& y) { return detail::record_tensordot(x, y, axes, where); }, a, b, where);
  }
};
inline constexpr tensordot_t tensordot;

}  // namespace xg
