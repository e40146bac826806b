#include <xgrad/core/tape/sweep.hpp>

#include <string>
#include <utility>

namespace xg::detail {

namespace {

template <class T>
void start_sweep(ledger<T>& l, slot<T>& from) {
  if (++l.sweep == 0) {  // after 2^32 sweeps the count starts again
    for (std::size_t i = 0; i < l.slots.size(); ++i) l.slots[i].sweep = 0;
    l.sweep = 1;
  }
  from.sweep = l.sweep;
  l.sweep_failed = false;
}

template <class T>
void run_sweep(ledger<T>& l, slot<T>& from) {
  l.sweep_failed = true;
  for (std::size_t i = from.producer; i-- > 0;) {
    node<T>& n = *l.nodes[i];
    if (n.out->sweep != l.sweep) continue;
    n.backward(l);
    if (l.anomaly) check_backward(l, n);
  }
  l.sweep_failed = false;
}

}  // namespace

template <class T>
slot<T>& seedable(ledger<T>& l, const var<T>& y, shape_view shape, const std::source_location& where) {
  slot<T>& s = l.get(y, "backward", where);
  if (!s.adjoint) l.throw_no_gradient("backward", s, where);
  if (!(s.shape() == shape))
    throw shape_error("backward: the seed has shape " + to_string(shape) + ", " + l.the_variable(s) + " " +
                      to_string(s.shape()) + at_line(where));
  l.require_replayed(s, "backward", where);
  return s;
}

template <class T>
slot<T>& seeded(ledger<T>& l, const var<T>& y, const std::source_location& where) {
  const slot<T>& s = l.get(y, "backward", where);
  if (s.size != 1)
    throw shape_error("backward: " + l.the_variable(s) + " has shape " + to_string(s.shape()) +
                      "; reduce it to one element (sum, mean), or give a seed of that shape: backward(y, seed)" +
                      at_line(where));
  slot<T>& from = seedable(l, y, s.shape(), where);
  *from.adjoint = T(1);
  return from;
}

template <class T>
void sweep(ledger<T>& l, slot<T>& from) {
  l.limited = false;
  start_sweep(l, from);
  run_sweep(l, from);
}

template <class T>
void require_variables(ledger<T>& l, std::span<const var<T>> xs, const std::source_location& where) {
  for (const var<T>& x : xs)
    if (const slot<T>& s = l.get(x, "backward", where); !s.adjoint) l.throw_no_gradient("backward", s, where);
}

// What lies between the listed variables and the one the sweep starts from keeps its adjoint; that of others is hidden,
// so that nodes take them for constants and do no work for them.
template <class T>
void sweep(ledger<T>& l, slot<T>& from, std::span<const var<T>> xs) {
  l.limited = true;
  start_sweep(l, from);
  l.asked.assign(l.slots.size(), 0);
  for (const var<T>& x : xs) l.asked[x.id()] = 1;
  for (std::size_t i = 0; i < from.producer; ++i) {
    const node<T>& n = *l.nodes[i];
    if (!n.out->adjoint) continue;
    n.for_each_live_input([&](const slot<T>& in) {
      if (l.asked[in.id]) l.asked[n.out->id] = 1;
    });
  }
  if (!std::exchange(l.asked[from.id], char(1))) return;

  struct hiding {
    std::vector<hidden_adjoint<T>>& list;
    ~hiding() {
      for (const hidden_adjoint<T>& h : list) h.of->adjoint = h.adjoint;
      list.clear();
    }
  } hiding{l.hidden};
  for (std::size_t id = 0; id < from.id; ++id)
    if (slot<T>& s = l.slots[id]; s.adjoint && !l.asked[id]) {
      l.hidden.push_back({&s, s.adjoint});
      s.adjoint = nullptr;
    }
  run_sweep(l, from);
}

template <class T>
void replay(ledger<T>& l) {
  l.notice_changes();  // and not what the nodes store
  struct replaying {
    bool& flag;
    explicit replaying(bool& f) : flag(f = true) {}
    ~replaying() { flag = false; }
  } const running(l.replaying);
  for (std::size_t i = 0; i < l.nodes.size(); ++i) {
    l.nodes[i]->forward(l);
    if (l.anomaly) check_forward(l, *l.nodes[i]);
  }
  l.forget_set_leaves();
}

template slot<float>& seeded(ledger<float>&, const var<float>&, const std::source_location&);
template slot<float>& seedable(ledger<float>&, const var<float>&, shape_view, const std::source_location&);
template void require_variables(ledger<float>&, std::span<const var<float>>, const std::source_location&);
template void sweep(ledger<float>&, slot<float>&);
template void sweep(ledger<float>&, slot<float>&, std::span<const var<float>>);
template void replay(ledger<float>&);
template slot<double>& seeded(ledger<double>&, const var<double>&, const std::source_location&);
template slot<double>& seedable(ledger<double>&, const var<double>&, shape_view, const std::source_location&);
template void require_variables(ledger<double>&, std::span<const var<double>>, const std::source_location&);
template void sweep(ledger<double>&, slot<double>&);
template void sweep(ledger<double>&, slot<double>&, std::span<const var<double>>);
template void replay(ledger<double>&);

}  // namespace xg::detail
