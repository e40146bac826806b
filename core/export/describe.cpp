#include <xgrad/core/export/describe.hpp>

#include <utility>

#include <xgrad/core/tape/tape.hpp>

namespace xg {

template <class T>
std::string node<T>::call_text(const std::string& function, const variable_names& names) const {
  std::string all = function + "(";
  const char* before = "";
  for (const slot<T>* s : inputs()) all += std::exchange(before, ", ") + names.of(s->id);
  return all + ")";
}

// A node that tells nothing: its text up to the bracket.
template <class T>
void node<T>::describe(node_writer& w) const {
  const std::string all = text(variable_names());
  w.function(all.substr(0, all.find('(')));
}

template <class T>
void statement_base<T>::describe(node_writer& w) const {
  const program_view<T> p = program();
  for (const T number : p.numbers) w.number(double(number));
  for (const step<T>& s : p.steps) w.step(s.op().name, std::span(s.in).first(std::size_t(s.arity)));
  if (const fold_info<T>* folded = fold().second) {
    w.function(folded->name);
    if (plan) w.attribute("kept", to_string(plan->kept));
  }
}

template std::string node<float>::call_text(const std::string&, const variable_names&) const;
template std::string node<double>::call_text(const std::string&, const variable_names&) const;
template void node<float>::describe(node_writer&) const;
template void node<double>::describe(node_writer&) const;
template void statement_base<float>::describe(node_writer&) const;
template void statement_base<double>::describe(node_writer&) const;

}  // namespace xg
