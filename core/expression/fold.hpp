// What a reduction does with the values of a statement, beside the map itself:
//
//   struct my_fold {
//     static constexpr const char* name = "my_fold";
//     static constexpr std::size_t planes = 2;  // numbers kept for each result
//     template <numeric V> std::array<V, 2> start() const;
//     template <numeric V> void add(std::array<V, 2>& s, V x) const;                           // takes one value in
//     template <numeric V> void merge(std::array<V, 2>& s, const std::array<V, 2>& t) const;   // takes t's values in
//     template <numeric V> V finish(const std::array<V, 2>& s, V n) const;                     // the result of n
//     values
//     // Optional: `empty = false` where no values have no result; `constant = true` where no gradient flows;
//     // `keeps_one = true` where the result of one value is that value, and its derivative 1;
//     // `compiled = true`: see library_fold.
//     // prepare(g, n), what `backward` gets for g, where part of it is the same for all values of a result.
//     // `c_code`, the fold in C99, for xg::export_c (c_fold).
//     // dL/dx from g = dL/dy, the result y, one value x, their number n, and the planes s:
//     template <numeric V> V backward(V g, V y, V x, V n, const std::array<V, 2>& s) const;
//     // The same in variables; `kept` is the shape of y with the reduced axes left in, as 1. g and y have it too.
//     template <class T> var<T> vjp(var<T> g, var<T> y, var<T> x, shape_view kept, double n) const;
//   };
//
// Kernels keep planes as lanes, a result to a lane or the parts of one result over the lanes, and in memory.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <xgrad/core/expression/lanes.hpp>
#include <xgrad/core/expression/variable.hpp>

namespace xg {

/// Of a statement that keeps every value.
struct no_fold {
  static constexpr std::size_t planes = 0;
};

template <class Fold>
inline constexpr bool folds = !std::same_as<Fold, no_fold>;

/// A fold in C, written for double: what is kept for a result and how it starts, what becomes of it when the value x is
/// taken in, and the result of n values.
struct c_fold {
  const char* name;    // the fold's own: one that is derived from it and called something else has no C
  const char* start;   // declarators: "count = 0, mean = 0"
  const char* add;     // statements: "count += 1; mean += (x - mean) / count;"
  const char* finish;  // an expression: "sum / n"
  /// In the place of `add` and of `start`, for a fold that is a sum: its terms, added up with care as `sum`.
  const char* term = nullptr;
};

/// A fold as data: what the parts of a statement read that know neither its types nor its kernels.
template <class T>
struct fold_info {
  const char* name;
  bool empty;  // has a result for no values
  /// Records dL/dx, where x has one value per position and g, y have the shape `kept`, which broadcasts to x's.
  var<T> (*vjp)(const void* fold, const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double n);
  const c_fold* c_code;  // null where the fold says nothing
};

template <class Fold>
concept folds_no_values = !requires {
  requires !Fold::empty;
};
template <class Fold>
concept constant_fold = requires {
  requires Fold::constant;
};
template <class Fold>
concept keeps_one_value = !folds<Fold> || requires {
  requires Fold::keeps_one;
};
template <class Fold>
concept fold_in_library = requires {
  requires Fold::compiled;
};

namespace detail {

template <class Fold>
constexpr const c_fold* c_code_of_fold() {
  if constexpr (requires { Fold::c_code; })
    return std::string_view(Fold::c_code.name) == Fold::name ? &Fold::c_code : nullptr;
  else
    return nullptr;
}

template <class Fold, class T>
constexpr fold_info<T> make_fold_info() {
  return {Fold::name, folds_no_values<Fold>,
          [](const void* fold, const var<T>& g, const var<T>& y, const var<T>& x, shape_view kept, double n) -> var<T> {
            return static_cast<const Fold*>(fold)->vjp(g, y, x, kept, n);
          },
          c_code_of_fold<Fold>()};
}
template <class Fold, class T, class Arch>
inline constexpr fold_info<T> own_fold = make_fold_info<Fold, T>();

}  // namespace detail

/// fold_info of a fold of the library: defined and instantiated in libxgrad.
template <class Fold, class T>
const fold_info<T>& library_fold();

/// fold_info of any fold.
template <class Fold, class T, class Arch>
const fold_info<T>& info_of() {
  if constexpr (fold_in_library<Fold>)
    return library_fold<Fold, T>();
  else
    return detail::own_fold<Fold, T, Arch>;
}

/// The sum, each rounding error kept beside it and taken off the next value (Kahan 1965): good to the last bits of T
/// for any number of values.
struct sum_fold {
  static constexpr const char* name = "sum";
  static constexpr bool compiled = true, keeps_one = true;
  static constexpr c_fold c_code{name, nullptr, nullptr, "sum", "x"};
  static constexpr std::size_t planes = 2;  // the total, and how much too large it is
  template <numeric V>
  using state = std::array<V, planes>;

  template <numeric V>
  static state<V> start() {
    return {V(0), V(0)};
  }
  template <numeric V>
  static void add(state<V>& s, V x) {
    const V y = x - s[1], total = s[0] + y, error = (total - s[0]) - y;
    s = {total, zero_where(error != error, error)};  // an infinite total has no error
  }
  /// What is added up for a value: folds with a `term` are sums, of which kernels add a few plainly, their sum with
  /// care.
  template <numeric V>
  static V term(V x) {
    return x;
  }
  template <numeric V>
  static void merge(state<V>& s, const state<V>& t) {
    add(s, t[0] - t[1]);
  }
  template <numeric V>
  static V finish(const state<V>& s, V) {
    return s[0];
  }
  template <numeric V>
  static V backward(V g, V, V, V, const state<V>&) {
    return g;
  }
  template <class T>
  static var<T> vjp(const var<T>& g, const var<T>&, const var<T>&, shape_view, double) {
    return g;
  }
};

}  // namespace xg
