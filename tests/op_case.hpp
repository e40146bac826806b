// What the op table's rows are, and the checks every row goes through. A check returns the failures it found, so that
// the negative controls can demand that there are some.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

namespace test {

using array = xt::xarray<double>;

/// Where random operands are drawn from: [low, high], at least `gap` away from the point `avoid` (a kink).
struct domain {
  double low = -2, high = 2;
  double avoid = 0, gap = 0;
  bool condition = false;  // 0 or 1 instead
  bool constant = false;   // no gradient flows to this operand
};

/// One row of the table: an op on variables, and an independent reference on plain numbers.
template <class T>
struct op_case {
  std::string name;
  std::vector<domain> operands;
  std::function<xg::var<T>(const std::vector<xg::var<T>>&)> record;
  std::function<array(const std::vector<array>&)> reference;
  /// Shapes of the operands to check with; empty: elementwise, any shapes that broadcast.
  std::vector<std::vector<xg::shape_t>> shapes;
  bool constant = false;  // no gradient flows through it
  bool equal_shapes = false;
  bool elementwise() const { return shapes.empty(); }
};

/// The op with a derivative that is wrong by 1 % behind each of its operands: behind each once in the kernels, once
/// in the programs, and once in the tangents. The name says which. Each must fail the checks.
template <class T>
std::vector<op_case<T>> spoilt(const op_case<T>& op);

/// The arrays, all of the shape they broadcast to.
std::vector<array> broadcast(const std::vector<array>& x);

using failures = std::vector<std::string>;

/// What checks have compared, and how far off it was at most.
struct tally {
  std::size_t values = 0, gradients = 0;  // arrays that were compared; second order and tangents are gradients too
  double value = 0;                       // against the reference
  double difference = 0;                  // gradients and second order against central differences
  double derivative = 0;  // programs and tangents against kernels, forward over reverse against reverse over reverse
};

/// Value against the reference; gradient against central differences of the reference; kernel against program; second
/// order against differences of the first (double); tangents against gradients, forward over reverse against reverse
/// over reverse; over random shapes, scalars, empty arrays and every tail 1..33. What was compared is added to `count`.
template <class T>
failures check_values_and_gradients(const op_case<T>& op, unsigned seed, tally& count);
/// A replay with new leaves gives bit for bit what recording anew gives, values and gradients.
template <class T>
failures check_replay(const op_case<T>& op, unsigned seed);

}  // namespace test
