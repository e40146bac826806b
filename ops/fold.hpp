// The folds of the library's reductions; sum is in core/expression/fold.hpp.
#pragma once

#include <limits>

#include <xgrad/core/expression/fold.hpp>
#include <xgrad/core/expression/lanes_math.hpp>

namespace xg {

struct mean_fold : sum_fold {
  static constexpr const char* name = "mean";
  static constexpr c_fold c_code{name, nullptr, nullptr, "sum / n", "x"};
  template <numeric V>
  static V finish(const state<V>& s, V n) {
    return s[0] / n;
  }
  template <numeric V>
  static V prepare(V g, V n) {
    return g / n;
  }
  template <class T>
  static var<T> vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double n);
};

/// The Euclidean norm; its derivative is 0 at 0.
struct norm_l2_fold : sum_fold {
  static constexpr const char* name = "norm_l2";
  static constexpr c_fold c_code{name, nullptr, nullptr, "sqrt(sum)", "x * x"};
  static constexpr bool keeps_one = false;
  template <numeric V>
  static V term(V x) {
    return x * x;
  }
  template <numeric V>
  static void add(state<V>& s, V x) {
    sum_fold::add(s, term(x));
  }
  template <numeric V>
  static V finish(const state<V>& s, V) {
    return sqrt(s[0]);
  }
  template <numeric V>
  static V backward(V g, V y, V x, V, const state<V>&) {
    return zero_where(y == V(0), g * (x / choose(y == V(0), V(1), y)));
  }
  template <class T>
  static var<T> vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double n);
};

/// Σ (x - mean)² / n (Root: its square root), as values come, from the mean so far: Chan, Golub and LeVeque,
/// "Algorithms for computing the sample variance" (1983), so that a large mean costs no digits. The root's derivative
/// is 0 at 0.
template <bool Root>
struct spread_fold {
  static constexpr const char* name = Root ? "stddev" : "variance";
  static constexpr c_fold c_code{
      name, "count = 0, mean = 0, squares = 0",
      "const double step = x - mean; count += 1; mean += step / count; squares += step * (x - mean);",
      Root ? "sqrt(squares / n)" : "squares / n"};
  static constexpr bool compiled = true;
  static constexpr std::size_t planes = 5;  // how many, their mean and how much too large it is, Σ (x - mean)² the same
  template <numeric V>
  using state = std::array<V, planes>;

  template <numeric V>
  static state<V> start() {
    return {V(0), V(0), V(0), V(0), V(0)};
  }
  template <numeric V>
  static void add(state<V>& s, V x) {
    merge(s, state<V>{V(1), x, V(0), V(0), V(0)});
  }
  template <numeric V>
  static void merge(state<V>& s, const state<V>& t) {
    const V n = s[0] + t[0], share = t[0] / choose(n == V(0), V(1), n), step = (t[1] - s[1]) - (t[2] - s[2]);
    std::array<V, 2> mean{s[1], s[2]}, squares{s[3], s[4]};
    sum_fold::add(mean, step * share);
    sum_fold::add(squares, t[3] - t[4] + step * step * s[0] * share);
    s = {n, mean[0], mean[1], squares[0], squares[1]};
  }
  template <numeric V>
  static V finish(const state<V>& s, V n) {
    const V variance = s[3] / n;
    if constexpr (Root)
      return sqrt(variance);
    else
      return variance;
  }
  template <numeric V>
  static V prepare(V g, V n) {
    return g / n;
  }
  template <numeric V>
  static V backward(V g, V y, V x, V, const state<V>& s) {
    const V away = (x - s[1]) + s[2];
    if constexpr (Root)
      return zero_where(y == V(0), g * (away / choose(y == V(0), V(1), y)));
    else
      return V(2) * g * away;
  }
  template <class T>
  static var<T> vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double n);
};

/// The largest value, or the smallest; equal ones share the adjoint. A NaN is the result if there is one.
template <bool Largest>
struct extreme_fold {
  static constexpr const char* name = Largest ? "amax" : "amin";
  static constexpr c_fold c_code{name, Largest ? "most = -INFINITY" : "least = INFINITY",
                                 Largest ? "if (x > most || x != x) most = x;" : "if (x < least || x != x) least = x;",
                                 Largest ? "most" : "least"};
  static constexpr bool compiled = true, empty = false;
  static constexpr std::size_t planes = 2;  // the value, and how many there are of it
  template <numeric V>
  using state = std::array<V, planes>;

  template <numeric V>
  static state<V> start() {
    const V infinity = std::numeric_limits<typename V::number_type>::infinity();
    return {Largest ? -infinity : infinity, V(0)};
  }
  template <numeric V>
  static void add(state<V>& s, V x) {
    merge(s, state<V>{x, V(1)});
  }
  template <numeric V>
  static void merge(state<V>& s, const state<V>& t) {
    const auto beats = Largest ? t[0] > s[0] : t[0] < s[0], is_nan = t[0] != t[0];
    s[1] = choose(beats, t[1], s[1] + keep_where(t[0] == s[0], t[1]));
    s[0] = choose(is_nan, t[0], choose(beats, t[0], s[0]));
  }
  template <numeric V>
  static V finish(const state<V>& s, V) {
    return s[0];
  }
  template <numeric V>
  static V backward(V g, V y, V x, V, const state<V>& s) {
    return choose(y != y, y, keep_where(x == y, g / choose(s[1] == V(0), V(1), s[1])));
  }
  template <class T>
  static var<T> vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double n);
};

