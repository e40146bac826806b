// The fused loops of a statement: its whole program in one pass over the data, forward or backward, with every
// intermediate in registers.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/evaluation.hpp>
#include <xgrad/core/fold.hpp>

namespace xg {

/// The rows of a statement. Arch is part of the type: see simd_arch.
template <class Root, class Arch>
struct kernel : evaluation<Root, Arch> {
  using base = evaluation<Root, Arch>;
  using base::inputs;
  using typename base::T, typename base::single, typename base::numbers_type;
  using V = detail::lanes<T, Arch, false>;
  static constexpr std::size_t width = V::size;

  /// One row of operands: where it starts, and whether an operand advances within the row. Uninitialised: see
  /// statement.
  struct row_type {
    std::size_t length;
    std::array<const T*, inputs> value;
    std::array<bool, inputs> fixed;
    T* out;
    bool out_fixed;
  };
  template <class Fold>
  struct gradient_row : row_type {
    std::array<T*, inputs> adjoint;   // null: no gradient wanted
    std::array<T*, inputs> error;     // of an adjoint that several rows add to (see sum_fold); null for the others
    std::array<bool, inputs> assign;  // the first contribution: assign instead of add
    const T* out_adjoint;
    std::array<const T*, Fold::planes> saved;  // beside out
    T terms;                                   // values folded to each result
  };

  /// out = f(...), position by position.
  [[gnu::noinline]] static void map(const row_type& r, const numbers_type& numbers) {
    const loader load(r);
    std::size_t i = 0;
    for (; i + width <= r.length; i += width) load.at(numbers, i).store(r.out + i);
    if (const std::size_t rest = r.length - i) {
      alignas(64) T buffer[width];
      loader(r, i, rest).at(numbers, 0).store(buffer);
      std::copy_n(buffer, rest, r.out + i);
    }
  }

  template <class N, class Fold>
  using state = std::array<N, Fold::planes>;

  /// Takes the values of a row into one state.
  template <class Fold>
  [[gnu::noinline]] static void fold_row(const row_type& r, const numbers_type& numbers, const Fold& fold,
                                         state<single, Fold>& s) {
    const loader load(r);
    std::size_t i = 0;
    if (r.length >= width) {
      auto parts = fold.template start<V>();
      if constexpr (requires(std::array<V, tile> x) { fold.add_all(parts, x); }) {
        for (; i + tile * width <= r.length; i += tile * width) {
          std::array<V, tile> x;
          for (std::size_t j = 0; j < tile; ++j) x[j] = load.at(numbers, i + j * width);
          fold.add_all(parts, x);
        }
      }
      for (; i + width <= r.length; i += width) fold.add(parts, load.at(numbers, i));
      alignas(64) T part[Fold::planes][width];
      for (std::size_t p = 0; p < Fold::planes; ++p) parts[p].store(part[p]);
      for (std::size_t j = 0; j < width; ++j) {
        state<single, Fold> t;
        for (std::size_t p = 0; p < Fold::planes; ++p) t[p] = part[p][j];
        fold.merge(s, t);
      }
    }
    if (const std::size_t rest = r.length - i) {
      alignas(64) T buffer[width];
      loader(r, i, rest).at(numbers, 0).store(buffer);
      for (std::size_t j = 0; j < rest; ++j) fold.add(s, single(buffer[j]));
    }
  }

  /// Takes the values of a row into as many states, which lie in planes of memory.
  template <class Fold>
  [[gnu::noinline]] static void fold_each(const row_type& r, const numbers_type& numbers, const Fold& fold,
                                          std::array<T*, Fold::planes> plane) {
    const loader load(r);
    std::size_t i = 0;
    for (; i + width <= r.length; i += width) {
      auto s = load_state<V, Fold>(plane, i);
      fold.add(s, load.at(numbers, i));
      store_state<V, Fold>(s, plane, i);
    }
    if (const std::size_t rest = r.length - i) {
      alignas(64) T buffer[width];
      loader(r, i, rest).at(numbers, 0).store(buffer);
      for (std::size_t j = 0; j < rest; ++j) {
        auto s = load_state<single, Fold>(plane, i + j);
        fold.add(s, single(buffer[j]));
        store_state<single, Fold>(s, plane, i + j);
      }
    }
  }

  template <class N, class Fold>
  static state<N, Fold> load_state(const auto& plane, std::size_t i) {
    state<N, Fold> s;
    for (std::size_t p = 0; p < Fold::planes; ++p) s[p] = N::load(plane[p] + i);
    return s;
  }
  template <class N, class Fold>
  static void store_state(const state<N, Fold>& s, const auto& plane, std::size_t i) {
    for (std::size_t p = 0; p < Fold::planes; ++p) s[p].store(plane[p] + i);
  }

  /// The adjoint of one value of the map, from that of the result it was folded to (or, not folded, its own).
  template <class N, class Fold>
  static N adjoint_of_value(const Fold& fold, N g, N y, N x, N terms, const state<N, Fold>& s) {
    if constexpr (folds<Fold>)
      return fold.backward(g, y, x, terms, s);
    else
      return g;
  }

