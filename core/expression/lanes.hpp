// What kernels compute with: SIMD lanes, or a single number that rounds as one lane does. Only this file and
// lanes_bits.hpp name xsimd.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#ifdef __FAST_MATH__
#error \
    "xgrad: -ffast-math (also -Ofast) gives up NaN, infinities and signed zeros, which its rules rely on; leave it out for files that include xgrad"
#endif

// GCC 12 takes the deliberately undefined registers of its own AVX-512 headers for mistakes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

namespace xg::detail {

/// The instruction set this translation unit is compiled for. Whatever holds code for it carries it in its type, so
/// that files built with different flags can be linked together.
#if defined(__AVX512F__) && !defined(__OPTIMIZE__)
using simd_arch = xsimd::fma3<xsimd::avx2>;  // xsimd 8's AVX-512 code needs an optimising compiler
#else
using simd_arch = xsimd::default_arch;
#endif

/// Does this instruction set multiply and add with one rounding?
#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
inline constexpr bool fuses = true;
#else
inline constexpr bool fuses = false;
#endif

/// Lanes of T, as many as Arch has, or (Single) one number. Every operation rounds by itself and alike in both: the
/// compiler must not fuse a product into a sum, or a value and its slope could come from different branches. `fma` says
/// so where it is wanted.
template <class T, class Arch, bool Single>
class lanes {
  using batch = xsimd::batch<T, Arch>;

 public:
  using number_type = T;
  using register_type = std::conditional_t<Single, T, batch>;
  using mask = std::conditional_t<Single, bool, xsimd::batch_bool<T, Arch>>;
  static constexpr std::size_t size = Single ? 1 : batch::size;

  lanes() = default;
  lanes(register_type r) : r_(r) {}
  template <class U>
  requires(std::is_arithmetic_v<U> && !(Single && std::same_as<U, T>)) lanes(U number) : r_(static_cast<T>(number)) {}

  static lanes load(const T* p) {
    if constexpr (Single)
      return *p;
    else
      return batch::load_unaligned(p);
  }
  void store(T* p) const {
    if constexpr (Single)
      *p = r_;
    else
      r_.store_unaligned(p);
  }
  const register_type& get() const { return r_; }

  friend lanes operator+(lanes a) { return a; }
  friend lanes operator-(lanes a) {  // xsimd's may be 0 - a, which loses the sign of a zero
    if constexpr (Single)
      return -a.r_;
    else
      return a.r_ ^ batch(T(-0.0));
  }
  friend lanes operator+(lanes a, lanes b) { return register_type(a.r_ + b.r_); }
  friend lanes operator-(lanes a, lanes b) { return register_type(a.r_ - b.r_); }
  friend lanes operator*(lanes a, lanes b) { return rounded(register_type(a.r_ * b.r_)); }
  friend lanes operator/(lanes a, lanes b) { return register_type(a.r_ / b.r_); }
  lanes& operator+=(lanes b) { return *this = *this + b; }
  lanes& operator-=(lanes b) { return *this = *this - b; }
  lanes& operator*=(lanes b) { return *this = *this * b; }
  lanes& operator/=(lanes b) { return *this = *this / b; }

  friend mask operator==(lanes a, lanes b) { return a.r_ == b.r_; }
  friend mask operator!=(lanes a, lanes b) { return !(a.r_ == b.r_); }  // true for NaN, unlike xsimd's
  friend mask operator<(lanes a, lanes b) { return a.r_ < b.r_; }
  friend mask operator<=(lanes a, lanes b) { return a.r_ <= b.r_; }
  friend mask operator>(lanes a, lanes b) { return a.r_ > b.r_; }
  friend mask operator>=(lanes a, lanes b) { return a.r_ >= b.r_; }

  /// a where the condition holds, else b.
  friend lanes select(mask condition, lanes a, lanes b) {
    if constexpr (Single)
      return condition ? a : b;
    else
      return xsimd::select(condition, a.r_, b.r_);
  }
  /// a·b + c: with one rounding where the instruction set has it.
  friend lanes fma(lanes a, lanes b, lanes c) {
    if constexpr (!fuses)
      return a * b + c;
    else if constexpr (Single)
      return std::same_as<T, float> ? T(__builtin_fmaf(float(a.r_), float(b.r_), float(c.r_)))
                                    : T(__builtin_fma(double(a.r_), double(b.r_), double(c.r_)));
#ifdef __AVX512F__  // where xsimd 8 leaves it to the compiler whether to fuse
    else if constexpr (sizeof(batch) == 64 && std::same_as<T, double>)
      return register_type(_mm512_fmadd_pd(a.r_, b.r_, c.r_));
    else if constexpr (sizeof(batch) == 64)
      return register_type(_mm512_fmadd_ps(a.r_, b.r_, c.r_));
#endif
    else
      return xsimd::fma(a.r_, b.r_, c.r_);
  }
  /// The sum of all lanes.
  friend T sum(lanes a) {
    if constexpr (Single)
      return a.r_;
    else if constexpr (requires { reduce_add(a.r_); })  // xsimd 10 and later
      return reduce_add(a.r_);
    else
      return hadd(a.r_);
  }

 private:
  // A product that the compiler cannot look into; costs no instruction.
  static lanes rounded(register_type product) {
    if constexpr (fuses) {
#if defined(__x86_64__)
      if constexpr (Single)
        asm("" : "+v"(product));
      else
        asm("" : "+v"(product.data));
#elif defined(__aarch64__)
      if constexpr (Single)
        asm("" : "+w"(product));
      else
        asm("" : "+w"(product.data));
#endif
    }
    return product;
  }

  register_type r_;
};

template <class V>
inline constexpr bool is_lanes = false;
template <class T, class Arch, bool Single>
inline constexpr bool is_lanes<lanes<T, Arch, Single>> = true;

}  // namespace xg::detail

namespace xg {

/// What a kernel computes with; what a rule's functions meet besides variables.
template <class V>
concept numeric = detail::is_lanes<V>;

// What derivative rules say, besides arithmetic. The overloads for variables are in expression.hpp.

/// a where the condition holds, else zero.
template <numeric V>
V keep_where(typename V::mask condition, V a) {
  return select(condition, a, V(0));
}

/// Zero where the condition holds, else a.
template <numeric V>
V zero_where(typename V::mask condition, V a) {
  return select(condition, V(0), a);
}

/// a where the condition holds, else b.
template <numeric V>
V choose(typename V::mask condition, V a, std::type_identity_t<V> b) {
  return select(condition, a, b);
}

template <numeric V>
auto is_equal(V a, std::type_identity_t<V> b) {
  return a == b;
}

namespace detail {

/// A condition as lanes: 1 where it holds, else 0. Lanes pass through.
template <numeric V>
V as_number(auto x) {
  if constexpr (std::same_as<decltype(x), typename V::mask>)
    return keep_where(x, V(1));
  else
    return x;
}

}  // namespace detail

}  // namespace xg
