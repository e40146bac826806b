// The node of an elementwise statement or of a fused map-reduce (sum, mean): a kernel, and a program for everything
// else.
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
};

/// The part of a statement that does not depend on the expression; compiled once.
template <class T>
class statement_base : public node<T> {
 public:
  const walk* plan = nullptr;  // null: all operands are scalars

  virtual program_view<T> program() const = 0;
  virtual bool reduces() const = 0;
  /// Walks through the program with shapes alone; throws shape_error for the first step whose operands do not fit.
  void check_shapes(const std::source_location& where) const;
  void record_backward(tape<T>& t, adjoint_vars<T>& adjoints) final;
  std::string text() const final;

 protected:
  ~statement_base() = default;
};

template <class Root, bool Reduces, class Arch>
class statement final : public statement_base<typename Root::scalar_type> {
  using T = typename Root::scalar_type;
  using kernel_type = kernel<Root, Arch>;
  using program_type = program_of<Root, Arch>;
  using row_type = typename kernel_type::row_type;
  using gradient_row = typename kernel_type::gradient_row;
  static constexpr std::size_t count = std::size_t(program_type::inputs);
  static constexpr std::uint64_t live = kernel_type::live_inputs();
  static constexpr std::size_t short_row = 4;  // rows up to this length are faster number by number

 public:
  /// Takes the operands of an expression from the tape's point of view: variables as slots, numbers as they are.
  statement(tape<T>& t, const Root& e) {
    std::size_t input = 0, number = 0;
    take(t, e, input, number);
  }

  void forward(tape<T>&) override {
    const walk* w = this->plan;
    if (!w || w->single) {
      const T y = kernel_type::at(numbers_, [&](std::size_t k) { return *input_[k]->value; });
      *this->out->value = Reduces && w ? y * T(w->scale) : y;
      return;
    }
    if constexpr (Reduces) std::fill_n(this->out->value, this->out->size, T(0));
    double total = 0;  // of all rows, where they are summed to one number
    if (w->row <= short_row) {
      if (w->outer == 0)
        forward_short(*w, origin(), total);
      else
        for_each_row<count + 1>(*w, [&](const auto& offset) { forward_short(*w, offset, total); });
    } else {
      row_type row;
      start(row, *w);
      each_row(row, *w, [&](const row_type& r) {
        if constexpr (!Reduces)
          kernel_type::map(r, numbers_);
        else if (const double sum = kernel_type::reduce(r, numbers_); this->out->size == 1)
          total += sum;
        else if (r.out_fixed)
          *r.out += T(sum);
      });
    }
    if constexpr (Reduces) finish_sums(*w, total);
  }

  void backward(tape<T>& t) override {
    const walk* w = this->plan;
    const T scale = Reduces && w ? T(w->scale) : T(1);
    if (!w || w->single) {
      kernel_type::gradient_at(
          numbers_, [&](std::size_t k) { return *input_[k]->value; }, *this->out->adjoint * scale,
          [&](std::size_t k, T d) {
            slot<T>& s = *input_[k];
            if (s.adjoint) *s.adjoint = t.begin_adjoint(s, true) ? d : *s.adjoint + d;
          });
      return;
    }
    const bool can_assign = w->outer == 0 && w->count > 0;
    gradient_row row;
    for (std::size_t k = 0; k < count; ++k) {
      slot<T>* s = input_[k];
      row.adjoint[k] = live >> k & 1 ? s->adjoint : nullptr;
      row.assign[k] = row.adjoint[k] && t.begin_adjoint(*s, can_assign);
    }
    if (w->row <= short_row) {
      row.scale = scale;
      if (w->outer == 0)
        backward_short(*w, origin(), row);
      else
        for_each_row<count + 1>(*w, [&](const auto& offset) { backward_short(*w, offset, row); });
    } else {
      start(row, *w);
      row.out_adjoint = this->out->adjoint;
      row.scale = scale;
      each_row(row, *w, [&](const gradient_row& r) { kernel_type::backward(r, numbers_); });
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
  bool reduces() const override { return Reduces; }
  program_view<T> program() const override {
    return {program_type::inputs, numbers_, program_type::steps, program_type::equal_shapes};
  }

 private:
  template <class F, class... E>
  void take(tape<T>& t, const expr<F, E...>& e, std::size_t& input, std::size_t& number) {
    std::apply([&](const auto&... x) { (take(t, x, input, number), ...); }, e.operands);
  }
  template <class U>
  void take(tape<T>&, const number_operand<U>& x, std::size_t&, std::size_t& number) {
    numbers_[number++] = static_cast<T>(x.value);
  }
  void take(tape<T>& t, const auto& x, std::size_t& input, std::size_t&) {
    input_[input++] = t.slot_of(x, t.recording_line());
  }

  static bool any_input(const auto& holds) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return (holds(std::integral_constant<std::size_t, K>{}) || ...);
    }
    (std::make_index_sequence<count>{});
  }

  /// The offsets of the only row there is.
  struct origin {
    constexpr std::ptrdiff_t operator[](std::size_t) const { return 0; }
  };

  /// One short row, number by number; `total` is that of all rows, where there is one result.
  [[gnu::always_inline]] void forward_short(const walk& w, const auto& offset, double& total) const {
    const bool whole = Reduces && this->out->size == 1;
    for (std::size_t i = 0; i < w.row; ++i) {
      const T y = kernel_type::at(numbers_, values_at(w, offset, i));
      if (whole) {
        total += double(y);
        continue;
      }
      T& out = this->out->value[position(w, offset, 0, i)];
      out = Reduces ? out + y : y;
    }
  }

  void finish_sums(const walk& w, double total) const {
    const std::span<T> out(this->out->value, this->out->size);
    if (out.size() == 1) {
      out[0] = T(w.mean ? total / double(w.count) : total * w.scale);
    } else if (w.mean) {
      const T terms = T(double(w.count) / double(out.size()));
      for (T& y : out) y /= terms;
    } else if (w.scale != 1) {
      for (T& y : out) y *= T(w.scale);
    }
  }
  [[gnu::always_inline]] void backward_short(const walk& w, const auto& offset, const gradient_row& row) const {
    for (std::size_t i = 0; i < w.row; ++i) {
      const T g = this->out->adjoint[position(w, offset, 0, i)] * row.scale;
      kernel_type::gradient_at(numbers_, values_at(w, offset, i), g, [&](std::size_t k, T d) {
        if (!row.adjoint[k]) return;
        T& a = row.adjoint[k][position(w, offset, k + 1, i)];
        a = row.assign[k] && (i == 0 || !(w.fixed >> (k + 1) & 1)) ? d : a + d;
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
