// Leaves: what a tape starts from. Their numbers are copied from what the user gives, or set anew.
#pragma once

#include <exception>

#include <xgrad/core/expression/expression.hpp>
#include <xgrad/core/memory/copy.hpp>
#include <xgrad/core/tape/anomaly.hpp>

namespace xg::detail {

[[noreturn]] void throw_bad_array(const char* op, const std::exception_ptr& error, const std::source_location& where);

/// What f returns; an error of xtensor's in evaluating an expression is told with the user's line.
template <class E, class Arch, class F>
auto evaluated(F f, const char* op, const std::source_location& where) {
  if constexpr (std::is_arithmetic_v<E> || is_row_major_container<E>) {
    return f();
  } else {
    try {
      return f();
    } catch (const error&) {
      throw;
    } catch (const std::exception&) {
      throw_bad_array(op, std::current_exception(), where);
    }
  }
}

template <class Arch, class T, class E>
var<T> make_leaf(ledger<T>& l, const E& values, bool gradient, const std::source_location& where) {
  static_assert(
      std::is_arithmetic_v<E> || requires { values.shape(); },
      "xgrad: a leaf is made from a number or an xtensor expression of real numbers");
  static_assert(!differentiable<E>, "xgrad: this is a variable already; use v.value() for a new leaf with its numbers");
  attempt recording(l);
  shape_view shape;
  const char* op = gradient ? "variable" : "constant";
  if constexpr (!std::is_arithmetic_v<E>) shape = evaluated<E, Arch>([&] { return l.own(values.shape()); }, op, where);
  slot<T>& s = l.new_slot(shape, count_of(shape), gradient);
  l.leaves.push() = {s.id, where};
  evaluated<E, Arch>([&] { copy_values<Arch>(values, s.size, s.value); }, op, where);
  if (l.anomaly && !l.line_pinned) check_leaf(l, s, s.value, where);
  return recording.keep(l.handle(s));
}

/// Writes values to a slot's value or adjoint, from which they may be computed. What cannot be written in place, or
/// is to be checked first, is evaluated beside it.
template <class Arch, class T, class E>
void overwrite(ledger<T>& l, const E& values, const slot<T>& s, T* to, const char* op,
               const std::source_location& where) {
  const bool checked = l.anomaly && to == s.value;
  if (!checked && can_write_in_place(values, to, s.size))
    return evaluated<E, Arch>([&] { copy_values<Arch>(values, s.size, to); }, op, where);
  const attempt scratch(l);
  T* beside = l.memory.template array<T>(s.size, 64);
  evaluated<E, Arch>([&] { copy_values<Arch>(values, s.size, beside); }, op, where);
  if (checked) check_leaf(l, s, beside, where);
  std::copy_n(beside, s.size, to);
}

/// The slot of a leaf that is to get values of this shape. Throws tape_error, shape_error.
template <class T>
slot<T>& settable(ledger<T>& l, const var<T>& x, shape_view shape, const std::source_location& where);
/// What was recorded from this leaf is out of date.
template <class T>
void outdate(ledger<T>& l, slot<T>& leaf);

template <class Arch, class T, class E>
void set_leaf(ledger<T>& l, const var<T>& x, const E& values, const std::source_location& where) {
  static_assert(!differentiable<E>, "xgrad: a leaf is set to numbers; write v.value() for those of a variable");
  slot<T>& s = settable(l, x, evaluated<E, Arch>([&] { return shape_of(values); }, "set", where), where);
  overwrite<Arch>(l, values, s, s.value, "set", where);
  outdate(l, s);
}

/// The slot of an operand of a statement; numbers and arrays become constants. Throws tape_error, or what evaluating
/// the array threw.
template <class Arch, class T>
slot<T>* operand_slot(ledger<T>& l, const var<T>& x, const std::source_location& where) {
  return l.slot_of(x, where);
}
template <class Arch, class T, differentiable X>
slot<T>* operand_slot(ledger<T>& l, const X& x, const std::source_location& where) {
  return l.slot_of(var<T>(x), where);
}
template <class Arch, class T, class U>
slot<T>* operand_slot(ledger<T>& l, const array_operand<U>& x, const std::source_location& where) {
  if (x.error) throw_bad_array("statement", x.error, where);
  return l.slot_of(make_leaf<Arch>(l, *x.value, false, where), where);
}

}  // namespace xg::detail
