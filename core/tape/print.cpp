// Printing; apart, because xtensor's printing is heavy.
#include <xgrad/core/memory/xtensor_io.hpp>
#include <xgrad/core/tape/tape.hpp>

namespace xg {

template <class T>
void var<T>::print(std::ostream& out) const {
  if (is_number()) {
    out << number();
    return;
  }
  const slot<T>& s = get_current("<<", std::source_location());  // an operator has no way to learn the user's line
  xt::operator<<(out, xt::adapt<xt::layout_type::row_major>(static_cast<const T*>(s.value), s.size, xt::no_ownership(),
                                                            shape_t(s.shape())));
}

template <class T>
std::ostream& operator<<(std::ostream& out, const var<T>& v) {
  v.print(out);
  return out;
}
template std::ostream& operator<<(std::ostream&, const var<float>&);
template std::ostream& operator<<(std::ostream&, const var<double>&);

template <class T>
std::ostream& operator<<(std::ostream& out, const indices<T>& i) {
  return xt::operator<<(out, i.value());
}
template std::ostream& operator<<(std::ostream&, const indices<float>&);
template std::ostream& operator<<(std::ostream&, const indices<double>&);

}  // namespace xg
