#include "problem.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <xgrad/core/memory/error.hpp>

#include "closed_forms.hpp"
#include "csv.hpp"
#include "iris.hpp"

namespace homework {

namespace {

const std::vector<std::size_t> sheet_widths{4, 3, 2, 1};
constexpr std::size_t default_sample = 51, default_batch = 2;

// Samples and targets to choose rows from.
struct samples {
  matrix<double> x, y;
};

matrix<double> chosen_rows(const matrix<double>& from, const std::vector<std::size_t>& rows) {
  matrix<double> result({rows.size(), from.shape(1)});
  for (std::size_t k = 0; k < rows.size(); ++k)
    xt::row(result, std::ptrdiff_t(k)) = xt::row(from, std::ptrdiff_t(rows[k]));
  return result;
}

// One output: the number of the species. More outputs: 1 for the flower's species, 0 for the others.
matrix<double> iris_targets(std::size_t outputs) {
  const std::vector<std::size_t>& species = iris().species;
  matrix<double> y({species.size(), outputs}, 0.0);
  for (std::size_t k = 0; k < species.size(); ++k) {
    if (outputs == 1)
      y(k, 0) = double(species[k]);
    else if (species[k] < outputs)
      y(k, species[k]) = 1;
  }
  return y;
}

constexpr std::size_t iris_inputs = 4;

std::string text_of(const std::vector<std::size_t>& widths) {
  std::string text;
  for (std::size_t n : widths) text += (text.empty() ? "" : ",") + std::to_string(n);
  return text;
}

bool random_weights_wanted(const problem_options& options) {
  return options.weights.empty() && (options.seed || (!options.layers.empty() && options.layers != sheet_widths));
}

void choose_weights(const problem_options& options, std::mt19937_64& random, std::uint64_t seed, problem& p) {
  if (!options.weights.empty()) {
    if (options.seed) throw xg::value_error("--weights and --seed: both say what the weights are; give one of them");
    p.weights = read_weights(options.weights, options.input.empty() ? iris_inputs : 0);
    p.origin = "weights from " + options.weights;
  } else if (random_weights_wanted(options)) {
    p.weights = random_weights(options.layers.empty() ? sheet_widths : options.layers, random);
    p.origin = "random weights from seed " + std::to_string(seed);
  } else {
    p.weights = default_weights();
    p.origin = "the default weights";
  }
}

samples read_samples(const problem_options& options, std::size_t inputs, std::size_t outputs) {
  const std::string wanted = "one for each input of the network";
  if (options.target.empty())
    throw xg::value_error("--input " + options.input +
                          ": has no targets; give them with --target FILE, one row for each input row");
  samples data{read_matrix(options.input, inputs, wanted),
               read_matrix(options.target, outputs, "one for each output of the network")};
  const std::size_t rows = data.x.shape(0), targets = data.y.shape(0);
  if (rows != targets)
    throw xg::io_error(options.target + ": line " + std::to_string(std::min(rows, targets) + 1) +
                       ", column 1: " + std::to_string(targets) + " rows of targets; expected " + std::to_string(rows) +
                       ", one for each row of " + options.input);
  return data;
}

std::size_t in_range(const char* option, std::size_t value, std::size_t largest, const std::string& what) {
  if (value < 1 || value > largest)
    throw xg::value_error(std::string(option) + " " + std::to_string(value) + ": expected 1 to " +
                          std::to_string(largest) + ", " + what);
  return value;
}

void choose_from_file(const problem_options& options, problem& p) {
  const std::vector<std::size_t> widths = p.widths();
  const samples data = read_samples(options, widths.front(), widths.back());
  const std::size_t rows = data.x.shape(0);
  const std::size_t sample = in_range("--sample", options.sample.value_or(1), rows, "the rows of " + options.input);
  const std::size_t left = rows - sample + 1;
  const std::size_t m =
      in_range("--batch", options.batch.value_or(left), left, "the rows of " + options.input + " from the sample on");
  std::vector<std::size_t> chosen;
  for (std::size_t k = 0; k < m; ++k) chosen.push_back(sample - 1 + k);
  p.x2 = chosen_rows(data.x, chosen);
  p.y2 = chosen_rows(data.y, chosen);
  p.origin = "rows " + std::to_string(sample) + " to " + std::to_string(sample + m - 1) + " of " + options.input +
             ", " + p.origin;
}

// "51, 101" from rows counted from 0; a long list is cut.
std::string rows_text(const std::vector<std::size_t>& rows) {
  std::string text;
  for (std::size_t k = 0; k < std::min<std::size_t>(rows.size(), 6); ++k)
    text += (k > 0 ? ", " : "") + std::to_string(rows[k] + 1);
  return text + (rows.size() > 6 ? ", ..." : "");
}

void choose_from_iris(const problem_options& options, problem& p) {
  const std::size_t inputs = p.widths().front(), outputs = p.widths().back();
  if (inputs != iris_inputs)
    throw xg::value_error("--layers " + text_of(p.widths()) + ": a network of " + std::to_string(inputs) +
                          " inputs, but iris has 4 measurements; expected 4, or --input FILE and --target FILE");
  const std::size_t sample = in_range("--sample", options.sample.value_or(default_sample), 150, "the rows of iris");
  const std::size_t m = in_range("--batch", options.batch.value_or(default_batch), 150, "the flowers of iris");
  std::vector<std::size_t> chosen;
  for (std::size_t k = 0; k < m; ++k) chosen.push_back(iris_row(sample - 1, k));
  p.x2 = chosen_rows(iris().measurements, chosen);
  p.y2 = chosen_rows(iris_targets(outputs), chosen);
  if (!options.target.empty()) {
    p.y2 = read_matrix(options.target, outputs, "one for each output of the network");
    if (p.y2.shape(0) != m)
      throw xg::io_error(options.target + ": line " + std::to_string(std::min(p.y2.shape(0), m) + 1) +
                         ", column 1: " + std::to_string(p.y2.shape(0)) + " rows of targets; expected " +
                         std::to_string(m) + ", one for each sample of the batch");
  }
  p.origin = "iris row " + std::to_string(sample) +
             (m > 1 ? " in part 1, rows " + rows_text(chosen) + " in part 2, " : ", ") + p.origin;
}

}  // namespace

const std::vector<matrix<double>>& default_weights() {
  static const std::vector<matrix<double>> weights{
      {{0.1, -0.2, 0.3, 0.1}, {-0.3, 0.2, 0.1, 0.4}, {0.2, 0.3, -0.4, -0.1}},
      {{0.5, 0.2, -0.1}, {-0.1, -0.5, 1}},
      {{2, -1}},
  };
  return weights;
}

std::size_t iris_row(std::size_t first, std::size_t k) { return (first + 50 * k + k / 3) % 150; }

std::vector<std::size_t> problem::widths() const {
  std::vector<std::size_t> result{weights.front().shape(1)};
  for (const matrix<double>& w : weights) result.push_back(w.shape(0));
  return result;
}

std::vector<matrix<double>> random_weights(const std::vector<std::size_t>& widths, std::mt19937_64& random) {
  std::vector<matrix<double>> weights;
  for (std::size_t i = 1; i < widths.size(); ++i) {
    weights.emplace_back(std::array{widths[i], widths[i - 1]});
    // The standard's distributions differ between libraries; the generator does not.
    for (double& w : weights.back()) w = (double(random() % 201) - 100) / 100;
  }
  return weights;
}

problem make_problem(const problem_options& options) {
  constexpr int attempts = 100;
  const std::uint64_t seed = options.seed.value_or(1);
  std::mt19937_64 random(seed);
  problem p;
  choose_weights(options, random, seed, p);
  const std::vector<std::size_t> widths = p.widths();
  if (!options.layers.empty() && options.layers != widths)
    throw xg::value_error("--layers " + text_of(options.layers) + ": the weights in " + options.weights + " make " +
                          text_of(widths) + "; expected the same, or no --layers");
  if (options.input.empty())
    choose_from_iris(options, p);
  else
    choose_from_file(options, p);
  if (random_weights_wanted(options))
    for (int k = 1; k < attempts && distance_to_kink(p.weights, p.x2) < kink_margin; ++k)
      p.weights = random_weights(widths, random);
  p.x1 = chosen_rows(p.x2, {0});
  p.y1 = chosen_rows(p.y2, {0});
  return p;
}

double distance_to_kink(const std::vector<matrix<double>>& weights, const matrix<double>& x) {
  const point<double> p(weights, x, matrix<double>({x.shape(0), weights.back().shape(0)}, 0.0));
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < p.last(); ++i)
    for (std::size_t k = 0; k < x.shape(0); ++k) {
      const bool dead_below = i > 1 && xt::all(xt::equal(xt::row(p.h[i - 1], std::ptrdiff_t(k)), 0.0));
      if (dead_below) continue;
      for (std::size_t j = 0; j < p.z[i].shape(1); ++j) nearest = std::min(nearest, std::abs(p.z[i](k, j)));
    }
  return nearest;
}

}  // namespace homework
