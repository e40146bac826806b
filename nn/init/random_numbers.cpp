// Compiled with -ffp-contract=off (see nn/CMakeLists.txt): a fused product and sum would round differently where the
// processor has no such instruction.
#include <xgrad/nn/init/random_numbers.hpp>

#include <algorithm>
#include <cmath>

namespace xg::nn::detail {

namespace {

/// FNV-1a, 64 bits.
std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (char c : text) h = (h ^ std::uint64_t(static_cast<unsigned char>(c))) * 0x100000001b3;
  return h;
}

/// log x for normal x > 0: x = m·2ᵉ, log m = 2 artanh((m - 1)/(m + 1)) as a series.
double log_of(double x) {
  int e = 0;
  double m = std::frexp(x, &e);  // exact
  if (m < 0.70710678118654752) m *= 2, --e;
  const double f = (m - 1) / (m + 1), f2 = f * f;
  double sum = 0;
  for (int k = 25; k >= 1; k -= 2) sum = sum * f2 + 1.0 / k;
  return 2 * f * sum + e * 0.69314718055994531;
}

template <std::size_t N>
double polynomial(const double (&c)[N], double x) {
  double sum = 0;
  for (double k : c) sum = sum * x + k;
  return sum;
}

double dot(const double* a, const double* b, std::size_t n, std::size_t step) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i * step] * b[i * step];
  return sum;
}

}  // namespace

sequence::sequence(std::uint64_t seed, std::uint32_t stream, std::string_view name)
    : key_{std::uint32_t(seed) ^ 0x6e6e3a3au, std::uint32_t(seed >> 32)} {  // apart from what tapes draw from the seed
  const std::uint64_t h = hash(name);
  counter_ = {0, stream, std::uint32_t(h), std::uint32_t(h >> 32)};
}

std::uint64_t sequence::bits() {
  if (left_ == 0) {
    block_ = xg::detail::philox(counter_, key_);
    if (++counter_[0] == 0) ++counter_[1];
    left_ = 2;
  }
  --left_;
  return left_ == 1 ? std::uint64_t(block_[0]) << 32 | block_[1] : std::uint64_t(block_[2]) << 32 | block_[3];
}

std::uint64_t sequence::below(std::uint64_t n) {
  const std::uint64_t limit = ~std::uint64_t(0) - ~std::uint64_t(0) % n;  // what lies above would favour small numbers
  std::uint64_t x = bits();
  while (x >= limit) x = bits();
  return x % n;
}

double normal_quantile(double p) {
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    constexpr double a[] = {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
                            4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
                            1.3314166789178437745e2, 3.3871328727963666080e0};
    constexpr double b[] = {
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0};
    const double r = 0.180625 - q * q;
    return q * (polynomial(a, r) / polynomial(b, r));
  }
  const double r = std::sqrt(-log_of(q < 0 ? p : 1 - p));
  double x = 0;
  if (r <= 5) {
    constexpr double c[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                            1.27045825245236838258e0,  3.64784832476320460504e0,  5.76949722146069140550e0,
                            4.63033784615654529590e0,  1.42343711074968357734e0};
    constexpr double d[] = {
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0,  2.05319162663775882187e0,  1.0};
    x = polynomial(c, r - 1.6) / polynomial(d, r - 1.6);
  } else {
    constexpr double e[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                            2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
                            5.46378491116411436990e0,  6.65790464350110377720e0};
    constexpr double f[] = {
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2,  1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0};
    x = polynomial(e, r - 5) / polynomial(f, r - 5);
  }
  return q < 0 ? -x : x;
}

void fill_uniform(sequence& from, double low, double high, std::span<double> to) {
  for (double& x : to) x = low + (high - low) * from.unit();
}

void fill_normal(sequence& from, double mean, double deviation, std::span<double> to) {
  // (k + ½)/2⁵³ is neither 0 nor 1
  for (double& x : to) x = mean + deviation * normal_quantile((double(from.bits() >> 12) + 0.5) * 0x1p-52);
}

void fill_orthogonal(sequence& from, std::size_t rows, std::size_t columns, double gain, std::span<double> to) {
  fill_normal(from, 0, 1, to);
  const bool wide = rows <= columns;
  const std::size_t vectors = wide ? rows : columns, length = wide ? columns : rows, step = wide ? 1 : columns;
  const auto vector = [&](std::size_t i) { return to.data() + (wide ? i * columns : i); };
  for (std::size_t i = 0; i < vectors; ++i) {
    double* v = vector(i);
    for (int round = 0; round < 2; ++round) {  // the second one takes away what rounding has left
      for (std::size_t k = 0; k < i; ++k) {
        const double* u = vector(k);
        const double along = dot(u, v, length, step);
        for (std::size_t j = 0; j < length; ++j) v[j * step] -= along * u[j * step];
      }
      const double norm = std::sqrt(dot(v, v, length, step));
      for (std::size_t j = 0; j < length; ++j) v[j * step] /= norm;
    }
  }
  for (double& x : to) x *= gain;
}

std::vector<std::size_t> permutation(sequence& from, std::size_t n) {
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = i;
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[from.below(i)]);
  return order;
}

}  // namespace xg::nn::detail
