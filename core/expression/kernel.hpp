// The fused loops of a statement: its whole program in one pass over the data, forward or backward, with every
// intermediate in registers.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/expression/rows.hpp>

// A loop has all it calls inlined, so that a backward loop shares what value and slope have in common; but without
// optimisation that would take minutes to compile, instrumented code the more.
#ifdef __OPTIMIZE__
#define XG_KERNEL [[gnu::noinline, gnu::flatten]]
#else
#define XG_KERNEL [[gnu::noinline]]
#endif

namespace xg {

/// The loops over a row. Arch is part of the type: see simd_arch.
template <class Root, class Arch>
struct kernel : rows<Root, Arch> {
  using base = rows<Root, Arch>;
  using base::inputs, base::width, base::add_with_error;
  using typename base::row_type, typename base::loader;
  using typename base::T, typename base::V, typename base::single, typename base::numbers_type;
  template <class Fold>
  using gradient_row = typename base::template gradient_row<Fold>;
  template <class N, class Fold>
  using state = typename base::template state<N, Fold>;

  // Each loop has the program once, for compiling it takes time: it runs over the whole vectors of a row, then once
  // more over copies of what is left, beside which the last number is repeated, so that no floating-point exception is
  // raised that the row does not raise.

  /// out = f(...), position by position.
  XG_KERNEL static void map(const row_type& r, const numbers_type& numbers) {
    loader load(r);
    alignas(64) T buffer[width];
    T* out = r.out;
    const std::size_t whole = r.length / width * width, rest = r.length - whole;
    for (std::size_t i = 0, end = whole;; i = 0, end = width) {
      for (; i < end; i += width) load.values(numbers, i).back().store(out + i);
      if (out == buffer) std::copy_n(buffer, rest, r.out + whole);
      if (rest == 0 || out == buffer) return;
      load.copy_rest(r, whole, rest);
      out = buffer;
    }
  }

  /// Takes the values of a row into one state.
  template <class Fold>
  XG_KERNEL static void fold_row(const row_type& r, const numbers_type& numbers, const Fold& fold,
                                 state<single, Fold>& s) {
    constexpr bool sums = requires(V x) { fold.term(x); };
    loader load(r);
    auto parts = fold.template start<V>();
    [[maybe_unused]] V block(0);
    const std::size_t whole = r.length / width * width, rest = r.length - whole;
    for (std::size_t i = 0; i < r.length; i += width) {
      if (i == whole) load.copy_rest(r, whole, rest);
      const V x = load.values(numbers, i).back();
      if (i == whole) {
        alignas(64) T buffer[width];
        x.store(buffer);
        for (std::size_t j = 0; j < rest; ++j) fold.add(s, single(buffer[j]));
      } else if constexpr (sums) {
        block += fold.term(x);
        if ((i / width + 1) % tile == 0) sum_fold::add(parts, std::exchange(block, V(0)));
      } else {
        fold.add(parts, x);
      }
    }
    if (whole == 0) return;
    if constexpr (sums) {
      sum_fold::add(s, single(sum(parts[0] - parts[1] + block)));
    } else {
      alignas(64) T part[Fold::planes][width];
      for (std::size_t p = 0; p < Fold::planes; ++p) parts[p].store(part[p]);
      for (std::size_t j = 0; j < width; ++j) {
        state<single, Fold> t;
        for (std::size_t p = 0; p < Fold::planes; ++p) t[p] = part[p][j];
        fold.merge(s, t);
      }
    }
  }

