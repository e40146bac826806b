#include <xgrad/core/derivative/gradient.hpp>

#include <string>

namespace xg {

template <class T>
adjoint_vars<T>::adjoint_vars(tape<T>& t, const slot<T>& y, const var<T>& seed, std::span<const slot<T>* const> xs)
    : tape_(t), wanted_(y.id + 1, 0), adjoint_(y.id + 1) {
  for (const slot<T>* x : xs)
    if (x->id <= y.id) wanted_[x->id] = 1;
  for (std::uint32_t n = 0; n < y.producer; ++n) {
    const node<T>& node = *t.node_at(n);
    std::uint64_t live = node.live_inputs();
    for (const slot<T>* s : node.inputs()) {
      const bool cut = s->adjoint && !node.out->adjoint;  // recorded where no gradient should flow
      if ((live & 1) && wanted_[s->id] && !cut) wanted_[node.out->id] = 1;
      live >>= 1;
    }
  }
  if (wanted_[y.id]) add(y, seed);
}

template <class T>
void adjoint_vars<T>::add(const slot<T>& s, const var<T>& contribution) {
  var<T>& sum = adjoint_[s.id];
  sum = sum.valid() ? tape_.add(sum, contribution) : contribution;
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
  for (std::uint32_t n = from.producer; n-- > 0;) {
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
