#include <xgrad/nn/init/init.hpp>

#include <algorithm>
#include <cmath>

#include <xgrad/nn/init/random_numbers.hpp>

namespace xg::nn::detail {

namespace {

const char* name_of(scheme how) {
  switch (how) {
    case scheme::he:
      return "he";
    case scheme::xavier:
      return "xavier";
    case scheme::orthogonal:
      return "orthogonal";
    case scheme::gaussian:
      return "gaussian";
    default:
      return "constant";
  }
}

/// As PyTorch counts: of a weight (out, in, k...) in·k... and out·k...
struct fans {
  double in = 1, out = 1;
};
fans fans_of(shape_view shape) {
  fans f;
  for (std::size_t i = 2; i < shape.size(); ++i) f.in *= double(shape[i]);
  f.out = f.in * double(shape[0]);
  f.in *= double(shape[1]);
  return f;
}

void fill(scheme how, double value, bool uniform, shape_view shape, sequence& from, std::span<double> to) {
  const fans f = fans_of(shape);
  double deviation = value;
  if (how == scheme::he) deviation = value / std::sqrt(f.in);
  if (how == scheme::xavier) deviation = value * std::sqrt(2 / (f.in + f.out));
  if (how == scheme::orthogonal)
    fill_orthogonal(from, shape[0], to.size() / shape[0], value, to);
  else if (uniform)
    fill_uniform(from, -deviation * 1.7320508075688772, deviation * 1.7320508075688772, to);  // √3: the same deviation
  else
    fill_normal(from, 0, deviation, to);
}

}  // namespace

template <class T>
void initialise(const std::vector<named_parameter<T>>& all, scheme how, std::string_view pattern, double value,
                bool uniform, rng* random, const std::source_location& where) {
  const std::string op = name_of(how);
  const bool all_ranks = how == scheme::constant;
  if (!std::isfinite(value)) throw value_error(op + ": the gain, deviation or value must be finite" + at_line(where));
  const std::uint32_t stream = random ? random->next_stream() : 0;
  bool any = false;
  std::vector<double> numbers;
  for (std::size_t i : matching(all, pattern, op.c_str(), where)) {
    const named_parameter<T>& p = all[i];
    if (p.buffer || (!all_ranks && p.shape().size() < 2)) continue;
    any = true;
    ++p.memory->version;
    if (all_ranks) {
      std::fill_n(p.memory->value, p.size(), T(value));
    } else if (p.size() != 0) {
      numbers.resize(p.size());
      sequence from(random->seed(), stream, p.path);
      fill(how, value, uniform, p.shape(), from, numbers);
      std::transform(numbers.begin(), numbers.end(), p.memory->value, [](double x) { return T(x); });
    }
  }
  if (!any)
    throw value_error(op + ": the pattern \"" + std::string(pattern) +
                      "\" matches biases or buffers only, which the scheme leaves alone; it is for weights of rank 2 "
                      "or more (nn::constant sets biases)" +
                      at_line(where));
}

template void initialise(const std::vector<named_parameter<float>>&, scheme, std::string_view, double, bool, rng*,
                         const std::source_location&);
template void initialise(const std::vector<named_parameter<double>>&, scheme, std::string_view, double, bool, rng*,
                         const std::source_location&);

}  // namespace xg::nn::detail
