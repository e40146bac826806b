#include <xgrad/ops/mean_loss.hpp>

#include <string>

namespace xg::detail {

void require_positive(double x, const char* loss, const char* what, const std::source_location& where) {
  if (!(x > 0))
    throw value_error(std::string(loss) + ": " + what + " is " + std::to_string(x) + "; it must be positive" +
                      at_line(where));
}

template <class T>
void require_equal_shapes(const var<T>& a, const var<T>& b, const char* loss, const std::source_location& where) {
  if (!(a.shape(where) == b.shape(where)))
    throw shape_error(std::string(loss) + ": " + to_string(a.shape(where)) + " and " + to_string(b.shape(where)) +
                      " differ; both operands must have the same shape (no broadcasting here)" + at_line(where));
}

template <class T>
var<T> record_cosine(const var<T>& a, const var<T>& b, std::ptrdiff_t axis, double eps,
                     const std::source_location& where) {
  require_equal_shapes(a, b, "cosine_similarity", where);
  const line_scope line(a.ledger(where), where);
  const var<T> dot = sum(a * b, axis, {}, where), of_a = norm_l2(a, axis, {}, where),
               of_b = norm_l2(b, axis, {}, where);
  return dot / xt::maximum(of_a * of_b, eps);
}

template void require_equal_shapes(const var<float>&, const var<float>&, const char*, const std::source_location&);
template void require_equal_shapes(const var<double>&, const var<double>&, const char*, const std::source_location&);
template var<float> record_cosine(const var<float>&, const var<float>&, std::ptrdiff_t, double,
                                  const std::source_location&);
template var<double> record_cosine(const var<double>&, const var<double>&, std::ptrdiff_t, double,
                                   const std::source_location&);

}  // namespace xg::detail
