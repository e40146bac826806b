// Setting leaves, replay, and the backward sweep.
#include <xgrad/core/tape/tape.hpp>

#include <string>
#include <utility>

namespace xg {

template <class T>
slot<T>& tape<T>::settable(const var<T>& x, shape_view shape, const std::source_location& where) {
  slot<T>& s = get(x, "set", where);
  if (s.producer != 0)
    throw tape_error("set: " + describe(s) +
                     " is the result of a statement; only leaves (variable, constant) can be set" + at_line(where));
  if (!(s.shape() == shape))
    throw shape_error("set: the new value has shape " + to_string(shape) + ", " + the_variable(s) + " " +
                      to_string(s.shape()) + at_line(where));
  return s;
}

template <class T>
void tape<T>::outdate(slot<T>& leaf) {
  if (nodes_.size() == 0) return;
  if (leaf.outdated == 0) set_leaves_.push_back(&leaf);
  leaf.outdated = std::uint32_t(nodes_.size());
}

template <class T>
slot<T>& tape<T>::seedable(const var<T>& y, shape_view shape, const std::source_location& where) {
  slot<T>& s = get(y, "backward", where);
  if (!s.adjoint) throw_no_gradient("backward", s, where);
  if (!(s.shape() == shape))
    throw shape_error("backward: the seed has shape " + to_string(shape) + ", " + the_variable(s) + " " +
                      to_string(s.shape()) + at_line(where));
  require_replayed(s, "backward", where);
  return s;
}

template <class T>
void tape<T>::find_outdated(const slot<T>& y, const char* op, const std::source_location& where) const {
  std::vector<char> reached(y.id + 1, 0);
  reached[y.id] = 1;
  for (std::size_t i = y.producer; i-- > 0;) {
    const node<T>& n = *nodes_[i];
    if (!reached[n.out->id]) continue;
    for (const slot<T>* in : n.inputs()) {
      reached[in->id] = 1;
      if (i < in->outdated)
        throw tape_error(std::string(op) + ": the leaf " + describe(*in) + " was set, but " + n.text(names_) +
                         at_line(n.where) + " was computed before; call tape::replay first" + at_line(where));
    }
  }
}

template <class T>
void tape<T>::forget_set_leaves() {
  for (slot<T>* s : set_leaves_) s->outdated = 0;
  set_leaves_.clear();
}

template <class T>
void tape<T>::start_sweep(slot<T>& from) {
  if (++sweep_ == 0) {  // after 2^32 sweeps the count starts again
    for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i].sweep = 0;
    sweep_ = 1;
  }
  from.sweep = sweep_;
  sweep_failed_ = false;
}

template <class T>
slot<T>& tape<T>::seeded(const var<T>& y, const std::source_location& where) {
  const slot<T>& s = get(y, "backward", where);
  if (s.size != 1)
    throw shape_error("backward: " + the_variable(s) + " has shape " + to_string(s.shape()) +
                      "; reduce it to one element (sum, mean), or give a seed of that shape: backward(y, seed)" +
                      at_line(where));
  slot<T>& from = seedable(y, s.shape(), where);
  *from.adjoint = T(1);
  return from;
}

template <class T>
void tape<T>::sweep(slot<T>& from) {
  limited_ = false;
  start_sweep(from);
  run_sweep(from);
}

template <class T>
void tape<T>::require_variables(std::span<const var<T>> xs, const std::source_location& where) const {
  for (const var<T>& x : xs)
    if (const slot<T>& s = get(x, "backward", where); !s.adjoint) throw_no_gradient("backward", s, where);
}

// What lies between the listed variables and the one the sweep starts from keeps its adjoint; that of others is hidden,
// so that nodes take them for constants and do no work for them.
template <class T>
void tape<T>::sweep(slot<T>& from, std::span<const var<T>> xs) {
  limited_ = true;
  start_sweep(from);
  asked_.assign(slots_.size(), 0);
  for (const var<T>& x : xs) asked_[x.id_] = 1;
  for (std::size_t i = 0; i < from.producer; ++i) {
    const node<T>& n = *nodes_[i];
    if (!n.out->adjoint) continue;
    std::uint64_t live = n.live_inputs();
    for (const slot<T>* in : n.inputs()) {
      if ((live & 1) && asked_[in->id]) asked_[n.out->id] = 1;
      live >>= 1;
    }
  }
  if (!std::exchange(asked_[from.id], char(1))) return;

  struct hiding {
    std::vector<hidden_adjoint>& list;
    ~hiding() {
      for (const hidden_adjoint& h : list) h.of->adjoint = h.adjoint;
      list.clear();
    }
  } hiding{hidden_};
  for (std::size_t id = 0; id < from.id; ++id)
    if (slot<T>& s = slots_[id]; s.adjoint && !asked_[id]) {
      hidden_.push_back({&s, s.adjoint});
      s.adjoint = nullptr;
    }
  run_sweep(from);
}

