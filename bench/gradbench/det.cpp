// A determinant by expansion along the first row of each minor, ℓ! products: scalars on the tape.
#include "problem.hpp"

namespace {

using namespace gradbench;

variable determinant(const std::vector<std::vector<variable>>& a, std::size_t row,
                     const std::vector<std::size_t>& columns) {
  if (columns.size() == 1) return a[row][columns[0]];
  if (columns.size() == 2)
    return a[row][columns[0]] * a[row + 1][columns[1]] - a[row][columns[1]] * a[row + 1][columns[0]];
  variable sum;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    std::vector<std::size_t> rest = columns;
    rest.erase(rest.begin() + std::ptrdiff_t(k));
    const auto term = a[row][columns[k]] * determinant(a, row + 1, rest);
    sum = k == 0 ? variable(term) : k % 2 == 0 ? variable(sum + term) : variable(sum - term);
  }
  return sum;
}

variable of_list(const variable& x, const json& input) {
  const auto ell = input["ell"].get<std::size_t>();
  std::vector<std::vector<variable>> a(ell);
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < ell; ++i) {
    for (std::size_t j = 0; j < ell; ++j) a[i].push_back(x(i * ell + j));
    columns.push_back(i);
  }
  return determinant(a, 0, columns);
}

}  // namespace

int main(int argc, char** argv) {
  return gradbench::main(argc, argv,
                         value_and_gradient(
                             "primal", "gradient", [](const json& j) { return array(j["A"]); }, of_list));
}
