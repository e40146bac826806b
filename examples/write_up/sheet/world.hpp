// The points at which answers are compared: numbers for every symbol of the homework, for every activation pattern.
#pragma once

#include <array>
#include <vector>

#include "values/matrix.hpp"

namespace write_up {

/// What the network computes and its gradients, at one point. Layers count as in the homework: h[0] = x, W[1] … W[3].
struct world {
  int part = 1;
  std::size_t m = 1;     ///< samples; 1 in part 1
  bool integer = false;  ///< small whole numbers, for examples a reader can follow and exact comparison
  bool at_kink = false;  ///< some z is exactly 0 while the layer before is alive
  double mean = 1;       ///< what the symbol m stands for: m, but another number in worlds::two_apart and apart
  double argument = 0;   ///< the x of dσ(x)/dx

  /// All arithmetic without division is exact here, and so are the gradients.
  bool exact() const { return integer && m <= 2 && mean == static_cast<double>(m); }

  std::array<matrix, 4> W;  ///< W[1] 3×4, W[2] 2×3, W[3] 1×2
  std::array<matrix, 4> z;
  std::array<matrix, 4> h;
  matrix y;

  // The gradients, from the tape.
  std::array<matrix, 4> dl_dW;
  std::array<matrix, 4> dl_dz;
  std::array<matrix, 4> dl_dh;  ///< dl_dh[3] is δ
  // Part 1 only: of the two outputs of layer 2, one after the other.
  std::array<matrix, 2> dh2_dW2;  ///< 2×3 each
  matrix dh2_dh1;                 ///< row i: ∂h²₁ᵢ/∂h¹

  /// Sum of the magnitudes of all given numbers: the smallest example is the one easiest to follow.
  double weight() const;
};

struct worlds {
  std::vector<world> part1;      ///< all 29 activation patterns, generic and whole numbers, tiny and large z, kinks
  std::vector<world> part2;      ///< m = 5 and 7 first (shapes are unmistakable there), then m = 2
  std::vector<world> two;        ///< those of part2 with m = 2, for answers with the samples written out
  std::vector<world> two_apart;  ///< two samples, but the mean divides by other numbers: small, large and not whole
  std::vector<world> apart;      ///< the same with five samples
  std::vector<world> slopes;     ///< for dσ(x)/dx: only `argument` counts
};

/// All points, always the same ones, built once.
const worlds& all_worlds();

/// Which of z > 0 hold, as bits: layer 1 (3 bits), layer 2 (2 bits) of one sample. 29 of the 32 can occur.
unsigned pattern_of(const world& w, std::size_t sample);

/// Fills z, h and every gradient of `w` from its W, h[0] = x and y.
void take_gradients(world& w);

/// dσ(x)/dx at w.argument, from the tape; stored in w.dl_dh[0].
void take_slope(world& w);

}  // namespace write_up
