#include <xgrad/core/derivative/gradient.hpp>

#include <algorithm>
#include <string>

namespace xg {

namespace {

// The smallest id of the xs; y's, where all come after it.
template <class T>
std::uint32_t first_of(const slot<T>& y, std::span<const slot<T>* const> xs) {
  std::uint32_t first = y.id;
  for (const slot<T>* x : xs) first = std::min(first, x->id);
  return first;
}

}  // namespace

template <class T>
adjoint_vars<T>::adjoint_vars(tape<T>& t, std::uint32_t first, std::uint32_t last)
    : tape_(t), first_(first), wanted_(last + 1 - first, 0), adjoint_(last + 1 - first) {}

template <class T>
adjoint_vars<T>::adjoint_vars(tape<T>& t, const slot<T>& y, const var<T>& seed, std::span<const slot<T>* const> xs)
    : adjoint_vars(t, first_of(y, xs), y.id) {
  for (const slot<T>* x : xs)
    if (x->id <= y.id) want(*x);
  for (std::uint32_t n = first_node(); n < y.producer; ++n) {
    const node<T>& node = *t.node_at(n);
    std::uint64_t live = node.live_inputs();
    for (const slot<T>* s : node.inputs()) {
      const bool cut = s->adjoint && !node.out->adjoint;  // recorded where no gradient should flow
      if ((live & 1) && wants(*s) && !cut) want(*node.out);
      live >>= 1;
    }
  }
  if (wants(y)) add(y, seed);
}

template <class T>
void adjoint_vars<T>::add(const slot<T>& s, const var<T>& contribution) {
  var<T>& sum = adjoint_[s.id - first_];
  sum = sum.valid() ? tape_.add(sum, contribution) : contribution;
}

template <class T>
std::uint32_t adjoint_vars<T>::first_node() const {
  std::uint32_t begin = 0, end = std::uint32_t(tape_.nodes());  // their results are in the order of their ids
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (tape_.node_at(middle)->out->id < first_)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin;
}

namespace detail {

template <class T>
std::vector<var<T>> gradient(const var<T>& y, const var<T>* seed, std::span<const var<T>> xs,
                             const std::source_location& where) {
  tape<T>& t = y.owner(where);
  const slot<T>& from = *t.slot_of(y, where, "gradient");
  if (!seed && from.size != 1) {
    throw shape_error("gradient: " + to_string(from.shape()) +
                      " has more than one element; reduce it (sum, mean) or give " +
                      "the adjoint of y, of its shape, as the last argument" + at_line(where));
  }
  if (seed && !(t.slot_of(*seed, where, "gradient")->shape() == from.shape())) {
    throw shape_error("gradient: the adjoint of y has shape " + to_string(seed->shape()) + ", y has " +
                      to_string(from.shape()) + at_line(where));
  }
  t.require_replayed(from, "gradient", where);
  typename tape<T>::attempt recording(t);
  std::vector<const slot<T>*> targets;
  for (const var<T>& x : xs) targets.push_back(t.slot_of(x, where, "gradient"));

  const shape_t shape = from.shape();
  const var<T> start = seed ? *seed : t.broadcast_to(t.constant(T(1), where), shape_t(shape.size(), 1), shape);
  adjoint_vars<T> adjoints(t, from, start, targets);
  for (std::uint32_t n = from.producer, first = adjoints.first_node(); n-- > first;) {
    node<T>& node = *t.node_at(n);
    if (adjoints.wants(*node.out) && adjoints.of(*node.out).valid()) t.record_backward(node, adjoints);
  }
  std::vector<var<T>> result;
  for (const slot<T>* x : targets) {
    if (x->id <= from.id && adjoints.of(*x).valid()) {
      result.push_back(adjoints.of(*x));
    } else {
      result.push_back(t.broadcast_to(t.constant(T(0), where), shape_t(x->rank, 1), x->shape()));
    }
  }
  return recording.keep(std::move(result));
}

template std::vector<var<float>> gradient(const var<float>&, const var<float>*, std::span<const var<float>>,
                                          const std::source_location&);
template std::vector<var<double>> gradient(const var<double>&, const var<double>*, std::span<const var<double>>,
                                           const std::source_location&);

}  // namespace detail

template class adjoint_vars<float>;
template class adjoint_vars<double>;

}  // namespace xg
