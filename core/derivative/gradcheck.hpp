// Are the derivatives of a function right? Held against finite differences, against each other, and against a replay.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <source_location>
#include <string>
#include <tuple>
#include <vector>

#include <xgrad/core/derivative/gradient.hpp>

namespace xg {

struct gradcheck_options {
  int order = 2;         ///< 1: gradients; 2: the gradients of gradients too
  double tolerance = 0;  ///< relative; 0: 1e-6 for double, 1e-2 for float
  double step = 0;  ///< the largest step, relative to an input's largest number; 0: 2⁻⁸ for double, 2⁻⁴ for float
  int steps = 4;    ///< step sizes to begin with, each half of the one before; more where they do not settle
  std::uint64_t seed = 1;  ///< of the random directions
  bool replay = true;      ///< set the inputs to other values, replay, and compare with recording anew
};

/// What a check found; prints as a text that names it.
class gradcheck_result {
 public:
  enum class kind {
    error,    // a derivative is wrong
    kink,     // the function has no derivative here: it bends, jumps or ends; nothing was compared
    unclear,  // the differences do not settle, so that nothing can be said
    other     // not a derivative: a value that is not finite, a replay that differs
  };
  struct finding {
    kind what = kind::other;
    std::string text;
    std::size_t input = 0, element = 0;  // flat index; a derivative only
    double got = 0, expected = 0;        // by the library, by differences
    std::source_location where{};        // of the statement that is wrong, where it could be found
  };

  /// No error, nothing unclear, and not only kinks.
  bool ok() const;
  explicit operator bool() const { return ok(); }
  /// The largest relative difference of what was compared.
  double max_error() const { return max_error_; }
  /// Directional derivatives that were compared.
  std::size_t compared() const { return compared_; }
  const std::vector<finding>& findings() const { return findings_; }
  std::size_t count(kind k) const;
  std::string text() const;

 private:
  template <class T>
  friend class gradchecker;
  double max_error_ = 0;
  std::size_t compared_ = 0;
  std::vector<finding> findings_;
};
std::ostream& operator<<(std::ostream& out, const gradcheck_result& r);

/// Thrown by require_gradients.
class gradient_error : public error {
 public:
  using error::error;
};

namespace detail {

template <class T>
using checked_function = std::function<std::vector<var<T>>(const std::vector<var<T>>&)>;
template <class T>
gradcheck_result gradcheck(const gradcheck_options& options, const checked_function<T>& f,
                           const std::vector<xt::xarray<T>>& x);
extern template gradcheck_result gradcheck(const gradcheck_options&, const checked_function<float>&,
                                           const std::vector<xt::xarray<float>>&);
extern template gradcheck_result gradcheck(const gradcheck_options&, const checked_function<double>&,
                                           const std::vector<xt::xarray<double>>&);

template <class X>
struct number_of {
  using type = typename X::value_type;
};
template <class X>
requires std::is_arithmetic_v<X>
struct number_of<X> {
  using type = X;
};
template <class... X>
using checked_scalar = std::conditional_t<(std::same_as<typename number_of<X>::type, float> || ...) &&
                                              !(std::same_as<typename number_of<X>::type, double> || ...),
                                          float, double>;

/// What a function returned, as a list of variables.
template <class T, class Arch, class Y>
void append_results(std::vector<var<T>>& list, const Y& y) {
  if constexpr (differentiable<Y>)
    list.push_back(recorded<Arch>(y, std::source_location()));
  else if constexpr (std::ranges::range<Y>)
    for (const auto& each : y) append_results<T, Arch>(list, each);
  else if constexpr (requires { std::tuple_size<Y>::value; })
    std::apply([&](const auto&... each) { (append_results<T, Arch>(list, each), ...); }, y);
  else
    static_assert(never<Y>,
                  "xgrad: gradcheck checks a function that returns a variable, an expression, or several of them (a "
                  "std::vector, a std::tuple)");
}

}  // namespace detail

/// gradcheck(f, x...): holds the derivatives of f at x against differences. f takes one variable for each x and returns
/// a variable or an expression of any shape, or several; x are plain numbers and arrays (whole numbers become floating
/// point numbers; if all others are float, f gets var<float>). f is recorded anew for each difference, and must give
/// the same for the same x. Few evaluations: each input is moved along a random direction, results are weighed at
/// random; only where that is wrong, its elements are tried. Compares `backward`, `gradient` and a replay, by default
/// to second order.
///
///   CHECK(xg::gradcheck([](auto a, auto b) { return xg::sum(xt::tanh(a * b)); }, a, b));
///   std::cout << xg::gradcheck({.order = 1, .seed = 7}, f, a, b);
template <class F, class... X, class Arch = detail::simd_arch>
gradcheck_result gradcheck(const gradcheck_options& options, const F& f, const X&... x) {
  static_assert(sizeof...(X) > 0, "xgrad: gradcheck(f, x...) needs the numbers at which to check f");
  static_assert((!differentiable<X> && ...), "xgrad: gradcheck takes plain numbers, not variables; write v.value()");
  if constexpr (sizeof...(X) > 0 && (!differentiable<X> && ...)) {
    using T = detail::checked_scalar<X...>;
    const auto call = [&f]<std::size_t... K>(const std::vector<var<T>>& v, std::index_sequence<K...>) {
      std::vector<var<T>> list;
      detail::append_results<T, Arch>(list, f(v[K]...));
      return list;
    };
    const auto array_of = [](const auto& a) {
      if constexpr (std::is_arithmetic_v<std::decay_t<decltype(a)>>)
        return xt::xarray<T>(T(a));
      else
        return xt::xarray<T>(xt::cast<T>(a));
    };
    return detail::gradcheck<T>(
        options, [&](const std::vector<var<T>>& v) { return call(v, std::index_sequence_for<X...>{}); },
        std::vector<xt::xarray<T>>{array_of(x)...});
  } else {
    return {};
  }
}
template <class F, class... X, class Arch = detail::simd_arch>
requires(!std::same_as<F, gradcheck_options>) gradcheck_result gradcheck(const F& f, const X&... x) {
  return gradcheck(gradcheck_options(), f, x...);
}

/// The same, throwing gradient_error with the text of the result where it is not ok.
template <class F, class... X>
void require_gradients(const gradcheck_options& options, const F& f, const X&... x) {
  if (const gradcheck_result r = gradcheck(options, f, x...); !r) throw gradient_error(r.text());
}
template <class F, class... X>
requires(!std::same_as<F, gradcheck_options>) void require_gradients(const F& f, const X&... x) {
  require_gradients(gradcheck_options(), f, x...);
}

}  // namespace xg
