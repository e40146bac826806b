// The fused loops of a statement: its whole program in one pass over the data, forward or backward, with every
// intermediate in registers.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/expression/evaluation.hpp>
#include <xgrad/core/expression/fold.hpp>

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

  template <class N, class Fold>
  using state = std::array<N, Fold::planes>;

  // Each loop has the program once, for whole vectors and for the rest of the row: compiling it takes time.

  /// out = f(...), position by position.
  [[gnu::noinline, gnu::flatten]] static void map(const row_type& r, const numbers_type& numbers) {
    loader load(r);
    for (std::size_t i = 0; i < r.length; i += width) {
      const std::size_t n = load.move_to(r, i);
      const V y = load.values(numbers, i).back();
      if (n == width)
        y.store(r.out + i);
      else
        store_first(n, y, r.out + i);
    }
  }

  /// Takes the values of a row into one state.
  template <class Fold>
  [[gnu::noinline, gnu::flatten]] static void fold_row(const row_type& r, const numbers_type& numbers, const Fold& fold,
                                                       state<single, Fold>& s) {
    constexpr bool tiles = requires(state<V, Fold> t, std::array<V, tile> x) { fold.add_all(t, x); };
    loader load(r);
    auto parts = fold.template start<V>();
    std::array<V, tile> waiting;
    std::size_t waits = 0;
    for (std::size_t i = 0; i < r.length; i += width) {
      const std::size_t n = load.move_to(r, i);
      const V x = load.values(numbers, i).back();
      if (n < width) {
        alignas(64) T buffer[width];
        x.store(buffer);
        for (std::size_t j = 0; j < n; ++j) fold.add(s, single(buffer[j]));
      } else if constexpr (tiles) {
        waiting[waits++] = x;
        if (waits == tile) {
          fold.add_all(parts, waiting);
          waits = 0;
        }
      } else {
        fold.add(parts, x);
      }
    }
    for (std::size_t j = 0; j < waits; ++j) fold.add(parts, waiting[j]);
    if (r.length < width) return;
    alignas(64) T part[Fold::planes][width];
    for (std::size_t p = 0; p < Fold::planes; ++p) parts[p].store(part[p]);
    for (std::size_t j = 0; j < width; ++j) {
      state<single, Fold> t;
      for (std::size_t p = 0; p < Fold::planes; ++p) t[p] = part[p][j];
      fold.merge(s, t);
    }
  }

  /// Takes the values of a row into as many states, which lie in planes of memory.
  template <class Fold>
  [[gnu::noinline, gnu::flatten]] static void fold_each(const row_type& r, const numbers_type& numbers,
                                                        const Fold& fold, std::array<T*, Fold::planes> plane) {
    loader load(r);
    for (std::size_t i = 0; i < r.length; i += width) {
      const std::size_t n = load.move_to(r, i);
      const V x = load.values(numbers, i).back();
      if (n == width) {
        auto s = load_state<V, Fold>(plane, i);
        fold.add(s, x);
        store_state<V, Fold>(s, plane, i);
        continue;
      }
      alignas(64) T buffer[width];
      x.store(buffer);
      for (std::size_t j = 0; j < n; ++j) {
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
  [[gnu::noinline, gnu::flatten]] static void backward(const gradient_row<Fold>& r, const numbers_type& numbers,
                                                       const Fold& fold) {
    loader load(r);
    std::array<V, inputs> block;  // of the adjoints of fixed operands: a few are added plainly, their sum with care
    std::array<sum_fold::state<V>, inputs> total;
    block.fill(V(0));
    total.fill(sum_fold::start<V>());
    const auto take_blocks = [&] {
      for (std::size_t k = 0; k < std::size_t(inputs); ++k)
        if (r.adjoint[k] && r.fixed[k]) sum_fold::add(total[k], std::exchange(block[k], V(0)));
    };
    const result_type<Fold> fixed =
        r.out_fixed ? result_of(r, 0, [](const T* p) { return V(*p); }) : result_type<Fold>();
    const V terms(r.terms);

    std::size_t waits = 0;
    for (std::size_t i = 0; i < r.length; i += width) {
      const std::size_t n = load.move_to(r, i);
      const auto values = load.values(numbers, i);
      const result_type<Fold> y = r.out_fixed ? fixed : result_of(r, i, [n](const T* p) { return load_first(n, p); });
      V g = adjoint_of_value<V, Fold>(fold, y.g, y.y, values.back(), terms, y.s);
      if (n < width) g = first_of(n, g);  // lanes past the end contribute nothing
      base::template each_gradient<V>(values, g, [&]<std::size_t K>(V d) {
        if (!r.adjoint[K]) return;
        T* a = r.adjoint[K] + i;
        if (r.fixed[K])
          block[K] += d;
        else if (n < width)
          add_first(n, a, r.error[K] ? r.error[K] + i : nullptr, d, r.assign[K]);
        else if (r.assign[K])
          d.store(a);
        else
          add_with_error(a, r.error[K] ? r.error[K] + i : nullptr, d);
      });
      if (++waits % tile == 0) take_blocks();
    }
    take_blocks();
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

  template <class Fold>
  static result_type<Fold> result_of(const gradient_row<Fold>& r, std::size_t i, const auto& read) {
    result_type<Fold> y;
    y.g = read(r.out_adjoint + i);
    if constexpr (folds<Fold>) {
      y.y = read(r.out + i);
      for (std::size_t p = 0; p < Fold::planes; ++p) y.s[p] = read(r.saved[p] + i);
    }
    return y;
  }

  static T sum_of(const sum_fold::state<V>& s) {
    alignas(64) T total[width], error[width];
    s[0].store(total);
    s[1].store(error);
    sum_fold::state<single> all = sum_fold::start<single>();
    for (std::size_t j = 0; j < width; ++j) sum_fold::merge(all, {single(total[j]), single(error[j])});
    return all[0].get();
  }

  // ---- The first n lanes, at the end of a row

  /// The other lanes repeat the last number, so that they raise no floating-point exception that the row does not.
  static V load_first(std::size_t n, const T* p) {
    if (n == width) return V::load(p);
    alignas(64) T buffer[width];
    std::fill_n(std::copy_n(p, n, buffer), width - n, p[n - 1]);
    return V::load(buffer);
  }
  static void store_first(std::size_t n, V y, T* p) {
    alignas(64) T buffer[width];
    y.store(buffer);
    std::copy_n(buffer, n, p);
  }
  static V first_of(std::size_t n, V x) {
    alignas(64) T buffer[width];
    x.store(buffer);
    std::fill_n(buffer + n, width - n, T(0));
    return V::load(buffer);
  }
  static void add_first(std::size_t n, T* a, T* error, V d, bool assign) {
    if (assign) return store_first(n, d, a);
    alignas(64) T buffer[width];
    d.store(buffer);
    for (std::size_t j = 0; j < n; ++j) add_with_error(a + j, error ? error + j : nullptr, single(buffer[j]));
  }

  /// Reads operands as lanes. Fixed operands, and the end of a row that does not fill the lanes, are read from a copy.
  class loader {
   public:
    explicit loader(const row_type& r) : from_(r.value) {
      advance_.fill(~std::size_t(0));
      for (std::size_t k = 0; k < std::size_t(inputs); ++k)
        if (r.fixed[k]) copy(k, V(*r.value[k]));
    }
    /// Call before reading at i; returns how many numbers there are from there on, up to a vector.
    std::size_t move_to(const row_type& r, std::size_t i) {
      const std::size_t n = std::min(width, r.length - i);
      if (n < width)
        for (std::size_t k = 0; k < std::size_t(inputs); ++k)
          if (!r.fixed[k]) copy(k, load_first(n, r.value[k] + i));
      return n;
    }
    auto values(const numbers_type& numbers, std::size_t i) const {
      return base::template run<V>(numbers, [&](std::size_t k) { return V::load(from_[k] + (i & advance_[k])); });
    }

   private:
    void copy(std::size_t k, V x) {
      x.store(copy_[k]);
      from_[k] = copy_[k];
      advance_[k] = 0;
    }
    std::array<const T*, inputs> from_;
    std::array<std::size_t, inputs> advance_;
    alignas(64) T copy_[inputs][width];
  };
};

}  // namespace xg
