// What a variable says of itself.
#include <string>

#include <xgrad/core/tape/tape.hpp>

namespace xg {

template <class T>
void var<T>::throw_no_tape(const std::source_location& where) const {
  if (!is_number())
    throw tape_error(
        "an empty xg::var is used; assign it the result of a statement, tape::variable or tape::constant first" +
        at_line(where));
  std::string text = std::to_string(number());
  throw tape_error(
      "the plain number " + text +
      " is used as a variable, but is on no tape; make it a leaf with tape::constant, or read it with item()" +
      at_line(where));
}

template <class T>
std::size_t var<T>::shape(index_at axis) const {
  const shape_view all = get("shape", axis.where).shape();
  const auto rank = std::ptrdiff_t(all.size()), at = axis.index < 0 ? axis.index + rank : axis.index;
  if (at < 0 || at >= rank)
    throw shape_error("shape: axis " + std::to_string(axis.index) + " is out of range for shape " + to_string(all) +
                      ", which has " + std::to_string(rank) + (rank == 1 ? " axis" : " axes") + at_line(axis.where));
  return all[std::size_t(at)];
}

template <class T>
const slot<T>& var<T>::get_with_gradient(const std::source_location& where) const {
  detail::ledger<T>& l = ledger(where);
  slot<T>& s = l.get(*this, "grad", where);
  if (!s.adjoint) l.throw_no_gradient("grad", s, where);
  if (l.sweep == 0)
    throw tape_error("grad: no backward has run on this tape yet; call tape::backward first" + at_line(where));
  if (l.sweep_failed)
    throw tape_error("grad: the last backward ended in an error, so that there are no gradients" + at_line(where));
  if (l.limited && !(id_ < l.asked.size() && l.asked[id_]))
    throw tape_error("grad: the last backward was limited to other variables, and " + l.describe(s) +
                     " is not among them; add it to their list, or call backward without one" + at_line(where));
  l.begin_adjoint(s, false);
  return s;
}

template <class T>
var<T> var<T>::named(std::string_view name, const std::source_location& where) const {
  ledger(where).give_name(*this, name, where);
  return *this;
}

template <class T>
std::string var<T>::name(const std::source_location& where) const {
  return ledger(where).names.of(get("name", where).id);
}

template <class T>
T var<T>::item(const std::source_location& where) const {
  if (is_number()) return number();
  const slot<T>& s = get_current("item", where);
  if (s.size != 1)
    throw shape_error("item: " + ledger_->the_variable(s) + " has shape " + to_string(s.shape()) +
                      "; item() needs exactly one element" + at_line(where));
  return *s.value;
}

namespace detail {

template <class T>
var<T> number_of_numbers(var<T> (*record)(ledger<T>&, const void*, const std::source_location&), const void* expression,
                         const std::source_location& where) {
  tape<T> apart;
  return record(apart.ledger(), expression, where).item(where);
}

}  // namespace detail

template class var<float>;
template class var<double>;
template var<float> detail::number_of_numbers(var<float> (*)(detail::ledger<float>&, const void*,
                                                             const std::source_location&),
                                              const void*, const std::source_location&);
template var<double> detail::number_of_numbers(var<double> (*)(detail::ledger<double>&, const void*,
                                                               const std::source_location&),
                                               const void*, const std::source_location&);

}  // namespace xg