  /// Adds to (or assigns) the operands' adjoints. A fixed out has one adjoint for the whole row.
  template <class Fold>
  [[gnu::noinline]] static void backward(const gradient_row<Fold>& r, const numbers_type& numbers, const Fold& fold) {
    const loader load(r);
    std::array<V, inputs> block;  // of the adjoints of fixed operands: a few are added plainly, their sum with care
    std::array<sum_fold::state<V>, inputs> total;
    block.fill(V(0));
    total.fill(sum_fold::start<V>());
    const auto take_blocks = [&] {
      for (std::size_t k = 0; k < std::size_t(inputs); ++k) {
        if (!r.adjoint[k] || !r.fixed[k]) continue;
        sum_fold::add(total[k], std::exchange(block[k], V(0)));
      }
    };
    // What the result has at positions from i on, read by `from` or the same for the whole row.
    const auto result = [&](std::size_t i, auto from) {
      result_type<Fold> y;
      y.g = from(r.out_adjoint, i);
      if constexpr (folds<Fold>) {
        y.y = from(static_cast<const T*>(r.out), i);
        for (std::size_t p = 0; p < Fold::planes; ++p) y.s[p] = from(r.saved[p], i);
      }
      return y;
    };
    const auto one = [](const T* p, std::size_t) { return V(*p); };
    const auto each = [](const T* p, std::size_t i) { return V::load(p + i); };
    const result_type<Fold> fixed = r.out_fixed ? result(0, one) : result_type<Fold>();
    const V terms(r.terms);
    const auto adjoint_at = [&](const auto& values, const result_type<Fold>& y) {
      return adjoint_of_value<V, Fold>(fold, y.g, y.y, values.back(), terms, y.s);
    };

    std::size_t i = 0;
    while (i + width <= r.length) {
      const std::size_t end = std::min(r.length - width + 1, i + tile * width);
      for (; i < end; i += width) {
        const auto values = load.values(numbers, i);
        const V g = adjoint_at(values, r.out_fixed ? fixed : result(i, each));
        base::template each_gradient<V>(values, g, [&]<std::size_t K>(V d) {
          if (!r.adjoint[K]) return;
          T* a = r.adjoint[K] + i;
          if (r.fixed[K])
            block[K] += d;
          else if (r.assign[K])
            d.store(a);
          else if (!r.error[K])
            (V::load(a) + d).store(a);
          else
            add_with_error(a, r.error[K] + i, d);
        });
      }
      take_blocks();
    }
    if (const std::size_t rest = r.length - i) {
      alignas(64) T buffer[width];
      const auto some = [&](const T* p, std::size_t at) {
        std::fill_n(std::copy_n(p + at, rest, buffer), width - rest, p[at + rest - 1]);
        return V::load(buffer);
      };
      const result_type<Fold> y = r.out_fixed ? fixed : result(i, some);
      const auto values = loader(r, i, rest).values(numbers, 0);
      V g = adjoint_at(values, y);
      g.store(buffer);  // lanes past the end get a zero adjoint and so contribute nothing
      std::fill_n(buffer + rest, width - rest, T(0));
      g = V::load(buffer);
      base::template each_gradient<V>(values, g, [&]<std::size_t K>(V d) {
        if (!r.adjoint[K]) return;
        d.store(buffer);
        if (r.fixed[K]) {
          std::fill_n(buffer + rest, width - rest, T(0));
          block[K] += V::load(buffer);
          return;
        }
        for (std::size_t j = 0; j < rest; ++j) {
          T* a = r.adjoint[K] + i + j;
          if (r.assign[K])
            *a = buffer[j];
          else
            add_with_error(a, r.error[K] ? r.error[K] + i + j : nullptr, single(buffer[j]));
        }
      });
      take_blocks();
    }
    for (std::size_t k = 0; k < std::size_t(inputs); ++k) {
      if (!r.adjoint[k] || !r.fixed[k]) continue;
      const T all = sum_of(total[k]);
      if (r.assign[k])
        *r.adjoint[k] = all;
      else
        add_with_error(r.adjoint[k], r.error[k], single(all));
    }
  }

  /// *a += d; where an error is kept, with what earlier additions lost.
  template <class N>
  static void add_with_error(T* a, T* error, N d) {
    if (!error) return (N::load(a) + d).store(a);
    sum_fold::state<N> s{N::load(a), N::load(error)};
    sum_fold::add(s, d);
    s[0].store(a);
    s[1].store(error);
  }

 private:
  /// Lanes taken in at a time where that keeps digits or hides latency.
  static constexpr std::size_t tile = 8;

  /// A result's adjoint and, for folds, its value and planes.
  template <class Fold>
  struct result_type {
    V g = V(0), y = V(0);
    state<V, Fold> s{};
  };

  static T sum_of(const sum_fold::state<V>& s) {
    alignas(64) T total[width], error[width];
    s[0].store(total);
    s[1].store(error);
    sum_fold::state<single> all = sum_fold::start<single>();
    for (std::size_t j = 0; j < width; ++j) sum_fold::merge(all, {single(total[j]), single(error[j])});
    return all[0].get();
  }

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
    typename base::template values_type<V> values(const numbers_type& numbers, std::size_t i) const {
      return base::template run<V>(numbers, [&](std::size_t k) { return V::load(from_[k] + (i & advance_[k])); });
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
};

}  // namespace xg
