#include <xgrad/core/tape/anomaly.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace xg::detail {

namespace {

template <class T>
const T* first_not_finite(const T* p, std::size_t n) {
  const T* end = p + n;
  const T* at = std::find_if(p, end, [](T x) { return !std::isfinite(x); });
  return at == end ? nullptr : at;
}

template <class T>
[[noreturn]] void throw_anomaly(const std::string& what, const T* first, const T* begin,
                                const std::source_location& where) {
  throw value_error("anomaly: " + what + " is " + (std::isnan(*first) ? "NaN" : "infinite") + " at flat index " +
                    std::to_string(first - begin) + at_line(where));
}

}  // namespace

template <class T>
void check_leaf(const ledger<T>& l, const slot<T>& s, const T* values, const std::source_location& where) {
  if (const T* bad = first_not_finite(values, s.size))
    throw_anomaly("the leaf " + l.names.of(s.id), bad, values, where);
}

template <class T>
void check_forward(const ledger<T>& l, const node<T>& n) {
  if (n.intermediate) return;
  if (const T* bad = first_not_finite(n.out->value, n.out->size))
    throw_anomaly("the value of " + n.text(l.names), bad, n.out->value, n.where);
}

template <class T>
void check_backward(const ledger<T>& l, const node<T>& n) {
  for (const slot<T>* s : n.inputs()) {
    if (!s->adjoint || s->sweep != l.sweep) continue;
    if (const T* bad = first_not_finite(s->adjoint, s->size))
      throw_anomaly("the adjoint of " + l.names.of(s->id) + " through " + n.text(l.names), bad, s->adjoint, n.where);
  }
}

template <class T>
void check_gradient(const ledger<T>& l, const node<T>& n, const slot<T>& in, const slot<T>& d) {
  if (const T* bad = first_not_finite(d.value, d.size))
    throw_anomaly("the gradient by " + l.names.of(in.id) + " through " + n.text(l.names), bad, d.value, n.where);
}

template <class T>
void check_tangent(const ledger<T>& l, const node<T>& n, const slot<T>& d) {
  if (const T* bad = first_not_finite(d.value, d.size))
    throw_anomaly("the tangent of " + n.text(l.names), bad, d.value, n.where);
}

template void check_leaf(const ledger<float>&, const slot<float>&, const float*, const std::source_location&);
template void check_forward(const ledger<float>&, const node<float>&);
template void check_backward(const ledger<float>&, const node<float>&);
template void check_gradient(const ledger<float>&, const node<float>&, const slot<float>&, const slot<float>&);
template void check_tangent(const ledger<float>&, const node<float>&, const slot<float>&);
template void check_leaf(const ledger<double>&, const slot<double>&, const double*, const std::source_location&);
template void check_forward(const ledger<double>&, const node<double>&);
template void check_backward(const ledger<double>&, const node<double>&);
template void check_gradient(const ledger<double>&, const node<double>&, const slot<double>&, const slot<double>&);
template void check_tangent(const ledger<double>&, const node<double>&, const slot<double>&);

}  // namespace xg::detail
