// The node of an elementwise statement or of a fused map-reduce (sum, mean): a kernel, and a program for everything
// else.
#pragma once

#include <xgrad/core/expression/kernel.hpp>
#include <xgrad/core/tape/leaf.hpp>
#include <xgrad/core/tape/plan.hpp>

namespace xg {

template <class Root, class Fold, class Arch>
class statement final : public statement_base<typename Root::scalar_type> {
  using T = typename Root::scalar_type;
  using kernel_type = kernel<Root, Arch>;
  using program_type = program_of<Root, Arch>;
  using single = typename kernel_type::single;
  using row_type = typename kernel_type::row_type;
  using gradient_row = typename kernel_type::template gradient_row<Fold>;
  using state = typename kernel_type::template state<single, Fold>;
  static constexpr bool reduces = folds<Fold>;
  static constexpr std::size_t count = std::size_t(program_type::inputs);
  static constexpr std::uint64_t live = kernel_type::live_inputs();
  static constexpr std::size_t short_row = 4;  // rows up to this length are faster number by number

 public:
  /// Takes the operands of an expression from the ledger's point of view: variables as slots, numbers as they are.
  statement(detail::ledger<T>& l, const Root& e, const Fold& fold) : fold_(fold) {
    std::size_t input = 0, number = 0;
    take(l, e, input, number);
  }

  void forward(detail::ledger<T>&) override {
    const walk* w = this->plan;
    if (!w || w->single) {
      const T x = kernel_type::at(numbers_, [&](std::size_t k) { return *input_[k]->value; });
      *this->out->value = x;
      if constexpr (!keeps_one_value<Fold>) {
        state s = fold_.template start<single>();
        fold_.add(s, single(x));
        finish(*w, 0, s);
      }
      return;
    }
    // The state of the only result, or in planes of memory that of each.
    [[maybe_unused]] state whole = [&] {
      if constexpr (reduces)
        return fold_.template start<single>();
      else
        return state{};
    }();
    [[maybe_unused]] const auto plane = planes_of(*w);
    const bool one_result = reduces && this->out->size == 1;
    if constexpr (reduces)
      if (!one_result)
        for (std::size_t p = 0; p < Fold::planes; ++p) std::fill_n(plane[p], this->out->size, whole[p].get());
    if (w->row <= short_row) {
      rows(
          *w, [&](const auto& offset) __attribute__((always_inline)) { forward_short(*w, offset, plane, whole); });
    } else {
      row_type row;
      start(row, *w);
      each_row(row, *w, [&](const row_type& r) {
        if constexpr (!reduces) {
          kernel_type::map(r, numbers_);
        } else if (one_result) {
          kernel_type::fold_row(r, numbers_, fold_, whole);
        } else {
          const auto at = r.out - this->out->value;
          if (r.out_fixed) {
            state s = kernel_type::template load_state<single, Fold>(plane, std::size_t(at));
            kernel_type::fold_row(r, numbers_, fold_, s);
            kernel_type::template store_state<single, Fold>(s, plane, std::size_t(at));
          } else {
            auto moved = plane;
            for (T*& p : moved) p += at;
            kernel_type::fold_each(r, numbers_, fold_, moved);
          }
        }
      });
    }
    if constexpr (reduces) {
      if (one_result) return finish(*w, 0, whole);
      for (std::size_t i = 0; i < this->out->size; ++i)
        finish(*w, i, kernel_type::template load_state<single, Fold>(plane, i));
    }
  }