  /// Takes the values of a row into as many states, which lie in planes of memory.
  template <class Fold>
  XG_KERNEL static void fold_each(const row_type& r, const numbers_type& numbers, const Fold& fold,
                                  std::array<T*, Fold::planes> plane) {
    loader load(r);
    const std::size_t whole = r.length / width * width, rest = r.length - whole;
    for (std::size_t i = 0; i < r.length; i += width) {
      if (i == whole) load.copy_rest(r, whole, rest);
      const V x = load.values(numbers, i).back();
      if (i != whole) {
        auto s = load_state<V, Fold>(plane, i);
        fold.add(s, x);
        store_state<V, Fold>(s, plane, i);
        continue;
      }
      alignas(64) T buffer[width];
      x.store(buffer);
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
  template <class N, class Fold>
  static N prepared(const Fold& fold, N g, N terms) {
    if constexpr (requires { fold.prepare(g, terms); })
      return fold.prepare(g, terms);
    else
      return g;
  }

  /// Adds to (or assigns) the operands' adjoints. A fixed out has one adjoint for the whole row.
  template <class Fold>
  XG_KERNEL static void backward(const gradient_row<Fold>& row, const numbers_type& numbers, const Fold& fold) {
    loader load(row);
    std::array<V, inputs> block;  // of the adjoints of fixed operands: a few are added plainly, their sum with care
    std::array<sum_fold::state<V>, inputs> total;
    bool any_fixed = false;
    for (std::size_t k = 0; k < std::size_t(inputs); ++k) {
      block[k] = V(0);
      total[k] = sum_fold::start<V>();
      any_fixed |= row.adjoint[k] && row.fixed[k];
    }
    const V terms(row.terms);
    const result_type<Fold> fixed =
        row.out_fixed ? result_of(row, fold, 0, [](const T* p) { return V(*p); }) : result_type<Fold>();

    const std::size_t whole = row.length / width * width, rest = row.length - whole;
    typename base::template rest_of_row<Fold> copies;
    const gradient_row<Fold>* r = &row;
    for (std::size_t i = 0, end = whole;; i = 0, end = width) {
      while (i < end) {
        const std::size_t block_end = std::min(end, i + tile * width);
        for (; i < block_end; i += width) {
          const auto values = load.values(numbers, i);
          const result_type<Fold> y =
              r->out_fixed ? fixed : result_of(*r, fold, i, [](const T* p) { return V::load(p); });
          const V g = adjoint_of_value<V, Fold>(fold, y.g, y.y, values.back(), terms, y.s);
          base::template each_gradient<V>(values, g, [&]<std::size_t K>(V d) {
            if (!r->adjoint[K]) return;
            T* a = r->adjoint[K] + i;
            if (r->fixed[K])
              block[K] += d;
            else if (r->assign[K])
              d.store(a);
            else
              add_with_error(a, r->error[K] ? r->error[K] + i : nullptr, d);
          });
        }
        if (!any_fixed) continue;
        for (std::size_t k = 0; k < std::size_t(inputs); ++k) sum_fold::add(total[k], std::exchange(block[k], V(0)));
      }
      if (rest == 0 || r == &copies.row) break;
      load.copy_rest(row, whole, rest);
      copies.take(row, whole, rest);
      r = &copies.row;
    }
    if (rest != 0) copies.give(row, whole, rest, total);
    for (std::size_t k = 0; k < std::size_t(inputs); ++k) {
      if (!row.adjoint[k] || !row.fixed[k]) continue;
      const T all = sum_of(total[k]);
      if (row.assign[k])
        *row.adjoint[k] = all;
      else
        add_with_error(row.adjoint[k], row.error[k], single(all));
    }
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
  static result_type<Fold> result_of(const gradient_row<Fold>& r, const Fold& fold, std::size_t i, const auto& read) {
    result_type<Fold> y;
    y.g = prepared(fold, V(read(r.out_adjoint + i)), V(r.terms));
    if constexpr (folds<Fold>) {
      y.y = read(r.out + i);
      for (std::size_t p = 0; p < Fold::planes; ++p) y.s[p] = read(r.saved[p] + i);
    }
    return y;
  }

  static T sum_of(const sum_fold::state<V>& s) { return sum(s[0] - s[1]); }
};

}  // namespace xg

#undef XG_KERNEL
