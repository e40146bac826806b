// The rows of a statement: where the operands lie, and how they are read as lanes.
#pragma once

#include <algorithm>
#include <array>

#include <xgrad/core/expression/evaluation.hpp>
#include <xgrad/core/expression/fold.hpp>

namespace xg {

template <class Root, class Arch>
struct rows : evaluation<Root, Arch> {
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

  /// *a += d; where an error is kept, with what earlier additions lost.
  template <class N>
  static void add_with_error(T* a, T* error, N d) {
    if (!error) return (N::load(a) + d).store(a);
    sum_fold::state<N> s{N::load(a), N::load(error)};
    sum_fold::add(s, d);
    s[0].store(a);
    s[1].store(error);
  }

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
