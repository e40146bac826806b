#include <xgrad/core/tape/borrow.hpp>

#include <string>

#include <xgrad/core/tape/leaf.hpp>

namespace xg::detail {

template <class T>
var<T> borrow(ledger<T>& l, const std::shared_ptr<parameter_memory<T>>& memory, bool gradient,
              const std::source_location& where) {
  if (!memory)
    throw tape_error("borrow: the parameter is empty; give it values first: xg::parameter<T> p(values)" +
                     at_line(where));
  l.notice_changes();
  for (const borrowed_leaf<T>& b : l.borrowed) {
    if (b.memory != memory || b.frozen == gradient) continue;
    return l.handle(l.slots[b.id]);
  }
  attempt recording(l);
  slot<T>& s = l.new_alias(l.own(memory->shape), memory->size, memory->value, gradient);
  l.leaves.push() = {s.id, where};
  l.borrowed.push_back({memory, s.id, memory->version, !gradient});
  const var<T> v = l.handle(s);
  if (!memory->name.empty()) l.give_name(v, memory->name, where);
  if (l.anomaly) check_leaf(l, s, s.value, where);
  return recording.keep(v);
}

template <class T>
void ledger<T>::notice_changes() {
  for (borrowed_leaf<T>& b : borrowed)
    if (std::exchange(b.version, b.memory->version) != b.memory->version) outdate(*this, slots[b.id]);
}

template var<float> borrow(ledger<float>&, const std::shared_ptr<parameter_memory<float>>&, bool,
                           const std::source_location&);
template var<double> borrow(ledger<double>&, const std::shared_ptr<parameter_memory<double>>&, bool,
                            const std::source_location&);
template void ledger<float>::notice_changes();
template void ledger<double>::notice_changes();

}  // namespace xg::detail
