// One rule per elementwise function, and the two faces it gets: inlined into kernels, or as data (op_info) in programs.
//
//   template <> struct rule<my_fun> {
//     static constexpr const char* name = "my_fun";
//     static auto backward(auto g, auto y, auto x) { return std::tuple(g * ...); }  // dL/dx... from g = dL/dy
//   };
//
// `backward` is generic: x may be a number, SIMD lanes, or a variable (then the gradient is recorded and can be
// differentiated again). It returns one derivative per operand, each with the factor g, or `no_gradient`. Optional
// members:
//
//   forward(x...)      used instead of the functor (for functors that do not work on lanes)
//   selects = true     backward only hands g on, negates or masks it; no guard against 0 * infinity is needed
//   equal_shapes = true  operands must have equal shapes (losses); no broadcasting
//   c_code             the function in C99, for xg::export_c: an expression in the operands a, b and c, written for
//                      double ("a / (1 + fabs(a))"), or the text of one static function, which is then called
//   compiled = true    the library instantiates op_info for float and double (library_op), headers stay light
#pragma once

#include <array>
#include <cstddef>
#include <tuple>

#include <xgrad/core/expression/expression.hpp>

namespace xg {

/// What a rule returns for an operand through which no gradient flows (a condition, say).
struct no_gradient_t {};
inline constexpr no_gradient_t no_gradient;

/// The most operands an elementwise function can have.
inline constexpr int max_arity = 3;

/// An elementwise function as data: what a program's steps point to.
template <class T>
struct op_info {
  const char* name;
  int arity;
  bool equal_shapes;
  /// Records y = f(x...).
  var<T> (*apply)(const var<T>* x, const std::source_location& where);
  /// Records dL/dx for the operands that are wanted, from g = dL/dy, in y's shape; no gradient is an empty handle.
  void (*vjp)(var<T> g, var<T> y, const var<T>* x, const bool* wanted, var<T>* dx, const std::source_location& where);
  /// The rule's `c_code`; null where it says nothing.
  const char* c_code;
};

template <class F>
concept demands_equal_shapes = requires {
  requires rule<F>::equal_shapes;
};
template <class F>
concept only_selects = requires {
  requires rule<F>::selects;
};
template <class F>
concept compiled_in_library = requires {
  requires rule<F>::compiled;
};

/// op_info of any function.
template <class F, class T, std::size_t N, class Arch>
const op_info<T>& op();

/// op_info of a library function: defined and instantiated in libxgrad (see compiled_ops.hpp).
template <class F, class T, std::size_t N>
const op_info<T>& library_op();

/// The functor of `guarded(g, d)`, where d is g times a derivative: a zero adjoint contributes zero even where the
/// derivative is infinite. (For a finite one this changes nothing but the sign of the zero; so says its rule.)
struct guard_fun {
  template <numeric V>
  static V apply(V g, V d) {
    return zero_where(g == V(0), d);
  }
  template <class V>
  V operator()(V g, V d) const {
    return apply(g, d);
  }
  template <class V>
  V simd_apply(V g, V d) const {
    return apply(g, d);
  }
};

/// The contribution of a rule to an operand's adjoint, guarded unless the rule only selects.
template <class F, class G, class D>
auto guarded(const G& g, const D& d) {
  if constexpr (only_selects<F> || std::same_as<D, no_gradient_t>)
    return d;
  else if constexpr (differentiable<G>)
    return xt::detail::make_xfunction<guard_fun>(g, d);
  else
    return guard_fun::apply(g, G(d));
}

namespace detail {

// Records an expression step by step, each through its op_info: for code that need not be fast, as no kernel of its own
// is compiled.
template <class Arch, class T, class E>
var<T> record_steps(ledger<T>& l, const E& e, const std::source_location& where) {
  if constexpr (is_var<E>) {
    return e;
  } else if constexpr (requires { e.value; }) {
    return l.number(static_cast<T>(e.value), where);
  } else {
    return std::apply(
        [&](const auto&... operands) {
          const std::array<var<T>, sizeof...(operands)> x{record_steps<Arch>(l, operands, where)...};
          return op<typename E::functor, T, sizeof...(operands), Arch>().apply(x.data(), where);
        },
        e.operands);
  }
}

template <class F>
constexpr const char* c_code_of() {
  if constexpr (requires { rule<F>::c_code; })
    return rule<F>::c_code;
  else
    return nullptr;
}

template <class F, class T, std::size_t N, class Arch>
constexpr op_info<T> make_op_info() {
  return {rule<F>::name,
          int(N),
          demands_equal_shapes<F>,
          [](const var<T>* x, const std::source_location& where) {
            return [&]<std::size_t... I>(std::index_sequence<I...>) {
              using E = expr<F, std::conditional_t<true, var<T>, decltype(I)>...>;
              return E::template record<Arch>(E(F{}, x[I]...), where);
            }
            (std::make_index_sequence<N>{});
          },
          [](var<T> g, var<T> y, const var<T>* x, const bool* wanted, var<T>* dx, const std::source_location& where) {
            [&]<std::size_t... I>(std::index_sequence<I...>) {
              const auto d = rule<F>::backward(g, y, x[I]...);
              const auto keep = [&](std::size_t i, const auto& e) {
                if constexpr (differentiable<decltype(e)>)
                  if (wanted[i]) dx[i] = record_steps<Arch>(y.ledger(), e, where);
              };
              (keep(I, guarded<F>(g, std::get<I>(d))), ...);
            }
            (std::make_index_sequence<N>{});
          },
          c_code_of<F>()};
}

template <class F, class T, std::size_t N, class Arch>
inline constexpr op_info<T> own_op = make_op_info<F, T, N, Arch>();

}  // namespace detail

// The library's, or instantiated here for the user's own.
template <class F, class T, std::size_t N, class Arch>
const op_info<T>& op() {
  if constexpr (compiled_in_library<F>)
    return library_op<F, T, N>();
  else
    return detail::own_op<F, T, N, Arch>;
}

}  // namespace xg
