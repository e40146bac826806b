#include "sweep.hpp"

#include <cmath>
#include <random>

#include "answers.hpp"

namespace homework {

namespace {

enum class numbers { real, integer };

// One place to compare at.
template <class T>
struct place {
  network<T> net;
  matrix<T> x, y;
};

class generator {
 public:
  explicit generator(std::uint64_t seed) : random_(seed) {}

  // Real numbers between -1 and 1, or integers between -4 and 4. The standard's distributions differ between libraries.
  double draw(numbers kind) {
    if (kind == numbers::integer) return double(random_() % 9) - 4;
    return double(random_() >> 11) * 0x1p-52 - 1;
  }

  template <class T>
  matrix<T> draw(numbers kind, std::size_t rows, std::size_t columns) {
    matrix<T> a({rows, columns});
    for (T& v : a) v = T(draw(kind));
    return a;
  }

 private:
  std::mt19937_64 random_;
};

unsigned pattern_of(const matrix<double>& z, std::size_t row) {
  unsigned bits = 0;
  for (std::size_t j = 0; j < z.shape(1); ++j) bits |= unsigned(z(row, j) > 0) << j;
  return bits;
}

// Turns the rows of W over, so that the units of the first sample are alive as wanted.
template <class T>
void turn_rows(matrix<T>& W, const matrix<T>& h, unsigned wanted) {
  for (std::size_t i = 0; i < W.shape(0); ++i) {
    T z = 0;
    for (std::size_t j = 0; j < W.shape(1); ++j) z += h(0, j) * W(i, j);
    if ((z > 0) != bool(wanted >> i & 1))
      for (std::size_t j = 0; j < W.shape(1); ++j) W(i, j) = -W(i, j);
  }
}

template <class T>
std::vector<matrix<double>> widened(const std::vector<matrix<T>>& all) {
  std::vector<matrix<double>> result;
  for (const matrix<T>& a : all) result.push_back(xt::cast<double>(a));
  return result;
}

template <class T>
place<T> draw_place(generator& random, numbers kind, pattern wanted, std::size_t m) {
  place<T> p;
  p.x = random.draw<T>(kind, m, 4);
  p.y = random.draw<T>(kind, m, 1);
  p.net.weights = {random.draw<T>(kind, 3, 4), random.draw<T>(kind, 2, 3), random.draw<T>(kind, 1, 2)};
  turn_rows(p.net.weights[0], p.x, wanted.z1);
  turn_rows(p.net.weights[1], point<T>(p.net.weights, p.x, p.y).h[1], wanted.z2);
  // With integers, h³ - y is made a small power of two times m, so that dividing by m is exact too.
  if (kind == numbers::integer) {
    const point<T> here(p.net.weights, p.x, p.y);
    for (std::size_t k = 0; k < m; ++k) {
      const double v = random.draw(kind);
      p.y(k, 0) = here.h[3](k, 0) - T(double(m) * (v < 0 ? -1 : 1) * (std::abs(v) < 2 ? 1 : 2));
    }
  }
  return p;
}

template <class T>
struct running_sweep {
  const std::vector<question<T>>& questions;
  generator random;
  sweep_result result;

  void at(numbers kind, pattern wanted, int part, std::size_t m) {
    place<T> p = draw_place<T>(random, kind, wanted, m);
    while (distance_to_kink(widened(p.net.weights), xt::cast<double>(p.x)) < kink_margin) {
      ++result.redrawn;
      p = draw_place<T>(random, kind, wanted, m);
    }
    xg::tape<T> tape;
    const forward_pass<T> pass = forward(tape, p.net, p.x, p.y);
    const point<T> here(p.net.weights, p.x, p.y), magnitudes = magnitudes_of(here);
    if (part == 1)
      result.reached.insert(
          {pattern_of(xt::cast<double>(pass.z[1].value()), 0), pattern_of(xt::cast<double>(pass.z[2].value()), 0)});
    for (const question<T>& q : questions)
      if (q.part == part) count(compare(q, pass, here, magnitudes), kind, wanted, m);
  }

  void count(const answer& a, numbers kind, pattern wanted, std::size_t m) {
    const bool exact = a.difference == 0;
    ++result.comparisons;
    result.numbers += a.by_formula.size();
    if (kind == numbers::integer) {
      ++result.integer_comparisons;
      result.exact += exact;
    }
    const double relative = exact ? 0 : a.difference / a.scale;
    if (!(relative <= result.worst) && !std::isnan(result.worst)) result.worst = relative;
    if (kind == numbers::integer ? exact : a.ok) return;
    constexpr std::size_t told = 10;
    if (++result.disagreeing <= told)
      result.disagreements.push_back(a.text.id + " (" + a.text.quantity + ") with m = " + std::to_string(m) +
                                     ", units alive " + bits(wanted.z1, 3) + " " + bits(wanted.z2, 2) +
                                     ": the difference is " + std::to_string(relative) + " of the scale");
  }

  static std::string bits(unsigned pattern, unsigned count) {
    std::string text;
    for (unsigned k = 0; k < count; ++k) text += pattern >> k & 1 ? '1' : '0';
    return text;
  }
};

}  // namespace

std::vector<pattern> reachable_patterns() {
  std::vector<pattern> all{{0, 0}};
  for (unsigned z1 = 1; z1 < 8; ++z1)
    for (unsigned z2 = 0; z2 < 4; ++z2) all.push_back({z1, z2});
  return all;
}

template <class T>
sweep_result sweep(const sweep_options& options, const std::vector<question<T>>& questions) {
  running_sweep<T> run{questions, generator(options.seed), {}};
  run.result.tolerance = tolerance<T>;
  std::size_t begun = 0;
  for (const pattern& wanted : reachable_patterns()) {
    if (options.progress) options.progress(begun++);
    for (numbers kind : {numbers::real, numbers::integer})
      for (std::size_t k = 0; k < options.points; ++k) {
        run.at(kind, wanted, 1, 1);
        for (std::size_t m : {1, 2, 5, 7}) run.at(kind, wanted, 2, m);
      }
  }
  return run.result;
}

template sweep_result sweep(const sweep_options&, const std::vector<question<float>>&);
template sweep_result sweep(const sweep_options&, const std::vector<question<double>>&);

}  // namespace homework
