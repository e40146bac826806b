// What a variable says of itself, and leaves of numbers in braces.
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

namespace {

template <class T>
using list = std::initializer_list<T>;

template <class T>
xt::xarray<T> array_of(list<T> values, const char*, const std::source_location&) {
  xt::xarray<T> a = xt::xarray<T>::from_shape({values.size()});
  std::copy(values.begin(), values.end(), a.begin());
  return a;
}

template <class T>
xt::xarray<T> array_of(list<list<T>> rows, const char* op, const std::source_location& where) {
  const std::size_t columns = rows.size() == 0 ? 0 : rows.begin()->size();
  xt::xarray<T> a = xt::xarray<T>::from_shape({rows.size(), columns});
  auto to = a.begin();
  for (const list<T>& row : rows) {
    if (row.size() != columns)
      throw shape_error(std::string(op) + ": the rows in braces have " + std::to_string(columns) + " and " +
                        std::to_string(row.size()) + " elements; all must have the same number" + at_line(where));
    to = std::copy(row.begin(), row.end(), to);
  }
  return a;
}

}  // namespace

template <class T>
var<T> tape<T>::variable(list<T> values, const std::source_location& where) {
  return variable(array_of(values, "variable", where), where);
}
template <class T>
var<T> tape<T>::variable(list<list<T>> rows, const std::source_location& where) {
  return variable(array_of(rows, "variable", where), where);
}
template <class T>
var<T> tape<T>::constant(list<T> values, const std::source_location& where) {
  return constant(array_of(values, "constant", where), where);
}
template <class T>
var<T> tape<T>::constant(list<list<T>> rows, const std::source_location& where) {
  return constant(array_of(rows, "constant", where), where);
}
template <class T>
void tape<T>::set(const var<T>& x, list<T> values, const std::source_location& where) {
  set(x, array_of(values, "set", where), where);
}
template <class T>
void tape<T>::set(const var<T>& x, list<list<T>> rows, const std::source_location& where) {
  set(x, array_of(rows, "set", where), where);
}

template <class T>
slot<T>& tape<T>::slot_of_number(const var<T>& v, const char* op, const std::source_location& where) {
  return get(v.is_number() ? leaf<detail::simd_arch>(v.item(), false, where) : v, op, where);
}

namespace detail {

template <class T>
var<T> number_of_numbers(var<T> (*record)(tape<T>&, const void*, const std::source_location&), const void* expression,
                         const std::source_location& where) {
  tape<T> apart;
  return record(apart, expression, where).item(where);
}

}  // namespace detail

// A list of members, since tape.cpp instantiates the class.
template void var<float>::throw_no_tape(const std::source_location&) const;
template std::size_t var<float>::shape(index_at) const;
template var<float> tape<float>::variable(list<float>, const std::source_location&);
template var<float> tape<float>::variable(list<list<float>>, const std::source_location&);
template var<float> tape<float>::constant(list<float>, const std::source_location&);
template var<float> tape<float>::constant(list<list<float>>, const std::source_location&);
template void tape<float>::set(const var<float>&, list<float>, const std::source_location&);
template void tape<float>::set(const var<float>&, list<list<float>>, const std::source_location&);
template slot<float>& tape<float>::slot_of_number(const var<float>&, const char*, const std::source_location&);
template var<float> detail::number_of_numbers(var<float> (*)(tape<float>&, const void*, const std::source_location&),
                                              const void*, const std::source_location&);
template void var<double>::throw_no_tape(const std::source_location&) const;
template std::size_t var<double>::shape(index_at) const;
template var<double> tape<double>::variable(list<double>, const std::source_location&);
template var<double> tape<double>::variable(list<list<double>>, const std::source_location&);
template var<double> tape<double>::constant(list<double>, const std::source_location&);
template var<double> tape<double>::constant(list<list<double>>, const std::source_location&);
template void tape<double>::set(const var<double>&, list<double>, const std::source_location&);
template void tape<double>::set(const var<double>&, list<list<double>>, const std::source_location&);
template slot<double>& tape<double>::slot_of_number(const var<double>&, const char*, const std::source_location&);
template var<double> detail::number_of_numbers(var<double> (*)(tape<double>&, const void*, const std::source_location&),
                                               const void*, const std::source_location&);

}  // namespace xg
