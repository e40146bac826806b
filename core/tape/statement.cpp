#include <xgrad/core/tape/statement.hpp>

#include <algorithm>
#include <vector>

#include <xgrad/core/derivative/gradient.hpp>
#include <xgrad/core/tape/adjoint_ops.hpp>

namespace xg {

template <class T>
std::string statement_base<T>::text(const variable_names& names) const {
  std::vector<std::string> operands;
  for (const slot<T>* s : this->inputs()) operands.push_back(names.of(s->id));
  std::string body = to_string(program(), operands);
  const fold_info<T>* folded = fold().second;
  return folded ? std::string(folded->name) + "(" + body + ")" : body;
}

namespace {

template <class T>
[[noreturn]] void throw_shape_error(const statement_base<T>& s, const op_info<T>& op,
                                    const std::vector<shape_t>& operands, const std::string& problem,
                                    const variable_names& names, const std::source_location& where) {
  std::string message = std::string(op.name) + ": ";
  for (std::size_t k = 0; k < operands.size(); ++k) message += (k ? " and " : "") + to_string(operands[k]);
  const bool named = std::ranges::any_of(s.inputs(), [&](const slot<T>* in) { return names.has(in->id); });
  const std::string text = named || s.program().steps.size() > 1 ? "; in " + s.text(names) : "";
  throw shape_error(message + " " + problem + text + at_line(where));
}

}  // namespace

template <class T>
void statement_base<T>::check_shapes(const variable_names& names, const std::source_location& where) const {
  const program_view<T> p = program();
  std::vector<shape_t> shapes;
  for (const slot<T>* in : this->inputs()) shapes.push_back(in->shape());
  shapes.resize(shapes.size() + p.numbers.size());
  for (const step<T>& step : p.steps) {
    const op_info<T>& op = step.op();
    std::vector<shape_t> operands;
    for (int k = 0; k < op.arity; ++k) operands.push_back(shapes[std::size_t(step.in[std::size_t(k)])]);
    shape_t result;
    for (const shape_t& shape : operands) {
      if (op.equal_shapes && !(shape_view(shape) == operands.front()))
        throw_shape_error(*this, op, operands, "differ; both operands must have the same shape (no broadcasting here)",
                          names, where);
      if (!broadcast_into(result, shape))
        throw_shape_error(*this, op, operands,
                          "do not broadcast; aligned at the last dimension, extents must be equal or 1", names, where);
    }
    shapes.push_back(result);
  }
}

// The program, run backwards on variables: each step's values are recorded anew, one node per step.
//
// Like the kernel it works position by position, and sums over broadcast positions only at the operands. A step on
// operands that are all smaller than the statement's space is therefore recorded in the whole space: summed down
// before its derivative, contributions would cancel that are infinite after it.
template <class T>
void statement_base<T>::record_backward(detail::ledger<T>& l, adjoint_vars<T>& adjoints) {
  const program_view<T> p = program();
  const auto slots = this->inputs();
  const auto first_step = std::size_t(p.first_step());
  const std::source_location where = this->where;
  const auto [fold, folded] = this->fold();
  const bool expands = plan && !folded && plan->kept.data();
  const shape_view space = plan ? plan->space : shape_view();
  const auto spread = [&](const var<T>& x) { return detail::broadcast_to(x, x.shape(), space); };

  std::vector<var<T>> y(std::size_t(p.values())), g(y.size());
  std::vector<char> wanted(y.size(), 0);
  for (std::size_t k = 0; k < slots.size(); ++k) y[k] = l.handle(*slots[k]), wanted[k] = adjoints.wants(*slots[k]);
  for (std::size_t k = 0; k < p.numbers.size(); ++k) y[slots.size() + k] = l.number(p.numbers[k], where);
  for (std::size_t s = 0; s < p.steps.size(); ++s) {
    const op_info<T>& op = p.steps[s].op();
    std::array<var<T>, max_arity> x;
    shape_t shape;
    for (std::size_t k = 0; k < std::size_t(op.arity); ++k) {
      const auto in = std::size_t(p.steps[s].in[k]);
      x[k] = y[in];
      broadcast_into(shape, x[k].shape());
      wanted[first_step + s] = char(wanted[first_step + s] | wanted[in]);
    }
    if (s + 1 == p.steps.size() && !folded) {
      y[first_step + s] = l.handle(*this->out);
      continue;
    }
    if (wanted[first_step + s] && !(space == shape)) {
      for (std::size_t k = 0; k < (op.equal_shapes ? std::size_t(op.arity) : 1); ++k) x[k] = spread(x[k]);
    }
    y[first_step + s] = op.apply(x.data(), where);
  }

  g.back() = adjoints.of(*this->out);
  if (folded) {
    const shape_t kept(plan->kept);
    const double terms = double(plan->count) / double(this->out->size);
    const var<T> result = detail::reshaped(l.handle(*this->out), kept);
    g.back() = folded->vjp(fold, detail::reshaped(g.back(), kept), result, y.back(), kept, terms);
    g.back() = detail::broadcast_to(g.back(), g.back().shape(), plan->space);
  }
  for (std::size_t s = p.steps.size(); s-- > 0;) {
    const var<T> g_step = g[first_step + s];
    if (!wanted[first_step + s] || !g_step.valid()) continue;
    std::array<var<T>, max_arity> x, dx;
    std::array<bool, max_arity> wants{};
    for (std::size_t k = 0; k < std::size_t(p.steps[s].arity); ++k) {
      const auto in = std::size_t(p.steps[s].in[k]);
      x[k] = y[in], wants[k] = wanted[in];
    }
    p.steps[s].op().vjp(g_step, y[first_step + s], x.data(), wants.data(), dx.data(), where);
    for (std::size_t k = 0; k < std::size_t(p.steps[s].arity); ++k)
      if (wants[k] && dx[k].valid())
        g[std::size_t(p.steps[s].in[k])] = detail::sum_to(dx[k], expands ? plan->kept : x[k].shape(), x[k].shape());
  }
  for (std::size_t k = 0; k < slots.size(); ++k)
    if (wanted[k] && g[k].valid()) adjoints.add(*slots[k], g[k]);
}

template class statement_base<float>;
template class statement_base<double>;

}  // namespace xg
