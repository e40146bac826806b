// The node of an elementwise statement or of a fused map-reduce (sum, mean): a kernel, and a program for everything else.
#pragma once

#include <xgrad/core/kernel.hpp>
#include <xgrad/core/node.hpp>

namespace xg {

/// What becomes of a statement's values.
struct target {
  enum kind_type {
    elementwise,  // one value per position of the broadcast operands
    expand,       // the operand, read as shape `kept`, broadcast to `shape`
    reduce,       // summed over `axes`
    collapse      // summed down to `kept`, which broadcasts to the operand's shape, and returned as `shape`
  } kind = elementwise;
  shape_view shape{}, kept{};
  const axes_t* axes = nullptr;
  bool keep_dims = false, mean = false;
  double factor = 1;      // on the sums
  const char* name = "";  // of the op, for messages

  bool reduces() const { return kind == reduce || kind == collapse; }
};

/// The part of a statement that does not depend on the expression; compiled once.
template <class T>
class statement_base : public node<T> {
 public:
  const walk* plan = nullptr;  // null: all operands are scalars

  virtual program_view<T> program() const = 0;
  virtual bool reduces() const = 0;
  void record_backward(tape<T>& t, adjoint_vars<T>& adjoints) final;
  std::string text() const final;

 protected:
  ~statement_base() = default;
  bool single() const { return !plan || plan->count == 1; }
};

template <class Root, bool Reduces, class Arch>
class statement final : public statement_base<typename Root::scalar_type> {
  using T = typename Root::scalar_type;
  using kernel_type = kernel<Root, Arch>;
  using program_type = program_of<Root>;
  static constexpr std::size_t count = std::size_t(program_type::inputs);
  static constexpr std::uint64_t live = kernel_type::live_inputs();

 public:
  /// Takes the operands of an expression from the tape's point of view: variables as slots, numbers as they are.
  statement(tape<T>& t, const Root& e) {
    std::size_t input = 0, number = 0;
    take(t, e, input, number);
  }

  void forward(tape<T>&) override {
    T* out = this->out->value;
    if (this->single()) {
      *out = kernel_type::template at<T>(whole_row(typename kernel_type::row_type{}, 1), numbers_, 0);
      if constexpr (Reduces)
        if (this->plan) *out *= T(this->plan->scale);
      return;
    }
    if constexpr (Reduces) std::fill_n(out, this->out->size, T(0));
    rows(typename kernel_type::row_type{}, [&](const auto& row) {
      if constexpr (Reduces) kernel_type::reduce(row, numbers_);
      else kernel_type::map(row, numbers_);
    });
    if constexpr (Reduces)
      if (this->plan->scale != 1)
        for (std::size_t i = 0; i < this->out->size; ++i) out[i] *= T(this->plan->scale);
  }

  void backward(tape<T>& t) override {
    typename kernel_type::gradient_row row;
    row.out_adjoint = this->out->adjoint;
    const bool one_row = !this->plan || (this->plan->outer == 0 && this->plan->count > 0);
    for (std::size_t k = 0; k < count; ++k) {
      slot<T>* s = input_[k];
      if (!s->adjoint || !(live >> k & 1)) continue;
      row.adjoint[k] = s->adjoint;
      row.assign[k] = t.begin_adjoint(*s, one_row);
    }
    if constexpr (Reduces)
      if (this->plan) row.scale = T(this->plan->scale);
    if (this->single()) {
      kernel_type::backward_at(whole_row(row, 1), numbers_, 0);
      return;
    }
    rows(row, [&](const auto& r) { kernel_type::backward(r, numbers_); });
  }

  std::span<slot<T>* const> inputs() const override { return input_; }
  std::uint64_t live_inputs() const override { return live; }
  bool reduces() const override { return Reduces; }
  program_view<T> program() const override { return {program_type::inputs, numbers_, program_type::steps, program_type::equal_shapes}; }

 private:
  template <class F, class... E>
  void take(tape<T>& t, const expr<F, E...>& e, std::size_t& input, std::size_t& number) {
    std::apply([&](const auto&... x) { (take(t, x, input, number), ...); }, e.operands);
  }
  template <class U>
  void take(tape<T>&, const number_operand<U>& x, std::size_t&, std::size_t& number) {
    numbers_[number++] = static_cast<T>(x.value);
  }
  void take(tape<T>& t, const auto& x, std::size_t& input, std::size_t&) { input_[input++] = t.slot_of(x, t.recording_line()); }

  template <class Row>
  Row whole_row(Row row, std::size_t length) const {
    row.length = length;
    for (std::size_t k = 0; k < count; ++k) row.value[k] = input_[k]->value;
    row.out = this->out->value;
    return row;
  }

  /// Calls f for each row of the plan; operand 0 is the result, then the inputs.
  template <class Row, class F>
  void rows(Row start, F f) const {
    const walk& w = *this->plan;
    start = whole_row(start, w.row);
    start.out_fixed = w.fixed & 1;
    for (std::size_t k = 0; k < count; ++k) start.fixed[k] = w.fixed >> (k + 1) & 1;
    if (w.outer == 0) return f(start);
    for_each_row<count + 1>(w, [&](const auto& offset) {
      Row row = start;
      row.out += offset[0];
      for (std::size_t k = 0; k < count; ++k) row.value[k] += offset[k + 1];
      if constexpr (requires { row.adjoint; }) {
        row.out_adjoint += offset[0];
        for (std::size_t k = 0; k < count; ++k)
          if (row.adjoint[k]) row.adjoint[k] += offset[k + 1];
      }
      f(row);
    });
  }

  std::array<slot<T>*, count> input_{};
  [[no_unique_address]] std::array<T, std::size_t(program_type::numbers)> numbers_{};
};

}  // namespace xg