  void backward(detail::ledger<T>& l) override {
    const walk* w = this->plan;
    if (!w || w->single) {
      kernel_type::gradient_at(
          numbers_, [&](std::size_t k) { return *input_[k]->value; },
          [&](single x) {
            if constexpr (keeps_one_value<Fold>)
              return single(*this->out->adjoint);
            else
              return adjoint_of_value(*w, 0, x);
          },
          [&](std::size_t k, T d) {
            slot<T>& s = *input_[k];
            if (s.adjoint) *s.adjoint = l.begin_adjoint(s, true) ? d : *s.adjoint + d;
          });
      return;
    }
    const bool can_assign = w->outer == 0 && w->count > 0;
    gradient_row row;
    for (std::size_t k = 0; k < count; ++k) {
      slot<T>* s = input_[k];
      row.adjoint[k] = live >> k & 1 ? s->adjoint : nullptr;
      row.assign[k] = row.adjoint[k] && l.begin_adjoint(*s, can_assign);
      row.error[k] = row.adjoint[k] && w->errors ? static_cast<T*>(w->errors[k]) : nullptr;
      if (row.error[k]) std::fill_n(row.error[k], s->size, T(0));
    }
    if (w->row <= short_row) {
      rows(
          *w, [&](const auto& offset) __attribute__((always_inline)) { backward_short(*w, offset, row); });
    } else {
      start(row, *w);
      row.out_adjoint = this->out->adjoint;
      row.terms = terms(*w);
      const auto plane = planes_of(*w);
      std::copy(plane.begin(), plane.end(), row.saved.begin());
      each_row(row, *w, [&](const gradient_row& r) { kernel_type::backward(r, numbers_, fold_); });
    }
  }

  bool all_scalars() const {
    return !any_input([&](auto k) { return input_[k]->rank != 0; });
  }
  bool needs_gradient() const {
    return any_input([&](auto k) { return (live >> k & 1) && input_[k]->adjoint; });
  }

  std::span<slot<T>* const> inputs() const override { return input_; }
  std::uint64_t live_inputs() const override { return live; }
  std::pair<const void*, const fold_info<T>*> fold() const override {
    if constexpr (reduces)
      return {&fold_, &info_of<Fold, T, Arch>()};
    else
      return {nullptr, nullptr};
  }
  std::size_t planes() const override { return Fold::planes; }
  program_view<T> program() const override {
    return {program_type::inputs, numbers_, program_type::steps, program_type::equal_shapes};
  }

 private:
  template <class F, class... E>
  void take(detail::ledger<T>& l, const expr<F, E...>& e, std::size_t& input, std::size_t& number) {
    std::apply([&](const auto&... x) { (take(l, x, input, number), ...); }, e.operands);
  }
  template <class U>
  void take(detail::ledger<T>&, const number_operand<U>& x, std::size_t&, std::size_t& number) {
    numbers_[number++] = static_cast<T>(x.value);
  }
  void take(detail::ledger<T>& l, const auto& x, std::size_t& input, std::size_t&) {
    input_[input++] = detail::operand_slot<Arch>(l, x, l.line);
  }

