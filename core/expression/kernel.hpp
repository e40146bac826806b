// The fused loops of a statement: its whole program in one pass over the data, forward or backward, with every
// intermediate in registers.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/expression/evaluation.hpp>
#include <xgrad/core/expression/fold.hpp>

// A loop has all it calls inlined, so that a backward loop shares what value and slope have in common; but without
// optimisation that would take minutes to compile, instrumented code the more.
#ifdef __OPTIMIZE__
#define XG_KERNEL [[gnu::noinline, gnu::flatten]]
#else
#define XG_KERNEL [[gnu::noinline]]
#endif

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
    rest_of_row<Fold> copies;
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

  /// n numbers as lanes, the others being the last of them.
  static V load_first(std::size_t n, const T* p) {
    alignas(64) T buffer[width];
    std::fill_n(std::copy_n(p, n, buffer), width - n, p[n - 1]);
    return V::load(buffer);
  }

  /// The end of a row, that does not fill the lanes, in a row of its own: every operand's contributions are assigned to
  /// a copy, and the first ones of them given back.
  template <class Fold>
  struct rest_of_row {
    gradient_row<Fold> row;
    alignas(64) T out_adjoint[width], out[width], saved[Fold::planes + 1][width], adjoint[inputs][width];

    void take(const gradient_row<Fold>& from, std::size_t whole, std::size_t n) {
      row = from;
      for (std::size_t k = 0; k < std::size_t(inputs); ++k) {
        if (row.adjoint[k]) row.adjoint[k] = adjoint[k];
        row.fixed[k] = false;
        row.assign[k] = true;
      }
      row.out_fixed = false;
      const std::size_t at = from.out_fixed ? 0 : whole, numbers = from.out_fixed ? 1 : n;
      load_first(numbers, from.out_adjoint + at).store(out_adjoint);
      row.out_adjoint = out_adjoint;
      if constexpr (folds<Fold>) {
        load_first(numbers, from.out + at).store(out);
        row.out = out;
        for (std::size_t p = 0; p < Fold::planes; ++p) {
          load_first(numbers, from.saved[p] + at).store(saved[p]);
          row.saved[p] = saved[p];
        }
      }
    }

    void give(const gradient_row<Fold>& to, std::size_t whole, std::size_t n, auto& total) const {
      for (std::size_t k = 0; k < std::size_t(inputs); ++k) {
        if (!to.adjoint[k]) continue;
        if (to.fixed[k]) {
          alignas(64) T first[width] = {};
          std::copy_n(adjoint[k], n, first);
          sum_fold::add(total[k], V::load(first));
        } else if (to.assign[k]) {
          std::copy_n(adjoint[k], n, to.adjoint[k] + whole);
        } else {
          T* error = to.error[k] ? to.error[k] + whole : nullptr;
          for (std::size_t j = 0; j < n; ++j)
            add_with_error(to.adjoint[k] + whole + j, error ? error + j : nullptr, single(adjoint[k][j]));
        }
      }
    }
  };

  /// Reads operands as lanes. Fixed operands, and the end of a row that does not fill the lanes, are read from a copy.
  class loader {
   public:
    explicit loader(const row_type& r) : from_(r.value) {
      advance_.fill(~std::size_t(0));
      for (std::size_t k = 0; k < std::size_t(inputs); ++k)
        if (r.fixed[k]) copy(k, V(*r.value[k]));
    }
    /// From now on the n numbers from `whole` on are read, whatever the position.
    void copy_rest(const row_type& r, std::size_t whole, std::size_t n) {
      for (std::size_t k = 0; k < std::size_t(inputs); ++k)
        if (!r.fixed[k]) copy(k, load_first(n, r.value[k] + whole));
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

#undef XG_KERNEL
