// Recording: a new node is made in the arena, gets a slot for its result, is computed, and put on the list.
#pragma once

#include <xgrad/core/tape/statement.hpp>

namespace xg::detail {

/// Computes a new node and puts it on the list.
template <class T, class N>
var<T> finish(ledger<T>& l, N* n, slot<T>& out) {
  n->out = &out;
  n->where = l.line;
  n->intermediate = l.line_pinned;
  n->forward(l);
  if (l.anomaly) check_forward(l, *n);
  l.nodes.push() = n;
  out.producer = std::uint32_t(l.nodes.size());
  return l.handle(out);
}

/// Records an expression; see target for what becomes of its values.
template <class Fold, class Arch, class T, class F, class... E>
var<T> record_statement(ledger<T>& l, const expr<F, E...>& e, const target& how, const std::source_location& where,
                        const Fold& fold = {}) {
  const line_scope scope(l, where);
  attempt recording(l);
  using S = statement<expr<F, E...>, Fold, Arch>;
  S* s = new (l.memory.get(sizeof(S), alignof(S))) S(l, e, fold);
  const bool gradient = l.gradients && !constant_fold<Fold> && s->needs_gradient();
  if constexpr (!folds<Fold>)
    if (how.kind == target::elementwise && s->all_scalars())
      return recording.keep(finish(l, s, l.new_slot({}, 1, gradient)));
  return recording.keep(finish(l, s, plan_statement<T>(l, *s, s->inputs(), how, gradient)));
}

/// Puts a new node N(arguments...) on the tape, which makes the slot of its result itself, `prepare(ledger, gradient)`,
/// and computes it. A node that says `owns_memory` is destroyed when the tape lets go of it.
template <class N, class T, class... A>
N& push_node(ledger<T>& l, const std::source_location& where, A&&... arguments) {
  const line_scope scope(l, where);
  attempt recording(l);
  N* n = new (l.memory.get(sizeof(N), alignof(N))) N(std::forward<A>(arguments)...);
  if constexpr (N::owns_memory) l.owners.push_back(n);
  bool gradient = false;
  for (const slot<T>* s : n->inputs()) gradient |= s->adjoint != nullptr;
  slot<T>& out = n->prepare(l, gradient && l.gradients);
  recording.keep(finish(l, n, out));
  return *n;
}

/// The value of an expression of plain numbers alone, as a number: recorded on a tape of its own. Throws tape_error for
/// an empty handle, shape_error where arrays among the numbers make it an array.
template <class T>
var<T> number_of_numbers(var<T> (*record)(ledger<T>&, const void*, const std::source_location&), const void* expression,
                         const std::source_location& where);

}  // namespace xg::detail

namespace xg {

template <class T>
const slot<T>& var<T>::get(const char* op, const std::source_location& where) const {
  return ledger(where).get(*this, op, where);
}

template <class T>
const slot<T>& var<T>::get_current(const char* op, const std::source_location& where) const {
  const slot<T>& s = get(op, where);
  ledger_->require_replayed(s, op, where);
  return s;
}

template <class F, class... E>
template <class Arch>
auto expr<F, E...>::record(const expr& e, const std::source_location& where) -> var<scalar_type> {
  using T = scalar_type;
  const auto on = [](detail::ledger<T>& l, const void* expression, const std::source_location& line) {
    return detail::record_statement<no_fold, Arch>(l, *static_cast<const expr*>(expression), target{}, line);
  };
  if (auto* l = detail::ledger_if_any(e)) [[likely]]
    return on(*l, &e, where);
  return detail::number_of_numbers<T>(on, &e, where);
}

/// A variable as it is, an expression as the variable it becomes when recorded.
template <class Arch, differentiable E>
auto recorded(const E& e, const std::source_location& where) {
  if constexpr (requires { e.operands; })
    return E::template record<Arch>(e, where);
  else
    return var<typename E::scalar_type>(e);
}

}  // namespace xg
