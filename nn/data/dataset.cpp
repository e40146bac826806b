#include <xgrad/nn/data/dataset.hpp>

#include <cmath>

#include <xgrad/nn/init/random_numbers.hpp>

namespace xg::nn::detail {

void require_pairs(const shape_t& x, const shape_t& y, const char* op, const std::source_location& where) {
  if (x.empty() || y.empty() || x[0] != y[0])
    throw shape_error(std::string(op) + ": x has shape " + to_string(x) + " and y " + to_string(y) +
                      "; their first axes count the samples and must be equal" + at_line(where));
}

std::vector<std::size_t> shuffled(std::size_t n, rng& random) {
  sequence from(random.seed(), random.next_stream(), "order");
  return permutation(from, n);
}

std::vector<std::size_t> part_sizes(std::size_t n, std::span<const double> fractions,
                                    const std::source_location& where) {
  std::vector<std::size_t> sizes;
  double sum = 0;
  std::size_t start = 0;
  for (const double f : fractions) {
    if (!(f >= 0 && f <= 1))
      throw value_error("split: the fraction " + std::to_string(f) + " is not in [0, 1]" + at_line(where));
    sum += f;
    if (sum > 1 + 1e-9)
      throw value_error("split: the fractions add up to " + std::to_string(sum) + ", more than all" + at_line(where));
    const std::size_t end = std::min(n, std::size_t(std::llround(sum * double(n))));
    sizes.push_back(end - start);
    start = end;
  }
  return sizes;
}

}  // namespace xg::nn::detail
