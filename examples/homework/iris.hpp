// Fisher's iris, held in the program itself, so that it runs from any folder.
#pragma once

#include <string_view>
#include <vector>

#include "matrix.hpp"

namespace homework {

/// The text of data/iris.csv (made into a source file by the build).
extern const std::string_view iris_csv;

struct iris_data {
  matrix<double> measurements;       // (150, 4): sepal length and width, petal length and width, in cm
  std::vector<std::size_t> species;  // 0 setosa, 1 versicolor, 2 virginica
};

const iris_data& iris();

}  // namespace homework
