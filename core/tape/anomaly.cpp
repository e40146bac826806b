// Anomaly mode: the first statement that makes a NaN or an infinity is named.
#include <algorithm>
#include <cmath>
#include <string>

#include <xgrad/core/derivative/forward.hpp>

namespace xg {

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
void tape<T>::check_leaf(const slot<T>& s, const T* values, const std::source_location& where) const {
  if (const T* bad = first_not_finite(values, s.size)) throw_anomaly("the leaf " + names_.of(s.id), bad, values, where);
}

template <class T>
void tape<T>::check_forward(const node<T>& n) const {
  if (n.intermediate) return;
  if (const T* bad = first_not_finite(n.out->value, n.out->size))
    throw_anomaly("the value of " + n.text(names_), bad, n.out->value, n.where);
}

template <class T>
void tape<T>::check_backward(const node<T>& n) const {
  for (const slot<T>* s : n.inputs()) {
    if (!s->adjoint || s->sweep != sweep_) continue;
    if (const T* bad = first_not_finite(s->adjoint, s->size))
      throw_anomaly("the adjoint of " + names_.of(s->id) + " through " + n.text(names_), bad, s->adjoint, n.where);
  }
}

template <class T>
void tape<T>::record_backward(node<T>& n, adjoint_vars<T>& adjoints) {
  const line_scope line(*this, n.where, true);
  n.record_backward(*this, adjoints);
  for (const slot<T>* in : n.inputs()) {
    if (!adjoints.wants(*in) || !adjoints.of(*in).valid()) continue;
    const slot<T>& d = get(adjoints.of(*in), "gradient", n.where);
    if (d.producer != 0) nodes_[d.producer - 1]->intermediate = false;
    if (!anomaly_) continue;
    if (const T* bad = first_not_finite(d.value, d.size))
      throw_anomaly("the gradient by " + names_.of(in->id) + " through " + n.text(names_), bad, d.value, n.where);
  }
}

template <class T>
void tape<T>::record_forward(node<T>& n, tangent_vars<T>& tangents) {
  const line_scope line(*this, n.where, true);
  n.record_forward(*this, tangents);
  if (!tangents.of(*n.out).valid()) return;
  const slot<T>& d = get(tangents.of(*n.out), "jvp", n.where);
  if (d.producer != 0) nodes_[d.producer - 1]->intermediate = false;
  if (!anomaly_) return;
  if (const T* bad = first_not_finite(d.value, d.size))
    throw_anomaly("the tangent of " + n.text(names_), bad, d.value, n.where);
}

template void tape<float>::check_leaf(const slot<float>&, const float*, const std::source_location&) const;
template void tape<float>::check_forward(const node<float>&) const;
template void tape<float>::check_backward(const node<float>&) const;
template void tape<float>::record_backward(node<float>&, adjoint_vars<float>&);
template void tape<float>::record_forward(node<float>&, tangent_vars<float>&);
template void tape<double>::check_leaf(const slot<double>&, const double*, const std::source_location&) const;
template void tape<double>::check_forward(const node<double>&) const;
template void tape<double>::check_backward(const node<double>&) const;
template void tape<double>::record_backward(node<double>&, adjoint_vars<double>&);
template void tape<double>::record_forward(node<double>&, tangent_vars<double>&);

}  // namespace xg
