// Forgetting what was recorded; names.
#include <xgrad/core/tape/ledger.hpp>

#include <string>

namespace xg::detail {

template <class T>
var<T> ledger<T>::number(T x, const std::source_location& where) {
  slot<T>& s = new_slot({}, 1, false);
  leaves.push() = {s.id, where};
  *s.value = x;
  return handle(s);
}

template <class T>
std::int64_t* ledger<T>::index_data(const slot<T>& s) const {
  std::size_t begin = 0, end = index_leaves.size();
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (index_leaves[middle].id < s.id)
      begin = middle + 1;
    else
      end = middle;
  }
  return index_leaves[begin].data;
}

template <class T>
void ledger<T>::forget_owners(std::size_t keep) {
  while (owners.size() > keep) {
    owners.back()->destroy();
    owners.pop_back();
  }
}

template <class T>
void ledger<T>::forget_set_leaves() {
  for (slot<T>* s : set_leaves) s->outdated = 0;
  set_leaves.clear();
}

template <class T>
void ledger<T>::clear() {
  forget_owners(0);
  forget_set_leaves();
  slots.truncate(0);
  nodes.truncate(0);
  leaves.truncate(0);
  index_leaves.truncate(0);
  borrowed.clear();
  names.forget_from(0);
  memory.clear();
  ++generation, ++cleared;
  sweep = 0;
}

template <class T>
typename ledger<T>::mark_type ledger<T>::mark() const {
  return {this, here(), cleared, slots.size() == 0 ? 0 : slots[slots.size() - 1].generation};
}

template <class T>
void ledger<T>::rewind(const mark_type& m, const std::source_location& where) {
  if (m.of != this) throw tape_error("rewind: the mark was taken on another tape" + at_line(where));
  const std::size_t count = m.at.slots;
  const bool valid =
      m.cleared == cleared && count <= slots.size() && (count == 0 || slots[count - 1].generation == m.last_generation);
  if (!valid)
    throw tape_error("rewind: the tape was cleared, or rewound to an earlier place, since this mark was taken" +
                     at_line(where));
  notice_changes();  // before what is recorded next, which sees them
  forget_after(m.at);
}

template <class T>
void ledger<T>::forget_after(const place& p) {
  forget_owners(p.owners);
  while (!borrowed.empty() && borrowed.back().id >= p.slots) borrowed.pop_back();
  std::erase_if(set_leaves, [&](slot<T>* s) {
    s->outdated = std::min(s->outdated, std::uint32_t(p.nodes));
    return s->id >= p.slots || s->outdated == 0;
  });
  std::size_t kept = leaves.size();
  while (kept > 0 && leaves[kept - 1].id >= p.slots) --kept;
  leaves.truncate(kept);
  std::size_t ints = index_leaves.size();
  while (ints > 0 && index_leaves[ints - 1].id >= p.slots) --ints;
  index_leaves.truncate(ints);
  names.forget_from(p.slots);
  if (asked.size() > p.slots) asked.resize(p.slots);
  slots.truncate(p.slots);
  nodes.truncate(p.nodes);
  memory.rewind(p.memory);
  ++generation;
}

template <class T>
void ledger<T>::give_name(const var<T>& v, std::string_view name, const std::source_location& where) {
  const slot<T>& s = get(v, "named", where);
  if (name.empty())
    throw value_error("named: the name for " + describe(s) + " is empty; give it at least one character" +
                      at_line(where));
  names.give(s.id, name);
}

template struct ledger<float>;
template struct ledger<double>;

}  // namespace xg::detail
