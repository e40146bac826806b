#include "sheet/world.hpp"

#include <map>
#include <random>
#include <set>

namespace write_up {
namespace {

constexpr std::array<std::size_t, 4> width{4, 3, 2, 1};
constexpr double nearest_kink = 1e-3;

// Our own draws from the engine's bits: the standard distributions differ between libraries.
class dice {
 public:
  double real() { return 3.0 * static_cast<double>(engine_() >> 11) * 0x1p-53 - 1.5; }
  double whole(int from, int to) { return from + static_cast<int>(engine_() % static_cast<unsigned>(to - from + 1)); }

 private:
  std::mt19937_64 engine_{20240229};
};

matrix relu(const matrix& a) {
  return mapped(a, [](double v) { return v > 0 ? v : 0.0; });
}

// h Wᵀ
matrix weighted(const matrix& h, const matrix& W) {
  matrix z(h.rows, W.rows);
  for (std::size_t i = 0; i < h.rows; ++i)
    for (std::size_t j = 0; j < W.rows; ++j)
      for (std::size_t k = 0; k < W.cols; ++k) z(i, j) += h(i, k) * W(j, k);
  return z;
}

void compute(world& w) {
  for (std::size_t i = 1; i <= 3; ++i) {
    w.z[i] = weighted(w.h[i - 1], w.W[i]);
    w.h[i] = i < 3 ? relu(w.z[i]) : w.z[i];
  }
}

// Into a point that was drawn before: most are thrown away, and a new one has some thirty matrices.
void draw(dice& d, int part, std::size_t m, bool integer, world& w) {
  w.at_kink = false;
  w.part = part;
  w.m = m;
  w.integer = integer;
  const auto entry = [&](double) { return integer ? d.whole(-2, 2) : d.real(); };
  for (std::size_t i = 1; i <= 3; ++i) w.W[i] = mapped(matrix(width[i], width[i - 1]), entry);
  w.h[0] = mapped(matrix(m, width[0]),
                  [&](double) { return integer ? d.whole(1, 3) * (d.whole(0, 3) > 0 ? 1 : -1) : d.real(); });
  w.y = mapped(matrix(m, 1), [&](double) { return integer ? d.whole(-3, 3) : d.real(); });
  compute(w);
}

bool dead(const matrix& h, std::size_t sample) {
  for (std::size_t j = 0; j < h.cols; ++j)
    if (h(sample, j) != 0) return false;
  return true;
}

// The smallest |z| of a unit whose layer before is alive. A dead layer makes exact zeros on both roads: no danger
// there.
double distance_to_kink(const world& w) {
  double nearest = 1;
  for (std::size_t i = 1; i <= 2; ++i)
    for (std::size_t k = 0; k < w.m; ++k) {
      if (dead(w.h[i - 1], k)) continue;
      for (std::size_t j = 0; j < w.z[i].cols; ++j) nearest = std::min(nearest, std::abs(w.z[i](k, j)));
    }
  return nearest;
}

// Numbers that would hide a mistake: weights or errors of 0 or 1, equal neighbours.
bool telling(const world& w) {
  if (!w.integer) return true;
  for (std::size_t k = 0; k < w.m; ++k) {
    const double delta = w.h[3](k, 0) - w.y(k, 0);
    if (std::abs(delta) < 2 || std::abs(delta) > 9) return false;
  }
  for (double v : w.W[3].data)
    if (v == 0 || v == 1) return false;
  if (w.W[3](0, 0) == w.W[3](0, 1)) return false;
  for (std::size_t j = 0; j < 3; ++j)
    if (w.W[2](0, j) == 0 || w.W[2](1, j) == 0 || w.W[2](0, j) == w.W[2](1, j)) return false;
  return w.h[0](0, 0) != w.h[0](0, 1);
}

bool usable(const world& w) { return distance_to_kink(w) >= nearest_kink && telling(w); }

// A point on the kink, moved a very small way to either side: all arithmetic with z is exact still.
void add_beside_kink(const world& kink, std::vector<world>& out) {
  for (std::size_t layer = 1; layer <= 2; ++layer)
    for (std::size_t unit = 0; unit < width[layer]; ++unit) {
      std::size_t alive = 0;
      while (alive < width[layer - 1] && kink.h[layer - 1](0, alive) == 0) ++alive;
      if (kink.z[layer](0, unit) != 0 || alive == width[layer - 1]) continue;
      for (const double by : {0x1p-40, -0x1p-40}) {
        world w = kink;
        w.at_kink = w.integer = false;
        w.W[layer](unit, alive) += by;
        compute(w);
        out.push_back(w);
      }
    }
}

std::vector<world> part1_worlds(dice& d) {
  std::map<unsigned, std::vector<world>> generic;
  std::map<unsigned, world> whole;
  std::map<unsigned, world> kinks;  // by which unit stands on the kink
  world w;
  for (int tries = 0; tries < 60'000; ++tries) {
    draw(d, 1, 1, tries % 2 == 1, w);
    const unsigned p = pattern_of(w, 0);
    if (usable(w)) {
      if (!w.integer && generic[p].size() < 2) generic[p].push_back(w);
      if (w.integer && (whole.count(p) == 0 || w.weight() < whole[p].weight())) whole[p] = w;
    } else if (w.integer && telling(w) && distance_to_kink(w) == 0) {
      unsigned which = 0;
      for (std::size_t j = 0; j < 3; ++j) which |= w.z[1](0, j) == 0 ? 1U << j : 0U;
      if (!dead(w.h[1], 0))
        for (std::size_t j = 0; j < 2; ++j) which |= w.z[2](0, j) == 0 ? 8U << j : 0U;
      if (kinks.count(which) == 0 || w.weight() < kinks[which].weight()) kinks[which] = w;
    }
  }
  std::vector<world> out;
  std::vector<world> plain;  // with the zeros and equal numbers that telling() keeps away
  while (plain.size() < 24) {
    draw(d, 1, 1, true, w);
    w.integer = false;
    w.h[0](0, plain.size() % 4) = plain.size() < 8 ? 0 : w.h[0](0, plain.size() % 4);
    compute(w);
    if (distance_to_kink(w) >= nearest_kink) plain.push_back(w);
  }
  for (unsigned p = 32; p-- > 0;)  // everything alive first
    out.insert(out.end(), generic[p].begin(), generic[p].end());
  for (const auto& [p, smallest] : whole) out.push_back(smallest);
  out.insert(out.end(), plain.begin(), plain.end());
  for (auto& [p, kink] : kinks) {
    kink.at_kink = true;
    out.push_back(kink);
    add_beside_kink(kink, out);
  }
  return out;
}

std::vector<world> part2_worlds(dice& d) {
  std::vector<world> out;
  world w;
  for (const std::size_t m : {5U, 7U, 2U}) {
    std::set<unsigned> seen;
    std::set<unsigned> seen_whole;
    int kinks = 0;
    for (int tries = 0; tries < 60'000 && (seen.size() < 29 || seen_whole.size() < 20 || kinks < 4); ++tries) {
      draw(d, 2, m, tries % 3 == 0, w);
      w.at_kink = distance_to_kink(w) == 0;
      if (w.at_kink ? kinks >= 4 || !telling(w) : !usable(w)) continue;
      bool news = w.at_kink;
      kinks += w.at_kink ? 1 : 0;
      if (!w.at_kink)
        for (std::size_t k = 0; k < m; ++k)
          news = (w.integer ? seen_whole : seen).insert(pattern_of(w, k)).second || news;
      if (news) out.push_back(w);
    }
  }
  return out;
}

// The same point with all z times `by`, a power of two: a threshold that is not 0 shows where z is tiny or large.
world rescaled(world w, double by) {
  w.W[1] = scaled(w.W[1], by);
  w.integer = false;
  return w;
}

void add_rescaled(std::vector<world>& to) {
  std::vector<world> more;
  for (const world& w : to)
    if (w.integer && !w.at_kink && w.m != 7)
      for (const double by : {0x1p-40, 0x1p40}) more.push_back(rescaled(w, by));
  to.insert(to.end(), more.begin(), more.end());
}

// The next of these in turn is what m stands for: (8 - m > 0) and (m - 2)(m - 5) shall not pass.
double next_mean(std::size_t turn) {
  static const std::vector<double> means{2.5, 12, 0.25, 1, 1000, 3, 40.5, 8};
  return means[turn % means.size()];
}

// Every gradient of the loss is a multiple of 1/m.
world with_another_mean(world w, double mean) {
  w.mean = mean;
  for (std::array<matrix, 4>* of : {&w.dl_dW, &w.dl_dz, &w.dl_dh})
    for (matrix& g : *of) g = scaled(g, static_cast<double>(w.m) / w.mean);
  return w;
}

}  // namespace

double world::weight() const {
  double sum = std::abs(argument);
  for (const matrix* a : {&W[1], &W[2], &W[3], &h[0], &y})
    for (double v : a->data) sum += std::abs(v);
  return sum;
}

unsigned pattern_of(const world& w, std::size_t sample) {
  unsigned bits = 0;
  for (std::size_t j = 0; j < 3; ++j) bits = 2 * bits + (w.z[1](sample, j) > 0 ? 1U : 0U);
  for (std::size_t j = 0; j < 2; ++j) bits = 2 * bits + (w.z[2](sample, j) > 0 ? 1U : 0U);
  return bits;
}

const worlds& all_worlds() {
  static const worlds built = [] {
    dice d;
    worlds w;
    w.part1 = part1_worlds(d);
    w.part2 = part2_worlds(d);
    add_rescaled(w.part1);
    add_rescaled(w.part2);
    for (world& each : w.part1) take_gradients(each);
    for (world& each : w.part2) {
      each.mean = static_cast<double>(each.m);
      take_gradients(each);
      if (each.m == 5 && w.apart.size() < 16) w.apart.push_back(with_another_mean(each, next_mean(w.apart.size())));
      if (each.m != 2) continue;
      w.two.push_back(each);
      w.two_apart.push_back(with_another_mean(each, next_mean(w.two_apart.size())));
    }
    for (const double x : {2.0, 1.0, -1.0, -2.0, 0.0, 0.25, -0.75, 3.0, 3.7, 5.0, -7.0, 10.0, 150.5, 1e-6, -1e-6, 1e-12,
                           -1e-12, 1e12, -1e12}) {
      world s;
      s.argument = x;
      s.integer = x == std::floor(x);
      s.at_kink = x == 0;
      take_slope(s);
      w.slopes.push_back(s);
    }
    return w;
  }();
  return built;
}

}  // namespace write_up
