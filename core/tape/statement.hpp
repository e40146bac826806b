// The node of an elementwise statement or of a fused map-reduce (sum, mean): a kernel, and a program for everything
// else.
#pragma once

#include <xgrad/core/tape/leaf.hpp>
#include <xgrad/core/tape/statement_rows.hpp>

namespace xg {

template <class Root, class Fold, class Arch>
class statement final : public statement_rows<Root, Fold, Arch> {
  using rows = statement_rows<Root, Fold, Arch>;
  using rows::reduces, rows::count, rows::short_row, rows::input_, rows::numbers_, rows::fold_;
  using typename rows::T, typename rows::kernel_type, typename rows::program_type, typename rows::single,
      typename rows::state, typename rows::row_type, typename rows::gradient_row, typename rows::origin;
  static constexpr std::uint64_t live = kernel_type::live_inputs();

 public:
  /// Takes the operands of an expression from the ledger's point of view: variables as slots, numbers as they are.
  statement(detail::ledger<T>& l, const Root& e, const Fold& fold) : rows(fold) {
    std::size_t input = 0, number = 0;
    take(l, e, input, number);
  }

  void forward(detail::ledger<T>& l) override {
    const walk* w = this->plan;
    if (!w || w->single) {
      const T x = kernel_type::at(numbers_, [&](std::size_t k) { return *input_[k]->value; });
      *this->out->value = x;
      if constexpr (!keeps_one_value<Fold>) {
        state s = fold_.template start<single>();
        fold_.add(s, single(x));
        this->finish(*w, 0, s);
      }
      return;
    }
    if (w->splits) [[unlikely]]
      return this->forward_in_parts(l);
    const auto plane = this->planes_of(*w);
    state whole = this->start_state();  // of the only result; that of each of several is in the planes
    if constexpr (reduces)
      if (this->out->size != 1) this->start_results(plane[0], 0, this->out->size);
    if (w->outer != 0) {
      this->forward_rows(*w, {}, plane, whole);
    } else if (w->row <= short_row) {
      this->forward_short(*w, origin(), plane, whole);
    } else {
      row_type row;
      this->start(row, *w);
      this->forward_row(row, plane, whole);
    }
    if constexpr (reduces) {
      if (this->out->size == 1) return this->finish(*w, 0, whole);
      this->finish_results(plane[0], 1, 0, this->out->size);
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
              return this->adjoint_of_value(*w, 0, x);
          },
          [&](std::size_t k, T d) {
            slot<T>& s = *input_[k];
            if (s.adjoint) *s.adjoint = l.begin_adjoint(s, true) ? d : *s.adjoint + d;
          });
      return;
    }
    if (w->splits) [[unlikely]]
      return this->backward_in_parts(l);
    const bool can_assign = w->outer == 0 && w->count > 0;
    gradient_row row;
    for (std::size_t k = 0; k < count; ++k) {
      slot<T>* s = input_[k];
      row.adjoint[k] = live >> k & 1 ? s->adjoint : nullptr;
      row.assign[k] = row.adjoint[k] && l.begin_adjoint(*s, can_assign);
      row.error[k] = row.adjoint[k] && w->errors ? static_cast<T*>(w->errors[k]) : nullptr;
      if (row.error[k]) std::fill_n(row.error[k], s->size, T(0));
    }
    if (w->outer != 0) {
      this->backward_rows(*w, {}, row);
    } else if (w->row <= short_row) {
      this->backward_short(*w, origin(), row);
    } else {
      this->start_gradient(row, *w);
      kernel_type::backward(row, numbers_, fold_);
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
};

}  // namespace xg
