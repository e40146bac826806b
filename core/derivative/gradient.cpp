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
adjoint_vars<T>::adjoint_vars(const detail::ledger<T>& l, const slot<T>& y, const var<T>& seed,
                              std::span<const slot<T>* const> xs, std::size_t first)
    : adjoint_vars(first_of(y, xs), y.id) {
  for (const slot<T>* x : xs)
    if (x->id <= y.id) want(*x);
  for (std::size_t n = std::max<std::size_t>(detail::first_node_from(l, first_), first); n < y.producer; ++n) {
    const node<T>& node = *l.nodes[n];
    node.for_each_live_input([&](const slot<T>& s) {
      const bool cut = s.adjoint && !node.out->adjoint;  // recorded where no gradient should flow
      if (wants(s) && !cut) want(*node.out);
    });
  }
  if (wants(y)) add(y, seed);
}

template <class T>
void adjoint_vars<T>::add(const slot<T>& s, const var<T>& contribution) {
  var<T>& sum = adjoint_[s.id - first_];
  sum = sum.valid() ? detail::add(sum, contribution) : contribution;
}

namespace detail {

namespace {

// Records the gradient of a node. In anomaly mode what it hands on is checked, now and in replays, not each step on
// the way: a branch that is not taken may be infinite there.
template <class T>
void record_gradient(ledger<T>& l, node<T>& n, adjoint_vars<T>& adjoints) {
  const line_scope line(l, n.where, true);
  n.record_backward(l, adjoints);
  for (const slot<T>* in : n.inputs()) {
    if (!adjoints.wants(*in) || !adjoints.of(*in).on_tape()) continue;
    const slot<T>& d = l.get(adjoints.of(*in), "gradient", n.where);
    if (d.producer != 0) l.nodes[d.producer - 1]->intermediate = false;
    if (l.anomaly) check_gradient(l, n, *in, d);
  }
}

}  // namespace

template <class T>
std::uint32_t first_node_from(const ledger<T>& l, std::uint32_t id) {
  std::uint32_t begin = 0, end = std::uint32_t(l.nodes.size());  // their results are in the order of their ids
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (l.nodes[middle]->out->id < id)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin;
}

template <class T>
std::vector<var<T>> gradient(const var<T>& y, const var<T>* seed, std::span<const var<T>> xs,
                             const std::source_location& where, std::size_t first) {
  ledger<T>& l = y.ledger(where);
  const slot<T>& from = *l.slot_of(y, where, "gradient");
  if (!seed && from.size != 1) {
    throw shape_error("gradient: " + to_string(from.shape()) +
                      " has more than one element; reduce it (sum, mean) or give " +
                      "the adjoint of y, of its shape, as the last argument" + at_line(where));
  }
  if (seed && !(l.slot_of(*seed, where, "gradient")->shape() == from.shape())) {
    throw shape_error("gradient: the adjoint of y has shape " + to_string(seed->shape()) + ", y has " +
                      to_string(from.shape()) + at_line(where));
  }
  l.require_replayed(from, "gradient", where);
  attempt recording(l);
  std::vector<const slot<T>*> targets;
  for (const var<T>& x : xs) targets.push_back(l.slot_of(x, where, "gradient"));

  const shape_t shape = from.shape();
  const var<T> start = seed ? *seed : filled(l, T(1), shape, where);
  adjoint_vars<T> adjoints(l, from, start, targets, first);
  first = std::max<std::size_t>(first, first_node_from(l, first_of<T>(from, targets)));
  for (std::size_t n = from.producer; n-- > first;) {
    node<T>& node = *l.nodes[n];
    if (adjoints.wants(*node.out) && adjoints.of(*node.out).valid()) record_gradient(l, node, adjoints);
  }
  std::vector<var<T>> result;
  for (const slot<T>* x : targets) {
    if (x->id <= from.id && adjoints.of(*x).valid()) {
      result.push_back(adjoints.of(*x));
    } else {
      result.push_back(filled(l, T(0), x->shape(), where));
    }
  }
  return recording.keep(std::move(result));
}

template std::uint32_t first_node_from(const ledger<float>&, std::uint32_t);
template std::uint32_t first_node_from(const ledger<double>&, std::uint32_t);
template std::vector<var<float>> gradient(const var<float>&, const var<float>*, std::span<const var<float>>,
                                          const std::source_location&, std::size_t);
template std::vector<var<double>> gradient(const var<double>&, const var<double>*, std::span<const var<double>>,
                                           const std::source_location&, std::size_t);

}  // namespace detail

template class adjoint_vars<float>;
template class adjoint_vars<double>;

}  // namespace xg
