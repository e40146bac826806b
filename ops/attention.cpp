#include <xgrad/ops/attention.hpp>

#include <cmath>
#include <string>

#include <xgrad/ops/elementwise.hpp>

namespace xg::detail {

namespace {

void check_shapes(shape_view q, shape_view k, shape_view v, const std::source_location& where) {
  const auto wrong = [&](const std::string& what) {
    return shape_error("scaled_dot_product_attention: queries " + to_string(q) + ", keys " + to_string(k) +
                       ", values " + to_string(v) + ": " + what + at_line(where));
  };
  if (q.size() < 2 || k.size() < 2 || v.size() < 2)
    throw wrong("all have at least two dimensions, (..., L, E), (..., S, E), (..., S, V)");
  if (q.back() != k.back()) throw wrong("the last axes of queries and keys differ");
  if (k[k.size() - 2] != v[v.size() - 2]) throw wrong("there must be as many values as keys (the last axis but one)");
}

}  // namespace

template <class T>
var<T> record_attention(const var<T>& q, const var<T>& k, const var<T>& v, mask_form form, const var<T>& mask,
                        const attention_options& options, const std::source_location& where) {
  ledger<T>& l = q.ledger(where);
  const line_scope line(l, where);
  const shape_t shape = q.shape(where);
  check_shapes(shape, k.shape(where), v.shape(where), where);
  constexpr T never = -std::numeric_limits<T>::infinity();
  const std::size_t queries = shape[shape.size() - 2], keys = k.shape()[k.dimension() - 2];

  const double scale = options.scale.value_or(1 / std::sqrt(double(shape.back())));
  var<T> scores = record_matmul<T>({var<T>(q * scale)}, {k, true}, where);
  const shape_t before = scores.shape();
  if (form == mask_form::condition) scores = xt::where(mask, scores, never);
  if (form == mask_form::added) scores = scores + mask;
  if (!(scores.shape() == before))
    throw shape_error("scaled_dot_product_attention: the mask " + to_string(mask.shape()) +
                      " does not broadcast to the scores " + to_string(before) + at_line(where));
  if (options.causal) {
    xt::xarray<T> seen = xt::zeros<T>({queries, keys});
    for (std::size_t i = 0; i < queries; ++i)
      for (std::size_t j = 0; j <= i && j < keys; ++j) seen(i, j) = 1;
    scores = xt::where(seen, scores, never);
  }
  return record_matmul<T>({record_softmax(softmax_form::masked, scores, -1, where)}, {v}, where);
}

template var<float> record_attention(const var<float>&, const var<float>&, const var<float>&, mask_form,
                                     const var<float>&, const attention_options&, const std::source_location&);
template var<double> record_attention(const var<double>&, const var<double>&, const var<double>&, mask_form,
                                      const var<double>&, const attention_options&, const std::source_location&);

}  // namespace xg::detail
