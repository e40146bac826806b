// The program of a statement: the same computation as data, a list of steps. Kernels run it with everything inlined;
// whatever need not be fast (gradients of gradients, error texts, pictures) reads it.
//
// Values are numbered: first the inputs (variables and arrays), then the numbers written in the expression, then one
// per step; the last step is the result.
#pragma once

#include <array>
#include <span>
#include <string>
#include <tuple>

#include <xgrad/core/expression/rule.hpp>

namespace xg {

/// One step: a function applied to earlier values. Each value is used by exactly one step, as in the expression.
template <class T>
struct step {
  const op_info<T>& (*op)();
  std::array<int, max_arity> in;
  int arity;
};

/// A program without its type.
template <class T>
struct program_view {
  int inputs = 0;
  std::span<const T> numbers;
  std::span<const step<T>> steps;
  bool equal_shapes = false;  // some step demands operands of equal shapes

  int values() const { return inputs + int(numbers.size() + steps.size()); }
  int first_step() const { return inputs + int(numbers.size()); }
};

/// The statement as the user wrote it, for messages: `tanh(W * x + 0.5)`, the inputs being called W and x.
template <class T>
std::string to_string(const program_view<T>& program, std::span<const std::string> inputs);

namespace detail {

struct tally {
  int inputs = 0, numbers = 0, steps = 0;
};
template <class E>
inline constexpr tally tally_of{1, 0, 0};
template <class U>
inline constexpr tally tally_of<number_operand<U>>{0, 1, 0};
template <class F, class... E>
inline constexpr tally tally_of<expr<F, E...>>{(tally_of<E>.inputs + ...), (tally_of<E>.numbers + ...),
                                               (tally_of<E>.steps + ... + 1)};

template <class E>
struct functors_of {
  using type = std::tuple<>;
};
template <class F, class... E>
struct functors_of<expr<F, E...>> {
  using type = decltype(std::tuple_cat(typename functors_of<E>::type{}..., std::tuple<F>{}));
};

template <class... F>
constexpr bool any_equal_shapes(std::tuple<F...>*) {
  return (demands_equal_shapes<F> || ...);
}

template <class D, std::size_t N>
inline constexpr bool is_tuple_of = false;
template <class... D, std::size_t N>
inline constexpr bool is_tuple_of<std::tuple<D...>, N> = sizeof...(D) == N;

// Does the rule of F return one derivative for each operand? V: what the kernel computes with.
template <class F, class V, std::size_t... K>
constexpr bool has_derivatives(std::index_sequence<K...>) {
  if constexpr (requires { rule<F>::backward(V{}, V{}, V(K)...); })
    return is_tuple_of<decltype(rule<F>::backward(V{}, V{}, V(K)...)), sizeof...(K)>;
  else
    return false;
}

// Lists the steps of an expression in the order of evaluation; each call returns the number of the value it stands for.
template <class Root, class Arch>
struct program_builder {
  using T = typename Root::scalar_type;
  std::array<step<T>, std::size_t(tally_of<Root>.steps)> steps{};
  tally at{};

  template <class Input>
  constexpr int add(std::type_identity<Input>) {
    return at.inputs++;
  }
  template <class U>
  constexpr int add(std::type_identity<number_operand<U>>) {
    return tally_of<Root>.inputs + at.numbers++;
  }
  template <class F, class... E>
  constexpr int add(std::type_identity<expr<F, E...>>) {
    static_assert(sizeof...(E) <= max_arity, "xgrad: an elementwise function has at most three operands");
    static_assert(has_derivatives<F, lanes<T, Arch, true>>(std::make_index_sequence<sizeof...(E)>{}),
                  "xgrad: rule<F>::backward(g, y, x...) must take every operand and return a std::tuple with one "
                  "derivative, or no_gradient, for each");
    std::array<int, max_arity> in{};
    std::size_t k = 0;
    ((in[k++] = add(std::type_identity<E>{})), ...);
    constexpr std::size_t arity = sizeof...(E);
    steps[std::size_t(at.steps)] = {&op<F, T, arity, Arch>, in, int(arity)};
    return tally_of<Root>.inputs + tally_of<Root>.numbers + at.steps++;
  }
};

template <class Root, class Arch>
constexpr auto steps_of() {
  program_builder<Root, Arch> builder;
  builder.add(std::type_identity<Root>{});
  return builder.steps;
}

}  // namespace detail

/// The program of an expression type, known at compile time.
template <class Root, class Arch>
struct program_of {
  using scalar_type = typename Root::scalar_type;
  static constexpr int inputs = detail::tally_of<Root>.inputs;
  static constexpr int numbers = detail::tally_of<Root>.numbers;
  static constexpr int count = detail::tally_of<Root>.steps;
  static constexpr int first_step = inputs + numbers;
  static constexpr int values = first_step + count;
  static constexpr bool equal_shapes =
      detail::any_equal_shapes(static_cast<typename detail::functors_of<Root>::type*>(nullptr));
  static_assert(inputs < 63, "xgrad: a statement has at most 62 operands; split it by naming a part with xg::var");

  /// The functor of each step.
  using functors = typename detail::functors_of<Root>::type;
  template <std::size_t S>
  using functor = std::tuple_element_t<S, functors>;

  static constexpr auto steps = detail::steps_of<Root, Arch>();
};

}  // namespace xg