  static bool any_input(const auto& holds) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return (holds(std::integral_constant<std::size_t, K>{}) || ...);
    }
    (std::make_index_sequence<count>{});
  }

  // ---- Folds

  /// Where the planes of the results lie.
  std::array<T*, Fold::planes> planes_of(const walk& w) const {
    std::array<T*, Fold::planes> plane{};
    for (std::size_t p = 0; p < Fold::planes; ++p) plane[p] = static_cast<T*>(w.planes) + p * this->out->size;
    return plane;
  }
  /// How many values there are to each result.
  T terms(const walk& w) const { return w.single || !reduces ? T(1) : T(double(w.count) / double(this->out->size)); }
  /// Result i, and the planes that `backward` reads.
  void finish(const walk& w, std::size_t i, const state& s) const {
    fold_.finish(s, single(terms(w))).store(this->out->value + i);
    kernel_type::template store_state<single, Fold>(s, planes_of(w), i);
  }
  /// The adjoint of a value x that was folded into, or is, result i.
  single adjoint_of_value(const walk& w, std::size_t i, single x) const {
    const single g = this->out->adjoint[i];
    if constexpr (reduces)
      return fold_.backward(kernel_type::prepared(fold_, g, single(terms(w))), single(this->out->value[i]), x,
                            single(terms(w)), kernel_type::template load_state<single, Fold>(planes_of(w), i));
    else
      return g;
  }

  // ---- Rows

  /// The offsets of the only row there is.
  struct origin {
    constexpr std::ptrdiff_t operator[](std::size_t) const { return 0; }
  };

  /// Calls f with the offsets of every row.
  [[gnu::always_inline]] static void rows(const walk& w, const auto& f) {
    if (w.outer == 0)
      f(origin());
    else
      for_each_row<count + 1>(w, f);
  }

  /// One short row, number by number.
  [[gnu::always_inline]] void forward_short(const walk& w, const auto& offset, const auto& plane, state& whole) const {
    for (std::size_t i = 0; i < w.row; ++i) {
      const T x = kernel_type::at(numbers_, values_at(w, offset, i));
      const auto at = std::size_t(position(w, offset, 0, i));
      if constexpr (!reduces) {
        this->out->value[at] = x;
      } else if (this->out->size == 1) {
        fold_.add(whole, single(x));
      } else {
        state s = kernel_type::template load_state<single, Fold>(plane, at);
        fold_.add(s, single(x));
        kernel_type::template store_state<single, Fold>(s, plane, at);
      }
    }
  }

  [[gnu::always_inline]] void backward_short(const walk& w, const auto& offset, const gradient_row& row) const {
    for (std::size_t i = 0; i < w.row; ++i) {
      kernel_type::gradient_at(
          numbers_, values_at(w, offset, i),
          [&](single x) { return adjoint_of_value(w, std::size_t(position(w, offset, 0, i)), x); },
          [&](std::size_t k, T d) {
            if (!row.adjoint[k]) return;
            const auto at = position(w, offset, k + 1, i);
            T* a = row.adjoint[k] + at;
            if (row.assign[k] && (i == 0 || !(w.fixed >> (k + 1) & 1)))
              *a = d;
            else
              kernel_type::add_with_error(a, row.error[k] ? row.error[k] + at : nullptr, single(d));
          });
    }
  }

  /// Where operand k (0: the result, then the inputs) of the i-th position in a row lies.
  static std::ptrdiff_t position(const walk& w, const auto& offset, std::size_t k, std::size_t i) {
    return offset[k] + std::ptrdiff_t(w.fixed >> k & 1 ? 0 : i);
  }
  auto values_at(const walk& w, const auto& offset, std::size_t i) const {
    return [&, i](std::size_t k) { return input_[k]->value[position(w, offset, k + 1, i)]; };
  }

  void start(row_type& row, const walk& w) const {
    row.length = w.row;
    row.out = this->out->value;
    row.out_fixed = w.fixed & 1;
    for (std::size_t k = 0; k < count; ++k) {
      row.value[k] = input_[k]->value;
      row.fixed[k] = w.fixed >> (k + 1) & 1;
    }
  }

  /// Calls f for each row of the plan, given the first.
  template <class Row, class F>
  static void each_row(const Row& first, const walk& w, F f) {
    if (w.outer == 0) return f(first);
    for_each_row<count + 1>(w, [&](const auto& offset) {
      Row row = first;
      row.out += offset[0];
      for (std::size_t k = 0; k < count; ++k) row.value[k] += offset[k + 1];
      if constexpr (std::same_as<Row, gradient_row>) {
        row.out_adjoint += offset[0];
        for (const T*& s : row.saved) s += offset[0];
        for (std::size_t k = 0; k < count; ++k) {
          if (row.adjoint[k]) row.adjoint[k] += offset[k + 1];
          if (row.error[k]) row.error[k] += offset[k + 1];
        }
      }
      f(row);
    });
  }

  std::array<slot<T>*, count> input_{};
  [[no_unique_address]] std::array<T, std::size_t(program_type::numbers)> numbers_{};
  [[no_unique_address]] Fold fold_;
};

}  // namespace xg
