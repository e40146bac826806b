// The steps of odeint, on variables and on numbers alike; for odeint.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <xgrad/ops/odeint.hpp>

namespace xg::detail {

/// Dormand and Prince (1980): the stages, the weights of the result (those of the last stage), of the error estimate,
/// and of the fourth-order interpolant (Hairer, Nørsett and Wanner, II.6).
struct dopri5 {
  static constexpr std::array<double, 7> c{0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};
  static constexpr std::array<std::array<double, 6>, 7> a{{
      {},
      {1. / 5},
      {3. / 40, 9. / 40},
      {44. / 45, -56. / 15, 32. / 9},
      {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
      {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
      {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
  }};
  static constexpr std::array<double, 7> error{71. / 57600,      0,         -71. / 16695, 71. / 1920,
                                               -17253. / 339200, 22. / 525, -1. / 40};
  static constexpr std::array<double, 7> dense{-12715105075. / 11282082432,  0,
                                               87487479700. / 32700410799,   -10690763975. / 1880347072,
                                               701980252875. / 199316789632, -1453857185. / 822651844,
                                               69997945. / 29380423};
  /// Weights of the stages for y at the part `s` of a step.
  static std::array<double, 7> at(double s) {
    std::array<double, 7> w{};
    for (std::size_t i = 0; i < 7; ++i) {
      const double b = i < 6 ? a[6][i] : 0, first = (i == 0) - b, last = b - (i == 6) - first;
      w[i] = s * (b + (1 - s) * (first + s * (last + (1 - s) * dense[i])));
    }
    return w;
  }
};

/// Solves an equation in an Algebra: `State rhs(double t, State y)`, `State combine(State y, double h, weights,
/// stages)`, which is y + h Σ w k, `std::span<const T> values(State)`, and `trial()`, whose keep(state) keeps what was
/// made since, which is undone else.
template <class T, class Algebra>
class runge_kutta {
 public:
  using state = typename Algebra::state;

  runge_kutta(Algebra& algebra, std::span<const double> times, const ode_options& options,
              const std::source_location& where)
      : algebra_(algebra), times_(times), options_(options), where_(where) {}

  /// y at each of the times.
  std::vector<state> run(const state& y0) {
    std::vector<state> result{y0};
    if (times_.size() < 2) return result;
    if (options_.method == ode_method::rk4) {
      for (std::size_t k = 1; k < times_.size(); ++k) result.push_back(rk4(result.back(), times_[k - 1], times_[k]));
    } else {
      dormand_prince(y0, result);
    }
    return result;
  }

 private:
  state rk4(state y, double from, double to) {
    const double h = (to - from) / options_.steps;
    for (int n = 0; n < options_.steps; ++n) {
      const double t = from + n * h;
      std::vector<state> k{algebra_.rhs(t, y)};
      k.push_back(algebra_.rhs(t + h / 2, algebra_.combine(y, h, std::array{0.5}, k)));
      k.push_back(algebra_.rhs(t + h / 2, algebra_.combine(y, h, std::array{0., 0.5}, k)));
      k.push_back(algebra_.rhs(t + h, algebra_.combine(y, h, std::array{0., 0., 1.}, k)));
      y = algebra_.combine(y, h, std::array{1. / 6, 1. / 3, 1. / 3, 1. / 6}, k);
    }
    return y;
  }

  void dormand_prince(state y, std::vector<state>& result) {
    const double end = times_.back(), sign = end > times_.front() ? 1 : -1;
    double t = times_.front();
    state slope = algebra_.rhs(t, y);
    double h = sign * first_step(y, slope, std::abs(end - t));
    for (int n = 0; result.size() < times_.size(); ++n) {
      if (n == options_.max_steps)
        fail("no end after " + std::to_string(n) + " steps, at t = " + std::to_string(t) +
             "; the equation may be stiff, the tolerances too small, or allow more `max_steps`");
      const bool last = sign * (t + 1.01 * h - end) >= 0;
      if (last) h = end - t;
      if (std::abs(h) <= 4 * std::numeric_limits<double>::epsilon() * std::max(std::abs(t), std::abs(end - t)))
        fail("the step became too small at t = " + std::to_string(t) +
             "; the solution may have a singularity there, f a jump or values that are not finite");
      auto trial = algebra_.trial();
      std::vector<state> k{slope};
      state next = y;
      for (std::size_t s = 1; s < 7; ++s) {
        next = algebra_.combine(y, h, std::span(dopri5::a[s]).first(s), k);
        k.push_back(algebra_.rhs(t + dopri5::c[s] * h, next));
      }
      const double error = error_of(y, next, k, h);
      if (error <= 1) {
        trial.keep(0);
        while (result.size() < times_.size() && sign * (t + h - times_[result.size()]) >= -1e-12 * std::abs(h)) {
          const double s = (times_[result.size()] - t) / h;
          result.push_back(s >= 1 - 1e-12 ? next : algebra_.combine(y, h, dopri5::at(s), k));
        }
        t = last ? end : t + h;
        y = next;
        slope = k.back();
      }
      const double factor = std::isfinite(error) ? 0.9 * std::pow(error, -0.2) : 0.2;
      h *= std::clamp(factor, 0.2, 5.0);
    }
  }

  double scale(T a, T b) const {
    return options_.atol + options_.rtol * std::max(std::abs(double(a)), std::abs(double(b)));
  }
  // Root mean square of the error, in units of the tolerance; NaN where something is not finite.
  double error_of(const state& y, const state& next, const std::vector<state>& k, double h) const {
    const auto from = algebra_.values(y), to = algebra_.values(next);
    double sum = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
      double e = 0;
      for (std::size_t s = 0; s < 7; ++s)
        if (dopri5::error[s] != 0) e += dopri5::error[s] * double(algebra_.values(k[s])[i]);
      sum += std::pow(h * e / scale(from[i], to[i]), 2);
    }
    return from.empty() ? 0 : std::sqrt(sum / double(from.size()));
  }
  // A hundredth of the time in which y would change by itself.
  double first_step(const state& y, const state& slope, double most) const {
    const auto from = algebra_.values(y), d = algebra_.values(slope);
    double size = 0, speed = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
      size += std::pow(double(from[i]) / scale(from[i], from[i]), 2);
      speed += std::pow(double(d[i]) / scale(from[i], from[i]), 2);
    }
    const double n = std::max<double>(1, double(from.size()));
    size = std::sqrt(size / n), speed = std::sqrt(speed / n);
    const double h = size < 1e-5 || !(speed > 1e-5) ? 1e-6 : 0.01 * size / speed;
    return std::min(std::isfinite(h) ? h : 1e-6, most);
  }

  [[noreturn]] void fail(const std::string& what) const { throw value_error("odeint: " + what + at_line(where_)); }

  Algebra& algebra_;
  std::span<const double> times_;
  ode_options options_;
  std::source_location where_;
};

}  // namespace xg::detail
