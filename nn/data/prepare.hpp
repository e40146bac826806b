// Data made ready: standardised inputs, labels as unit vectors.
#pragma once

#include <xgrad/nn/data/dataset.hpp>

namespace xg::nn {

/// const nn::standardiser scale(train.x): what brings each feature (each place behind the first axis) to mean 0 and
/// deviation 1 in the data it was made from; `test.x = scale(test.x)` then treats other data alike. A feature that does
/// not vary is only shifted. Throws shape_error for no samples, or samples of another shape.
template <class T>
class standardiser {
 public:
  explicit standardiser(const xt::xarray<T>& x, const std::source_location& where = std::source_location::current());
  xt::xarray<T> operator()(const xt::xarray<T>& x,
                           const std::source_location& where = std::source_location::current()) const;
  const std::vector<double>& mean() const { return mean_; }
  const std::vector<double>& deviation() const { return deviation_; }

 private:
  shape_t sample_;
  std::vector<double> mean_, deviation_;
};

/// Labels (n) as rows (n, classes) of zeros with a one each. Throws value_error for a label outside [0, classes).
template <class T>
xt::xarray<T> one_hot(const xt::xarray<std::int64_t>& labels, std::size_t classes,
                      const std::source_location& where = std::source_location::current());

extern template class standardiser<float>;
extern template class standardiser<double>;
extern template xt::xarray<float> one_hot(const xt::xarray<std::int64_t>&, std::size_t, const std::source_location&);
extern template xt::xarray<double> one_hot(const xt::xarray<std::int64_t>&, std::size_t, const std::source_location&);

}  // namespace xg::nn
