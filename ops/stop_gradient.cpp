#include <xgrad/ops/stop_gradient.hpp>

#include <xgrad/core/derivative/function_run.hpp>
#include <xgrad/core/expression/compiled_ops.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xg {

template auto compiled_ops<float, op_of<stop_gradient_fun, 1>>();
template auto compiled_ops<double, op_of<stop_gradient_fun, 1>>();

namespace detail {

namespace {

template <class T>
struct custom_problem {
  function_of_vars<T> f;
  gradient_function<T> vjp;
  std::source_location where;

  const char* name() const { return "custom_gradient"; }

  var<T> compute(ledger<T>& l, const std::vector<var<T>>& xs) {
    const detail::gradient_scope constants(l, false);
    return f(xs);
  }

  std::vector<var<T>> transposed(ledger<T>& l, const std::vector<var<T>>& xs, const var<T>& y, const var<T>& g,
                                 const std::vector<var<T>>& wanted) {
    const std::vector<var<T>> d = vjp(g, y, xs);
    if (d.size() != xs.size())
      throw shape_error("custom_gradient: vjp returned " + std::to_string(d.size()) + " gradients for " +
                        std::to_string(xs.size()) + " operands; one for each is needed" + at_line(where));
    std::vector<var<T>> result;
    for (const var<T>& w : wanted) {
      var<T> sum;
      for (std::size_t k = 0; k < xs.size(); ++k) {
        if (xs[k].id() != w.id()) continue;
        const shape_t shape(w.shape());
        const var<T> part = d[k].is_number() ? filled(l, d[k].item(), shape, where) : d[k];
        if (const slot<T>& s = *l.slot_of(part, where, name()); !(s.shape() == shape))
          throw shape_error("custom_gradient: vjp returned shape " + to_string(s.shape()) + " for operand " +
                            std::to_string(k) + " of shape " + to_string(shape) + at_line(where));
        sum = sum.valid() ? add(sum, part) : part;
      }
      result.push_back(sum);
    }
    return result;
  }
};

}  // namespace

template <class T>
var<T> record_custom(function_of_vars<T> f, gradient_function<T> vjp, std::span<const var<T>> xs,
                     const std::source_location& where) {
  ledger<T>& l = ledger_of_list(xs, "custom_gradient", where);
  attempt recording(l);
  std::vector<var<T>> inputs;
  for (const var<T>& x : xs) inputs.push_back(l.handle(*l.slot_of(x, where, "custom_gradient")));
  custom_problem<T> problem{std::move(f), std::move(vjp), where};
  first_run<T> run = run_first<T>(
      l, [&] { return problem.compute(l, inputs); }, inputs, "custom_gradient", where);
  for (std::size_t k = inputs.size(); k < run.inputs.size(); ++k)
    if (run.inputs[k]->adjoint)
      throw tape_error(
          "custom_gradient: the function uses " + l.describe(*run.inputs[k]) +
          ", which is none of its operands, so that no gradient would flow to it; make it an operand, or " +
          "take xg::stop_gradient of it before" + at_line(where));
  return recording.keep(l.handle(
      *push_node<function_node<T, custom_problem<T>>>(l, where, std::move(problem), inputs.size(), std::move(run))
           .out));
}

template var<float> record_custom(function_of_vars<float>, gradient_function<float>, std::span<const var<float>>,
                                  const std::source_location&);
template var<double> record_custom(function_of_vars<double>, gradient_function<double>, std::span<const var<double>>,
                                   const std::source_location&);

}  // namespace detail

}  // namespace xg
