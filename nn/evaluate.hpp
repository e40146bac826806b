// What a trained model says: predictions, and how many of them are right.
#pragma once

#include <algorithm>

#include <xgrad/core/tape/tape.hpp>
#include <xgrad/nn/data/dataset.hpp>
#include <xgrad/nn/layers/pass.hpp>
#include <xgrad/nn/module.hpp>

namespace xg::nn {

namespace detail {

void require_samples(const shape_t& x, std::size_t size, const std::source_location& where);
template <class T>
void require_labels(const xt::xarray<T>& scores, const xt::xarray<std::int64_t>& y, const char* op,
                    const std::source_location& where);

}  // namespace detail

/// predict(net, x): what the model makes of the samples along the first axis of x, in evaluation, `size` of them at a
/// time. Nothing is recorded for gradients. Throws shape_error where x is no array of samples, or a result does not
/// have one row for each sample.
template <class M, class E, class Arch = xg::detail::simd_arch>
requires requires(const E& e) { e.shape(); }
auto predict(const M& model, const E& x, std::size_t size = 256,
             const std::source_location& where = std::source_location::current()) {
  using T = scalar_of<M>;
  const xt::xarray<T> all = x;
  detail::require_samples(shape_of(all), size, where);
  const std::size_t n = all.shape(0), length = detail::sample_size(all);
  xt::xarray<T> result;
  tape<T> t;
  const typename tape<T>::no_gradient_scope none(t);
  for (std::size_t start = 0; start < n || start == 0; start += size) {
    const std::size_t rows = std::min(size, n - start);
    t.clear();
    shape_t shape(all.shape().begin(), all.shape().end());
    shape[0] = rows;
    const auto part =
        xt::adapt<xt::layout_type::row_major>(all.data() + start * length, rows * length, xt::no_ownership(), shape);
    const var<T> in = t.template constant<decltype(part), Arch>(part, where);
    const var<T> out(model(in));
    if (out.dimension() == 0 || out.shape(0) != rows)
      throw shape_error("predict: the model makes " + to_string(out.shape()) + " of " + to_string(in.shape()) +
                        "; its first axis must count the samples" + at_line(where));
    if (start == 0) {
      typename xt::xarray<T>::shape_type whole(out.shape().begin(), out.shape().end());
      whole[0] = n;
      result = xt::xarray<T>(whole);
    }
    std::copy_n(out.value().data(), out.size(), result.data() + start * (rows ? out.size() / rows : 0));
  }
  return result;
}

/// The fraction of samples whose largest score (of equal ones the first) stands at their label. The model gives scores
/// of shape (n, classes). Throws shape_error.
template <class M, class T, class Arch = xg::detail::simd_arch>
double accuracy(const M& model, const dataset<T>& data,
                const std::source_location& where = std::source_location::current()) {
  const xt::xarray<T> scores = predict<M, xt::xarray<T>, Arch>(model, data.x, 256, where);
  detail::require_labels(scores, data.y, "accuracy", where);
  std::size_t right = 0;
  const std::size_t classes = scores.shape(1);
  for (std::size_t i = 0; i < data.size(); ++i) {
    const T* row = scores.data() + i * classes;
    right += std::max_element(row, row + classes) - row == data.y(i);
  }
  return data.size() == 0 ? 0 : double(right) / double(data.size());
}

/// Row: the label; column: what the model says; how often. Shape (classes, classes). Throws shape_error, value_error
/// for a label that is no class.
template <class M, class T, class Arch = xg::detail::simd_arch>
xt::xarray<std::size_t> confusion(const M& model, const dataset<T>& data,
                                  const std::source_location& where = std::source_location::current()) {
  const xt::xarray<T> scores = predict<M, xt::xarray<T>, Arch>(model, data.x, 256, where);
  detail::require_labels(scores, data.y, "confusion", where);
  const std::size_t classes = scores.shape(1);
  xt::xarray<std::size_t> table = xt::zeros<std::size_t>({classes, classes});
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (data.y(i) < 0 || std::size_t(data.y(i)) >= classes)
      throw value_error("confusion: the label " + std::to_string(data.y(i)) + " is none of " + std::to_string(classes) +
                        " classes" + at_line(where));
    const T* row = scores.data() + i * classes;
    ++table(std::size_t(data.y(i)), std::size_t(std::max_element(row, row + classes) - row));
  }
  return table;
}

}  // namespace xg::nn
