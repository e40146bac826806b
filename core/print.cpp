// Printing; apart, because xtensor's printing is heavy.
#include <xgrad/core/tape.hpp>

#if __has_include(<xtensor/io/xio.hpp>)
#include <xtensor/io/xio.hpp>
#else
#include <xtensor/xio.hpp>
#endif

namespace xg {

template <class T>
std::ostream& operator<<(std::ostream& out, const var<T>& v) {
  return xt::operator<<(out, v.value());
}
template std::ostream& operator<<(std::ostream&, const var<float>&);
template std::ostream& operator<<(std::ostream&, const var<double>&);

}  // namespace xg
