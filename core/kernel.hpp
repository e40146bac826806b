// The fused loops of a statement: its whole program in one pass over the data, forward or backward, with every
// intermediate in registers.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/lanes_math.hpp>
#include <xgrad/core/program.hpp>

namespace xg {

/// The program of Root, run on lanes, or on single numbers with the same roundings. Arch is part of the type: see
/// simd_arch.
template <class Root, class Arch>
struct kernel {
  using T = typename Root::scalar_type;
  using program = program_of<Root, Arch>;
  using V = detail::lanes<T, Arch, false>;
  using single = detail::lanes<T, Arch, true>;
  static constexpr int inputs = program::inputs;
  static constexpr std::size_t width = V::size;
  using numbers_type = std::array<T, std::size_t(program::numbers)>;

  /// f of the numbers input(0), input(1), ...
  static T at(const numbers_type& numbers, const auto& input) { return run<single>(numbers, input).back().get(); }

  /// Calls add(k, d) with the gradient by each input k, in order, where the result's adjoint is g.
  static void gradient_at(const numbers_type& numbers, const auto& input, T g, const auto& add) {
    each_gradient<single>(run<single>(numbers, input), g, [&]<std::size_t K>(single d) { add(K, d.get()); });
  }

  /// One row of operands: where it starts, and whether an operand advances within the row. Uninitialised: see
  /// statement.
  struct row_type {
    std::size_t length;
    std::array<const T*, inputs> value;
    std::array<bool, inputs> fixed;
    T* out;
    bool out_fixed;
  };
  struct gradient_row : row_type {
    std::array<T*, inputs> adjoint;   // null: no gradient wanted
    std::array<bool, inputs> assign;  // the first contribution: assign instead of add
    const T* out_adjoint;
    T scale;
  };

  /// out = f(...), position by position.
  [[gnu::noinline, gnu::flatten]] static void map(const row_type& r, const numbers_type& numbers) {
    const loader load(r);
    std::size_t i = 0;
    for (; i + width <= r.length; i += width) load.at(numbers, i).store(r.out + i);
    if (const std::size_t rest = r.length - i) {
      alignas(64) T buffer[width];
      loader(r, i, rest).at(numbers, 0).store(buffer);
      std::copy_n(buffer, rest, r.out + i);
    }
  }

  /// out += f(...), position by position; of a fixed out the sum over the row is returned instead, in double.
  [[gnu::noinline, gnu::flatten]] static double reduce(const row_type& r, const numbers_type& numbers) {
    const loader load(r);
    std::size_t i = 0;
    double total = 0;
    if (r.out_fixed) {
      while (i + width <= r.length) {  // in blocks, so that rounding errors stay small in long sums
        const std::size_t end = std::min(r.length - width + 1, i + 128 * width);
        V block(0);
        for (; i < end; i += width) block += load.at(numbers, i);
        total += double(sum(block));
      }
    } else {
      for (; i + width <= r.length; i += width) (V::load(r.out + i) + load.at(numbers, i)).store(r.out + i);
    }
    if (const std::size_t rest = r.length - i) {
      alignas(64) T buffer[width];
      loader(r, i, rest).at(numbers, 0).store(buffer);
      for (std::size_t j = 0; j < rest; ++j) {
        if (r.out_fixed)
          total += double(buffer[j]);
        else
          r.out[i + j] += buffer[j];
      }
    }
    return total;
  }

  /// Adds to (or assigns) the operands' adjoints. A fixed out has one adjoint for the whole row.
  [[gnu::noinline, gnu::flatten]] static void backward(const gradient_row& r, const numbers_type& numbers) {
    const loader load(r);
    std::array<V, inputs> total;  // of the adjoints of fixed operands
    total.fill(V(0));
    const V fixed_adjoint = r.out_fixed ? V(*r.out_adjoint * r.scale) : V(0);
    std::size_t i = 0;
    for (; i + width <= r.length; i += width) {
      const V g = r.out_fixed ? fixed_adjoint : V::load(r.out_adjoint + i) * r.scale;
      each_gradient<V>(load.values(numbers, i), g, [&]<std::size_t K>(V d) {
        if (!r.adjoint[K]) return;
        T* a = r.adjoint[K] + i;
        if (r.fixed[K])
          total[K] += d;
        else if (r.assign[K])
          d.store(a);
        else
          (V::load(a) + d).store(a);
      });
    }
    if (const std::size_t rest = r.length - i) {
      alignas(64) T buffer[width] = {};  // lanes past the end get a zero adjoint and so contribute nothing
      for (std::size_t j = 0; j < rest; ++j) buffer[j] = r.out_adjoint[r.out_fixed ? 0 : i + j] * r.scale;
      const V g = V::load(buffer);
      each_gradient<V>(loader(r, i, rest).values(numbers, 0), g, [&]<std::size_t K>(V d) {
        if (!r.adjoint[K]) return;
        if (r.fixed[K]) {
          total[K] += d;
          return;
        }
        d.store(buffer);
        T* a = r.adjoint[K] + i;
        for (std::size_t j = 0; j < rest; ++j) a[j] = r.assign[K] ? buffer[j] : a[j] + buffer[j];
      });
    }
    for (std::size_t k = 0; k < std::size_t(inputs); ++k) {
      if (!r.adjoint[k] || !r.fixed[k]) continue;
      const T all = sum(total[k]);
      *r.adjoint[k] = r.assign[k] ? all : *r.adjoint[k] + all;
    }
  }

  /// Bit k: a gradient flows to input k.
  static constexpr std::uint64_t live_inputs() {
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < std::size_t(inputs); ++k) bits |= std::uint64_t(live_values()[k]) << k;
    return bits;
  }

 private:
  template <class N>
  using values_type = std::array<N, std::size_t(program::values)>;

  /// Reads operands as lanes. Fixed operands, and the end of a row that does not fill the lanes, are read from a copy,
  /// whose other lanes repeat the last number: they raise no floating-point exception that the row itself does not.
  class loader {
   public:
    explicit loader(const row_type& r) : from_(r.value) {
      for (std::size_t k = 0; k < std::size_t(inputs); ++k)
        if (r.fixed[k]) spread(k, *r.value[k]);
    }
    loader(const row_type& r, std::size_t begin, std::size_t count) : loader(r) {
      for (std::size_t k = 0; k < std::size_t(inputs); ++k) {
        if (r.fixed[k]) continue;
        std::fill_n(std::copy_n(r.value[k] + begin, count, copy_[k]), width - count, r.value[k][begin + count - 1]);
        from_[k] = copy_[k];
      }
    }
    values_type<V> values(const numbers_type& numbers, std::size_t i) const {
      return run<V>(numbers, [&](std::size_t k) { return V::load(from_[k] + (i & advance_[k])); });
    }
    V at(const numbers_type& numbers, std::size_t i) const { return values(numbers, i).back(); }

   private:
    void spread(std::size_t k, T value) {
      std::fill_n(copy_[k], width, value);
      from_[k] = copy_[k];
      advance_[k] = 0;
    }
    std::array<const T*, inputs> from_;
    std::array<std::size_t, inputs> advance_ = [] {
      std::array<std::size_t, inputs> all;
      all.fill(~std::size_t(0));
      return all;
    }();
    alignas(64) T copy_[inputs][width];
  };

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