/// Is any value, are all of them, other than zero?
struct any_fold : extreme_fold<true> {
  static constexpr const char* name = "any";
  static constexpr c_fold c_code{name, "found = 0", "if (x != 0) found = 1;", "found"};
  static constexpr bool constant = true;
  static constexpr bool empty = true;
  template <numeric V>
  static state<V> start() {
    return {V(0), V(0)};
  }
  template <numeric V>
  static void add(state<V>& s, V x) {
    merge(s, state<V>{zero_where(x == V(0), V(1)), V(1)});
  }
};
struct all_fold : extreme_fold<false> {
  static constexpr const char* name = "all";
  static constexpr c_fold c_code{name, "found = 1", "if (x == 0) found = 0;", "found"};
  static constexpr bool constant = true;
  static constexpr bool empty = true;
  template <numeric V>
  static state<V> start() {
    return {V(1), V(0)};
  }
  template <numeric V>
  static void add(state<V>& s, V x) {
    merge(s, state<V>{zero_where(x == V(0), V(1)), V(1)});
  }
};

struct prod_fold {
  static constexpr const char* name = "prod";
  static constexpr c_fold c_code{name, "product = 1", "product *= x;", "product"};
  static constexpr bool compiled = true;
  static constexpr std::size_t planes = 3;  // the product, that of what is not zero, and the number of zeros
  template <numeric V>
  using state = std::array<V, planes>;

  template <numeric V>
  static state<V> start() {
    return {V(1), V(1), V(0)};
  }
  template <numeric V>
  static void add(state<V>& s, V x) {
    merge(s, state<V>{x, choose(x == V(0), V(1), x), keep_where(x == V(0), V(1))});
  }
  template <numeric V>
  static void merge(state<V>& s, const state<V>& t) {
    s = {s[0] * t[0], s[1] * t[1], s[2] + t[2]};
  }
  template <numeric V>
  static V finish(const state<V>& s, V) {
    return s[0];
  }
  template <numeric V>
  static V backward(V g, V y, V x, V, const state<V>& s) {
    const V others_of_zero = keep_where(s[2] == V(1), s[1]);
    return g * choose(x == V(0), others_of_zero, y / choose(x == V(0), V(1), x));
  }
  /// Right to any order where at most two values are zero, and to the second order anywhere.
  template <class T>
  static var<T> vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double n);
};

/// log Σ exp(x), shifted by the largest value, so that nothing overflows; -∞ of no values.
struct logsumexp_fold {
  static constexpr const char* name = "logsumexp";
  static constexpr c_fold c_code{name, "most = -INFINITY, others = 0",
                                 "if (x > most) { others = others * exp(most - x) + 1; most = x; } "
                                 "else others += x == most ? 1 : exp(x - most);",
                                 "most + log(others)"};
  static constexpr bool compiled = true;
  static constexpr std::size_t planes = 3;  // the largest value, Σ exp(x - largest), and how much too large that is
  template <numeric V>
  using state = std::array<V, planes>;

  template <numeric V>
  static state<V> start() {
    return {V(-std::numeric_limits<typename V::number_type>::infinity()), V(0), V(0)};
  }
  template <numeric V>
  static void add(state<V>& s, V x) {
    merge(s, state<V>{x, V(1), V(0)});
  }
  template <numeric V>
  static void merge(state<V>& s, const state<V>& t) {
    const auto grows = t[0] > s[0];
    const V high = choose(grows, t[0], s[0]), low = choose(grows, s[0], t[0]);
    const V shrink = exp(choose(low == high, V(0), low - high));  // (∞ - ∞ would be NaN)
    const V of_high = choose(grows, t[1], s[1]), of_low = choose(grows, s[1], t[1]) * shrink;
    const V error_of_high = choose(grows, t[2], s[2]), error_of_low = choose(grows, s[2], t[2]) * shrink;
    std::array<V, 2> sum{of_high, error_of_high};
    sum_fold::merge(sum, {of_low, error_of_low});
    s = {choose(t[0] != t[0], t[0], high), sum[0], sum[1]};
  }
  template <numeric V>
  static V finish(const state<V>& s, V) {
    return s[0] + log(choose(s[1] == V(0), V(1), s[1]));
  }
  template <numeric V>
  static V backward(V g, V y, V x, V, const state<V>&) {
    return g * exp(choose(x == y, V(0), x - y));
  }
  template <class T>
  static var<T> vjp(const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double n);
};

}  // namespace xg
