// What the program works on: weights, samples and targets, from the defaults, a seed or files.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "matrix.hpp"

namespace homework {

/// The user's choice; everything left open takes its default.
struct problem_options {
  std::optional<std::size_t> sample;   // row of the data, from 1; default 51 of iris, 1 of a file
  std::optional<std::size_t> batch;    // samples in part 2; default 2 of iris, all rows of a file from the sample on
  std::optional<std::uint64_t> seed;   // random weights
  std::vector<std::size_t> layers;     // widths, the inputs first; default 4, 3, 2, 1 or what the weights say
  std::string weights, input, target;  // files
};

/// Weights, one sample (part 1) and a batch (part 2). Numbers are as read; they are rounded when used in float.
struct problem {
  std::vector<matrix<double>> weights;  // weights[i - 1] is Wⁱ
  matrix<double> x1, y1;                // part 1: (1, inputs), (1, outputs)
  matrix<double> x2, y2;                // part 2: (m, inputs), (m, outputs)
  std::string origin;                   // where the numbers are from, for the reader

  std::vector<std::size_t> widths() const;
};

/// The fixed weights of the 4-3-2-1 network: one decimal, so that every number can be followed by hand.
const std::vector<matrix<double>>& default_weights();

/// Sample k (from 0) of an iris batch that starts at row `first` (from 0): one flower of each species in turn.
std::size_t iris_row(std::size_t first, std::size_t k);

/// Weights between -1 and 1 with two decimals; the same on every machine.
std::vector<matrix<double>> random_weights(const std::vector<std::size_t>& widths, std::mt19937_64& random);

/// Puts the problem together. Throws xg::io_error for a bad file, xg::value_error for an option out of range.
problem make_problem(const problem_options& options);

/// A point closer than this to a kink of a relu is drawn again: the two roads round differently, and may then land on
/// different sides of it.
inline constexpr double kink_margin = 1e-3;

/// The smallest |z| of a hidden unit over the rows of x. Units after a wholly dead layer are exactly 0 and do not
/// count.
double distance_to_kink(const std::vector<matrix<double>>& weights, const matrix<double>& x);

}  // namespace homework
