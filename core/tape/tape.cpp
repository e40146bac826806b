// Leaves of numbers in braces.
#include <xgrad/core/tape/tape.hpp>

#include <string>

namespace xg {

namespace {

template <class T>
using braced = std::initializer_list<T>;

template <class T>
xt::xarray<T> array_of(braced<T> values, const char*, const std::source_location&) {
  xt::xarray<T> a = xt::xarray<T>::from_shape({values.size()});
  std::copy(values.begin(), values.end(), a.begin());
  return a;
}

template <class T>
xt::xarray<T> array_of(braced<braced<T>> rows, const char* op, const std::source_location& where) {
  const std::size_t columns = rows.size() == 0 ? 0 : rows.begin()->size();
  xt::xarray<T> a = xt::xarray<T>::from_shape({rows.size(), columns});
  auto to = a.begin();
  for (const braced<T>& row : rows) {
    if (row.size() != columns)
      throw shape_error(std::string(op) + ": the rows in braces have " + std::to_string(columns) + " and " +
                        std::to_string(row.size()) + " elements; all must have the same number" + at_line(where));
    to = std::copy(row.begin(), row.end(), to);
  }
  return a;
}

}  // namespace

template <class T>
var<T> tape<T>::variable(braced<T> values, const std::source_location& where) {
  return variable(array_of(values, "variable", where), where);
}
template <class T>
var<T> tape<T>::variable(braced<braced<T>> rows, const std::source_location& where) {
  return variable(array_of(rows, "variable", where), where);
}
template <class T>
var<T> tape<T>::constant(braced<T> values, const std::source_location& where) {
  return constant(array_of(values, "constant", where), where);
}
template <class T>
var<T> tape<T>::constant(braced<braced<T>> rows, const std::source_location& where) {
  return constant(array_of(rows, "constant", where), where);
}
template <class T>
void tape<T>::set(const var<T>& x, braced<T> values, const std::source_location& where) {
  set(x, array_of(values, "set", where), where);
}
template <class T>
void tape<T>::set(const var<T>& x, braced<braced<T>> rows, const std::source_location& where) {
  set(x, array_of(rows, "set", where), where);
}

template <class T>
indices<T> tape<T>::indices(braced<std::int64_t> values, const std::source_location& where) {
  return indices(array_of(values, "indices", where), where);
}
template <class T>
indices<T> tape<T>::indices(braced<braced<std::int64_t>> rows, const std::source_location& where) {
  return indices(array_of(rows, "indices", where), where);
}
template <class T>
void tape<T>::set(const xg::indices<T>& x, braced<std::int64_t> values, const std::source_location& where) {
  set(x, array_of(values, "set", where), where);
}

template <class T>
std::size_t tape<T>::memory() const {
  return ledger_.memory.capacity() + ledger_.slots.capacity_bytes() + ledger_.nodes.capacity_bytes() +
         ledger_.leaves.capacity_bytes() + ledger_.index_leaves.capacity_bytes();
}

template class tape<float>;
template class tape<double>;

}  // namespace xg
