// The backward sweep and the replay: the nodes visited in reverse, and in order.
#pragma once

#include <span>

#include <xgrad/core/tape/leaf.hpp>

namespace xg::detail {

/// The slot of y, its adjoint being one. Throws shape_error, tape_error.
template <class T>
slot<T>& seeded(ledger<T>& l, const var<T>& y, const std::source_location& where);
/// The slot of y, which is to get a seed of this shape.
template <class T>
slot<T>& seedable(ledger<T>& l, const var<T>& y, shape_view shape, const std::source_location& where);
/// The slot of y, its adjoint being the seed.
template <class Arch, class T, class E>
slot<T>& seeded(ledger<T>& l, const var<T>& y, const E& seed, const std::source_location& where) {
  static_assert(!differentiable<E>,
                "xgrad: a seed is numbers; write v.value() for those of a variable, {v} to limit the sweep to v");
  slot<T>& s = seedable(l, y, evaluated<E, Arch>([&] { return shape_of(seed); }, "backward", where), where);
  overwrite<Arch>(l, seed, s, s.adjoint, "backward", where);
  return s;
}

/// Throws tape_error if one of the xs is no variable to differentiate by.
template <class T>
void require_variables(ledger<T>& l, std::span<const var<T>> xs, const std::source_location& where);

/// Computes the adjoints of all that `from` depends on, from its own.
template <class T>
void sweep(ledger<T>& l, slot<T>& from);
/// The same, limited to the xs and what lies between.
template <class T>
void sweep(ledger<T>& l, slot<T>& from, std::span<const var<T>> xs);

/// Computes every node anew.
template <class T>
void replay(ledger<T>& l);

}  // namespace xg::detail
