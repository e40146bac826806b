// The gradient descent of GradBench's nested problems, and gradients by either mode.
#pragma once

#include <cmath>
#include <utility>

#include "problem.hpp"

namespace gradbench {

enum class mode { forward, reverse };

/// "fr": the outer gradient forward, the inner one reverse.
inline std::pair<mode, mode> modes(const std::string& letters) {
  const auto of = [](char c) { return c == 'f' ? mode::forward : mode::reverse; };
  return {of(letters[0]), of(letters[1])};
}

/// dy/dx of a scalar y, as a variable: by one sweep, or by a tangent for each element of x.
inline variable derivative(const variable& y, const variable& x, mode how) {
  if (how == mode::reverse) return xg::gradient(y, x);
  if (x.dimension() == 0) return xg::jvp(y, x, 1.0);
  std::vector<variable> columns;
  for (std::size_t i = 0; i < x.size(); ++i) {
    numbers direction = xt::zeros<double>({x.size()});
    direction(i) = 1;
    columns.push_back(xg::jvp(y, x, direction));
  }
  return xg::stack(columns);
}

inline double length(const numbers& x) { return std::sqrt(xt::sum(x * x)()); }
inline double length(const variable& x) { return length(numbers(x.value())); }

/// A function's value at x, and its gradient there if it is asked for.
template <class X>
struct evaluated {
  double value;
  std::function<X()> gradient;
};

/// Where the descent from x ends; `f(x)` evaluates. X is numbers, or a variable, so that a descent can itself be
/// differentiated.
template <class X>
X descend(X x, const std::function<evaluated<X>(const X&)>& f) {
  double rate = 1e-5;
  int better = 0;
  evaluated<X> at = f(x);
  X g = at.gradient();
  for (;;) {
    if (length(g) <= 1e-5) return x;
    if (better == 10) {
      rate *= 2, better = 0;
      continue;
    }
    const X next = x - rate * g;
    if (length(X(x - next)) <= 1e-5) return x;
    evaluated<X> there = f(next);
    if (there.value < at.value) {
      x = next, at = std::move(there), g = at.gradient(), ++better;
    } else {
      rate /= 2, better = 0;
    }
  }
}

/// The descent of a function of variables from numbers, on a tape that begins anew for each point.
inline numbers descend(tape& t, const numbers& start, mode how, const std::function<variable(const variable&)>& f) {
  return descend<numbers>(start, [&](const numbers& x) {
    t.clear();
    const variable v = t.variable(x), y = f(v);
    return evaluated<numbers>{y.item(), [=] { return numbers(derivative(y, v, how).value()); }};
  });
}
/// The same as part of what is recorded on a tape.
inline variable descend(const variable& start, mode how, const std::function<variable(const variable&)>& f) {
  return descend<variable>(start, [&](const variable& x) {
    const variable y = f(x);
    return evaluated<variable>{y.item(), [=] { return derivative(y, x, how); }};
  });
}

}  // namespace gradbench
