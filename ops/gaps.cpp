#include <xgrad/ops/gaps.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/matrix_stack.hpp>
#include <xgrad/ops/reduce.hpp>

namespace xg::detail {

namespace {

template <class T>
struct over_gaps_op {
  static constexpr const char* name = "over_gaps";  // not an op: what the derivatives of eigh and svd record
  gap_of kind;

  const char* label() const { return kind == gap_of::eigenvalues ? "eigh" : "svd"; }
  shape_t shape(shape_view x, shape_view) const { return x; }
  void forward(array<T> y, array<const T> x, array<const T> w) const {
    const std::size_t m = rows_of(x.shape), n = columns_of(x.shape);
    for (std::size_t s = 0; s < count_of(leading(x.shape)); ++s) {
      const T* values = w.data + s * n;
      T largest = 0;
      for (std::size_t j = 0; j < n; ++j) largest = std::max(largest, std::abs(values[j]));
      const T limit = T(n) * std::numeric_limits<T>::epsilon() * largest;
      const auto asks = [&](std::size_t j) {
        for (std::size_t i = 0; i < m; ++i)
          if (x.data[(s * m + i) * n + j] != 0) return true;
        return false;
      };
      for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < n; ++j) {
          const std::size_t at = (s * m + i) * n + j;
          y.data[at] = 0;
          if (i == j && kind != gap_of::zero) continue;
          const T other = kind == gap_of::zero ? T(0) : values[i], gap = values[j] - other;
          if (std::abs(gap) <= limit && asks(j)) throw too_close(i, j, values, which_matrix(s, leading(x.shape)));
          if (x.data[at] == 0) continue;
          y.data[at] = x.data[at] / gap;
          if (kind == gap_of::singular_values) y.data[at] /= values[j] + other;
        }
    }
  }
  // y = x / gap: dL/dgap = -(g y) / gap.
  std::array<var<T>, 2> vjps(std::span<const bool> wanted, const var<T>& g, const var<T>& y, const var<T>&,
                             const var<T>& w) const {
    const std::source_location line = g.ledger().line;
    std::array<var<T>, 2> d;
    if (wanted[0]) d[0] = record_over_gaps(kind, g, w, line);
    if (wanted[1]) {
      const var<T> to_gap = -record_over_gaps(kind, var<T>(g * y), w, line), to_column = sum(to_gap, -2);
      if (kind == gap_of::zero)
        d[1] = to_column;
      else if (kind == gap_of::eigenvalues)
        d[1] = to_column - sum(to_gap, -1);
      else
        d[1] = 2 * w * (to_column - sum(to_gap, -1));
    }
    return d;
  }

 private:
  value_error too_close(std::size_t i, std::size_t j, const T* values, const std::string& matrix) const {
    if (kind == gap_of::zero)
      return value_error("singular value " + std::to_string(j) + " is zero, to rounding" + matrix +
                         ": its vectors have no gradient");
    const char* what = kind == gap_of::eigenvalues ? "eigenvalues " : "singular values ";
    std::string s = what + std::to_string(std::min(i, j)) + " and ";
    s += std::to_string(std::max(i, j)) + " are equal, to rounding (" + std::to_string(values[j]) + ")";
    return value_error(s + matrix + ": their vectors are not determined and have no gradient");
  }
};

}  // namespace

template <class T>
var<T> record_over_gaps(gap_of kind, const var<T>& x, const var<T>& w, const std::source_location& where) {
  return record(over_gaps_op<T>{kind}, x, w, where);
}
template var<float> record_over_gaps(gap_of, const var<float>&, const var<float>&, const std::source_location&);
template var<double> record_over_gaps(gap_of, const var<double>&, const var<double>&, const std::source_location&);

}  // namespace xg::detail
