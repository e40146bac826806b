#include <xgrad/nn/evaluate.hpp>

namespace xg::nn::detail {

void require_samples(const shape_t& x, std::size_t size, const std::source_location& where) {
  if (x.empty())
    throw shape_error("predict: x is a single number; its first axis must count the samples" + at_line(where));
  if (size == 0) throw value_error("predict: 0 samples at a time" + at_line(where));
}

template <class T>
void require_labels(const xt::xarray<T>& scores, const xt::xarray<std::int64_t>& y, const char* op,
                    const std::source_location& where) {
  if (scores.dimension() != 2 || scores.shape(1) == 0)
    throw shape_error(std::string(op) + ": the model's scores have shape " + to_string(shape_of(scores)) +
                      "; expected (samples, classes)" + at_line(where));
  if (y.dimension() != 1 || y.shape(0) != scores.shape(0))
    throw shape_error(std::string(op) + ": the labels have shape " + to_string(shape_of(y)) + "; expected (" +
                      std::to_string(scores.shape(0)) + "), one for each sample" + at_line(where));
}

template void require_labels(const xt::xarray<float>&, const xt::xarray<std::int64_t>&, const char*,
                             const std::source_location&);
template void require_labels(const xt::xarray<double>&, const xt::xarray<std::int64_t>&, const char*,
                             const std::source_location&);

}  // namespace xg::nn::detail
