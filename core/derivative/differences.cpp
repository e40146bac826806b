#include <xgrad/core/derivative/differences.hpp>

#include <algorithm>

namespace xg::detail {

namespace {

constexpr int most_steps = 24;

// Does s bend at 0, or jump? The difference of its one-sided derivatives shrinks with the step where it is smooth, and
// stays what it is at a kink; at a jump it grows.
void find_bend(difference& d, const std::vector<double>& gap, const std::vector<double>& step, double noise) {
  const std::size_t last = gap.size() - 1;
  d.bends = !std::isfinite(gap[last]);
  if (d.bends || last < 3) return;
  const bool seen = std::abs(gap[last]) > 16 * noise / step[last];
  d.bends = seen && std::abs(gap[last]) > 0.6 * std::abs(gap[last - 3]);
  d.jumps = d.bends && std::abs(gap[last]) > 6 * std::abs(gap[last - 3]);
}

}  // namespace

difference differentiate(const std::function<double(double)>& s, double h, int steps, double enough, double noise) {
  difference d;
  const double middle = s(0);
  std::vector<double> row, gap, step;  // the last row of Neville's table; right less left; the steps
  for (int j = 0; j < most_steps && (j < steps || !(d.error <= enough)); ++j, h /= 2) {
    if (j >= std::max(steps, 4) && 16 * noise / h > std::max(enough, d.error)) break;  // smaller steps only add noise
    const double above = s(h), below = s(-h);
    d.right = (above - middle) / h, d.left = (middle - below) / h, d.step = h;
    gap.push_back(d.right - d.left);
    step.push_back(h);
    const double central = (above - below) / (2 * h);
    if (!std::isfinite(central)) {
      row.clear();
      continue;
    }
    std::vector<double> next{central};
    double factor = 4;
    for (std::size_t m = 0; m < row.size() && m < 6; ++m, factor *= 4) {
      next.push_back((factor * next[m] - row[m]) / (factor - 1));
      const double error = std::max(std::abs(next[m + 1] - next[m]), std::abs(next[m + 1] - row[m]));
      if (error < d.error) d.error = error, d.value = next[m + 1];
    }
    if (std::isnan(d.value)) d.value = central;
    row = std::move(next);
  }
  find_bend(d, gap, step, noise);
  return d;
}

}  // namespace xg::detail
