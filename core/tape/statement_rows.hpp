// What a statement's loops do with their rows: forward, backward, of a whole statement or of a part of it.
#pragma once

#include <xgrad/core/expression/kernel.hpp>
#include <xgrad/core/tape/plan.hpp>

namespace xg {

template <class Root, class Fold, class Arch>
class statement_rows : public statement_base<typename Root::scalar_type> {
 protected:
  using T = typename Root::scalar_type;
  using kernel_type = kernel<Root, Arch>;
  using program_type = program_of<Root, Arch>;
  using single = typename kernel_type::single;
  using row_type = typename kernel_type::row_type;
  using gradient_row = typename kernel_type::template gradient_row<Fold>;
  using state = typename kernel_type::template state<single, Fold>;
  using planes_type = std::array<T*, Fold::planes>;
  static constexpr bool reduces = folds<Fold>;
  static constexpr std::size_t count = std::size_t(program_type::inputs);
  static constexpr std::size_t short_row = 4;  // rows up to this length are faster number by number
  /// Where the result and each input begin.
  using offsets = std::array<std::ptrdiff_t, count + 1>;

  explicit statement_rows(const Fold& fold) : fold_(fold) {}
  ~statement_rows() = default;

  // ---- Folds

  /// Where the planes of the results lie.
  planes_type planes_of(const walk& w) const { return planes_from(static_cast<T*>(w.planes)); }
  planes_type planes_from(T* planes) const {
    planes_type plane{};
    for (std::size_t p = 0; p < Fold::planes; ++p) plane[p] = planes + p * this->out->size;
    return plane;
  }
  state start_state() const {
    if constexpr (reduces)
      return fold_.template start<single>();
    else
      return {};
  }
  void start_results(T* planes, std::size_t begin, std::size_t end) const override {
    if constexpr (reduces) {
      const state s = start_state();
      for (std::size_t p = 0; p < Fold::planes; ++p)
        std::fill(planes + p * this->out->size + begin, planes + p * this->out->size + end, s[p].get());
    }
  }
  void finish_results(const T* planes, std::size_t parts, std::size_t begin, std::size_t end) const override {
    if constexpr (reduces)
      for (std::size_t i = begin; i < end; ++i) {
        state s = load(planes, i);
        for (std::size_t p = 1; p < parts; ++p) fold_.merge(s, load(planes + p * Fold::planes * this->out->size, i));
        finish(*this->plan, i, s);
      }
  }
  state load(const T* planes, std::size_t i) const {
    state s;
    for (std::size_t p = 0; p < Fold::planes; ++p) s[p] = single::load(planes + p * this->out->size + i);
    return s;
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

  // ---- Parts

  void forward_part(const walk& w, const std::ptrdiff_t* begin, T* planes) override {
    state whole = start_state();
    const auto plane = planes_from(planes);
    forward_rows(w, offsets_of(begin), plane, whole);
    if constexpr (reduces)
      if (this->out->size == 1) kernel_type::template store_state<single, Fold>(whole, plane, 0);
  }
  void backward_part(const walk& w, const std::ptrdiff_t* begin, const part_adjoint<T>* adjoints) override {
    gradient_row row;
    for (std::size_t k = 0; k < count; ++k) {
      row.adjoint[k] = adjoints[k].data;
      row.error[k] = adjoints[k].error;
      row.assign[k] = adjoints[k].assign;
    }
    backward_rows(w, offsets_of(begin), row);
  }

  // ---- Rows

  /// The offsets of the only row there is.
  struct origin {
    constexpr std::ptrdiff_t operator[](std::size_t) const { return 0; }
  };

  static offsets offsets_of(const std::ptrdiff_t* begin) {
    offsets at;
    std::copy_n(begin, count + 1, at.begin());
    return at;
  }

  /// Every row, from a place of each operand on.
  [[gnu::noinline]] void forward_rows(const walk& w, const offsets& begin, const planes_type& plane,
                                      state& whole) const {
    if (w.row <= short_row)
      return for_each_row<count + 1>(
          w, [&](const auto& offset) __attribute__((always_inline)) { forward_short(w, offset, plane, whole); }, begin);
    row_type row;
    start(row, w);
    each_row(row, w, begin, [&](const row_type& r) { forward_row(r, plane, whole); });
  }
  [[gnu::noinline]] void backward_rows(const walk& w, const offsets& begin, gradient_row& row) const {
    if (w.row <= short_row)
      return for_each_row<count + 1>(
          w, [&](const auto& offset) __attribute__((always_inline)) { backward_short(w, offset, row); }, begin);
    start_gradient(row, w);
    each_row(row, w, begin, [&](const gradient_row& r) { kernel_type::backward(r, numbers_, fold_); });
  }

  void forward_row(const row_type& r, const planes_type& plane, state& whole) const {
    if constexpr (!reduces) {
      kernel_type::map(r, numbers_);
    } else if (this->out->size == 1) {
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
  void start_gradient(gradient_row& row, const walk& w) const {
    start(row, w);
    row.out_adjoint = this->out->adjoint;
    row.terms = terms(*this->plan);
    const auto plane = planes_of(*this->plan);
    std::copy(plane.begin(), plane.end(), row.saved.begin());
  }

  /// Calls f for each row, given the first.
  template <class Row, class F>
  static void each_row(const Row& first, const walk& w, const offsets& begin, F f) {
    const auto one = [&](const auto& offset) {
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
    };
    for_each_row<count + 1>(w, one, begin);
  }

  std::array<slot<T>*, count> input_{};
  [[no_unique_address]] std::array<T, std::size_t(program_type::numbers)> numbers_{};
  [[no_unique_address]] Fold fold_;
};

}  // namespace xg
