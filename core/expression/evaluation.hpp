// The program of a statement on lanes, everything inlined: its values, and the gradients by its inputs.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/expression/lanes_math.hpp>
#include <xgrad/core/expression/program.hpp>

namespace xg {

/// The program of Root, run on lanes, or on single numbers with the same roundings. Arch is part of the type: see
/// simd_arch.
template <class Root, class Arch>
struct evaluation {
  using T = typename Root::scalar_type;
  using program = program_of<Root, Arch>;
  using single = detail::lanes<T, Arch, true>;
  static constexpr int inputs = program::inputs;
  using numbers_type = std::array<T, std::size_t(program::numbers)>;
  template <class N>
  using values_type = std::array<N, std::size_t(program::values)>;

  /// f of the numbers input(0), input(1), ...
  static T at(const numbers_type& numbers, const auto& input) { return run<single>(numbers, input).back().get(); }

  /// Calls add(k, d) with the gradient by each input k, in order.
  /// `adjoint_of(x)` is the adjoint of the value x.
  static void gradient_at(const numbers_type& numbers, const auto& input, const auto& adjoint_of, const auto& add) {
    const auto values = run<single>(numbers, input);
    each_gradient<single>(values, adjoint_of(values.back()), [&]<std::size_t K>(single d) { add(K, d.get()); });
  }

  /// Every value of the program, given the inputs.
  template <class N>
  static values_type<N> run(const numbers_type& numbers, const auto& input) {
    values_type<N> y;
    [&]<std::size_t... I>(std::index_sequence<I...>) { ((y[I] = N(input(I))), ...); }
    (std::make_index_sequence<inputs>{});
    for (std::size_t k = 0; k < numbers.size(); ++k) y[std::size_t(inputs) + k] = N(numbers[k]);
    [&]<std::size_t... S>(std::index_sequence<S...>) { ((y[std::size_t(program::first_step) + S] = apply<S>(y)), ...); }
    (std::make_index_sequence<program::count>{});
    return y;
  }

  /// Calls add<K>(d) with the gradient by each input K, in order, given all values and the adjoint of the result.
  template <class N>
  static void each_gradient(const values_type<N>& y, N g_result, const auto& add) {
    values_type<N> g;
    g.back() = g_result;
    constexpr std::size_t last = std::size_t(program::count) - 1;
    [&]<std::size_t... S>(std::index_sequence<S...>) { (step_back<last - S>(y, g), ...); }
    (std::make_index_sequence<program::count>{});
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      const auto one = [&]<std::size_t I>() {
        if constexpr (live<I>) add.template operator()<I>(g[I]);
      };
      (one.template operator()<K>(), ...);
    }
    (std::make_index_sequence<inputs>{});
  }

  /// Bit k: a gradient flows to input k.
  static constexpr std::uint64_t live_inputs() {
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < std::size_t(inputs); ++k) bits |= std::uint64_t(live_values()[k]) << k;
    return bits;
  }

 private:
  template <std::size_t S>
  static constexpr auto operands = std::make_index_sequence<std::size_t(program::steps[S].arity)>{};
  template <std::size_t S, std::size_t K>
  static constexpr std::size_t in = std::size_t(program::steps[S].in[K]);

  template <std::size_t S, class N>
  static N apply(const values_type<N>& y) {
    using F = typename program::template functor<S>;
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      if constexpr (requires { rule<F>::forward(y[in<S, K>]...); })
        return detail::as_number<N>(rule<F>::forward(y[in<S, K>]...));
      else
        return detail::as_number<N>(F{}(y[in<S, K>]...));
    }
    (operands<S>);
  }

  template <std::size_t S, class N>
  static void step_back(const values_type<N>& y, values_type<N>& g) {
    if constexpr (live<std::size_t(program::first_step) + S>) {
      using F = typename program::template functor<S>;
      [&]<std::size_t... K>(std::index_sequence<K...>) {
        const N g_y = g[std::size_t(program::first_step) + S];
        const auto d = rule<F>::backward(g_y, y[std::size_t(program::first_step) + S], y[in<S, K>]...);
        const auto keep = [&]<std::size_t I>() {
          if constexpr (live<in<S, I>>) g[in<S, I>] = guarded<F>(g_y, std::get<I>(d));
        };
        (keep.template operator()<K>(), ...);
      }
      (operands<S>);
    }
  }

  /// Which values a gradient flows to: all that reach the result through operands with a derivative; numbers excepted.
  static constexpr std::array<bool, std::size_t(program::values)> live_values() {
    std::array<bool, std::size_t(program::values)> flows{};
    flows.back() = true;
    constexpr std::size_t last = std::size_t(program::count) - 1;
    [&]<std::size_t... S>(std::index_sequence<S...>) { (mark_live<last - S>(flows), ...); }
    (std::make_index_sequence<program::count>{});
    return flows;
  }
  template <std::size_t I>
  static constexpr bool live = live_values()[I];
  template <std::size_t S>
  static constexpr void mark_live(auto& flows) {
    if (!flows[std::size_t(program::first_step) + S]) return;
    using F = typename program::template functor<S>;
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      using D = decltype(rule<F>::backward(single{}, single{}, (void(K), single{})...));
      ((flows[in<S, K>] = !std::same_as<std::tuple_element_t<K, D>, no_gradient_t> && !is_number(in<S, K>)), ...);
    }
    (operands<S>);
  }
  static constexpr bool is_number(std::size_t value) {
    return value >= std::size_t(inputs) && value < std::size_t(program::first_step);
  }
};

}  // namespace xg
