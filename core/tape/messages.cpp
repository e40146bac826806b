// What a ledger says of its variables where something is wrong with them.
#include <xgrad/core/tape/ledger.hpp>

#include <string>
#include <vector>

namespace xg::detail {

template <class T>
std::string ledger<T>::describe(const slot<T>& s) const {
  const std::string name = names.of(s.id);
  if (s.producer == 0) return name + at_line(line_of_leaf(s));
  const node<T>& n = *nodes[s.producer - 1];
  return name + " = " + n.text(names) + at_line(n.where);
}

template <class T>
std::string ledger<T>::the_variable(const slot<T>& s) const {
  return names.has(s.id) ? "the variable " + names.of(s.id) : "the variable";
}

template <class T>
std::source_location ledger<T>::line_of_leaf(const slot<T>& s) const {
  std::size_t begin = 0, end = leaves.size();
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (leaves[middle].id < s.id)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin < leaves.size() && leaves[begin].id == s.id ? leaves[begin].where : std::source_location();
}

template <class T>
void ledger<T>::throw_wrong_handle(const var<T>& v, const char* op, const std::source_location& where) const {
  if (!v.on_tape()) v.throw_no_tape(where);
  const bool known = v.ledger_->find(v) != nullptr;  // a number may have another variable's name by now
  const std::string name = known ? v.ledger_->names.of(v.id_) : "v" + std::to_string(v.id_);
  throw tape_error(std::string(op) + ": " + name +
                   (v.ledger_ == this ? " was forgotten by clear() or rewind(); record it again"
                                      : " lives on another tape; an expression uses variables of one tape only") +
                   at_line(where));
}

template <class T>
void ledger<T>::throw_no_gradient(const char* op, const slot<T>& s, const std::source_location& where) const {
  const std::string what = std::string(op) + ": " + describe(s);
  if (s.producer == 0)
    throw tape_error(what + " is a constant; make it with tape::variable to differentiate by it" + at_line(where));
  std::vector<char> reached(s.id + 1, 0);
  reached[s.id] = 1;
  for (std::size_t i = s.producer; i-- > 0;)
    if (reached[nodes[i]->out->id])
      for (const slot<T>* in : nodes[i]->inputs()) reached[in->id] = 1;
  std::string constants;
  std::size_t count = 0;
  for (std::size_t id = 0; id < s.id; ++id) {
    const slot<T>& leaf = slots[id];
    if (!reached[id] || leaf.producer != 0) continue;
    if (leaf.adjoint)
      throw tape_error(what + " depends on no variable with a gradient: from " + describe(leaf) +
                       " none flows to it, as through comparisons and what is recorded in a no_gradient_scope" +
                       at_line(where));
    if (++count <= 3) constants += (count > 1 ? ", " : "") + describe(leaf);
  }
  throw tape_error(what + " depends on no variable, but on constants alone: " + constants +
                   (count > 3 ? ", and " + std::to_string(count - 3) + " more" : "") +
                   "; make those to differentiate by with tape::variable" + at_line(where));
}

template <class T>
void ledger<T>::find_outdated(const slot<T>& y, const char* op, const std::source_location& where) const {
  std::vector<char> reached(y.id + 1, 0);
  reached[y.id] = 1;
  for (std::size_t i = y.producer; i-- > 0;) {
    const node<T>& n = *nodes[i];
    if (!reached[n.out->id]) continue;
    for (const slot<T>* in : n.inputs()) {
      reached[in->id] = 1;
      if (i < in->outdated)
        throw tape_error(std::string(op) + ": the leaf " + describe(*in) + " was set, but " + n.text(names) +
                         at_line(n.where) + " was computed before; call tape::replay first" + at_line(where));
    }
  }
}

template std::string ledger<float>::describe(const slot<float>&) const;
template std::string ledger<float>::the_variable(const slot<float>&) const;
template std::source_location ledger<float>::line_of_leaf(const slot<float>&) const;
template void ledger<float>::throw_wrong_handle(const var<float>&, const char*, const std::source_location&) const;
template void ledger<float>::throw_no_gradient(const char*, const slot<float>&, const std::source_location&) const;
template void ledger<float>::find_outdated(const slot<float>&, const char*, const std::source_location&) const;
template std::string ledger<double>::describe(const slot<double>&) const;
template std::string ledger<double>::the_variable(const slot<double>&) const;
template std::source_location ledger<double>::line_of_leaf(const slot<double>&) const;
template void ledger<double>::throw_wrong_handle(const var<double>&, const char*, const std::source_location&) const;
template void ledger<double>::throw_no_gradient(const char*, const slot<double>&, const std::source_location&) const;
template void ledger<double>::find_outdated(const slot<double>&, const char*, const std::source_location&) const;

}  // namespace xg::detail
