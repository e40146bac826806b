// How a structured op is recorded: xg::record(my_op{}, a, b), xg::record(my_op{}, list).
#pragma once

#include <initializer_list>

#include <xgrad/core/tape/structured.hpp>

namespace xg {

namespace detail {

/// An operand of a structured function as a variable: expressions are recorded, numbers and arrays become constants.
template <class Arch = simd_arch, class T, class X>
var<T> as_var(ledger<T>& l, const X& x, const std::source_location& where) {
  if constexpr (differentiable<X>) {
    static_assert(std::same_as<typename X::scalar_type, T>, "xgrad: float and double are mixed in one operation");
    return recorded<Arch>(x, where);
  } else {
    if constexpr (requires { typename X::value_type; })
      static_assert(same_precision<T, array_operand<typename X::value_type>>,
                    "xgrad: float and double are mixed in one operation; convert the plain array with xt::cast");
    return make_leaf<Arch>(l, x, false, where);
  }
}

/// The ledger of the first differentiable operand.
template <class X, class... Rest>
auto& ledger_of_any(const std::source_location& where, const X& x, const Rest&... rest) {
  if constexpr (differentiable<X>)
    return ledger_of(x, where);
  else
    return ledger_of_any(where, rest...);
}

template <class T>
T scalar_of_ledger(const ledger<T>&);

struct none_t {};
/// An empty array or vector for the results of an op; none_t for an op of one.
template <class Op, class T, std::size_t N, std::size_t I>
auto result_type_of() {
  if constexpr (!contract<Op, T, N, I>::several) {
    return none_t{};
  } else {
    using shapes = decltype(shapes_of<Op>(typename contract<Op, T, N, I>::shape_types{}));
    if constexpr (std::same_as<shapes, std::vector<shape_t>>)
      return std::vector<var<T>>{};
    else
      return std::array<var<T>, std::tuple_size_v<shapes>>{};
  }
}

/// What the user gets of a node: a variable, or the array or vector of its results.
template <class N, class T, class Results>
auto results_of(ledger<T>& l, N& n, const std::source_location& where, Results results) {
  if constexpr (std::same_as<Results, none_t>) {
    return l.handle(*n.out);
  } else {
    if constexpr (requires { results.resize(1); }) results.resize(n.arrays().size());
    for (std::size_t k = 0; k < n.arrays().size(); ++k)
      results[k] = l.handle(*push_node<part<T>>(l, where, static_cast<packed<T>&>(n), k).out);
    return results;
  }
}

/// Records the op that `make()` gives on slots, of which the last I are whole numbers.
template <class Op, class T, std::size_t N, std::size_t I, class Arch>
auto record_slots(ledger<T>& l, const std::source_location& where, const auto& make, const auto& inputs) {
  using node_type = structured<Op, T, N, I, Arch>;
  attempt recording(l);
  node_type& n = push_node<node_type>(l, where, l, inputs, make);
  return recording.keep(results_of(l, n, where, result_type_of<Op, T, N, I>()));
}

/// Records the op that `make()` gives.
template <class Op, class T, class Arch = simd_arch, std::same_as<var<T>>... X>
auto record(const std::source_location& where, const auto& make, const var<T>& first, const X&... rest) {
  static_assert(sizeof(contract<Op, T, 1 + sizeof...(X), 0>) > 0);  // speaks before anything else is wrong with the op
  ledger<T>& l = first.ledger(where);
  const std::array<slot<T>*, 1 + sizeof...(X)> inputs{l.slot_of(first, where, Op::name),
                                                      l.slot_of(rest, where, Op::name)...};
  return record_slots<Op, T, 1 + sizeof...(X), 0, Arch>(l, where, make, inputs);
}

template <class Arch, class Op, class... X>
auto record_operands(Op op, const std::source_location& where, const X&... x) {
  constexpr std::array<bool, sizeof...(X)> whole{is_indices<X>...};
  constexpr auto I = std::size_t(std::ranges::count(whole, true)), N = sizeof...(X) - I;
  static_assert(std::ranges::is_sorted(whole), "xgrad: the whole numbers of an op come after its variables");
  auto& l = ledger_of_any(where, x...);
  using T = decltype(scalar_of_ledger(l));
  static_assert(sizeof(contract<Op, T, N, I>) > 0);
  attempt recording(l);
  const auto slot_of = [&](const auto& operand) {
    if constexpr (is_indices<std::decay_t<decltype(operand)>>)
      return &l.get(operand.leaf(), Op::name, where);
    else
      return l.slot_of(as_var<Arch>(l, operand, where), where, Op::name);
  };
  const std::array<slot<T>*, sizeof...(X)> inputs{slot_of(x)...};
  return recording.keep(record_slots<Op, T, N, I, Arch>(
      l, where, [&] { return std::move(op); }, inputs));
}

template <class Arch, class Op, class T>
auto record_list(Op op, std::span<const var<T>> xs, const std::source_location& where) {
  static_assert(sizeof(contract<Op, T, any_number, 0>) > 0);
  const auto on_tape = std::ranges::find_if(xs, [](const var<T>& x) { return !x.is_number(); });
  if (on_tape == xs.end())
    throw tape_error(std::string(Op::name) + ": none of the " + std::to_string(xs.size()) +
                     " operands in the list is a variable; at least one must be" + at_line(where));
  ledger<T>& l = on_tape->ledger(where);
  attempt recording(l);
  std::span<slot<T>*> inputs(l.memory.template array<slot<T>*>(xs.size()), xs.size());
  for (std::size_t k = 0; k < xs.size(); ++k) inputs[k] = l.slot_of(xs[k], where, Op::name);
  return recording.keep(record_slots<Op, T, any_number, 0, Arch>(
      l, where, [&] { return std::move(op); }, inputs));
}

template <class X>
concept operand_of_op = !std::convertible_to<const X&, std::source_location>;

}  // namespace detail

/// Records a structured op on one to four operands: variables, expressions, and, beside one of these, numbers and
/// arrays; whole numbers (xg::indices) come last. Returns a variable, or the std::array or std::vector of the op's
/// results. Throws shape_error (from the op, with its name and the user's line), tape_error.
template <class Op, differentiable A, class Arch = detail::simd_arch>
auto record(Op op, const A& a, const std::source_location& where = std::source_location::current()) {
  return detail::record_operands<Arch>(std::move(op), where, a);
}
template <class Op, class A, class B, class Arch = detail::simd_arch>
requires(differentiable<A> ||
         differentiable<B>) auto record(Op op, const A& a, const B& b,
                                        const std::source_location& where = std::source_location::current()) {
  return detail::record_operands<Arch>(std::move(op), where, a, b);
}
template <class Op, class A, class B, class C, class Arch = detail::simd_arch>
requires(differentiable<A> || differentiable<B> ||
         differentiable<C>) auto record(Op op, const A& a, const B& b, const C& c,
                                        const std::source_location& where = std::source_location::current()) {
  return detail::record_operands<Arch>(std::move(op), where, a, b, c);
}
template <class Op, class A, class B, class C, class D, class Arch = detail::simd_arch>
requires(differentiable<A> || differentiable<B> || differentiable<C> ||
         differentiable<D>) auto record(Op op, const A& a, const B& b, const C& c, const D& d,
                                        const std::source_location& where = std::source_location::current()) {
  return detail::record_operands<Arch>(std::move(op), where, a, b, c, d);
}

/// Records a structured op on a list of variables (and numbers among them), however many.
template <class Op, class T, class Arch = detail::simd_arch>
auto record(Op op, std::span<const var<T>> xs, const std::source_location& where = std::source_location::current()) {
  return detail::record_list<Arch>(std::move(op), xs, where);
}
template <class Op, class T, class Arch = detail::simd_arch>
auto record(Op op, const std::vector<var<T>>& xs, const std::source_location& where = std::source_location::current()) {
  return detail::record_list<Arch>(std::move(op), std::span<const var<T>>(xs), where);
}
template <class Op, class T, class Arch = detail::simd_arch>
auto record(Op op, std::initializer_list<var<T>> xs,
            const std::source_location& where = std::source_location::current()) {
  return detail::record_list<Arch>(std::move(op), std::span<const var<T>>(xs.begin(), xs.size()), where);
}

}  // namespace xg
