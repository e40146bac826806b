#include <xgrad/core/tape/draw.hpp>

#include <cmath>
#include <string>

namespace xg::detail {

namespace {

const char* name_of(distribution what) {
  switch (what) {
    case distribution::uniform:
      return "uniform";
    case distribution::normal:
      return "normal";
    default:
      return "bernoulli";
  }
}

/// The 24 (float) or 53 (double) leading bits of x, as a number in [0, 1): exact, so the same everywhere.
template <class T>
T unit(std::uint64_t x) {
  if constexpr (std::same_as<T, float>)
    return T(x >> 40) * T(0x1p-24);
  else
    return T(x >> 11) * T(0x1p-53);
}

// Each block of Philox gives two numbers, of 64 bits each.
template <class T>
class draw final : public node<T> {
 public:
  static constexpr bool owns_memory = false;
  draw(distribution what, T a, T b, shape_view shape, std::uint64_t seed, std::uint32_t stream)
      : what_(what), a_(a), b_(b), shape_(shape), seed_(seed), stream_(stream) {}

  slot<T>& prepare(ledger<T>& l, bool) { return l.new_slot(l.own(shape_), count_of(shape_), false); }

  void forward(ledger<T>& l) override {
    round_ = l.places ? l.places->round : round_ + 1;
    T* to = this->out->value;
    const std::size_t n = this->out->size;
    l.threads().parallel_for(n / 2 + n % 2, part_elements / 2, [&](std::size_t begin, std::size_t end) {
      for (std::size_t block = begin; block < end; ++block) {
        const philox_block bits = random_bits(seed_, stream_, round_, block);
        const std::size_t i = 2 * block;
        to[i] = number(std::uint64_t(bits[0]) << 32 | bits[1]);
        if (i + 1 < n) to[i + 1] = number(std::uint64_t(bits[2]) << 32 | bits[3]);
      }
    });
  }
  void backward(ledger<T>&) override {}
  void record_backward(ledger<T>&, adjoint_vars<T>&) override {}
  std::span<slot<T>* const> inputs() const override { return {}; }
  std::string text(const variable_names&) const override { return std::string(name_of(what_)) + "()"; }

 private:
  T number(std::uint64_t bits) const {
    switch (what_) {
      case distribution::uniform:
        return a_ + (b_ - a_) * unit<T>(bits);
      case distribution::normal:
        return T(double(a_) + double(b_) * normal_number(bits));
      default:
        return T(unit<T>(bits) < a_);
    }
  }

  distribution what_;
  T a_, b_;
  shape_view shape_;  // the caller's; good until `prepare`
  std::uint64_t seed_;
  std::uint32_t stream_, round_ = ~std::uint32_t(0);  // the first round is 0
};

template <class T>
void check(distribution what, T a, T b, const std::source_location& where) {
  const std::string op = std::string(name_of(what)) + ": ";
  const auto text = [](T x) { return std::to_string(x); };
  if (what == distribution::uniform && !(a <= b && std::isfinite(b - a)))
    throw value_error(op + "the interval [" + text(a) + ", " + text(b) + ") must be finite, its ends in order" +
                      at_line(where));
  if (what == distribution::normal && !(b >= 0 && std::isfinite(a) && std::isfinite(b)))
    throw value_error(op + "mean " + text(a) + " and deviation " + text(b) +
                      " must be finite, the deviation not negative" + at_line(where));
  if (what == distribution::bernoulli && !(a >= 0 && a <= 1))
    throw value_error(op + "the probability " + text(a) + " is not between 0 and 1" + at_line(where));
}

}  // namespace

template <class T>
var<T> record_draw(ledger<T>& l, distribution what, T a, T b, shape_view shape, rng& from,
                   const std::source_location& where) {
  check(what, a, b, where);
  count_of(shape);  // throws before a stream is taken
  const std::uint32_t stream = l.places ? l.places->take(from) : from.next_stream();
  return l.handle(*push_node<draw<T>>(l, where, what, a, b, shape, from.seed(), stream).out);
}

template var<float> record_draw(ledger<float>&, distribution, float, float, shape_view, rng&,
                                const std::source_location&);
template var<double> record_draw(ledger<double>&, distribution, double, double, shape_view, rng&,
                                 const std::source_location&);

}  // namespace xg::detail