template <class T>
void tape<T>::run_sweep(slot<T>& from) {
  sweep_failed_ = true;
  for (std::size_t i = from.producer; i-- > 0;) {
    node<T>& n = *nodes_[i];
    if (n.out->sweep != sweep_) continue;
    n.backward(*this);
    if (anomaly_) check_backward(n);
  }
  sweep_failed_ = false;
}

template <class T>
void tape<T>::replay() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i]->forward(*this);
    if (anomaly_) check_forward(*nodes_[i]);
  }
  forget_set_leaves();
}

// ---- Messages

template <class T>
std::string tape<T>::describe(const slot<T>& s) const {
  const std::string name = names_.of(s.id);
  if (s.producer == 0) return name + at_line(line_of_leaf(s));
  const node<T>& n = *nodes_[s.producer - 1];
  return name + " = " + n.text(names_) + at_line(n.where);
}

template <class T>
std::string tape<T>::the_variable(const slot<T>& s) const {
  return names_.has(s.id) ? "the variable " + names_.of(s.id) : "the variable";
}

template <class T>
void tape<T>::give_name(const var<T>& v, std::string_view name, const std::source_location& where) {
  const slot<T>& s = get(v, "named", where);
  if (name.empty())
    throw value_error("named: the name for " + describe(s) + " is empty; give it at least one character" +
                      at_line(where));
  names_.give(s.id, name);
}

template <class T>
std::source_location tape<T>::line_of_leaf(const slot<T>& s) const {
  std::size_t begin = 0, end = leaves_.size();
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (leaves_[middle].id < s.id)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin < leaves_.size() && leaves_[begin].id == s.id ? leaves_[begin].where : std::source_location();
}

template <class T>
void tape<T>::throw_no_gradient(const char* op, const slot<T>& s, const std::source_location& where) const {
  const std::string what = std::string(op) + ": " + describe(s);
  if (s.producer == 0)
    throw tape_error(what + " is a constant; make it with tape::variable to differentiate by it" + at_line(where));
  std::vector<char> reached(s.id + 1, 0);
  reached[s.id] = 1;
  for (std::size_t i = s.producer; i-- > 0;)
    if (reached[nodes_[i]->out->id])
      for (const slot<T>* in : nodes_[i]->inputs()) reached[in->id] = 1;
  std::string constants;
  std::size_t count = 0;
  for (std::size_t id = 0; id < s.id; ++id) {
    const slot<T>& leaf = slots_[id];
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

template std::string tape<float>::describe(const slot<float>&) const;
template std::string tape<float>::the_variable(const slot<float>&) const;
template void tape<float>::give_name(const var<float>&, std::string_view, const std::source_location&);
template std::source_location tape<float>::line_of_leaf(const slot<float>&) const;
template void tape<float>::throw_no_gradient(const char*, const slot<float>&, const std::source_location&) const;
template slot<float>& tape<float>::settable(const var<float>&, shape_view, const std::source_location&);
template void tape<float>::outdate(slot<float>&);
template slot<float>& tape<float>::seedable(const var<float>&, shape_view, const std::source_location&);
template slot<float>& tape<float>::seeded(const var<float>&, const std::source_location&);
template void tape<float>::find_outdated(const slot<float>&, const char*, const std::source_location&) const;
template void tape<float>::forget_set_leaves();
template void tape<float>::require_variables(std::span<const var<float>>, const std::source_location&) const;
template void tape<float>::start_sweep(slot<float>&);
template void tape<float>::run_sweep(slot<float>&);
template void tape<float>::sweep(slot<float>&);
template void tape<float>::sweep(slot<float>&, std::span<const var<float>>);
template void tape<float>::replay();
template std::string tape<double>::describe(const slot<double>&) const;
template std::string tape<double>::the_variable(const slot<double>&) const;
template void tape<double>::give_name(const var<double>&, std::string_view, const std::source_location&);
template std::source_location tape<double>::line_of_leaf(const slot<double>&) const;
template void tape<double>::throw_no_gradient(const char*, const slot<double>&, const std::source_location&) const;
template slot<double>& tape<double>::settable(const var<double>&, shape_view, const std::source_location&);
template void tape<double>::outdate(slot<double>&);
template slot<double>& tape<double>::seedable(const var<double>&, shape_view, const std::source_location&);
template slot<double>& tape<double>::seeded(const var<double>&, const std::source_location&);
template void tape<double>::find_outdated(const slot<double>&, const char*, const std::source_location&) const;
template void tape<double>::forget_set_leaves();
template void tape<double>::require_variables(std::span<const var<double>>, const std::source_location&) const;
template void tape<double>::start_sweep(slot<double>&);
template void tape<double>::run_sweep(slot<double>&);
template void tape<double>::sweep(slot<double>&);
template void tape<double>::sweep(slot<double>&, std::span<const var<double>>);
template void tape<double>::replay();

}  // namespace xg
