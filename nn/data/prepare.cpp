#include <xgrad/nn/data/prepare.hpp>

#include <cmath>

namespace xg::nn {

namespace {

shape_t sample_shape(const shape_t& x, const std::source_location& where) {
  if (x.empty() || x[0] == 0)
    throw shape_error("standardiser: x has shape " + to_string(x) + "; its first axis must count samples" +
                      at_line(where));
  return shape_t(x.begin() + 1, x.end());
}

}  // namespace

template <class T>
standardiser<T>::standardiser(const xt::xarray<T>& x, const std::source_location& where)
    : sample_(sample_shape(shape_of(x), where)) {
  const std::size_t n = x.shape(0), features = detail::sample_size(x);
  mean_.assign(features, 0);
  deviation_.assign(features, 0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < features; ++j) mean_[j] += double(x.data()[i * features + j]) / double(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < features; ++j) {
      const double d = double(x.data()[i * features + j]) - mean_[j];
      deviation_[j] += d * d / double(n);
    }
  for (double& d : deviation_) d = d > 0 ? std::sqrt(d) : 1;
}

template <class T>
xt::xarray<T> standardiser<T>::operator()(const xt::xarray<T>& x, const std::source_location& where) const {
  const shape_t shape = shape_of(x);
  if (shape.empty() || !std::equal(shape.begin() + 1, shape.end(), sample_.begin(), sample_.end()))
    throw shape_error("standardiser: x has shape " + to_string(shape) + "; it was made for samples of shape " +
                      to_string(sample_) + at_line(where));
  xt::xarray<T> y = x;
  const std::size_t features = mean_.size();
  for (std::size_t i = 0; i < y.size(); ++i)
    y.data()[i] = T((double(y.data()[i]) - mean_[i % features]) / deviation_[i % features]);
  return y;
}

template <class T>
xt::xarray<T> one_hot(const xt::xarray<std::int64_t>& labels, std::size_t classes, const std::source_location& where) {
  if (labels.dimension() != 1)
    throw shape_error("one_hot: the labels have shape " + to_string(shape_of(labels)) + "; expected (n)" +
                      at_line(where));
  xt::xarray<T> rows = xt::zeros<T>({labels.size(), classes});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels(i) < 0 || std::size_t(labels(i)) >= classes)
      throw value_error("one_hot: the label " + std::to_string(labels(i)) + " of sample " + std::to_string(i) +
                        " is none of " + std::to_string(classes) + " classes" + at_line(where));
    rows(i, std::size_t(labels(i))) = 1;
  }
  return rows;
}

template class standardiser<float>;
template class standardiser<double>;
template xt::xarray<float> one_hot(const xt::xarray<std::int64_t>&, std::size_t, const std::source_location&);
template xt::xarray<double> one_hot(const xt::xarray<std::int64_t>&, std::size_t, const std::source_location&);

}  // namespace xg::nn
