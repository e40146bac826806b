#include <xgrad/core/tape/leaf.hpp>

#include <algorithm>
#include <string>

namespace xg::detail {

void throw_bad_array(const char* op, const std::exception_ptr& error, const std::source_location& where) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    throw shape_error(std::string(op) + ": a plain xtensor expression in it cannot be evaluated: " + e.what() +
                      at_line(where));
  }
}

template <class T>
slot<T>& settable(ledger<T>& l, const var<T>& x, shape_view shape, const std::source_location& where) {
  slot<T>& s = l.get(x, "set", where);
  if (s.producer != 0)
    throw tape_error("set: " + l.describe(s) +
                     " is the result of a statement; only leaves (variable, constant) can be set" + at_line(where));
  if (std::ranges::find(l.borrowed, s.id, &borrowed_leaf<T>::id) != l.borrowed.end())
    throw tape_error("set: " + l.describe(s) + " is borrowed; write to the parameter itself: p.set(values)" +
                     at_line(where));
  if (!(s.shape() == shape))
    throw shape_error("set: the new value has shape " + to_string(shape) + ", " + l.the_variable(s) + " " +
                      to_string(s.shape()) + at_line(where));
  return s;
}

template <class T>
void outdate(ledger<T>& l, slot<T>& leaf) {
  if (l.nodes.size() == 0) return;
  if (leaf.outdated == 0) l.set_leaves.push_back(&leaf);
  leaf.outdated = std::uint32_t(l.nodes.size());
}

template slot<float>& settable(ledger<float>&, const var<float>&, shape_view, const std::source_location&);
template slot<double>& settable(ledger<double>&, const var<double>&, shape_view, const std::source_location&);
template void outdate(ledger<float>&, slot<float>&);
template void outdate(ledger<double>&, slot<double>&);

}  // namespace xg::detail
