// What the tests share: distances between arrays, expected error texts, counters of memory.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <source_location>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <xgrad/xgrad.hpp>

namespace test {

/// Is this an instrumented build? Frames and memory are many times larger then, and loops slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

/// Calls of operator new so far in this process (allocations.cpp counts them).
std::size_t allocations();
/// The largest number of bytes that one of them asked for, since this was last called.
std::size_t largest_allocation();
/// Resident memory of this process.
std::size_t resident_bytes();

/// The tail an error message must have if the statement is `lines` below this call: "(file.cpp:42)".
inline std::string line_below(unsigned lines = 1, const std::source_location& here = std::source_location::current()) {
  std::string file = here.file_name();
  file.erase(0, file.find_last_of('/') + 1);
  return "(" + file + ":" + std::to_string(here.line() + lines) + ")";
}

/// The message of the E that f throws; a text that no message contains if it throws nothing or something else.
template <class E, class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  } catch (const std::exception& e) {
    return std::string("<another exception: ") + e.what() + ">";
  }
  return "<nothing thrown>";
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

template <class T>
xg::shape_t shape_of(const xg::var<T>& v) {
  return v.shape();
}
xg::shape_t shape_of(const auto& a) { return xg::shape_t(a.shape().begin(), a.shape().end()); }

/// The largest difference, relative to the largest expected element (absolute if all are zero); infinite if the shapes
/// differ or anything is not finite.
template <class A, class B>
double distance(const A& got, const B& expected) {
  const double never = std::numeric_limits<double>::infinity();
  if (shape_of(got) != shape_of(expected)) return never;
  double difference = 0, size = 0;
  auto e = expected.template begin<xt::layout_type::row_major>();
  for (auto g = got.template begin<xt::layout_type::row_major>(); g != got.template end<xt::layout_type::row_major>();
       ++g, ++e) {
    if (!std::isfinite(double(*g)) || !std::isfinite(double(*e))) return never;
    difference = std::max(difference, std::abs(double(*g) - double(*e)));
    size = std::max(size, std::abs(double(*e)));
  }
  return size > 0 ? difference / size : difference;
}

/// Relative difference of two numbers.
inline double distance(double got, double expected) {
  const double d = std::abs(got - expected);
  return expected != 0 ? d / std::abs(expected) : d;
}

/// Equal but for rounding.
template <class A, class B>
bool near(const A& got, const B& expected) {
  return distance(got, expected) <= 1e-12;
}

/// Same shape and the same bits (NaN apart, which equals nothing).
template <class A, class B>
bool identical(const A& a, const B& b) {
  return shape_of(a) == shape_of(b) && std::equal(a.begin(), a.end(), b.begin());
}

/// An array of a shape, its elements in row-major order. (Nested braces of single elements are ambiguous in xtensor.)
inline xt::xarray<double> shaped(const std::vector<std::size_t>& shape, std::initializer_list<double> values) {
  xt::xarray<double> a = xt::xarray<double>::from_shape(shape);
  if (a.size() != values.size()) throw std::logic_error("shaped: as many values as the shape has elements");
  std::copy(values.begin(), values.end(), a.begin());
  return a;
}

/// A copy of a view of tape memory, to outlive the next sweep.
inline xt::xarray<double> copy(const auto& view) { return xt::xarray<double>(view); }

/// Numbers in [low, high) from a fixed seed, so that a failure can be repeated.
class generator {
 public:
  explicit generator(unsigned seed) : engine_(seed) {}

  template <class T = double>
  xt::xarray<T> array(const std::vector<std::size_t>& shape, double low = -1, double high = 1) {
    xt::xarray<T> a = xt::xarray<T>::from_shape(shape);
    std::uniform_real_distribution<double> uniform(low, high);
    for (T& x : a) x = T(uniform(engine_));
    return a;
  }
  /// A whole number in [low, high].
  std::size_t integer(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(engine_);
  }

 private:
  std::mt19937_64 engine_;
};

/// The gradient of a function of an array by central differences.
template <class F>
xt::xarray<double> differences(F f, const xt::xarray<double>& at, double step = 1e-5) {
  xt::xarray<double> x = at, g = xt::zeros_like(at);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double middle = x.flat(i);
    x.flat(i) = middle + step;
    const double above = f(x);
    x.flat(i) = middle - step;
    const double below = f(x);
    x.flat(i) = middle;
    g.flat(i) = (above - below) / (2 * step);
  }
  return g;
}

}  // namespace test
