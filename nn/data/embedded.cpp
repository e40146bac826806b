#include <xgrad/nn/data/embedded.hpp>

#include <charconv>
#include <string_view>

#include <xgrad/nn/data/embedded_bytes.hpp>
#include <xgrad/nn/data/gzip.hpp>

namespace xg::nn {

namespace {

/// Numbers separated by commas and line ends. The files are ours, so anything else cannot be.
class numbers {
 public:
  explicit numbers(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}
  double next() {
    double x = 0;
    at_ = std::from_chars(at_, end_, x).ptr;
    while (at_ != end_ && (*at_ == ',' || *at_ == '\n' || *at_ == '\r')) ++at_;
    return x;
  }

 private:
  const char *at_, *end_;
};

template <class T>
dataset<T> labelled(std::string_view text, std::size_t rows, std::size_t columns, double divisor) {
  dataset<T> data;
  data.x = xt::xarray<T>::from_shape({rows, columns});
  data.y = xt::xarray<std::int64_t>::from_shape({rows});
  numbers from(text);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) data.x(i, j) = T(from.next() / divisor);
    data.y(i) = std::int64_t(from.next());
  }
  return data;
}

}  // namespace

template <class T>
dataset<T> digits() {
  const std::string text = detail::unzipped({detail::digits_csv_gz, detail::digits_csv_gz_size}, 1 << 20, "digits");
  dataset<T> data = labelled<T>(text, 1797, 64, 16);
  for (char c = '0'; c <= '9'; ++c) data.classes.emplace_back(1, c);
  return data;
}

template <class T>
dataset<T> iris() {
  std::string_view text(reinterpret_cast<const char*>(detail::iris_csv), detail::iris_csv_size);
  text.remove_prefix(text.find('\n') + 1);
  dataset<T> data = labelled<T>(text, 150, 4, 1);
  data.classes = {"setosa", "versicolor", "virginica"};
  return data;
}

template dataset<float> digits();
template dataset<double> digits();
template dataset<float> iris();
template dataset<double> iris();

}  // namespace xg::nn
