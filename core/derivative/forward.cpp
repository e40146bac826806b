#include <xgrad/core/derivative/forward.hpp>

#include <algorithm>
#include <string>

namespace xg {

namespace {

// The slots between the xs and the ys: those whose tangents are asked for.
template <class T>
std::vector<char> on_the_way(const detail::ledger<T>& l, std::span<const slot<T>* const> ys, std::uint32_t first,
                             std::uint32_t last) {
  std::vector<char> needed(last + 1, 0);
  for (const slot<T>* y : ys) needed[y->id] = 1;
  for (std::size_t n = l.nodes.size(); n-- > 0;) {
    const node<T>& node = *l.nodes[n];
    if (node.out->id < first) break;
    if (node.out->id <= last && needed[node.out->id])
      for (const slot<T>* in : node.inputs()) needed[in->id] = 1;
  }
  return needed;
}

}  // namespace

template <class T>
var<T> tangent<T>::on(tape<T>& t) const {
  if (values_) return t.constant(*values_, where_);
  return variable_.is_number() ? t.constant(variable_.item(), where_) : variable_;
}

template <class T>
void node<T>::record_forward(detail::ledger<T>& l, tangent_vars<T>& tangents) {
  adjoint_vars<T>& adjoints = tangents.adjoints();
  std::vector<slot<T>*> moving, results;
  for (slot<T>* in : inputs())
    if (tangents.of(*in).valid() && std::ranges::find(moving, in) == moving.end()) moving.push_back(in);
  for (slot<T>* s : this->results())
    if (tangents.has(*s)) results.push_back(s);

  struct borrowed {
    adjoint_vars<T>& adjoints;
    const std::vector<slot<T>*>&moving, &results;
    ~borrowed() {
      for (const auto* list : {&moving, &results})
        for (const slot<T>* s : *list) adjoints.forget(*s);
    }
  } borrowed{adjoints, moving, results};
  std::vector<var<T>> us;  // what the transpose is recorded from, and is linear in
  for (slot<T>* s : results) {
    us.push_back(detail::broadcast_to(l.face->variable(T(1), where), shape_t(s->rank, 1), s->shape()));
    adjoints.want(*s);
    adjoints.add(*s, us.back());
  }
  for (const slot<T>* in : moving) adjoints.want(*in);
  record_backward(l, adjoints);

  for (const slot<T>* in : moving) {
    if (!adjoints.of(*in).valid()) continue;
    const std::vector<var<T>> parts = detail::gradient<T>(adjoints.of(*in), &tangents.of(*in), us, where);
    for (std::size_t k = 0; k < results.size(); ++k) tangents.add(*results[k], parts[k]);
  }
}

// The program, run forwards: each rule is linear in g and works position by position, so that what it makes of g =
// dL/dy it makes of a tangent too.
template <class T>
void statement_base<T>::record_forward(detail::ledger<T>& l, tangent_vars<T>& tangents) {
  const program_view<T> p = program();
  const auto slots = this->inputs();
  const std::size_t first_step = std::size_t(p.first_step());
  const std::source_location where = this->where;
  const auto [fold, folded] = this->fold();

  std::vector<var<T>> y(std::size_t(p.values())), dy(y.size());
  for (std::size_t k = 0; k < slots.size(); ++k) {
    y[k] = l.handle(*slots[k]);
    if (this->live_inputs() >> k & 1) dy[k] = tangents.of(*slots[k]);
  }
  for (std::size_t k = 0; k < p.numbers.size(); ++k) y[slots.size() + k] = l.number(p.numbers[k], where);

  const bool expands = plan && !folded && plan->kept.data();
  if (expands) {  // a broadcast of its operand, and nothing else
    if (dy[0].valid()) tangents.add(*this->out, detail::broadcast_to(dy[0], plan->kept, this->out->shape()));
    return;
  }
  for (std::size_t s = 0; s < p.steps.size(); ++s) {
    const op_info<T>& op = p.steps[s].op();
    std::array<var<T>, max_arity> x;
    for (std::size_t k = 0; k < std::size_t(op.arity); ++k) x[k] = y[std::size_t(p.steps[s].in[k])];
    var<T>& value = y[first_step + s];
    value = s + 1 == p.steps.size() && !folded ? l.handle(*this->out) : op.apply(x.data(), where);

    var<T>& sum = dy[first_step + s];
    for (std::size_t k = 0; k < std::size_t(op.arity); ++k) {
      const var<T>& dx = dy[std::size_t(p.steps[s].in[k])];
      if (!dx.valid()) continue;
      std::array<var<T>, max_arity> part;
      std::array<bool, max_arity> wanted{};
      wanted[k] = true;
      const var<T> g = detail::broadcast_to(dx, shape_t(dx.shape()), shape_t(value.shape()));
      op.vjp(g, value, x.data(), wanted.data(), part.data(), where);
      if (part[k].valid()) sum = sum.valid() ? detail::add(sum, part[k]) : part[k];
    }
  }
  var<T> result = dy.back();
  if (!result.valid()) return;
  if (folded) {
    const shape_view shape = this->out->shape();
    const shape_t kept = plan ? shape_t(plan->kept) : shape_t();
    const shape_t space = plan ? shape_t(plan->space) : shape_t();
    const double terms = plan ? double(plan->count) / double(this->out->size) : 1;
    const auto spread = [&](const var<T>& v) { return detail::broadcast_to(v, shape_t(v.shape()), space); };
    result =
        folded->vjp(fold, spread(result), detail::reshaped(l.handle(*this->out), kept), spread(y.back()), kept, terms);
    result = detail::sum_to(spread(result), kept, shape);
  }
  tangents.add(*this->out, result);
}

namespace detail {

namespace {

// Records the tangent of a node. In anomaly mode it is checked, not each step on the way.
template <class T>
void record_tangent(ledger<T>& l, node<T>& n, tangent_vars<T>& tangents) {
  const line_scope line(l, n.where, true);
  n.record_forward(l, tangents);
  for (const slot<T>* s : n.results()) {
    if (!tangents.of(*s).on_tape()) continue;
    const slot<T>& d = l.get(tangents.of(*s), "jvp", n.where);
    if (d.producer != 0) l.nodes[d.producer - 1]->intermediate = false;
    if (l.anomaly) check_tangent(l, n, d);
  }
}

}  // namespace

template <class T>
std::vector<var<T>> jvp(std::span<const var<T>> ys, std::span<const var<T>> xs, std::span<const tangent<T>> us,
                        const std::source_location& where, std::size_t first_node) {
  if (xs.size() != us.size())
    throw shape_error("jvp: " + std::to_string(xs.size()) + " variables and " + std::to_string(us.size()) +
                      " tangents; each variable has one tangent, of its shape" + at_line(where));
  if (ys.empty()) return {};
  ledger<T>& l = ys.front().ledger(where);
  std::vector<const slot<T>*> results, variables;
  attempt recording(l);
  std::uint32_t first = ~std::uint32_t(0), last = 0;
  for (const var<T>& y : ys) {
    results.push_back(l.slot_of(y, where, "jvp"));
    l.require_replayed(*results.back(), "jvp", where);
    last = std::max(last, results.back()->id);
  }
  for (const var<T>& x : xs) {
    variables.push_back(l.slot_of(x, where, "jvp"));
    first = std::min(first, variables.back()->id);
  }
  first = std::min(first, last);

  tangent_vars<T> tangents(first, last);
  const std::vector<char> needed = on_the_way<T>(l, results, first, last);
  for (std::size_t k = 0; k < xs.size(); ++k) {
    const slot<T>& x = *variables[k];
    const var<T> u = us[k].on(*l.face);
    if (const slot<T>& s = *l.slot_of(u, where, "jvp"); !(s.shape() == x.shape()))
      throw shape_error("jvp: the tangent of " + l.names.of(x.id) + " has shape " + to_string(s.shape()) + ", " +
                        l.names.of(x.id) + " has " + to_string(x.shape()) + at_line(where));
    if (x.id <= last) tangents.add(x, u);
  }
  const std::size_t nodes = l.nodes.size();
  for (std::size_t n = std::max<std::size_t>(first_node_from(l, first), first_node);
       n < nodes && l.nodes[n]->out->id <= last; ++n) {
    node<T>& node = *l.nodes[n];
    bool moves = false;
    for (const slot<T>* in : node.inputs()) {
      const bool cut = in->adjoint && !node.out->adjoint;  // recorded where no gradient should flow
      moves |= !cut && tangents.of(*in).valid();
    }
    if (moves && needed[node.out->id]) record_tangent(l, node, tangents);
  }
  std::vector<var<T>> result;
  for (const slot<T>* y : results) {
    const var<T> dy = tangents.of(*y);
    result.push_back(dy.valid() ? dy : filled(l, T(0), y->shape(), where));
  }
  return recording.keep(std::move(result));
}

template std::vector<var<float>> jvp(std::span<const var<float>>, std::span<const var<float>>,
                                     std::span<const tangent<float>>, const std::source_location&, std::size_t);
template std::vector<var<double>> jvp(std::span<const var<double>>, std::span<const var<double>>,
                                      std::span<const tangent<double>>, const std::source_location&, std::size_t);

}  // namespace detail

template class tangent<float>;
template class tangent<double>;
template void node<float>::record_forward(detail::ledger<float>&, tangent_vars<float>&);
template void node<double>::record_forward(detail::ledger<double>&, tangent_vars<double>&);
template void statement_base<float>::record_forward(detail::ledger<float>&, tangent_vars<float>&);
template void statement_base<double>::record_forward(detail::ledger<double>&, tangent_vars<double>&);

}  // namespace xg
