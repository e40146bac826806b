#include "iris.hpp"

#include "csv.hpp"

namespace homework {

const iris_data& iris() {
  static const iris_data data = [] {
    const std::string_view rows = iris_csv.substr(iris_csv.find('\n') + 1);  // the first line is a headline
    const matrix<double> table = parse_matrices(rows, "iris.csv").front().values;
    iris_data result{matrix<double>({table.shape(0), 4}), {}};
    for (std::size_t k = 0; k < table.shape(0); ++k) {
      for (std::size_t j = 0; j < 4; ++j) result.measurements(k, j) = table(k, j);
      result.species.push_back(std::size_t(table(k, 4)));
    }
    return result;
  }();
  return data;
}

}  // namespace homework
